import type { Quantiles } from './load.ts'

export function quantiles(values: number[]): Quantiles {
  values.sort((a, b) => a - b)
  const at = (part: number) => values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN
  return { count: values.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
}
