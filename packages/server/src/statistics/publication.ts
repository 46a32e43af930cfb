/**
 * What an agency publishes: its counters by month, quarter and year, summed, with small numbers taken out. Only periods
 * that are over: a number that grows by one while one watches says who it was.
 */
import { type GivingWay, givingWay } from '../giving-way.ts'
import type { MonthlyCount } from '../store/store.ts'
import { channels, type Measure } from './count.ts'
import { compound, yearOnYear } from './growth.ts'
import { endingWith, type Grain, grainOf, monthsBetween, partsOf, quarterOf, spanOf, yearOf, yearsFrom } from './period.ts'
import { peopleIn } from './sketch.ts'
import { type Censor, createCensor, type Mark, type Sum, threshold } from './suppress.ts'

/** What is published, in the order in which it is shown. `decided` is `finished`, with whether it was within its term. */
export const published = [
  'opened',
  'started',
  'sent',
  'finished',
  'returned',
  'visits_avoided',
  'looked_up',
  'citizens_signed_in',
  'signed_in',
  'people',
  'exchanged',
] as const
export type PublishedMeasure = (typeof published)[number]

export const dimensions = ['', 'channel', 'language', 'term'] as const
export type Dimension = (typeof dimensions)[number]

export interface Figure {
  period: string
  grain: Grain
  /** Null: the agency as a whole. */
  service: string | null
  measure: PublishedMeasure
  dimension: Dimension
  /** Which channel, language or `in`, `late`, `none` of a term; empty for all. */
  value: string
  /** Null: not shown, and `mark` says why. */
  count: number | null
  mark: Mark | null
  /** Against the same period a year before, as a share; null where one of the two is not there. Only of totals. */
  growth: number | null
  /** The true number is this or more: of some services it is not shown. */
  least: boolean
}

export interface Publication {
  /** The last month that is in it; null: nothing is over yet. */
  until: string | null
  figures: readonly Figure[]
  /** Growth of what was sent over whole years, spread evenly; null with fewer than two. */
  compound: { first: string; last: string; share: number } | null
}

interface Cell {
  period: string
  service: string
  measure: Measure | PublishedMeasure
  dimension: string
  value: string
}

const everything = '*'
const nameOf = ({ period, service, measure, dimension, value }: Cell) => `${period}|${service}|${measure}|${dimension}|${value}`

/** Parts of a measure: what adds up to its total. Measures without any stand alone. */
function placesOf({ measure, channel, language }: Pick<MonthlyCount, 'measure' | 'channel' | 'language'>): Pick<Cell, 'measure' | 'dimension' | 'value'>[] {
  if (measure === 'handed_in') return [{ measure: 'sent', dimension: 'visit', value: 'desk' }]
  if (measure === 'in_term' || measure === 'late') return [{ measure: 'finished', dimension: 'term', value: measure === 'late' ? 'late' : 'in' }]
  if (measure === 'signed_in' && channel === 'citizen') return [{ measure: 'citizens_signed_in', dimension: '', value: '' }]
  const total = { measure, dimension: '', value: '' }
  return measure === 'opened' || measure === 'started' || measure === 'sent'
    ? [total, { measure, dimension: 'channel', value: channel }, { measure, dimension: 'language', value: language }]
    : [total]
}

/** Every number there is, by cell: of services and of all of them, of months, quarters and years. */
async function cellsOf(counts: readonly MonthlyCount[], giving: GivingWay): Promise<Map<string, Map<string, { cell: Cell; count: number }>>> {
  const periods = new Map<string, Map<string, { cell: Cell; count: number }>>()
  const add = (cell: Cell, count: number) => {
    const cells = periods.get(cell.period) ?? new Map()
    periods.set(cell.period, cells)
    const name = nameOf(cell)
    cells.set(name, { cell, count: (cells.get(name)?.count ?? 0) + count })
  }
  for (const { month, service, count, ...what } of counts) {
    if (giving.due) await giving.rest()
    for (const place of placesOf(what))
      for (const scope of service === '' ? [everything] : [service, everything])
        for (const period of [month, quarterOf(month), yearOf(month)]) add({ period, service: scope, ...place }, count)
  }
  // What remains of a total: sent without any visit, finished without a term.
  for (const [period, cells] of periods)
    for (const { cell, count } of [...cells.values()]) {
      const at = (dimension: string, value: string) => cells.get(nameOf({ ...cell, dimension, value }))?.count ?? 0
      if (cell.dimension !== '') continue
      const rest = (dimension: string, taken: number) => add({ ...cell, period, dimension, value: 'none' }, Math.max(0, count - taken))
      if (cell.measure === 'sent') rest('visit', at('visit', 'desk') + at('channel', 'assisted'))
      if (cell.measure === 'finished') rest('term', at('term', 'in') + at('term', 'late'))
    }
  return periods
}

