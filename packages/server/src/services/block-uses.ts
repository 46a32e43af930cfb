/** Where a shared block stands: looked for in the drafts themselves, so that no list can say something else. */
import type { AgencyStore } from '../store/store.ts'

export interface BlockUse {
  service: string
  title: Readonly<Record<string, string>>
  /** Versions of the block that the draft has, ascending. */
  versions: readonly number[]
}

/** Versions of the block in a definition, whose shape nobody vouches for. Without recursion. */
export function versionsIn(definition: unknown, block: string): number[] {
  const found = new Set<number>()
  const left: unknown[] = [definition]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value !== 'object' || value === null) continue
    const link = Object.hasOwn(value, 'x-block') ? (value as { 'x-block'?: { block?: unknown; version?: unknown } | null })['x-block'] : null
    if (link?.block === block && typeof link.version === 'number') found.add(link.version)
    for (const inner of Object.values(value)) if (typeof inner === 'object') left.push(inner)
  }
  return [...found].sort((a, b) => a - b)
}

export async function usesOf(agency: AgencyStore, block: string): Promise<BlockUse[]> {
  return (await agency.services()).flatMap(({ id, definition }) => {
    const versions = versionsIn(definition, block)
    const { title } = definition as { title?: BlockUse['title'] }
    return versions.length > 0 ? [{ service: id, title: typeof title === 'object' && title !== null ? title : {}, versions }] : []
  })
}
