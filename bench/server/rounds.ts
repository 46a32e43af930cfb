/** Contenders in turn on the same machine: A B C, then B C A ... so that what else it does hits all of them. */

import { median } from '../runtime/spread.ts'
import { type LoadResult, load } from './load.ts'
import { processorTime } from './place.ts'
import type { Request } from './requests.ts'

export interface Contender {
  name: string
  title: string
  pid: number
  request: Request
  /** Rows that it keeps now. */
  kept(): Promise<number> | number
}

export interface Measured {
  title: string
  /** Medians over the rounds. */
  perSecond: number
  rounds: number[]
  p50: number
  p99: number
  /** Processor time of its process for a request, in milliseconds; of a database of its own not. */
  processorMs: number
  acknowledged: number
}

export interface Manner {
  rounds: number
  seconds: number
  warmSeconds: number
  connections: number
}

/** @throws when a contender keeps less than it acknowledged */
export async function compare(
  contenders: readonly Contender[],
  { rounds, ...manner }: Manner,
  tell: (line: string) => void,
): Promise<Record<string, Measured>> {
  const results = new Map(contenders.map(({ name }) => [name, [] as { result: LoadResult; processorMs: number }[]]))
  const before = new Map<string, number>()
  for (const { name, kept } of contenders) before.set(name, await kept())
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const { name, title, pid, request } = contenders[(i + round) % contenders.length] as Contender
      const from = processorTime(pid)
      const result = await load({ ...request, ...manner, rate: null })
      const processorMs = (processorTime(pid) - from) / result.acknowledged
      results.get(name)?.push({ result, processorMs })
      tell(
        `round ${round + 1} ${title}: ${Math.round(result.perSecond)} a second, p50 ${result.latency.p50.toFixed(1)} ms, p99 ${result.latency.p99.toFixed(1)} ms`,
      )
    }
  }
  const measured: Record<string, Measured> = {}
  for (const { name, title, kept } of contenders) {
    const mine = results.get(name) ?? []
    const of = (value: (one: (typeof mine)[number]) => number) => median(mine.map(value))
    const acknowledged = mine.reduce((sum, { result }) => sum + result.acknowledged, 0)
    const rows = (await kept()) - (before.get(name) ?? 0)
    if (rows !== acknowledged) throw new Error(`${title} acknowledged ${acknowledged} and keeps ${rows}`)
    measured[name] = {
      title,
      perSecond: of(({ result }) => result.perSecond),
      rounds: mine.map(({ result }) => Math.round(result.perSecond)),
      p50: of(({ result }) => result.latency.p50),
      p99: of(({ result }) => result.latency.p99),
      processorMs: of(({ processorMs }) => processorMs),
      acknowledged,
    }
  }
  return measured
}

/** Median over the rounds of the ratio in the same round: what slows the machine for a while slows both. */
export function ratio(of: Measured, to: Measured): number {
  return median(of.rounds.map((value, i) => value / (to.rounds[i] as number)))
}
