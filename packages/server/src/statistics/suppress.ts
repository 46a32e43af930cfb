/**
 * Small numbers are not published, because they may point at somebody: whoever knows that the one application in Hungarian
 * was a neighbour's learns what became of it. A number from 1 to below the threshold is shown as "small"; and because
 * published numbers add up (languages to a total, months to a quarter, services to the agency), further numbers are left
 * out ("hidden") until no small one can be worked out from the rest. This is cell suppression, primary and complementary,
 * as in the Handbook on Statistical Disclosure Control (Hundepool and others).
 *
 * That it cannot be worked out is not guessed but shown: for each small number there is a second set of numbers that fits
 * everything published and in which that one differs (a witness). Where none is found, more is left out; with every number
 * of a publication left out there always is one.
 *
 * Numbers are published a month at a time, and what is published stays: when a quarter joins three months that are out
 * already, only the quarter's own numbers can be left out.
 */

export const threshold = 5

/** `small`: from 1 to 4. `hidden`: left out so that nothing small can be worked out; any number at all. */
export type Mark = 'small' | 'hidden'

/** The parts add up to the total. Each is the name of a cell. */
export interface Sum {
  total: string
  parts: readonly string[]
}

export interface Censor {
  /** Publishes cells, once and for all, with the sums that they take part in. */
  release(cells: ReadonlyMap<string, number>, sums: readonly Sum[]): void
  /** Null: it is shown. */
  markOf(cell: string): Mark | null
}

/** How far a witness may reach, and how long it is looked for. Not found in time means that more is left out, never less. */
const reaches = [8, 16, 32]
const patience = 1500

const cellsOf = ({ total, parts }: Sum) => [total, ...parts]

export function createCensor(): Censor {
  const values = new Map<string, number>()
  const marks = new Map<string, Mark>()
  const around = new Map<string, Sum[]>()

  const worth = (cell: string) => values.get(cell) ?? 0
  const isSmall = (cell: string) => worth(cell) > 0 && worth(cell) < threshold
  const sumsOf = (cell: string) => around.get(cell) ?? []

  return {
    markOf: (cell) => marks.get(cell) ?? null,
    release(cells, sums) {
      for (const [cell, value] of cells) values.set(cell, value)
      for (const cell of cells.keys()) if (isSmall(cell)) marks.set(cell, 'small')
      for (const sum of sums) for (const cell of cellsOf(sum)) around.set(cell, [...sumsOf(cell), sum])
      // What shows one small number to be safe often shows it of others.
      const safe = new Set<string>()
      for (const cell of [...marks.keys()].filter(isSmall))
        while (!safe.has(cell)) {
          const found = findWitness(cell, marks, worth, sumsOf)
          for (const other of found ?? []) safe.add(other)
          if (found) break
          const left = remedy(cell)
          if (left === null) throw new Error('Small numbers cannot be protected: what was published before gives them away.')
          marks.set(left, 'hidden')
        }

      /**
       * The least loss near the cell: the smallest number that is shown, rather a part than a total; then the word "small"
       * itself; then a zero.
       */
      function remedy(cell: string): string | null {
        const seen = new Set([cell])
        for (let reach = [cell]; reach.length > 0; ) {
          const near = reach.flatMap(sumsOf)
          const totals = new Set(near.map(({ total }) => total))
          const rank = (each: string) => (marks.has(each) ? 2 : worth(each) === 0 ? 3 : totals.has(each) ? 1 : 0)
          const open = [...new Set([...reach, ...near.flatMap(cellsOf)])].filter((each) => cells.has(each) && marks.get(each) !== 'hidden')
          const [best] = open.sort((a, b) => rank(a) - rank(b) || worth(a) - worth(b) || (a < b ? -1 : 1))
          if (best !== undefined) return best
          reach = [...new Set(near.flatMap(cellsOf))].filter((each) => !seen.has(each))
          for (const each of reach) seen.add(each)
        }
        return null
      }
    },
  }
}

/** The cells that differ in another set of numbers that a reader could not tell from the true one; null if none was found. */
function findWitness(
  start: string,
  marks: ReadonlyMap<string, Mark>,
  worth: (cell: string) => number,
  sumsOf: (cell: string) => readonly Sum[],
): Iterable<string> | null {
  const moves = new Map<string, 1 | -1>()
  /** By how much a sum is off. */
  const off = new Map<Sum, number>()
  let steps = 0

  const put = (cell: string, by: 1 | -1, back = false) => {
    if (back) moves.delete(cell)
    else moves.set(cell, by)
    for (const sum of sumsOf(cell)) {
      const next = (off.get(sum) ?? 0) + (cell === sum.total ? by : -by) * (back ? -1 : 1)
      if (next === 0) off.delete(sum)
      else off.set(sum, next)
    }
  }
  const may = (cell: string, by: 1 | -1) => {
    const next = worth(cell) + by
    return marks.get(cell) === 'small' ? next >= 1 && next < threshold : marks.has(cell) && next >= 0
  }
  const mend = (reach: number): boolean => {
    const [first] = off
    if (!first) return true
    if (moves.size >= reach || ++steps > patience) return false
    const [sum, by] = first
    const ways = cellsOf(sum)
      .map((cell) => ({ cell, by: ((cell === sum.total) === by > 0 ? -1 : 1) as 1 | -1 }))
      .filter((way) => !moves.has(way.cell) && may(way.cell, way.by))
      .sort((a, b) => sumsOf(a.cell).length - sumsOf(b.cell).length)
    for (const way of ways) {
      put(way.cell, way.by)
      if (mend(reach)) return true
      put(way.cell, way.by, true)
    }
    return false
  }

  for (const reach of reaches)
    for (const by of [1, -1] as const) {
      if (!may(start, by)) continue
      steps = 0
      put(start, by)
      if (mend(reach)) return moves.keys()
      put(start, by, true)
    }
  return null
}
