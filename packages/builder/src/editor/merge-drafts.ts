/**
 * Merges two drafts of a service that were made from the same one. A question that got another id is the same question:
 * before the merge it has that id on all sides, and so has everything that names it.
 */
import { clashes } from '@guichet/core/merge/clash'
import { type Choice, type Conflict, mergeDefinitions, mergePolicies } from '@guichet/core/merge/merge'
import type { Finding } from '../findings.ts'
import type { Definition, Draft } from './edit.ts'
import { allFields, type Holder, takenFieldIds } from './part.ts'
import type { SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

export interface MergedDraft {
  draft: Draft
  conflicts: readonly Conflict[]
  /** What is wrong with both together, and with neither alone. */
  findings: readonly Finding[]
}

export interface MergeMeans {
  settings: SettingsSchemas
  lint(definition: Definition): readonly Finding[]
  choices?: ReadonlyMap<string, Choice>
  /** What becomes of conflicts that nobody has chosen about; ours. */
  unchosen?: 'ours' | 'theirs'
  /** The language in which parts are named. */
  language: string
}

/** Fields whose id is theirs alone. */
function byId(definition: Definition): Map<string, { field: Holder; pointer: string }> {
  const found = new Map<string, { field: Holder; pointer: string }>()
  const twice = new Set<string>()
  for (const one of allFields(definition)) {
    if (found.has(one.field.id)) twice.add(one.field.id)
    found.set(one.field.id, one)
  }
  for (const id of twice) found.delete(id)
  return found
}

/** What a question is known by when its id is not: what it is called, and its type. */
const likeness = ({ type, label }: Holder): string | null => (label && Object.values(label).some((text) => text !== '') ? JSON.stringify([type, label]) : null)

/** Old id to new id, of the fields that were renamed and not otherwise made into others. */
function renamesBetween(base: Definition, side: Definition): Map<string, string> {
  const [old, now] = [byId(base), byId(side)]
  const [before, after] = [takenFieldIds(base), takenFieldIds(side)]
  const collect = (fields: typeof old, others: ReadonlySet<string>) => {
    const found = new Map<string, string[]>()
    for (const [id, { field }] of fields) {
      const like = others.has(id) ? null : likeness(field)
      if (like !== null) found.set(like, [...(found.get(like) ?? []), id])
    }
    return found
  }
  const [gone, come] = [collect(old, after), collect(now, before)]
  const renames = new Map<string, string>()
  for (const [like, [id, ...more]] of gone) {
    const [next, ...others] = come.get(like) ?? []
    if (id !== undefined && next !== undefined && more.length + others.length === 0) renames.set(id, next)
  }
  return renames
}

/** Gives the fields of the map their new ids; who calls has seen to it that they can have them. */
function renamed(definition: Definition, renames: ReadonlyMap<string, string>, settings: SettingsSchemas): Definition {
  const fields = byId(definition)
  const pointers = [...renames].filter(([id]) => fields.has(id)).map(([id, next]): [string, string] => [fields.get(id)?.pointer ?? '', next])
  return pointers.length === 0 ? definition : renameIds(definition, new Map(pointers), settings)
}

/** Whether a field of the definition that has one id can have the other; also, if there is none. */
const canBe = (definition: Definition, id: string, next: string): boolean => {
  const taken = takenFieldIds(definition)
  return !taken.has(next) && (byId(definition).has(id) || !taken.has(id))
}

export function mergeDrafts(
  base: Draft,
  ours: Draft,
  theirs: Draft,
  { settings, lint, choices = new Map(), unchosen = 'ours', language }: MergeMeans,
): MergedDraft {
  const [mine, yours] = [renamesBetween(base.definition, ours.definition), renamesBetween(base.definition, theirs.definition)]
  const conflicts: Conflict[] = []
  /** What the base and theirs are renamed by, and what ours is; and what follows in the end, where both named it. */
  const [renames, inOurs, inTheirs, inTheEnd] = [new Map<string, string>(), new Map<string, string>(), new Map<string, string>(), new Map<string, string>()]
  for (const [id, next] of mine) {
    const other = yours.get(id)
    if (other === next) renames.set(id, next)
    else if (other === undefined && canBe(theirs.definition, id, next)) inTheirs.set(id, next)
    else if (other !== undefined && canBe(theirs.definition, other, next) && canBe(ours.definition, next, other)) {
      const key = `#id ${id}`
      const field = byId(ours.definition).get(next)
      const path = [{ name: Object.values(field?.field.label ?? {})[0] ?? next }, { setting: 'id' }]
      conflicts.push({ key, kind: 'renamed', pointer: `${field?.pointer ?? ''}/id`, path, base: id, ours: next, theirs: other })
      renames.set(id, next)
      inTheirs.set(other, next)
      if ((choices.get(key) ?? unchosen) === 'theirs') inTheEnd.set(next, other)
    } else continue
    renames.set(id, next)
  }
  for (const [id, next] of yours)
    if (!mine.has(id) && canBe(ours.definition, id, next)) {
      renames.set(id, next)
      inOurs.set(id, next)
    }
  const languages = [language, ...ours.definition.languages]
  const [b, o, t] = [renamed(base.definition, renames, settings), renamed(ours.definition, inOurs, settings), renamed(theirs.definition, inTheirs, settings)]
  const definitions = mergeDefinitions(b, o, t, { choices, languages, unchosen })
  const policies = mergePolicies(base.policy, ours.policy, theirs.policy, { choices, languages, unchosen })
  const definition = renamed(definitions.merged, inTheEnd, settings)
  return {
    draft: { definition, policy: policies.merged },
    conflicts: [...conflicts, ...definitions.conflicts, ...policies.conflicts],
    findings: clashes(
      definition,
      [o, t].map((side) => renamed(side, inTheEnd, settings)),
      lint,
    ),
  }
}
