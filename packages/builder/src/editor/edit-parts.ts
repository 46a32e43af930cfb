import { withParts } from './chosen-parts.ts'
import { type Definition, type Edit, isRefused } from './edit.ts'
import { editPart } from './edit-part.ts'
import { partAt } from './part.ts'
import { read, type Value, write } from './pointer.ts'

/** What all parts say alike, as an object of its own: what is said differently is left out. */
export function commonTo(definition: Definition, pointers: readonly string[], properties: readonly string[]): Readonly<Record<string, Value>> {
  const parts = pointers.map((pointer) => (partAt(definition, pointer) ?? {}) as Readonly<Record<string, Value>>)
  const [first = {}, ...others] = parts
  const isAlike = (property: string) => others.every((other) => JSON.stringify(other[property]) === JSON.stringify(first[property]))
  return Object.fromEntries(properties.filter((property) => first[property] !== undefined && isAlike(property)).map((property) => [property, first[property]]))
}

/**
 * Sets one property of several parts of one kind: all of them, or none if one cannot have it. `path` leads from each part to
 * what is set, and `shown` is what they say alike: where they differ, the whole property becomes what is shown with this in it.
 */
export const editParts = ({
  pointers,
  path,
  value,
  shown,
}: {
  pointers: readonly string[]
  path: string
  value: Value
  shown: Readonly<Record<string, Value>>
}): Edit =>
  withParts(pointers, (parts) => (definition) => {
    const [, property = ''] = path.split('/')
    const whole = read(write(shown, path, value), `/${property}`)
    let next = definition
    for (const pointer of parts) {
      const outcome = editPart({ pointer, path: `/${property}`, value: whole })(next)
      if (isRefused(outcome)) return outcome
      next = outcome.definition
    }
    return {
      definition: next,
      part: parts[0] ?? '',
      parts,
      words: { key: 'editParts', params: { number: parts.length } },
      merge: `${parts.join(' ')}${path}=${typeof value}`,
    }
  })
