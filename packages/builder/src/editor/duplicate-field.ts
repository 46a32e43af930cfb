import { type Edit, refuse } from './edit.ts'
import { idFrom } from './ids.ts'
import { type Holder, kindOf, nameOf, partAt, takenFieldIds } from './part.ts'
import { indexOf, insert, parentOf, read } from './pointer.ts'
import type { SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

/**
 * Puts a copy right after a field, with all that belongs to it. Ids that would stand twice in one scope are made anew,
 * and the expressions inside the copy mean the copy; fields of a repeated group's rows keep their ids.
 */
export const duplicateField =
  ({ pointer, settings }: { pointer: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const field = kindOf(pointer) === 'field' ? (partAt(definition, pointer) as Holder | null) : null
    if (!field) return refuse('noSuchPart', { pointer })
    const taken = takenFieldIds(definition)
    const renamed = new Map<string, string>()
    const renew = (at: Holder, place: string) => {
      const id = idFrom(at.id.replace(/_\d+$/, ''), taken, 'field')
      taken.add(id)
      renamed.set(place, id)
      if (!at.repeat) for (const [i, child] of (at.fields ?? []).entries()) renew(child as Holder, `${place}/fields/${i}`)
    }
    renew(field, pointer)
    const copy = read(renameIds(definition, renamed, settings), pointer)
    const list = parentOf(pointer)
    const index = indexOf(pointer) + 1
    return {
      definition: insert(definition, list, index, copy),
      part: `${list}/${index}`,
      words: { key: 'duplicateField', params: { name: nameOf(definition, field) } },
    }
  }
