/** The parts of a definition that the outline shows, addressed by JSON pointer. */
import { partName } from '@guichet/core/part-name'
import type { Field, Page, RequiredDocument } from '@guichet/schemas'
import type { Definition } from './edit.ts'
import { isObject, read } from './pointer.ts'

export type PartKind = 'page' | 'field' | 'document'

export type AnyPart = Page | Field | RequiredDocument

export interface Holder extends Field {
  fields?: Field[]
  repeat?: object
}

const pagePointer = /^\/pages\/\d+$/
const fieldPointer = /^\/pages\/\d+(\/fields\/\d+)+$/
const documentPointer = /^\/documents\/\d+$/

/** What the pointer names by its form alone. */
export const kindOf = (pointer: string): PartKind | null =>
  pagePointer.test(pointer) ? 'page' : fieldPointer.test(pointer) ? 'field' : documentPointer.test(pointer) ? 'document' : null

/** The page, field or document at the pointer, if there is one. */
export function partAt(definition: Definition, pointer: string): AnyPart | null {
  const part = kindOf(pointer) ? read(definition, pointer) : undefined
  return isObject(part) ? (part as unknown as AnyPart) : null
}

/** The smallest part that a deeper pointer (of a finding) lies in; '' if it is in none. */
export function partAround(pointer: string): string {
  const [found] = /^\/documents\/\d+|^\/pages\/\d+(\/fields\/\d+)*/.exec(pointer) ?? ['']
  return found
}

/** What the part is called, in the service's own language if no other is given. */
export const nameOf = (definition: Definition, part: AnyPart, languages: readonly string[] = definition.languages): string =>
  partName(part, languages) || part.id

/** Whether other fields may be put into it. */
export const isGroup = (part: AnyPart | null): boolean => Array.isArray((part as Holder | null)?.fields)

/** Every field with its pointer, groups before their fields. */
export function* allFields(definition: Definition): Generator<{ field: Holder; pointer: string }> {
  function* walk(fields: readonly Field[] | undefined, list: string): Generator<{ field: Holder; pointer: string }> {
    for (const [i, field] of (Array.isArray(fields) ? fields : []).entries()) {
      const pointer = `${list}/${i}`
      yield { field: field as Holder, pointer }
      yield* walk((field as Holder).fields, `${pointer}/fields`)
    }
  }
  for (const [i, page] of definition.pages.entries()) yield* walk(page.fields, `/pages/${i}/fields`)
}

/** Ids that a new field must not take: whatever an expression could read. */
export function takenFieldIds(definition: Definition): Set<string> {
  const taken = new Set((definition.computed ?? []).map(({ id }) => id))
  for (const { field } of allFields(definition)) taken.add(field.id)
  return taken
}
