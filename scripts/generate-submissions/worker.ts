/**
 * Makes submissions as the intake makes them: its own stages seal them and write the receipt, and only the store at the end is
 * another, which hands them to the main thread. Answers of each shape go through the whole validation once, and so does
 * every thousandth; the rest differ from them in what no condition, fee or route asks for.
 */
import { isDeepStrictEqual } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { type Adapters, openAdapters } from '../../packages/server/src/adapters.ts'
import type { Config } from '../../packages/server/src/config.ts'
import { closed, concluded } from '../../packages/server/src/intake/conclusion.ts'
import { inspect } from '../../packages/server/src/intake/inspect.ts'
import { record } from '../../packages/server/src/intake/record.ts'
import { seal } from '../../packages/server/src/intake/seal.ts'
import type { Admitted, Clean, Intake } from '../../packages/server/src/intake/stages.ts'
import { validateAnswers } from '../../packages/server/src/intake/validate.ts'
import type { LiveService } from '../../packages/server/src/services/live.ts'
import type { AgencyId, AgencyStore, Store, SubmissionEntry, VersionRecord } from '../../packages/server/src/store/store.ts'
import { answersOf, numbers, type Shape, shapes } from './service.ts'

export interface WorkerData {
  config: Config
  agency: AgencyId
  version: VersionRecord
  seed: number
}

export interface Order {
  /** Number of the first row, from 0. */
  from: number
  /** When each was received, in milliseconds. */
  times: Float64Array
  /** Place of the first in the audit log. */
  sequence: number
  /** Tracking codes of rows whose number is a multiple of this are given back; 0: of none. */
  sample: number
}

/** A row for the store, its receipt written already. */
export interface Made extends Omit<SubmissionEntry, 'conclude' | 'outbox' | 'seal'> {
  receipt: Uint8Array
}

export interface Delivery {
  from: number
  made: Made[]
  references: string[]
}

const { config, agency, version, seed } = workerData as WorkerData
const nothing = Buffer.alloc(0)
let expected = 0
let made: Made | null = null

/** Stands where the store would: takes what the road gives it. */
const catcher = {
  id: agency,
  published: async () => [{ service: version.service, version: version.version }],
  version: async () => version,
  attachments: async () => [],
  async record(entry: SubmissionEntry) {
    const { row, box } = closed(entry)
    const { receipt, whole } = concluded(entry.conclude, expected, null, box)
    const { attachments, deed, keyHash } = entry
    made = { submission: row, attachments, deed, keyHash, receipt }
    return whole
  },
} as Partial<AgencyStore> as AgencyStore
const store = { agency: () => catcher, findAgency: async () => agency } as Partial<Store> as Store
const adapters: Adapters = openAdapters(config, { store })
const found = await adapters.live.find(agency, version.service)
if (!found) throw new Error('The service cannot be compiled.')
// What these submissions would have told the outside has been told long ago.
const service: LiveService = { ...found, effects: () => [] }

const languages = version.definition.languages
const intakeAt = (now: Date): Intake => ({
  adapters,
  config,
  service,
  origin: new URL(config.baseUrl).origin,
  sameOrigin: true,
  client: '203.0.113.7',
  signedIn: null,
  body: { declared: null, read: async () => nothing } as Intake['body'],
  idempotencyKey: 'generated',
  now,
})

/** The whole of validate and inspect. @throws Refused */
async function whole(row: number, shape: Shape, now: Date): Promise<Clean> {
  const next = numbers(seed, row)
  const language = languages[Math.floor(next() * languages.length)] as string
  const answers = answersOf(shape, next)
  const submission = { version: version.version, language, answers }
  return inspect(await validateAnswers({ intake: intakeAt(now), key: 'generated', bytes: nothing, submission, filledIn: service } as unknown as Admitted))
}

const validated = new Map<Shape, Clean>()
const checkEvery = 1000

async function make(row: number, time: number, sequence: number): Promise<{ made: Made; answer: Uint8Array }> {
  const now = new Date(time)
  const next = numbers(seed, row)
  const language = languages[Math.floor(next() * languages.length)] as string
  const shape = shapes[(row * 7919 + seed) % shapes.length] as Shape
  const answers = answersOf(shape, next)
  let model = validated.get(shape)
  if (!model) validated.set(shape, (model = await whole(row, shape, now)))
  const clean = { ...model, intake: intakeAt(now), answers, submission: { version: version.version, language, answers } } as unknown as Clean
  if (row % checkEvery === 0) {
    const again = await whole(row, shape, now)
    if (!isDeepStrictEqual([again.answers, again.outcome.fee, again.outcome.route?.to], [clean.answers, clean.outcome.fee, clean.outcome.route?.to]))
      throw new Error(`Row ${row} is not what the intake would have made of it.`)
  }
  expected = sequence
  const { answer } = await record(seal(clean), { hash: `generated-${row}`, bodyMac: '', seal: () => nothing, open: () => nothing, with: () => null })
  return { made: made as unknown as Made, answer }
}

parentPort?.on('message', async ({ from, times, sequence, sample }: Order) => {
  const delivery: Delivery = { from, made: [], references: [] }
  for (let i = 0; i < times.length; i++) {
    const { made: one, answer } = await make(from + i, times[i] as number, sequence + i)
    delivery.made.push(one)
    if (sample > 0 && (from + i) % sample === 0) delivery.references.push(JSON.parse(new TextDecoder().decode(answer)).reference)
  }
  parentPort?.postMessage(delivery)
})
