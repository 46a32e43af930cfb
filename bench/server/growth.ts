/** What asks of a server with few submissions and of one with many cost, and an export of very many. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersOf, numbers, serviceId, shapes } from '../../scripts/generate-submissions/service.ts'
import { median } from '../runtime/spread.ts'
import { environment, type Guichet, startGuichet } from './guichet.ts'
import { load } from './load.ts'
import { signUp } from './officer.ts'
import { memoryOf, needDisk, newFolder, type Program, removeFolder, start } from './place.ts'
import type { Request } from './requests.ts'
import { agencyId } from './service.ts'

export interface GrowthFigures {
  few: Size
  many: Size
  rounds: number
  seconds: number
  /** By what is asked: requests a second, and p99 of each round with few and with many. */
  asked: Record<string, { rate: number; few: Timing; many: Timing }>
  exported: ExportFigures
}

interface Timing {
  p50: number
  p99: number
  rounds: number[]
}

interface Size {
  submissions: number
  bytes: number
  /** How many of them were made in how many seconds: fewer, where a store that was begun before was filled up. */
  made: number
  seconds: number
}

interface ExportFigures {
  rows: number
  bytes: number
  seconds: number
  /** Resident memory before, and the most until the last row. */
  memoryBefore: number
  memoryMost: number
}

export interface GrowthOptions {
  few: number
  many: number
  rounds: number
  seconds: number
  exportRows: number
  /** A folder whose stores are used as they are, made there where there are none, and kept. */
  stores?: string
}

/** Measured: 3.1 KB, and a little for what grows while it is measured. */
const bytesPerRow = 3500
const generator = fileURLToPath(new URL('../../scripts/generate.ts', import.meta.url))

export async function growth({ few, many, rounds, seconds, exportRows, stores }: GrowthOptions, tell: (line: string) => void): Promise<GrowthFigures> {
  if (!stores) needDisk((many * bytesPerRow) / 1e9 + 2)
  const folders = stores ? { few: join(stores, 'few'), many: join(stores, 'many') } : { few: newFolder('few'), many: newFolder('many') }
  const running: Program[] = []
  try {
    const sizes = { few: await fill(folders.few, few, tell), many: await fill(folders.many, many, tell) }
    const asks = { few: await asksOf(folders.few, running), many: await asksOf(folders.many, running) }
    const asked: GrowthFigures['asked'] = {}
    for (const [name, rate] of Object.entries(rates)) {
      const timings = { few: [] as Sample[], many: [] as Sample[] }
      for (let round = 0; round < rounds; round++) {
        for (const size of round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)) {
          const { latency } = await load({ ...asks[size].requests[name as keyof typeof rates], connections: 16, seconds, warmSeconds: 2, rate })
          timings[size].push(latency)
          tell(`${name}, ${size}, round ${round + 1}: p50 ${latency.p50.toFixed(2)} ms, p99 ${latency.p99.toFixed(2)} ms`)
        }
      }
      asked[name] = { rate, few: timingOf(timings.few), many: timingOf(timings.many) }
    }
    return { ...sizes, rounds, seconds, asked, exported: await exportFrom(asks.many.guichet, asks.many.officer, exportRows, tell) }
  } finally {
    for (const program of running) await program.stop()
    if (!stores) for (const folder of Object.values(folders)) removeFolder(folder)
  }
}

type Sample = Pick<Timing, 'p50' | 'p99'>
const timingOf = (samples: readonly Sample[]): Timing => ({
  p50: median(samples.map(({ p50 }) => p50)),
  p99: median(samples.map(({ p99 }) => p99)),
  rounds: samples.map(({ p99 }) => Math.round(p99 * 100) / 100),
})

/** A second, far from what it can do: it is the cost of one that is asked for, not of a crowd. */
const rates = { submit: 60, status: 100, list: 40 }

