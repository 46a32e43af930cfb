/** Merges pages and fields: who is there, what each says, where it stands, in which order. */
import { same, type Thing, type Value } from './items.ts'
import { mergeOrder, type Side } from './order.ts'
import type { Part, Parts } from './parts.ts'
import type { At, ThreeWay } from './three-way.ts'

interface Merged {
  own: Record<string, Value>
  holder: string
}

const other = (side: Side): Side => (side === 'ours' ? 'theirs' : 'ours')

export function mergeParts(merge: ThreeWay, base: Parts, ours: Parts, theirs: Parts): { pages: Value[]; parts: ReadonlyMap<string, object> } {
  const sides = { ours: ours.parts, theirs: theirs.parts }
  const merged = new Map<string, Merged>()
  const partAt = (key: string, side: Side): Part | undefined => sides[side].get(key)
  const ownOf = (key: string): Value => (ours.parts.get(key) ?? theirs.parts.get(key) ?? base.parts.get(key))?.own
  const nameOf = (key: string): string => (key === '' ? '' : merge.nameOf(ownOf(key), key))
  const at = (key: string, what = ''): At => ({
    key: `#${key}${what}`,
    path: key.startsWith('page ') ? [{ setting: 'pages' }, { name: nameOf(key) }] : key === '' ? [{ setting: 'pages' }] : [{ name: nameOf(key) }],
    setting: 'fields',
    holder: key,
    property: '',
  })
  const take = (key: string, { own, holder }: Part) => merged.set(key, { own: { ...own }, holder })
  /** Against whose removal a holder stays, and with it all that was removed because the holder was. */
  const stays = new Map<string, Side>()

  // ── who is there, and what each says
  for (const key of new Set([...base.parts.keys(), ...ours.parts.keys(), ...theirs.parts.keys()])) {
    const [b, o, t] = [base.parts.get(key), ours.parts.get(key), theirs.parts.get(key)]
    if (o && t) {
      const holders = [b?.holder ?? o.holder, o.holder, t.holder] as const
      let holder = o.holder === holders[0] ? t.holder : o.holder
      if (t.holder !== holders[0] && o.holder !== holders[0] && o.holder !== t.holder) {
        const side = merge.side('moved', at(key, '#holder'), holders.map((one) => nameOf(one)) as [string, string, string])
        holder = side === 'ours' ? o.holder : t.holder
      }
      if (!b && o.holder !== t.holder) {
        const side = merge.side('moved', at(key, '#holder'), [undefined, nameOf(o.holder), nameOf(t.holder)])
        holder = side === 'ours' ? o.holder : t.holder
      }
      merged.set(key, { own: merge.thing(at(key), b?.own ?? {}, o.own, t.own) as Record<string, Value>, holder })
    } else if (!b) take(key, (o ?? t) as Part)
    else if (o ?? t) {
      const [left, remover]: [Part, Side] = o ? [o, 'theirs'] : [t as Part, 'ours']
      if (same(b.own, left.own) && b.holder === left.holder) continue
      if (merge.side('removed', at(key), [b.own, o?.own, t?.own]) === remover) continue
      take(key, left)
      stays.set(key, remover)
    }
  }

  // ── nobody stands in what is not there
  const restore = () => {
    for (let again = true; again; ) {
      again = false
      for (const [key, part] of [...base.parts.entries(), ...ours.parts.entries(), ...theirs.parts.entries()]) {
        const remover = stays.get(part.holder)
        if (remover === undefined || merged.has(key) || partAt(key, remover)) continue
        const left = partAt(key, other(remover))
        if (!left || left.holder !== part.holder) continue
        take(key, left)
        stays.set(key, remover)
        again = true
      }
    }
  }
  restore()
  const holds = (key: string) => key === '' || Array.isArray(merged.get(key)?.own.fields)
  for (let again = true; again; ) {
    again = false
    for (const [key, part] of merged) {
      const { holder } = part
      if (holds(holder)) continue
      again = true
      const keeper: Side = Array.isArray(partAt(holder, 'ours')?.own.fields) ? 'ours' : 'theirs'
      const removed = [base.parts.get(holder)?.own, partAt(holder, 'ours')?.own, partAt(holder, 'theirs')?.own] as const
      if (merge.side('holder', at(holder, '#holds'), removed) === keeper) {
        take(holder, partAt(holder, keeper) as Part)
        stays.set(holder, other(keeper))
        restore()
      } else {
        const elsewhere = partAt(key, other(keeper))
        if (elsewhere && holds(elsewhere.holder)) part.holder = elsewhere.holder
        else merged.delete(key)
      }
      break
    }
  }

  // ── nobody stands in itself
  const pinned = new Map<string, Side>()
  for (let ring = ringIn(merged); ring !== null; ring = ringIn(merged)) {
    for (const key of ring) {
      const part = merged.get(key) as Merged
      const holders = [base, ours, theirs].map(({ parts }) => parts.get(key)?.holder)
      const names = holders.map((one) => (one === undefined ? undefined : nameOf(one))) as [string, string, string]
      // Whatever was chosen for each, in the end one side's tree holds, and a tree has no rings.
      const side = pinned.has(key) ? 'ours' : merge.side('moved', at(key, '#holder'), names)
      pinned.set(key, side)
      const held = partAt(key, side)?.holder ?? part.holder
      part.holder = holds(held) ? held : ''
    }
    for (const key of ring) if (merged.get(key)?.holder === '' && !key.startsWith('page ')) merged.delete(key)
  }

  // ── in which order
  const inside = new Map<string, Set<string>>()
  for (const [key, { holder }] of merged) inside.set(holder, (inside.get(holder) ?? new Set()).add(key))
  const listed = (holder: string): Value[] => {
    const kept = inside.get(holder)
    if (!kept) return []
    const lists = [base, ours, theirs].map(({ lists }) => lists.get(holder) ?? []) as [readonly string[], readonly string[], readonly string[]]
    // What comes from elsewhere by a choice stands at the end.
    const listedBefore = new Set(lists.flat())
    const order = mergeOrder([...lists[0], ...[...kept].filter((key) => !listedBefore.has(key))], lists[1], lists[2], kept, (mine, yours) =>
      merge.side('order', at(holder, '#order'), [lists[0].map(nameOf), mine.map(nameOf), yours.map(nameOf)]),
    )
    return order.map((key) => {
      const { own } = merged.get(key) as Merged
      if (Array.isArray(own.fields)) own.fields = listed(key)
      return own as Thing
    })
  }
  return { pages: listed(''), parts: new Map([...merged].map(([key, { own }]) => [key, own])) }
}

/** Keys of parts that stand in one another, if there are any. */
function ringIn(merged: ReadonlyMap<string, Merged>): string[] | null {
  for (const start of merged.keys()) {
    const way: string[] = []
    for (let key = start; key !== ''; key = merged.get(key)?.holder ?? '') {
      if (way.includes(key)) return way.slice(way.indexOf(key))
      way.push(key)
    }
  }
  return null
}