/** The sums that the cells of a period take part in. What is nothing takes part in none. */
function sumsOf(cells: ReadonlyMap<string, { cell: Cell; count: number }>, there: (name: string) => boolean): Sum[] {
  const sums = new Map<string, string[]>()
  const add = (total: string, kind: string, part: string) => sums.set(`${total}#${kind}`, [...(sums.get(`${total}#${kind}`) ?? []), part])
  for (const [name, { cell }] of cells) {
    if (!there(name)) continue
    if (cell.dimension !== '') add(nameOf({ ...cell, dimension: '', value: '' }), cell.dimension, name)
    // An assisted submission is a visit that was not avoided.
    if (cell.measure === 'sent' && cell.dimension === 'channel' && cell.value === 'assisted') add(nameOf({ ...cell, dimension: '', value: '' }), 'visit', name)
    if (cell.service !== everything) add(nameOf({ ...cell, service: everything }), 'services', name)
    for (const period of partsOf(cell.period)) if (there(nameOf({ ...cell, period }))) add(name, 'periods', nameOf({ ...cell, period }))
  }
  return [...sums].map(([total, parts]) => ({ total: total.slice(0, total.lastIndexOf('#')), parts }))
}

/** Publishes month by month, quarter by quarter, year by year, each measure by itself: no sum joins two years or two measures. */
async function suppressed(
  periods: ReadonlyMap<string, ReadonlyMap<string, { cell: Cell; count: number }>>,
  months: readonly string[],
  giving: GivingWay,
): Promise<Censor['markOf']> {
  const censors = new Map<string, Censor>()
  for (const period of months.flatMap(endingWith)) {
    const byMeasure = new Map<string, Map<string, { cell: Cell; count: number }>>()
    for (const [name, held] of periods.get(period) ?? []) {
      if (held.count === 0) continue
      const group = `${held.cell.measure}|${yearOf(period)}`
      byMeasure.set(group, (byMeasure.get(group) ?? new Map()).set(name, held))
    }
    for (const [group, cells] of byMeasure) {
      const censor = censors.get(group) ?? createCensor(giving)
      censors.set(group, censor)
      if (giving.due) await giving.rest()
      const there = (name: string) => (periods.get(name.slice(0, name.indexOf('|')))?.get(name)?.count ?? 0) > 0
      await censor.release(new Map([...cells].map(([name, { count }]) => [name, count])), sumsOf(cells, there))
    }
  }
  return (name) => censors.get(`${name.split('|')[2]}|${yearOf(name)}`)?.markOf(name) ?? null
}

interface Source {
  counts: readonly MonthlyCount[]
  people: readonly { month: string; audience: string; registers: Uint8Array }[]
  /** The last complete month. */
  until: string
  /** Visits that a case took before it was online, by service. */
  visits(service: string): number
}

/** Rounded, because it is an estimate, and so that it does not tell one person more or less. */
const roundPeople = (n: number) => Math.round(n / 10) * 10

