/**
 * Merges two changes of the same thing, part by part. What one side changed is taken; what both changed in the same way is
 * taken once; what both changed differently is a conflict, and nothing of either is dropped without one.
 */
import type { PathStep } from '../diff.ts'
import { sameJson } from '../diff.ts'
import type { Json } from '../field-type.ts'
import { partName } from '../part-name.ts'
import { hasItems, hasParts, isList, isThing, keysAgainst, keysOf, same, type Thing, type Value } from './items.ts'
import { mergeOrder, type Side } from './order.ts'

/**
 * `changed`: both changed it; `removed`: one removed what the other changed; `added`: both added one of that name; `moved`: both
 * moved it; `order`: both put the items into another order; `holder`: one removed what the other put something into; `renamed`:
 * both gave it another id.
 */
export type ConflictKind = 'changed' | 'removed' | 'added' | 'moved' | 'order' | 'holder' | 'renamed'

/** What becomes of a conflict; a value stands instead of both. */
export type Choice = Side | { readonly value: Json }

/** Each side's value: undefined where it has none. Of `moved` and `order`, names and lists of names. */
export interface Conflict {
  /** Stays the same while the three definitions do. */
  key: string
  kind: ConflictKind
  /** JSON pointer into the merged definition: the part, or the nearest around it that there is. */
  pointer: string
  /** The way to it, for `diffText` and `conflictWhere`. */
  path: readonly PathStep[]
  base: Json | undefined
  ours: Json | undefined
  theirs: Json | undefined
}

export interface At {
  key: string
  path: readonly PathStep[]
  /** The setting it stands in. */
  setting: string
  /** The merged thing it will stand in, or the key of the part; and where in it. */
  holder: object | string
  property: string
}

export interface MergeOptions {
  /** Conflict to choice, by the conflicts' keys. */
  choices?: ReadonlyMap<string, Choice>
  /** Languages in which parts are named, the reader's first. */
  languages?: readonly string[]
  /** What becomes of conflicts that nobody has chosen about; ours. */
  unchosen?: Side
}

type Recorded = Omit<Conflict, 'pointer'> & { holder: object | string; property: string }
type Values = readonly [base: Value, ours: Value, theirs: Value]

const emptyThing: Thing = {}
const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

export class ThreeWay {
  readonly #choices: ReadonlyMap<string, Choice>
  readonly #languages: readonly string[]
  readonly #unchosen: Side
  readonly #recorded: Recorded[] = []

  constructor({ choices = new Map(), languages = [], unchosen = 'ours' }: MergeOptions) {
    this.#choices = choices
    this.#languages = languages
    this.#unchosen = unchosen
  }

