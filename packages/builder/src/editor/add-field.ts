import type { Field } from '@guichet/schemas'
import { type Edit, refuse } from './edit.ts'
import { fieldListOf } from './field-list.ts'
import { idFrom } from './ids.ts'
import { takenFieldIds } from './part.ts'
import { insert, read } from './pointer.ts'

/** Adds a field to a page or group, before the one at `index`; last if there is no index. `settings` are its first ones. */
export const addField =
  ({ parent, index, type, label, settings = {} }: { parent: string; index?: number; type: string; label: string; settings?: Partial<Field> }): Edit =>
  (definition) => {
    const list = fieldListOf(definition, parent)
    if (list === null) return refuse('notAGroup', { pointer: parent })
    const count = (read(definition, list) as Field[]).length
    const at = Math.max(0, Math.min(index ?? count, count))
    const field: Field = {
      ...settings,
      id: idFrom(label, takenFieldIds(definition), type.replaceAll('-', '_')),
      type,
      label: { [definition.languages[0]]: label },
    }
    const { id, type: _type, label: _label, ...rest } = field
    return {
      definition: insert(definition, list, at, { id, type, label: field.label, ...rest }),
      part: `${list}/${at}`,
      words: { key: 'addField', params: { name: label } },
    }
  }
