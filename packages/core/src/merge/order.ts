/**
 * The order of a list that two people have changed. What both still have keeps the order of whoever changed it; what only
 * one has stands behind the neighbour it stands behind there.
 */

export type Side = 'ours' | 'theirs'

const sameKeys = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((key, i) => key === b[i])

/** For each item that is not in `common`, the common one before it ('' at the start). */
function runsOf(keys: readonly string[], common: ReadonlySet<string>, kept: ReadonlySet<string>): Map<string, string[]> {
  const runs = new Map<string, string[]>()
  let anchor = ''
  for (const key of keys) {
    if (common.has(key)) anchor = key
    else if (kept.has(key)) runs.set(anchor, [...(runs.get(anchor) ?? []), key])
  }
  return runs
}

/**
 * @param kept Keys that are in the merged list; each is in one of the lists at least.
 * @param both Asked which side's order is taken where both put what they have in common into different ones.
 */
export function mergeOrder(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
  kept: ReadonlySet<string>,
  both: (ours: readonly string[], theirs: readonly string[]) => Side,
): string[] {
  const [inOurs, inTheirs] = [new Set(ours), new Set(theirs)]
  const old = base.filter((key) => kept.has(key) && inOurs.has(key) && inTheirs.has(key))
  const common = new Set(old)
  const [mine, other] = [ours.filter((key) => common.has(key)), theirs.filter((key) => common.has(key))]
  let order = mine
  if (sameKeys(mine, old)) order = other
  else if (!sameKeys(other, old) && !sameKeys(mine, other)) order = both(mine, other) === 'ours' ? mine : other

  const [ourRuns, theirRuns] = [runsOf(ours, common, kept), runsOf(theirs, common, kept)]
  const placed = new Set<string>()
  const merged: string[] = []
  const put = (key: string) => {
    if (placed.has(key)) return
    placed.add(key)
    merged.push(key)
  }
  for (const anchor of ['', ...order]) {
    if (anchor !== '') put(anchor)
    const [a, b] = [ourRuns.get(anchor) ?? [], theirRuns.get(anchor) ?? []]
    // Whoever is called "ours", the same comes first.
    const [own, foreign] = [a.find((key) => !b.includes(key)), b.find((key) => !a.includes(key))]
    const ourFirst = own !== undefined && foreign !== undefined && own !== foreign ? own < foreign : a.join('\n') <= b.join('\n')
    for (const key of ourFirst ? [...a, ...b] : [...b, ...a]) put(key)
  }
  // Kept although neither list has it: as the base had it.
  for (const key of base) if (kept.has(key)) put(key)
  return merged
}
