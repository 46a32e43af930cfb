/** Random edits of a service, as an author would make them in no order at all: for tests and measurements. */
import { addDocument } from './add-document.ts'
import { addField } from './add-field.ts'
import { addPage } from './add-page.ts'
import { copyParts } from './copied-part.ts'
import { duplicateParts } from './duplicate-parts.ts'
import { type Definition, type Edit, refuse } from './edit.ts'
import { editPart } from './edit-part.ts'
import { moveParts } from './move-parts.ts'
import { allFields, isGroup } from './part.ts'
import { pastePart } from './paste-part.ts'
import type { SettingsSchemas } from './references.ts'
import { removeParts } from './remove-parts.ts'
import { renameField } from './rename-field.ts'
import { stepParts } from './step-parts.ts'

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One edit; some are refused, as some of an author's are. Past `most` questions it removes more than it adds. */
export function randomEdit(definition: Definition, settings: SettingsSchemas, random: () => number, most: number): Edit {
  const of = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item
  const fields = [...allFields(definition)]
  const pages = definition.pages.map((_, i) => `/pages/${i}`)
  const holders = [...pages, ...fields.filter(({ field }) => isGroup(field)).map(({ pointer }) => pointer)]
  const some = () => (fields.length === 0 ? [] : Array.from({ length: 1 + Math.floor(random() * 3) }, () => of(fields).pointer))
  const index = Math.floor(random() * 30)
  if (fields.length > most) return removeParts({ pointers: some() })
  switch (Math.floor(random() * 12)) {
    case 0:
    case 1:
      return addField({ parent: of(holders), index, type: of(['text', 'number', 'date']), label: `Question ${index}` })
    case 2:
      return addField({ parent: of(holders), type: 'group', label: 'Group', settings: { fields: [] } as object })
    case 3:
      return removeParts({ pointers: some() })
    case 4:
      return moveParts({ pointers: some(), parent: of(holders), index })
    case 5:
      return stepParts({ pointers: some(), step: of(['up', 'down', 'in', 'out']) })
    case 6:
      return duplicateParts({ pointers: some(), settings })
    case 7: {
      const copied = copyParts(definition, some())
      return copied ? pastePart({ copied, parent: of(holders), index, settings }) : () => refuse('nothingCopied')
    }
    case 8:
      return fields.length === 0 ? () => refuse('noSuchPart') : renameField({ pointer: of(fields).pointer, id: `r${Math.floor(random() * 1e6)}`, settings })
    case 9: {
      const [one, other] = fields.length === 0 ? [] : [of(fields), of(fields)]
      if (!one || !other) return () => refuse('noSuchPart')
      return editPart({ pointer: one.pointer, path: '/when', value: { has: [{ var: other.field.id }] } })
    }
    case 10:
      return definition.pages.length < 20 ? addPage({ title: `Page ${index}`, index }) : moveParts({ pointers: [of(pages)], parent: '', index })
    default:
      return (definition.documents ?? []).length < 20 ? addDocument({ label: `Document ${index}` }) : removeParts({ pointers: ['/documents/0'] })
  }
}
