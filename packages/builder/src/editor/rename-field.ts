import { type Edit, refuse } from './edit.ts'
import { isId } from './ids.ts'
import { kindOf, partAt, takenFieldIds } from './part.ts'
import type { SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

/** Gives a field another id; conditions, rules and all else that names it follow. */
export const renameField =
  ({ pointer, id, settings }: { pointer: string; id: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const field = kindOf(pointer) === 'field' ? partAt(definition, pointer) : null
    if (!field) return refuse('noSuchPart', { pointer })
    if (!isId(id)) return refuse('idForm', { id })
    // Taken anywhere, not only here: a name must not come to mean another field than before.
    if (takenFieldIds(definition).has(id)) return refuse('idTaken', { id })
    return {
      definition: renameIds(definition, new Map([[pointer, id]]), settings),
      part: pointer,
      words: { key: 'rename', params: { from: field.id, to: id } },
    }
  }
