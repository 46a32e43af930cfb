/**
 * Three-way merge of service definitions: what ours and theirs made of the same base, in one. Total, and symmetric but for the
 * names of the sides. docs/decisions/0028-merging-definitions.md has its rules.
 */
import type { ServiceDefinition } from '@guichet/schemas'
import { isThing, type Thing } from './items.ts'
import { mergeParts } from './merge-parts.ts'
import { partsOf, sharedIds } from './parts.ts'
import { type Conflict, type MergeOptions, ThreeWay } from './three-way.ts'

export type { Choice, Conflict, ConflictKind, MergeOptions } from './three-way.ts'

export interface MergeResult<Merged> {
  /** With each conflict settled as it was chosen. */
  merged: Merged
  /** Also those that are chosen already. */
  conflicts: readonly Conflict[]
}

export function mergeDefinitions(
  base: ServiceDefinition,
  ours: ServiceDefinition,
  theirs: ServiceDefinition,
  options: MergeOptions = {},
): MergeResult<ServiceDefinition> {
  const merge = new ThreeWay({ languages: ours.languages, ...options })
  const all = [base, ours, theirs] as unknown as readonly [Thing, Thing, Thing]
  const shared = sharedIds(all)
  const [b, o, t] = all.map((definition) => partsOf(definition, shared)) as [ReturnType<typeof partsOf>, ReturnType<typeof partsOf>, ReturnType<typeof partsOf>]
  const root = { key: '', path: [], setting: '', holder: '', property: '' }
  const { pages, parts } = mergeParts(merge, b, o, t)
  // The place of the pages among the other keys is merged with theirs.
  const marked = (definition: Thing): Thing =>
    Object.fromEntries(Object.keys(definition).map((key) => [key, key === 'pages' ? null : definition[key]])) as Thing
  const frame = merge.thing(root, marked(all[0]), marked(all[1]), marked(all[2])) as Record<string, unknown>
  if ('pages' in frame || pages.length > 0) frame.pages = pages
  return { merged: frame as unknown as ServiceDefinition, conflicts: merge.conflicts(frame, parts) }
}

/** Policies are things all through; null: there is none. */
export function mergePolicies<Given extends object | null>(base: Given, ours: Given, theirs: Given, options: MergeOptions = {}): MergeResult<Given> {
  const merge = new ThreeWay(options)
  const at = { key: '/policy', path: [], setting: 'policy', holder: '', property: 'policy' }
  const merged = (merge.value(at, ...([base, ours, theirs].map((one) => one ?? undefined) as unknown as [Thing, Thing, Thing])) ?? null) as Given
  const conflicts = isThing(merged as Thing | null) ? merge.conflicts(merged as object) : merge.conflicts({})
  return { merged, conflicts: conflicts.map((conflict) => ({ ...conflict, pointer: `/policy${conflict.pointer}` })) }
}
