/** Lints in a thread of its own: what it takes too long or too much memory for holds nobody else up. */
import { parentPort } from 'node:worker_threads'
import type { FieldTypes } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { Asked, Told } from './linter.ts'

const tell = (told: Told) => parentPort?.postMessage(told)

parentPort?.on('message', ({ id, definition }: Asked) => {
  try {
    tell({ id, findings: lint(definition, fieldTypes as unknown as FieldTypes, fieldSettings) })
  } catch (error) {
    tell({ id, failed: error instanceof RangeError ? 'heavy' : String(error) })
  }
})
tell({ id: 0, findings: [] })
