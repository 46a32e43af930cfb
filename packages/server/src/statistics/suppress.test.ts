import { describe, expect, it } from 'vitest'
import { createCensor, type Mark, type Sum, threshold } from './suppress.ts'

/** A sequence that is the same at each run. */
function sequence(seed: number) {
  let state = seed * 2_654_435_761 + 1
  return (below: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return (state >>> 0) % below
  }
}

/**
 * The reader: an own search, by trying, for the values that a small cell can have, given all that is shown. Null: it gave up.
 * Only the innermost cells are tried; all others are sums of them.
 */
function valuesOf(target: string, cells: readonly string[], shown: ReadonlyMap<string, number | Mark>, sums: readonly Sum[]): number[] | null {
  const partsOf = new Map<string, readonly string[]>()
  for (const { total, parts } of sums) if (!partsOf.has(total)) partsOf.set(total, parts)
  const leavesOf = (cell: string): string[] => partsOf.get(cell)?.flatMap(leavesOf) ?? [cell]
  const leaves = cells.filter((cell) => !partsOf.has(cell)).sort((a, b) => Number(leavesOf(target).includes(b)) - Number(leavesOf(target).includes(a)))
  const places = new Map(leaves.map((leaf, i) => [leaf, i]))
  const conditions = cells.map((cell) => ({ cell, of: leavesOf(cell).map((leaf) => places.get(leaf) as number) }))
  const about = leaves.map((_, i) => conditions.filter(({ of }) => of.includes(i)))

  const possible = (wanted: number): boolean | null => {
    const tried = new Array<number | null>(leaves.length).fill(null)
    let steps = 0
    const holds = (at: number) =>
      about[at]!.every(({ cell, of }) => {
        const said = cell === target ? wanted : (shown.get(cell) as number | Mark)
        if (said === 'hidden') return true
        const sum = of.reduce((all, i) => all + (tried[i] ?? 0), 0)
        const whole = of.every((i) => tried[i] !== null)
        if (said === 'small') return sum < threshold && (!whole || sum > 0)
        return sum <= said && (!whole || sum === said)
      })
    const fill = (at: number): boolean => {
      if (++steps > 1500) return false
      if (at === leaves.length) return true
      const said = leaves[at] === target ? wanted : (shown.get(leaves[at] as string) as number | Mark)
      const [from, to] = said === 'hidden' ? [0, 30] : said === 'small' ? [1, threshold - 1] : [said, said]
      for (let value = from; value <= to; value++) {
        tried[at] = value
        if (holds(at) && fill(at + 1)) return true
      }
      tried[at] = null
      return false
    }
    const found = fill(0)
    return found || steps <= 1500 ? found : null
  }

  const open = shown.get(target) === 'hidden' ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 3, 4]
  const values: number[] = []
  let gaveUp = false
  for (const value of open) {
    const can = possible(value)
    if (can) values.push(value)
    gaveUp ||= can === null
    if (values.length > 1) break
  }
  return values.length > 1 || !gaveUp ? values : null
}

interface Table {
  /** One for each publication, in order. */
  releases: { cells: Map<string, number>; sums: Sum[] }[]
}

/** Services by languages, in months that make a quarter. */
function randomTable(seed: number): Table {
  const next = sequence(seed)
  const [services, languages, months] = [1 + next(3), 2 + next(2), 1 + next(3)]
  const releases: Table['releases'] = []
  const whole = new Map<string, number>()
  for (let month = 0; month <= months; month++) {
    const cells = new Map<string, number>()
    const sums: Sum[] = []
    const last = month === months
    if (last && months === 1) break
    const name = (service: string | number, language: string | number) => `${last ? 'Q' : month}/${service}/${language}`
    for (let language = 0; language < languages; language++)
      for (let service = 0; service < services; service++) {
        const small = next(3) > 0 ? next(6) : next(12)
        const value = last ? (whole.get(`${service}/${language}`) ?? 0) : small
        cells.set(name(service, language), value)
        if (!last) whole.set(`${service}/${language}`, (whole.get(`${service}/${language}`) ?? 0) + value)
      }
    const add = (total: string, parts: string[]) => {
      cells.set(
        total,
        parts.reduce((sum, part) => sum + (cells.get(part) ?? 0), 0),
      )
      sums.push({ total, parts })
    }
    const serviceList = Array.from({ length: services }, (_, i) => i)
    const languageList = Array.from({ length: languages }, (_, i) => i)
    for (const service of serviceList)
      add(
        name(service, '*'),
        languageList.map((language) => name(service, language)),
      )
    if (services > 1) {
      for (const language of languageList)
        add(
          name('*', language),
          serviceList.map((service) => name(service, language)),
        )
      add(
        name('*', '*'),
        serviceList.map((service) => name(service, '*')),
      )
      sums.push({ total: name('*', '*'), parts: languageList.map((language) => name('*', language)) })
    }
    if (last) for (const cell of cells.keys()) sums.push({ total: cell, parts: Array.from({ length: months }, (_, i) => cell.replace('Q', String(i))) })
    releases.push({ cells, sums })
  }
  return { releases }
}

