/** Tries submissions under other rules in a thread of its own. */
import { parentPort } from 'node:worker_threads'
import type { FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { answering } from '../limited-worker.ts'
import { type ShadowQuestion, shadowOf } from './shadow-cases.ts'

answering(parentPort, (question: ShadowQuestion) => shadowOf(question, fieldTypes as unknown as FieldTypes))
