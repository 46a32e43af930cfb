/** Half an hour of ordinary work: memory and open files must not grow with it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startGuichet } from './guichet.ts'
import { load, type Quantiles } from './load.ts'
import { signUp } from './officer.ts'
import { memoryOf, newFolder, openFiles, removeFolder } from './place.ts'
import { submitting } from './requests.ts'
import { agencyId, serviceId } from './service.ts'
import { slope } from './slope.ts'

export interface SoakFigures {
  minutes: number
  /** Requests a second. */
  rates: Record<string, number>
  submitted: number
  latency: Quantiles
  /** Seconds since it was ready, bytes of resident memory, open files. */
  samples: [seconds: number, memory: number, files: number][]
  /** Of the last two thirds: before that caches fill and code is compiled. */
  bytesPerMinute: number
  filesPerMinute: number
}

const rates = { submit: 100, view: 50, status: 50, list: 10 }

export async function soak(minutes: number, tell: (line: string) => void): Promise<SoakFigures> {
  const folder = newFolder('soak')
  mkdirSync(join(folder, 'guichet'))
  const guichet = await startGuichet(join(folder, 'guichet'))
  try {
    const { port, pid } = guichet
    const officer = await signUp(guichet)
    const seconds = minutes * 60
    const samples: SoakFigures['samples'] = []
    const began = performance.now()
    const sample = () => {
      samples.push([Math.round((performance.now() - began) / 1000), memoryOf(pid), openFiles(pid)])
      const [at, memory, files] = samples.at(-1) as SoakFigures['samples'][number]
      if (samples.length % 12 === 1) tell(`after ${at} s: ${Math.round(memory / 1e6)} MB, ${files} files`)
    }
    const timer = setInterval(sample, minutes >= 10 ? 10_000 : 1000)
    const common = { port, connections: 16, seconds, warmSeconds: 0 }
    const client = { 'X-Forwarded-For': '{address}' }
    const reference = await oneReference(guichet.url)
    try {
      const [submitted] = await Promise.all([
        load({ ...submitting(port), ...common, rate: rates.submit }),
        load({ ...common, method: 'GET', paths: [`/v1/services/${agencyId}/${serviceId}`], headers: client, bodies: [''], expect: 200, rate: rates.view }),
        load({
          ...common,
          method: 'POST',
          paths: ['/v1/status'],
          headers: { ...client, 'Content-Type': 'application/json' },
          bodies: [JSON.stringify({ reference })],
          expect: 200,
          rate: rates.status,
        }),
        load({ ...common, method: 'GET', paths: ['/v1/admin/cases'], headers: officer, bodies: [''], expect: 200, rate: rates.list }),
      ])
      const late = samples.filter(([at]) => at >= seconds / 3)
      const perMinute = (place: 1 | 2) => slope(late.map((each) => [each[0] / 60, each[place]] as const))
      return {
        minutes,
        rates,
        submitted: submitted.acknowledged,
        latency: submitted.latency,
        samples: samples.filter((_, i) => i % Math.ceil(samples.length / 30) === 0),
        bytesPerMinute: perMinute(1),
        filesPerMinute: perMinute(2),
      }
    } finally {
      clearInterval(timer)
    }
  } finally {
    await guichet.stop()
    removeFolder(folder)
  }
}

/** Somebody who sends in first and asks for it again and again. */
async function oneReference(url: string): Promise<string> {
  const { paths, headers, bodies } = submitting(0)
  const response = await fetch(url + paths[0], {
    method: 'POST',
    headers: { ...headers, 'Idempotency-Key': 'the-first-of-all', 'X-Forwarded-For': '203.0.113.7' },
    body: bodies[0],
  })
  if (response.status !== 201) throw new Error(`The first submission was answered with ${response.status} ${await response.text()}`)
  return ((await response.json()) as { reference: string }).reference
}