export async function publicationOf({ counts, people, until, visits }: Source): Promise<Publication> {
  const complete = counts.filter(({ month }) => month <= until)
  const first = [...complete, ...people].reduce<string | null>((least, { month }) => (least === null || month < least ? month : least), null)
  if (first === null) return { until: null, figures: [], compound: null }
  const months = monthsBetween(`${yearOf(first)}-01`, until)
  // Citizens who send something meanwhile do not wait.
  const giving = givingWay()
  const periods = await cellsOf(complete, giving)
  const markOf = await suppressed(periods, months, giving)
  const over = new Set(months.flatMap(endingWith))

  const figures: Figure[] = []
  const plain = { growth: null, least: false }
  const none = new Map<string, { count: number | null; mark: Mark | null }>()
  for (const [period, cells] of periods) {
    // A year that began before the first number is not whole, but it is all there is.
    if (!over.has(period)) continue
    const grain = grainOf(period)
    for (const [name, { cell, count }] of cells) {
      const mark = markOf(name)
      const shown = { count: mark ? null : count, mark }
      if (cell.dimension === 'visit') {
        if (cell.value === 'none') none.set(`${period}|${cell.service}`, shown)
        continue
      }
      const service = cell.service === everything ? null : cell.service
      figures.push({
        period,
        grain,
        service,
        measure: cell.measure as PublishedMeasure,
        dimension: cell.dimension as Dimension,
        value: cell.value,
        ...shown,
        ...plain,
      })
    }
  }
  figures.push(...visitsAvoided(none, visits))
  for (const { month, registers } of people) {
    const estimate = peopleIn(registers)
    const small = estimate > 0 && estimate < threshold
    if (over.has(month) && estimate > 0)
      figures.push({
        period: month,
        grain: 'month',
        service: null,
        measure: 'people',
        dimension: '',
        value: '',
        count: small ? null : roundPeople(estimate),
        mark: small ? 'small' : null,
        ...plain,
      })
  }
  withGrowth(figures, sinceOf(complete))
  const order = (figure: Figure) =>
    [figure.period, figure.service ?? '', String(published.indexOf(figure.measure)).padStart(2, '0'), figure.dimension, dimensionOrder(figure)].join('|')
  const ordered = figures.map((figure) => ({ figure, at: order(figure) })).sort((a, b) => (a.at < b.at ? -1 : 1))
  if (giving.due) await giving.rest()
  return {
    until,
    figures: ordered.map(({ figure }) => figure),
    compound: compoundOf(
      ordered.map(({ figure }) => figure),
      first,
    ),
  }
}

const dimensionOrder = ({ dimension, value }: Figure) =>
  dimension === 'channel' ? String(channels.indexOf(value as never)) : dimension === 'term' ? String(['in', 'late', 'none'].indexOf(value)) : value

/** Of the agency: the sum of the services of which it is shown, so that it says nothing about the others. */
function visitsAvoided(none: ReadonlyMap<string, { count: number | null; mark: Mark | null }>, visits: Source['visits']): Figure[] {
  const figures: Figure[] = []
  const totals = new Map<string, { count: number; least: boolean }>()
  const figure = (period: string, service: string | null, count: number | null, mark: Mark | null, least: boolean): Figure => ({
    period,
    grain: grainOf(period),
    service,
    measure: 'visits_avoided',
    dimension: '',
    value: '',
    count,
    mark,
    growth: null,
    least,
  })
  for (const [name, { count, mark }] of none) {
    const [period = '', service = ''] = name.split('|')
    if (service === everything) continue
    const avoided = count === null ? null : Math.round(count * visits(service))
    figures.push(figure(period, service, avoided, mark && 'hidden', false))
    const total = totals.get(period) ?? { count: 0, least: false }
    totals.set(period, { count: total.count + (avoided ?? 0), least: total.least || avoided === null })
  }
  for (const [period, { count, least }] of totals)
    figures.push(count === 0 && least ? figure(period, null, null, 'hidden', false) : figure(period, null, count, null, least))
  return figures
}

/** The first month in which anything was counted, by service; empty: of the agency. */
function sinceOf(counts: readonly MonthlyCount[]): Map<string, string> {
  const since = new Map<string, string>()
  for (const { month, service } of counts) for (const scope of [service, '']) if (month < (since.get(scope) ?? '9')) since.set(scope, month)
  return since
}

/** Only where the earlier period was counted from its beginning: half a year is not compared with a whole one. */
function withGrowth(figures: readonly Figure[], since: ReadonlyMap<string, string>) {
  const keyOf = ({ period, service, measure }: Figure, of = period) => `${of}|${service ?? ''}|${measure}`
  const totals = new Map(figures.filter(({ dimension, least }) => dimension === '' && !least).map((figure) => [keyOf(figure), figure]))
  for (const figure of totals.values()) {
    const before = yearsFrom(figure.period, -1)
    if (spanOf(before).first < (since.get(figure.service ?? '') ?? '9')) continue
    figure.growth = yearOnYear(totals.get(keyOf(figure, before))?.count ?? null, figure.count)
  }
}

function compoundOf(figures: readonly Figure[], since: string): Publication['compound'] {
  const years = figures.filter(
    ({ grain, service, measure, dimension, period }) =>
      grain === 'year' && service === null && measure === 'sent' && dimension === '' && spanOf(period).first >= since,
  )
  const [first, last] = [years[0], years.at(-1)]
  if (!first || !last) return null
  const share = compound(first.count, last.count, Number(last.period) - Number(first.period))
  return share === null ? null : { first: first.period, last: last.period, share }
}
