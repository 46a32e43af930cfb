/** What questions and documents are called, by the path that problems name them with: `members.name`, `documents.proof`. */
import type { Definition } from './edit.ts'
import { type Holder, nameOf } from './part.ts'

export function namedPaths(definition: Definition): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const add = (field: Holder, group: string) => {
    const path = `${group}${field.id}`
    names.set(path, nameOf(definition, field))
    // A group that does not repeat only arranges: its fields belong to what is around it.
    for (const inner of field.fields ?? []) add(inner as Holder, field.repeat ? `${path}.` : group)
  }
  for (const page of definition.pages) for (const field of page.fields) add(field as Holder, '')
  for (const document of definition.documents ?? []) names.set(`documents.${document.id}`, nameOf(definition, document))
  return names
}
