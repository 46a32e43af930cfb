/** Where browsers get the maps of a service from: what a page's policy has to let in as pictures, and no more. */
import type { FieldNode } from '@guichet/core'

/** Origins of the tiles that its fields name, each once. `nodes`: of all of it, what is sealed included. */
export function mapOrigins(nodes: Iterable<FieldNode>): string[] {
  const origins = new Set<string>()
  for (const { field } of nodes) {
    const tiles = field.type === 'location' ? (field.map as { tiles: string } | undefined)?.tiles : undefined
    // A name in braces would be of many places; the settings let none through.
    if (tiles && URL.canParse(tiles)) origins.add(new URL(tiles).origin)
  }
  return [...origins]
}
