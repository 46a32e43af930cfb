/** Which cases of a page are chosen, and what can be decided about all of them. Pure. */
import type { CaseLine } from '../api.ts'

/** A case that may be decided about together with others. */
export const choosable = ({ offers }: Pick<CaseLine, 'offers'>, gone: boolean) => !gone && offers.length > 0

/**
 * The choice after `id` was ticked or unticked; `from`: with shift, the one that was touched before, and all between go along.
 * @param order Ids that can be chosen, as they are shown
 */
export function touch(chosen: ReadonlySet<string>, order: readonly string[], id: string, ticked: boolean, from: string | null): Set<string> {
  const [to, start] = [order.indexOf(id), from === null ? -1 : order.indexOf(from)]
  const touched = start < 0 || to < 0 ? [id] : order.slice(Math.min(start, to), Math.max(start, to) + 1)
  const after = new Set(chosen)
  for (const one of touched) {
    if (ticked) after.add(one)
    else after.delete(one)
  }
  return after
}

/** What all of them allow, in the order of the first one. */
export const commonOffers = ([first, ...others]: readonly Pick<CaseLine, 'offers'>[]): readonly string[] =>
  first ? first.offers.filter((offer) => others.every(({ offers }) => offers.includes(offer))) : []

/** In portions, so that what is done can be told while the rest is under way. */
export const portions = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
