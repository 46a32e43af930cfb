/**
 * Pages and fields taken out of their lists, each under a key that it keeps when it moves, so that a question that one
 * author moved and the other reworded is both moved and reworded.
 */
import { isList, isThing, type Thing, type Value } from './items.ts'

export interface Part {
  /** All of it but what it holds; `fields` is an empty list where it may hold something. */
  own: Thing
  /** Key of the page or group around it; '' for pages. */
  holder: string
}

export interface Parts {
  /** The definition without its pages. */
  rest: Thing
  parts: ReadonlyMap<string, Part>
  /** Keys of what each holder holds, in order; pages under ''. */
  lists: ReadonlyMap<string, readonly string[]>
}

const things = (value: Value): Thing[] => (isList(value) ? (value.filter(isThing) as Thing[]) : [])

function idsOf(definition: Thing): string[] {
  const walk = (fields: Value): string[] => things(fields).flatMap((field) => [String(field.id), ...walk(field.fields)])
  return things(definition.pages).flatMap((page) => walk(page.fields))
}

/** Ids that name two fields in one of the definitions: rows of different groups may each have a `name`. */
export function sharedIds(definitions: readonly Thing[]): ReadonlySet<string> {
  const shared = new Set<string>()
  for (const definition of definitions) {
    const seen = new Set<string>()
    for (const id of idsOf(definition)) {
      if (seen.has(id)) shared.add(id)
      seen.add(id)
    }
  }
  return shared
}

/** @param shared Ids that are no key by themselves; those fields go by the group they are in as well. */
export function partsOf(definition: Thing, shared: ReadonlySet<string>): Parts {
  const { pages, ...rest } = definition
  const parts = new Map<string, Part>()
  const lists = new Map<string, string[]>()
  const put = (name: string, part: Part): string => {
    let key = name
    while (parts.has(key)) key += '*'
    parts.set(key, part)
    lists.set(part.holder, [...(lists.get(part.holder) ?? []), key])
    return key
  }
  const walk = (fields: Value, holder: string, scope: string) => {
    for (const field of things(fields)) {
      const id = String(field.id)
      const own = isList(field.fields) ? { ...field, fields: [] } : field
      const key = put(`field ${shared.has(id) ? scope : ''}${id}`, { own, holder })
      walk(field.fields, key, field.repeat ? `${scope}${id}.` : scope)
    }
  }
  for (const page of things(pages)) walk(page.fields, put(`page ${String(page.id)}`, { own: { ...page, fields: [] }, holder: '' }), '')
  return { rest, parts, lists }
}
