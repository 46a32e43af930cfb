/** How long a start takes with a database that is there: from the start of the process to the first good /readyz. */
import { randomInt } from 'node:crypto'
import { median } from '../runtime/spread.ts'
import { startGuichet } from './guichet.ts'
import { load } from './load.ts'
import { newFolder, processorTime, removeFolder } from './place.ts'
import { submitting } from './requests.ts'

export interface StartFigures {
  /** Milliseconds until it was ready, and its processor time by then. */
  ready: number[]
  processor: number[]
  median: number
  submissions: number
}

export async function starts(times: number, tell: (line: string) => void): Promise<StartFigures> {
  const folder = newFolder('start')
  try {
    // Another port each time would make it publish the service again, whose address is part of it.
    const port = { PORT: String(randomInt(20_000, 30_000)) }
    const first = await startGuichet(folder, port)
    const { acknowledged } = await load({ ...submitting(first.port), connections: 8, seconds: 2, warmSeconds: 0, rate: null })
    await first.stop()
    const ready: number[] = []
    const processor: number[] = []
    for (let i = 0; i < times; i++) {
      const guichet = await startGuichet(folder, port)
      processor.push(processorTime(guichet.pid))
      ready.push(Math.round(guichet.readyMs))
      tell(`start ${i + 1}: ${ready.at(-1)} ms, of which ${processor.at(-1)} ms processor time`)
      await guichet.stop()
    }
    return { ready, processor, median: median(ready), submissions: acknowledged }
  } finally {
    removeFolder(folder)
  }
}
