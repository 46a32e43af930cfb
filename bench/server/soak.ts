/** Half an hour of ordinary work: memory and open files must not grow with it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startGuichet } from './guichet.ts'
import { load, type Quantiles } from './load.ts'
import { signUp } from './officer.ts'
import { newFolder, removeFolder } from './place.ts'
import { submitting } from './requests.ts'
import { type Sample, samplesOf } from './samples.ts'
import { agencyId, serviceId } from './service.ts'

export interface SoakFigures {
  minutes: number
  /** Requests a second. */
  rates: Record<string, number>
  submitted: number
  latency: Quantiles
  samples: Sample[]
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
    const watched = samplesOf(pid, seconds, tell)
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
      return { minutes, rates, submitted: submitted.acknowledged, latency: submitted.latency, ...watched.figures() }
    } finally {
      watched.end()
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