  /** What an author calls the part. */
  nameOf(part: Value, otherwise: string): string {
    if (!isThing(part)) return otherwise
    return partName(part, this.#languages) || String(part.id ?? part.value ?? part.to ?? part.unit ?? otherwise)
  }

  /** Records a conflict, and gives what becomes of it. */
  choose(kind: ConflictKind, at: At, [base, ours, theirs]: Values): Choice {
    const { key, path, holder, property } = at
    if (!this.#recorded.some((one) => one.key === key))
      this.#recorded.push({ key, kind, path, base: base as Json, ours: ours as Json, theirs: theirs as Json, holder, property })
    return this.#choices.get(key) ?? this.#unchosen
  }

  side(kind: ConflictKind, at: At, values: Values): Side {
    const choice = this.choose(kind, at, values)
    return choice === 'theirs' ? 'theirs' : 'ours'
  }

  #conflict(kind: ConflictKind, at: At, values: Values): Value {
    const choice = this.choose(kind, at, values)
    return choice === 'ours' ? values[1] : choice === 'theirs' ? values[2] : choice.value
  }

  value(at: At, base: Value, ours: Value, theirs: Value): Value {
    if (same(ours, theirs) || same(base, theirs)) return ours
    if (same(base, ours)) return theirs
    const { setting } = at
    if (hasParts(setting, ours) && hasParts(setting, theirs) && (base === undefined || hasParts(setting, base)))
      return this.thing(at, base ?? emptyThing, ours, theirs)
    if (hasItems(setting, ours) && hasItems(setting, theirs) && (base === undefined || hasItems(setting, base))) return this.#list(at, base ?? [], ours, theirs)
    // The same in another order of keys.
    if (sameJson(ours as Json, theirs as Json)) return JSON.stringify(ours) <= JSON.stringify(theirs) ? ours : theirs
    if (base !== undefined && sameJson(base as Json, ours as Json)) return theirs
    if (base !== undefined && sameJson(base as Json, theirs as Json)) return ours
    const kind = ours === undefined || theirs === undefined ? 'removed' : base === undefined ? 'added' : 'changed'
    return this.#conflict(kind, at, [base, ours, theirs])
  }

  /** @param rows Whether the order of keys says something. */
  thing(at: At, base: Thing, ours: Thing, theirs: Thing, rows = /^\/tables\/[^/]+$/.test(at.key)): Thing {
    const merged: Record<string, Value> = {}
    const found = new Map<string, Value>()
    for (const key of new Set([...Object.keys(base), ...Object.keys(ours), ...Object.keys(theirs)])) {
      // Keys come from files: what every object has is no part of these.
      const [b, o, t] = [base, ours, theirs].map((one) => (Object.hasOwn(one, key) ? one[key] : undefined))
      const isRow = rows || /^\/tables$/.test(at.key)
      const path = [...at.path, isRow ? { name: key } : { setting: key }]
      const value = this.value({ key: `${at.key}/${escaped(key)}`, path, setting: key, holder: merged, property: key }, b, o, t)
      if (value !== undefined) found.set(key, value)
    }
    const lists = [Object.keys(base), Object.keys(ours), Object.keys(theirs)] as const
    const order = mergeOrder(...lists, new Set(found.keys()), (mine, other) =>
      // Of settings the order says nothing; it only has to be the same from both sides.
      rows ? this.side('order', { ...at, key: `${at.key}#order` }, lists) : mine.join('\n') <= other.join('\n') ? 'ours' : 'theirs',
    )
    for (const key of order) Object.defineProperty(merged, key, { value: found.get(key), enumerable: true, writable: true, configurable: true })
    return merged
  }

  #list(at: At, base: readonly Value[], ours: readonly Value[], theirs: readonly Value[]): readonly Value[] {
    const keys = [keysOf(base), keysAgainst(base, ours), keysAgainst(base, theirs)] as const
    const [b, o, t] = [base, ours, theirs].map((items, i) => new Map((keys[i] as string[]).map((key, j) => [key, items[j]])))
    const merged: Value[] = []
    const found = new Map<string, Value>()
    for (const key of new Set(keys.flat())) {
      const values = [b?.get(key), o?.get(key), t?.get(key)] as const
      const path = [...at.path, { name: this.nameOf(values[1] ?? values[2] ?? values[0], key) }]
      const value = this.value({ key: `${at.key}/${escaped(key)}`, path, setting: at.setting, holder: at.holder, property: at.property }, ...values)
      if (value !== undefined) found.set(key, value)
    }
    const order = mergeOrder(...keys, new Set(found.keys()), () => this.side('order', { ...at, key: `${at.key}#order` }, [base, ours, theirs]))
    for (const key of order) merged.push(found.get(key))
    return merged
  }

  /** The conflicts, with the places they have in what became of it. `parts`: what became of each part. */
  conflicts(merged: object, parts: ReadonlyMap<string, object> = new Map()): Conflict[] {
    const places = new Map<object, string>()
    const walk = (value: Value, pointer: string) => {
      if (typeof value !== 'object' || value === null) return
      places.set(value, pointer)
      if (isList(value)) for (const [i, item] of value.entries()) walk(item, `${pointer}/${i}`)
      else for (const [key, item] of Object.entries(value)) walk(item, `${pointer}/${escaped(key)}`)
    }
    walk(merged as Thing, '')
    return this.#recorded.map(({ holder, property, ...conflict }) => {
      const thing = typeof holder === 'string' ? parts.get(holder) : holder
      const around = (thing && places.get(thing)) ?? ''
      return { ...conflict, pointer: thing && property !== '' && Object.hasOwn(thing, property) ? `${around}/${escaped(property)}` : around }
    })
  }
}
