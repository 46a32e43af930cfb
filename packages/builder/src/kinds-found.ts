/** Kinds of questions that fit what was typed, the likeliest first: Enter takes the first one. */
export interface KindNamed {
  type: string
  /** What the builder calls it. */
  title: string
  help: string
}

/** How well it fits, 0 the best; Infinity: not at all. What a kind is called counts more than what is said of it. */
function rankOf({ type, title, help }: KindNamed, wanted: string): number {
  const [name, named, said] = [type.toLocaleLowerCase(), title.toLocaleLowerCase(), help.toLocaleLowerCase()]
  if (name === wanted || named === wanted) return 0
  if (named.startsWith(wanted)) return 1
  if (name.startsWith(wanted)) return 2
  if (`${name} ${named}`.includes(wanted)) return 3
  return said.includes(wanted) ? 4 : Number.POSITIVE_INFINITY
}

/** @param locale BCP 47, for the order of kinds that fit alike. */
export function kindsFound<Kind extends KindNamed>(kinds: readonly Kind[], typed: string, locale: string): Kind[] {
  const wanted = typed.trim().toLocaleLowerCase()
  return kinds
    .map((kind) => ({ kind, rank: wanted === '' ? 0 : rankOf(kind, wanted) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank || a.kind.title.localeCompare(b.kind.title, locale))
    .map(({ kind }) => kind)
}
