/** Where browsers get the maps of a service from: what a page's policy has to let in as pictures, and no more. */
import type { FieldNode } from '@guichet/core'

/** Origins of the tiles that its fields name, each once. `nodes`: of all of it, what is sealed included. */
export const mapOrigins = (nodes: Iterable<FieldNode>): string[] => originsOf([...nodes].map(({ field }) => field))

/** The same of what a server says of a service, whose word it is. */
export function mapOriginsSaid(view: unknown): string[] {
  const fields: Said[] = []
  const gather = (list: unknown) => {
    for (const field of Array.isArray(list) ? list : []) {
      if (!isSaid(field)) continue
      fields.push(field)
      gather(field.fields)
    }
  }
  const pages = isSaid(view) && isSaid(view.definition) ? view.definition.pages : []
  for (const page of Array.isArray(pages) ? pages : []) if (isSaid(page)) gather(page.fields)
  return originsOf(fields)
}

type Said = Readonly<Record<string, unknown>>
const isSaid = (value: unknown): value is Said => typeof value === 'object' && value !== null

function originsOf(fields: readonly Said[]): string[] {
  const origins = new Set<string>()
  for (const { type, map } of fields) {
    const tiles = type === 'location' && isSaid(map) && typeof map.tiles === 'string' ? map.tiles : ''
    // A name in braces would be of many places; the settings let none through.
    if (URL.canParse(tiles)) origins.add(new URL(tiles).origin)
  }
  return [...origins]
}
