/** Lints in a thread of its own. */
import { parentPort } from 'node:worker_threads'
import type { FieldTypes } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import { answering } from '../limited-worker.ts'

answering(parentPort, (definition: unknown) => lint(definition, fieldTypes as unknown as FieldTypes, fieldSettings))