async function publish({ releases }: Table, complementary: boolean) {
  const censor = createCensor()
  const cells = new Map<string, number>()
  const sums: Sum[] = []
  for (const release of releases) {
    for (const [cell, value] of release.cells) cells.set(cell, value)
    sums.push(...release.sums)
    await censor.release(release.cells, release.sums)
  }
  const isSmall = (value: number) => value > 0 && value < threshold
  const shown = new Map([...cells].map(([cell, value]) => [cell, complementary ? (censor.markOf(cell) ?? value) : isSmall(value) ? ('small' as const) : value]))
  return { cells, sums, shown, small: [...cells].filter(([, value]) => isSmall(value)).map(([cell]) => cell) }
}

describe('suppression', () => {
  it('leaves out small numbers, and a second one of each sum', async () => {
    const censor = createCensor()
    await censor.release(new Map(Object.entries({ all: 120, el: 100, en: 17, hu: 3, fa: 0 })), [{ total: 'all', parts: ['el', 'en', 'hu', 'fa'] }])
    expect(['all', 'el', 'en', 'hu', 'fa'].map(censor.markOf)).toEqual([null, null, 'hidden', 'small', null])
  })

  it('leaves nothing out where nothing is small', async () => {
    const censor = createCensor()
    await censor.release(new Map(Object.entries({ all: 25, a: 20, b: 5, c: 0 })), [{ total: 'all', parts: ['a', 'b', 'c'] }])
    expect(['all', 'a', 'b', 'c'].map(censor.markOf)).toEqual([null, null, null, null])
  })

  it('takes care of small numbers whose sum leaves them no choice', async () => {
    // 1 + 1 and 4 + 4: two numbers from 1 to 4 that add up to 2 or to 8 can only be these.
    for (const each of [1, 4]) {
      const censor = createCensor()
      await censor.release(new Map(Object.entries({ all: 2 * each + 50, a: each, b: each, c: 50 })), [{ total: 'all', parts: ['a', 'b', 'c'] }])
      expect(['a', 'b', 'c'].map(censor.markOf)).not.toEqual(['small', 'small', null])
    }
  })

  it('never takes back what is published: a quarter gives way to its months', async () => {
    const censor = createCensor()
    for (const [month, value] of Object.entries({ jan: 3, feb: 40, mar: 50 })) await censor.release(new Map([[month, value]]), [])
    expect(['jan', 'feb', 'mar'].map(censor.markOf)).toEqual(['small', null, null])
    await censor.release(new Map([['q1', 93]]), [{ total: 'q1', parts: ['jan', 'feb', 'mar'] }])
    expect(['jan', 'feb', 'mar', 'q1'].map(censor.markOf)).toEqual(['small', null, null, 'hidden'])
  })

  it('stands up to a reader who tries every way to fill the gaps', async () => {
    let [tried, opened] = [0, 0]
    for (let seed = 1; seed <= 80; seed++) {
      const table = randomTable(seed)
      const safe = await publish(table, true)
      const naive = await publish(table, false)
      for (const cell of safe.small) {
        const values = valuesOf(cell, [...safe.cells.keys()], safe.shown, safe.sums)
        if (values === null) continue
        tried++
        expect(values.length, `${cell} of table ${seed}: ${JSON.stringify([...safe.shown])}`).toBeGreaterThan(1)
        // The control: the same reader opens tables from which only the small numbers were taken.
        const without = valuesOf(cell, [...naive.cells.keys()], naive.shown, naive.sums)
        if (without?.length === 1) opened++
      }
    }
    expect(tried).toBeGreaterThan(100)
    expect(opened).toBeGreaterThan(30)
  })
})
