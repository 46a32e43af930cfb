/** How a list of measurements is told: its median, and how far apart its ends are. */
export interface Spread {
  median: number
  min: number
  max: number
}

export function spreadOf(list: readonly number[]): Spread | null {
  const sorted = list.filter(Number.isFinite).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const at = (place: number) => sorted[place] as number
  const middle = (sorted.length - 1) / 2
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1) }
}

export const median = (list: readonly number[]): number => spreadOf(list)?.median ?? Number.NaN
