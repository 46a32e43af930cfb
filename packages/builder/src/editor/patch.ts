/**
 * What a definition has that the one before it had not, as data: for whoever keeps a copy elsewhere (the checks, in their own
 * thread). Edits share what they leave alone, so what is the same object need not be looked into.
 */
import { isObject } from './pointer.ts'

/** Null: as it was. `to`: this instead. `keys`: an object with these, in this order. `items`: a list of these. */
export type Patch =
  | null
  | { readonly to: unknown }
  | { readonly keys: readonly (readonly [string, Patch])[] }
  /** A number: the item that stood there. A pair: what has become of it. */
  | { readonly items: readonly (number | readonly [number, Patch])[] }

function itemsFrom(before: readonly unknown[], after: readonly unknown[]): Patch {
  const places = new Map(before.map((item, i) => [item, i]))
  const kept = new Set(after)
  return {
    items: after.map((item, i) => {
      const place = typeof item === 'object' && item !== null ? places.get(item) : undefined
      if (place !== undefined) return place
      // What stood in its place and is nowhere else has become it.
      return [i, before.length === after.length && !kept.has(before[i]) ? patchFrom(before[i], item) : { to: item }] as const
    }),
  }
}

/** Leads from one value to the other. */
export function patchFrom(before: unknown, after: unknown): Patch {
  if (before === after) return null
  if (Array.isArray(before) && Array.isArray(after)) return itemsFrom(before, after)
  if (!isObject(before) || !isObject(after)) return { to: after }
  return { keys: Object.entries(after).map(([key, value]) => [key, Object.hasOwn(before, key) ? patchFrom(before[key], value) : { to: value }] as const) }
}

/** The value after, made of the one before; they share what is the same. */
export function patched(before: unknown, patch: Patch): unknown {
  if (patch === null) return before
  if ('to' in patch) return patch.to
  if ('items' in patch) {
    const items = before as readonly unknown[]
    return patch.items.map((item) => (typeof item === 'number' ? items[item] : patched(items[item[0]], item[1])))
  }
  const holder = before as Readonly<Record<string, unknown>>
  return Object.fromEntries(patch.keys.map(([key, inner]) => [key, patched(Object.hasOwn(holder, key) ? holder[key] : undefined, inner)]))
}
