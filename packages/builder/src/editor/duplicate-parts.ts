import { withParts } from './chosen-parts.ts'
import { type Definition, type Edit, refuse } from './edit.ts'
import { idFrom } from './ids.ts'
import { type Holder, partAt, takenFieldIds } from './part.ts'
import { indexOf, insert, parentOf, read } from './pointer.ts'
import type { SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

/** Puts copies of fields after the last of them. Their ids are made anew, and what they say of each other means the copies. */
export const duplicateParts = ({ pointers, settings }: { pointers: readonly string[]; settings: SettingsSchemas }): Edit =>
  withParts(pointers, (parts, kind) => (definition) => {
    if (kind !== 'field') return refuse('noSuchPart', { pointer: parts[0] as string })
    const taken = takenFieldIds(definition)
    const renamed = new Map<string, string>()
    const renew = (at: Holder, place: string) => {
      const id = idFrom(at.id.replace(/_\d+$/, ''), taken, 'field')
      taken.add(id)
      renamed.set(place, id)
      if (!at.repeat) for (const [i, child] of (at.fields ?? []).entries()) renew(child as Holder, `${place}/fields/${i}`)
    }
    for (const part of parts) renew(partAt(definition, part) as Holder, part)
    const copies = renameIds(definition, renamed, settings)
    const last = parts.at(-1) as string
    const at = indexOf(last) + 1
    const next = parts.toReversed().reduce((made: Definition, part) => insert(made, parentOf(last), at, read(copies, part)), definition)
    const made = parts.map((_, i) => `${parentOf(last)}/${at + i}`)
    return { definition: next, part: made[0] as string, parts: made, words: { key: 'duplicateParts', params: { number: parts.length } } }
  })
