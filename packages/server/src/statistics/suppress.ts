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
import { givingWay } from '../giving-way.ts'

export const threshold = 5

/** `small`: from 1 to 4. `hidden`: left out so that nothing small can be worked out; any number at all. */
export type Mark = 'small' | 'hidden'

/** The parts add up to the total. Each is the name of a cell. */
export interface Sum {
  total: string
  parts: readonly string[]
}

export interface Censor {
  /** Publishes cells, once and for all, with the sums that they take part in. Others go on meanwhile; the next one waits for its end. */
  release(cells: ReadonlyMap<string, number>, sums: readonly Sum[]): Promise<void>
  /** Null: it is shown. */
  markOf(cell: string): Mark | null
}

/** How far a witness may reach, and how long it is looked for. Not found in time means that more is left out, never less. */
const reaches = [8, 16, 32]
const patience = 1500
/** The most numbers that are left out for one witness, before what is near is left out one by one. */
const mostGiven = 8

const cellsOf = ({ total, parts }: Sum) => [total, ...parts]

/** Another set of numbers that a reader could not tell from the true ones: by how much which of them are others. */
type Witness = ReadonlyMap<string, number>
interface Found {
  moved: Witness
  /** What is shown so far and has to be left out for it. */
  given: readonly string[]
}

interface Table {
  worth(cell: string): number
  marks: ReadonlyMap<string, Mark>
  sumsOf(cell: string): readonly Sum[]
  /** Whether it is of the publication at hand: what was published before cannot be left out any more. */
  isFresh(cell: string): boolean
}

export function createCensor(giving = givingWay()): Censor {
  const values = new Map<string, number>()
  const marks = new Map<string, Mark>()
  const around = new Map<string, Sum[]>()
  const witnesses = new Map<string, Witness>()

  const worth = (cell: string) => values.get(cell) ?? 0
  const isSmall = (cell: string) => worth(cell) > 0 && worth(cell) < threshold
  const sumsOf = (cell: string) => around.get(cell) ?? []

  return {
    markOf: (cell) => marks.get(cell) ?? null,
    async release(cells, sums) {
      for (const [cell, value] of cells) values.set(cell, value)
      for (const cell of cells.keys()) if (isSmall(cell)) marks.set(cell, 'small')
      for (const sum of sums) for (const cell of cellsOf(sum)) around.set(cell, [...sumsOf(cell), sum])
      const table: Table = { worth, marks, sumsOf, isFresh: (cell) => cells.has(cell) }
      // What shows one small number to be safe often shows it of others.
      const safe = new Set<string>()
      for (const cell of [...marks.keys()].filter(isSmall))
        while (!safe.has(cell)) {
          if (giving.due) await giving.rest()
          const kept = carriedOn(witnesses.get(cell), table)
          // Looked for anew only if little has to be left out for it: that takes long, and what is there already is good.
          const found = witness(cell, table, kept ? Math.min(kept.given.length - 1, 2) : mostGiven) ?? kept
          if (found) {
            for (const given of found.given) marks.set(given, 'hidden')
            for (const other of found.moved.keys()) {
              safe.add(other)
              witnesses.set(other, found.moved)
            }
            continue
          }
          const left = nearest(cell, table)
          // With all that is new around it left out, nothing more is known of it than before, when it was safe.
          if (left === null) safe.add(cell)
          else marks.set(left, 'hidden')
        }
    },
  }
}

/**
 * The witness of before, in the totals that are new: sums of what was published before are off by as much as it is. Null:
 * there is none, or it does not fit them.
 */
function carriedOn(before: Witness | undefined, { worth, marks, sumsOf, isFresh }: Table): Found | null {
  if (!before) return null
  const totals = new Map<string, number>()
  for (const [part, by] of before)
    for (const { total } of sumsOf(part)) if (total !== part && isFresh(total) && !isFresh(part)) totals.set(total, (totals.get(total) ?? 0) + by)
  const moved = new Map([...before, ...totals].filter(([, by]) => by !== 0))
  const at = (cell: string) => moved.get(cell) ?? 0
  const given: string[] = []
  for (const cell of totals.keys()) {
    if (sumsOf(cell).some(({ total, parts }) => at(total) !== parts.reduce((sum, part) => sum + at(part), 0))) return null
    const [mark, next] = [marks.get(cell), worth(cell) + at(cell)]
    if (at(cell) !== 0 && mark !== 'hidden' && !(mark === 'small' && next >= 1 && next < threshold)) given.push(cell)
  }
  return { moved, given }
}

