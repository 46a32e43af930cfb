/** Fields of a type that is not installed. */
import type { FieldTypes } from '../field-type.ts'
import { nearest } from '../nearest.ts'
import { error, type LintRule, suggesting } from './finding.ts'

export const unknownTypes = (types: FieldTypes): LintRule =>
  function* ({ fields }) {
    for (const { field, pointer } of fields) {
      if (!Object.hasOwn(types, field.type))
        yield error('type.unknown', `${pointer}/type`, suggesting({ type: field.type }, nearest(field.type, Object.keys(types))))
    }
  }