/** Makes a store with so many submissions, unless the folder has it already. */
export async function fill(folder: string, submissions: number, tell: (line: string) => void): Promise<Size> {
  const size = join(folder, 'size.json')
  if (existsSync(size)) return JSON.parse(readFileSync(size, 'utf8')) as Size
  mkdirSync(folder, { recursive: true })
  const made = { made: 0, seconds: 0 }
  const program = start(process.execPath, [generator, 'submissions', String(submissions), '--references', join(folder, 'references')], {
    env: { ...environment(folder), EXAMPLES_DIR: 'off' },
  })
  const timer = setInterval(() => tell(program.said().trimEnd().split('\n').at(-1) ?? ''), 30_000)
  try {
    // 10 million at a tenth of the speed that was measured on a busy machine.
    const [, count = '', took = ''] = await program.says(/([\d,]+) submissions made in ([\d.]+) s/, 600 + submissions / 400)
    Object.assign(made, { made: Number(count.replaceAll(',', '')), seconds: Number(took) })
  } finally {
    clearInterval(timer)
  }
  tell(program.said().trimEnd().split('\n').at(-1) ?? '')
  const filled = { submissions, bytes: statSync(join(folder, 'data/guichet.db')).size, ...made }
  writeFileSync(size, JSON.stringify(filled))
  return filled
}

async function asksOf(
  folder: string,
  running: Program[],
): Promise<{ guichet: Guichet; officer: Record<string, string>; requests: Record<keyof typeof rates, Request> }> {
  const guichet = await startGuichet(folder, { EXAMPLES_DIR: 'off' })
  running.push(guichet)
  const officer = await signUp(guichet)
  const { port } = guichet
  const json = { 'Content-Type': 'application/json', 'X-Forwarded-For': '{address}' }
  const references = shuffled(readFileSync(join(folder, 'references'), 'utf8').trimEnd().split('\n'))
  const answers = Array.from({ length: 500 }, (_, i) => answersOf(shapes[i % shapes.length] as (typeof shapes)[number], numbers(7, i)))
  return {
    guichet,
    officer,
    requests: {
      submit: {
        port,
        method: 'POST',
        paths: [`/v1/services/${agencyId}/${serviceId}/submissions`],
        headers: { ...json, 'Idempotency-Key': '{key}' },
        bodies: answers.map((each) => JSON.stringify({ version: 1, language: 'en', answers: each })),
        expect: 201,
      },
      status: { port, method: 'POST', paths: ['/v1/status'], headers: json, bodies: references.map((reference) => JSON.stringify({ reference })), expect: 200 },
      list: { port, method: 'GET', paths: await listPages(guichet, officer), headers: officer, bodies: [''], expect: 200 },
    },
  }
}

/** The first pages of what officers look at, and ten of each that follow. */
async function listPages(guichet: Guichet, officer: Record<string, string>): Promise<string[]> {
  const paths: string[] = []
  for (const filter of ['', `service=${serviceId}`, `service=${serviceId}&status=received`, `service=${serviceId}&stage=desk`]) {
    let after = ''
    for (let page = 0; page < 10; page++) {
      const path = `/v1/admin/cases?limit=50&${filter}${after}`
      paths.push(path)
      const response = await fetch(guichet.url + path, { headers: officer })
      const { next, cases } = (await response.json()) as { next: string | null; cases: unknown[] }
      if (response.status !== 200 || cases.length === 0) throw new Error(`${path} gave ${response.status}`)
      if (next === null) break
      after = `&after=${encodeURIComponent(next)}`
    }
  }
  return paths
}

/** The same each time. */
function shuffled<T>(list: T[]): T[] {
  const next = numbers(1, 1)
  return list
    .map((value) => ({ value, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value)
}

/** Reads so many rows of the export as fast as they come, and lets go of the rest. */
async function exportFrom(guichet: Guichet, officer: Record<string, string>, rows: number, tell: (line: string) => void): Promise<ExportFigures> {
  const memoryBefore = memoryOf(guichet.pid)
  let memoryMost = memoryBefore
  const timer = setInterval(() => (memoryMost = Math.max(memoryMost, memoryOf(guichet.pid))), 50)
  const began = performance.now()
  try {
    const response = await fetch(`${guichet.url}/v1/admin/services/${serviceId}/export.csv?purpose=bench`, { headers: officer })
    if (response.status !== 200 || !response.body) throw new Error(`The export gave ${response.status} ${await response.text()}`)
    // The first line is the head.
    let lines = -1
    let bytes = 0
    for await (const piece of response.body) {
      bytes += piece.length
      // A row's answers may hold no line feed: the generator makes none.
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
      if (lines >= rows) break
    }
    if (lines < rows) throw new Error(`The export has ${lines} rows, not ${rows}.`)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    tell(`export: ${lines} rows in ${seconds} s, memory ${Math.round(memoryBefore / 1e6)} MB before and at most ${Math.round(memoryMost / 1e6)} MB`)
    return { rows: lines, bytes, seconds, memoryBefore, memoryMost }
  } finally {
    clearInterval(timer)
  }
}