/** The witness for which the fewest numbers have to be left out. */
function witness(start: string, table: Table, most: number): Found | null {
  for (let given = 0; given <= most; given++)
    for (const reach of reaches)
      for (const by of [1, -1] as const) {
        const found = search(start, by, reach, given, table)
        if (found) return found
      }
  return null
}

/**
 * Another set of numbers, one up or down from the true ones in some places, that a reader could not tell from them: moves
 * the first, and mends each sum that is off by moving another of its numbers. `most` of them may be numbers that are shown
 * and are then to be left out, the smallest first, and a total last.
 */
function search(start: string, first: 1 | -1, reach: number, most: number, { worth, marks, sumsOf, isFresh }: Table): Found | null {
  const moves = new Map<string, 1 | -1>()
  const given: string[] = []
  /** By how much a sum is off. */
  const off = new Map<Sum, number>()
  let steps = 0

  const put = (cell: string, by: number) => {
    for (const sum of sumsOf(cell)) {
      const next = (off.get(sum) ?? 0) + (cell === sum.total ? by : -by)
      if (next === 0) off.delete(sum)
      else off.set(sum, next)
    }
  }
  /** `free`: it is left out already. Null: it cannot move. */
  const costOf = (cell: string, by: number): 'free' | 'given' | null => {
    const next = worth(cell) + by
    const mark = marks.get(cell)
    if (next < 0) return null
    if (mark === 'hidden' || (mark === 'small' && next >= 1 && next < threshold)) return 'free'
    return isFresh(cell) ? 'given' : null
  }
  const move = (cell: string, by: 1 | -1, cost: 'free' | 'given'): boolean => {
    moves.set(cell, by)
    if (cost === 'given') given.push(cell)
    put(cell, by)
    if (mend()) return true
    put(cell, -by)
    if (cost === 'given') given.pop()
    moves.delete(cell)
    return false
  }
  const mend = (): boolean => {
    const [wrong] = off
    if (!wrong) return true
    if (moves.size >= reach || ++steps > patience) return false
    const [sum, amount] = wrong
    const ways: { cell: string; by: 1 | -1; cost: 'free' | 'given'; loss: number }[] = []
    for (const cell of cellsOf(sum)) {
      const by = (cell === sum.total) === amount > 0 ? -1 : 1
      const cost = moves.has(cell) ? null : costOf(cell, by)
      if (cost === null || (cost === 'given' && given.length >= most)) continue
      // Of what is left out anyhow, what takes part in the fewest sums; else the smallest number.
      ways.push({ cell, by, cost, loss: cost === 'free' ? sumsOf(cell).length - 1000 : worth(cell) + (cell === sum.total ? 1e12 : 0) })
    }
    ways.sort((a, b) => a.loss - b.loss)
    return ways.some(({ cell, by, cost }) => move(cell, by, cost))
  }

  const cost = costOf(start, first)
  if (cost === null || (cost === 'given' && most === 0) || !move(start, first, cost)) return null
  return { moved: new Map(moves), given: [...given] }
}

/** Where no witness is near: the smallest number around the cell that can still be left out. */
function nearest(cell: string, { worth, marks, sumsOf, isFresh }: Table): string | null {
  const seen = new Set([cell])
  for (let reach = [cell]; reach.length > 0; ) {
    const ring = [...new Set(reach.flatMap(sumsOf).flatMap(cellsOf))]
    const open = [...reach, ...ring].filter((each) => isFresh(each) && marks.get(each) !== 'hidden')
    const [best] = open.sort((a, b) => worth(a) - worth(b) || (a < b ? -1 : 1))
    if (best !== undefined) return best
    reach = ring.filter((each) => !seen.has(each))
    for (const each of reach) seen.add(each)
  }
  return null
}
