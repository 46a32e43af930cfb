/** Months, quarters and years as text that sorts: `2026-03`, `2026-Q1`, `2026`. Of the ISO calendar, whatever people are shown. */

export const grains = ['month', 'quarter', 'year'] as const
export type Grain = (typeof grains)[number]

export const previousMonth = (month: string) => shiftMonths(month, -1)

/** `month` moved by a number of months. */
export function shiftMonths(month: string, by: number): string {
  const [year = 0, of = 1] = month.split('-').map(Number)
  const at = year * 12 + of - 1 + by
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
}

/** The months from one to another, both included. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = shiftMonths(month, 1)) months.push(month)
  return months
}

export const quarterOf = (month: string) => `${month.slice(0, 4)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`
export const yearOf = (period: string) => period.slice(0, 4)

export const grainOf = (period: string): Grain => (period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month')

/** What is complete at the end of this month, the month itself first. */
export function endingWith(month: string): string[] {
  const of = Number(month.slice(5))
  return [month, ...(of % 3 === 0 ? [quarterOf(month)] : []), ...(of === 12 ? [yearOf(month)] : [])]
}

/** What a quarter or a year is the sum of. */
export function partsOf(period: string): string[] {
  const grain = grainOf(period)
  const year = yearOf(period)
  if (grain === 'month') return []
  if (grain === 'year') return [1, 2, 3, 4].map((quarter) => `${year}-Q${quarter}`)
  const first = (Number(period.slice(6)) - 1) * 3 + 1
  return [0, 1, 2].map((more) => `${year}-${String(first + more).padStart(2, '0')}`)
}

/** First and last month of a period. */
export function spanOf(period: string): { first: string; last: string } {
  const grain = grainOf(period)
  if (grain === 'month') return { first: period, last: period }
  if (grain === 'year') return { first: `${period}-01`, last: `${period}-12` }
  const months = partsOf(period)
  return { first: months[0] as string, last: months[2] as string }
}

/** The same period a number of years before or after. */
export const yearsFrom = (period: string, by: number) => `${Number(yearOf(period)) + by}${period.slice(4)}`
