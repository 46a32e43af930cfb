import { expect, it } from 'vitest'
import type { MonthlyCount } from '../store/store.ts'
import { type Grain, partsOf } from './period.ts'
import { type Figure, publicationOf } from './publication.ts'
import { threshold } from './suppress.ts'

/** A sequence that is the same at each run. */
function sequence(seed: number) {
  let state = seed * 2_654_435_761 + 1
  return (below: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return (state >>> 0) % below
  }
}

const services = ['card', 'permit', 'tax']
const months = Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}`)

/** A year of an agency of few people. */
function countsOf(seed: number): MonthlyCount[] {
  const next = sequence(seed)
  const few = () => (next(3) === 0 ? next(40) : next(6))
  return months.flatMap((month) =>
    services.flatMap((service) => {
      const sent = ['web', 'assisted'].flatMap((channel) => ['el', 'hu'].map((language) => ({ measure: 'sent' as const, channel, language, count: few() })))
      const finished = few()
      const inTerm = next(finished + 1)
      const none = { channel: '', language: '' }
      const web = sent.filter(({ channel }) => channel === 'web').reduce((sum, { count }) => sum + count, 0)
      return [
        ...sent,
        { measure: 'handed_in' as const, ...none, count: next(web + 1) },
        { measure: 'finished' as const, ...none, count: finished },
        { measure: 'in_term' as const, ...none, count: inTerm },
        { measure: 'late' as const, ...none, count: next(finished - inTerm + 1) },
      ].flatMap((one) => (one.count > 0 ? [{ month, service, ...one }] : []))
    }),
  )
}

type Known = Pick<Figure, 'period' | 'service' | 'measure' | 'dimension' | 'value' | 'count' | 'mark'>
const nameOf = ({ period, service, measure, dimension, value }: Omit<Known, 'count' | 'mark'>) => [period, service ?? '*', measure, dimension, value].join('|')

/**
 * The reader, who knows what adds up to what and nothing of how it was made: narrows each number that is left out by all
 * sums that it is in, until nothing more follows. Gives the small ones of which one value is left.
 */
function openedBy(figures: readonly Known[]): string[] {
  const known = new Map(figures.map((figure) => [nameOf(figure), figure]))
  const range = new Map<string, [least: number, most: number]>()
  for (const [name, { count, mark }] of known) range.set(name, count !== null ? [count, count] : mark === 'small' ? [1, threshold - 1] : [0, 1e9])
  // Nothing is published of what is nothing.
  const at = (name: string) => range.get(name) ?? ([0, 0] as const)
  const sums: { total: string; parts: string[] }[] = []
  for (const [name, figure] of known) {
    const { period, service, measure, dimension } = figure
    const of = (change: Partial<Known>) => nameOf({ ...figure, ...change })
    if (measure === 'visits_avoided') continue
    if (service === null) sums.push({ total: name, parts: services.map((one) => of({ service: one })) })
    if (dimension === '')
      for (const [kind, values] of [
        ['channel', ['web', 'assisted']],
        ['language', ['el', 'hu']],
        ['term', ['in', 'late', 'none']],
      ] as const)
        if ((kind === 'term') === (measure === 'finished')) sums.push({ total: name, parts: values.map((value) => of({ dimension: kind, value })) })
    if (partsOf(period).length > 0) sums.push({ total: name, parts: partsOf(period).map((part) => of({ period: part })) })
    // Quarters and months both add up to a year.
    if (period.length === 4) sums.push({ total: name, parts: months.map((part) => of({ period: part })) })
  }
  for (let changed = true; changed; ) {
    changed = false
    const narrow = (name: string, least: number, most: number) => {
      const before = range.get(name)
      if (!before || (least <= before[0] && most >= before[1])) return
      range.set(name, [Math.max(least, before[0]), Math.min(most, before[1])])
      changed = true
    }
    for (const { total, parts } of sums) {
      const [lows, highs] = [parts.map((part) => at(part)[0]), parts.map((part) => at(part)[1])]
      const [low, high] = [lows.reduce((a, b) => a + b, 0), highs.reduce((a, b) => a + b, 0)]
      narrow(total, low, high)
      const [least, most] = at(total)
      for (const [i, part] of parts.entries()) narrow(part, least - (high - (highs[i] as number)), most - (low - (lows[i] as number)))
    }
  }
  return [...known].flatMap(([name, { mark }]) => (mark === 'small' && at(name)[0] === at(name)[1] ? [name] : []))
}

const publish = (counts: MonthlyCount[]) => publicationOf({ counts, people: [], until: '2026-12', visits: () => 1 })

/** What is published if small numbers alone are left out. */
async function naive(counts: MonthlyCount[]): Promise<Known[]> {
  const { figures } = await publish(counts)
  const truth = await publish(counts.map((one) => ({ ...one, count: one.count * 1000 })))
  const counted = new Map(truth.figures.map((figure) => [nameOf(figure), (figure.count as number) / 1000]))
  return figures.map((figure) => {
    const count = counted.get(nameOf(figure)) as number
    return count > 0 && count < threshold ? { ...figure, count: null, mark: 'small' } : { ...figure, count, mark: null }
  })
}

it('gives away no small number of a service, a month, a channel, a language or a term by what it adds up to', async () => {
  let [small, opened] = [0, 0]
  for (let seed = 1; seed <= 4; seed++) {
    const counts = countsOf(seed)
    const { figures } = await publish(counts)
    small += figures.filter(({ mark }) => mark === 'small').length
    expect(openedBy(figures), `seed ${seed}`).toEqual([])
    // The control: the same reader, where only the small numbers are left out.
    opened += openedBy(await naive(counts)).length
  }
  expect(small).toBeGreaterThan(400)
  expect(opened).toBeGreaterThan(100)
})

it('gives away by the visits avoided no small number of those that were not', async () => {
  let [seen, shown] = [0, 0]
  for (let seed = 1; seed <= 4; seed++) {
    const counts = countsOf(seed)
    const { figures } = await publish(counts)
    const of = (period: string, service: string, measure: string, dimension = '', value = '') =>
      figures.find((one) => one.period === period && one.service === service && one.measure === measure && one.dimension === dimension && one.value === value)
    const grain: Grain = 'month'
    for (const { month, service, count } of counts.filter(({ measure, count }) => measure === 'handed_in' && count < threshold)) {
      const sent = of(month, service, 'sent')
      const assisted = of(month, service, 'sent', 'channel', 'assisted')
      const avoided = of(month, service, 'visits_avoided')
      expect(sent?.grain).toBe(grain)
      seen++
      if (sent?.count == null || assisted?.count === null || avoided?.count == null) continue
      shown++
      expect(sent.count - (assisted?.count ?? 0) - avoided.count, `${month} ${service} ${count}`).not.toBe(count)
    }
  }
  expect(seen).toBeGreaterThan(30)
  expect(shown).toBe(0)
})
