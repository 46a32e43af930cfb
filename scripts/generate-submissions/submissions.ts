/** `npm run generate -- submissions`: many submissions, to see how a server does with them. */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { openAdapters } from '../../packages/server/src/adapters.ts'
import type { Command } from '../../packages/server/src/commands/command.ts'
import { progressOn } from '../../packages/server/src/commands/progress.ts'
import { type Config, readConfig } from '../../packages/server/src/config.ts'
import type { Bygone } from '../../packages/server/src/lived-time.ts'
import { publish } from '../../packages/server/src/services/publish.ts'
import type { AgencyId, VersionRecord } from '../../packages/server/src/store/store.ts'
import { UsageError } from '../../packages/server/src/usage-error.ts'
import { definition, policy, serviceId } from './service.ts'
import { openTarget, type Target } from './target.ts'
import type { Delivery, Made, Order, WorkerData } from './worker.ts'

const actor = 'generator'
const day = 24 * 3600_000
const sampled = 10_000

export const submissions: Command = {
  name: 'submissions',
  summary: 'Fills a database with made-up submissions.',
  words: '<count>',
  takes: [1, 1],
  about: [
    `Fills DATA_DIR, or the PostgreSQL of DATABASE_URL, until the service ${serviceId} has so many submissions. It publishes that service first, if it is not there. No server may be using DATA_DIR meanwhile.`,
    'They are what the intake would have made of them: sealed, with receipt, tracking code and audit event, received over the months until two days ago. Like all that are older than that they have no idempotent answer and nothing left to deliver.',
    'It may be stopped at any time: what is there is whole, and the same command goes on from it.',
  ],
  options: {
    months: { value: 'number', help: 'Months over which they were received; 6 by default.' },
    seed: { value: 'number', help: 'Answers are the same for the same seed; 1 by default. Codes, keys and ids never are.' },
    references: { value: 'file', help: `Writes the tracking codes of about ${sampled} of those that are made to a file.` },
  },
  examples: ['DATA_DIR=/tmp/many npm run generate -- submissions 100000'],
  settings: true,
  async run({ words: [count = ''], value, env, out, err }) {
    const whole = (name: string, text: string, most: number) => {
      if (!/^\d{1,10}$/.test(text) || Number(text) > most) throw new UsageError(`${name} must be a whole number up to ${most}, not ${text}.`)
      return Number(text)
    }
    const wanted = whole('The count', count, 1_000_000_000)
    const months = whole('--months', value('months') ?? '6', 120)
    const seed = whole('--seed', value('seed') ?? '1', 2 ** 31)
    const config = readConfig({ LOG_LEVEL: 'warn', ...env })
    const progress = progressOn(err)
    const began = performance.now()
    let stopped = false
    const stop = () => (stopped = true)
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    try {
      const { made, references } = await generate({
        config,
        wanted,
        months,
        seed,
        sample: value('references') !== null,
        stopped: () => stopped,
        progress(done, total) {
          const seconds = (performance.now() - began) / 1000
          const left = done === 0 ? '' : `, ${duration(((total - done) * seconds) / done)} left`
          progress.show(
            done,
            total,
            `${done.toLocaleString('en')} of ${total.toLocaleString('en')}, ${Math.round(done / seconds).toLocaleString('en')} a second${left}`,
          )
        },
      })
      progress.end()
      const file = value('references')
      if (file !== null) writeFileSync(file, references.map((reference) => `${reference}\n`).join(''), { mode: 0o600 })
      const seconds = (performance.now() - began) / 1000
      out.write(`${made} submissions made in ${seconds.toFixed(1)} s, ${Math.round(made / seconds)} a second.\n`)
      if (stopped) err.write('It was stopped. The same command goes on.\n')
      return stopped ? 130 : 0
    } finally {
      progress.end()
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    }
  },
}

const duration = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`

export interface Generation {
  config: Config
  /** So many there shall be. */
  wanted: number
  months: number
  seed: number
  /** Whether to give tracking codes back. */
  sample: boolean
  stopped?(): boolean
  progress?(done: number, total: number): void
}

/** Gives how many were made, and tracking codes of some of them. */
export async function generate({ config, wanted, months, seed, sample, stopped = () => false, progress = () => {} }: Generation) {
  // Idempotent answers are kept for two days: what is older has none.
  const until = Date.now() - 2 * day
  const start = until - months * 30 * day
  const target = openTarget(config, () => new Date(start))
  const workers: Worker[] = []
  try {
    const { agency, version } = await publishedService(target, config, new Date(start))
    const { count, last } = await target.there(agency, serviceId)
    const total = Math.max(0, wanted - count)
    if (total === 0) return { made: 0, references: [] }
    const from = Math.min(until, Math.max(start, last === null ? start : Date.parse(last)))
    const head = await target.head(agency)
    const every = sample ? Math.max(1, Math.ceil(total / sampled)) : 0
    const order = (first: number): Order => {
      const rows = Math.min(target.portion, total - first)
      return {
        from: count + first,
        times: Float64Array.from({ length: rows }, (_, i) => Math.floor(from + ((until - from) * (first + i + 1)) / (total + 1))),
        sequence: head + 1 + first,
        sample: every,
      }
    }
    const data: WorkerData = { config, agency, version, seed }
    // They make while this thread writes, which is idle at times.
    const helpers = Math.min(availableParallelism(), Math.ceil(total / target.portion))
    for (let i = 0; i < helpers; i++) workers.push(new Worker(new URL('./worker.ts', import.meta.url), { workerData: data }))

    const references: string[] = []
    const bulk = target.bulk(agency)
    const coming: Promise<Delivery>[] = []
    let asked = 0
    const ask = () => {
      if (asked >= total || stopped()) return
      const made = receive(workers[coming.length % workers.length] as Worker, order(asked))
      // Looked at in its turn; a failure must not count as nobody's until then.
      made.catch(() => {})
      coming.push(made)
      asked += target.portion
    }
    for (let i = 0; i < workers.length * 2; i++) ask()
    let done = 0
    for (let i = 0; i < coming.length; i++) {
      const delivery = await (coming[i] as Promise<Delivery>)
      delete coming[i]
      ask()
      await keep(bulk, delivery.made, head + 1 + done, new Date(until).toISOString())
      done += delivery.made.length
      references.push(...delivery.references)
      progress(done, total)
    }
    return { made: done, references }
  } finally {
    for (const worker of workers) await worker.terminate()
    await target.close()
  }
}

/** The portion by the worker, which takes them one after the other. */
const receive = (worker: Worker, order: Order) =>
  new Promise<Delivery>((resolve, reject) => {
    const listener = (delivery: Delivery) => {
      if (delivery.from !== order.from) return
      worker.off('message', listener)
      worker.off('error', reject)
      resolve(delivery)
    }
    worker.on('message', listener)
    worker.on('error', reject)
    worker.postMessage(order)
  })

const nothing = new Uint8Array()

/** Through the store's own door, so that everything that hangs on a submission is there. */
async function keep(agency: Pick<WorkerStore, 'claimKey' | 'record' | 'purge'>, portion: readonly Made[], sequence: number, until: string): Promise<void> {
  await Promise.all(
    portion.map(async ({ receipt, ...entry }, i) => {
      const { service, receivedAt } = entry.submission
      await agency.claimKey({ service, keyHash: entry.keyHash, bodyMac: '', at: receivedAt }, receivedAt)
      await agency.record({
        ...entry,
        outbox: [],
        conclude(given) {
          // The receipt was signed with the place that it would get.
          if (given !== sequence + i) throw new Error(`Somebody else writes to the audit log: the next event is ${given}, not ${sequence + i}.`)
          return { receipt, answer: nothing }
        },
      })
    }),
  )
  // The answers for who asks again: nobody will, and their time is made up.
  await agency.purge('' as Bygone, until as Bygone)
}

type WorkerStore = ReturnType<Target['bulk']>

/** The agency and the service, published before the first of its submissions. */
async function publishedService({ store }: Target, config: Config, at: Date): Promise<{ agency: AgencyId; version: VersionRecord }> {
  const agency = await store.ensureAgency(config.agency, config.agencyName, at.toISOString())
  const adapters = openAdapters(config, { store, clock: { now: () => at } })
  const queries = store.agency(agency)
  if ((await queries.published(serviceId)).length === 0) {
    const draft = await queries.service(serviceId)
    const revision = draft?.revision ?? (await queries.saveService({ id: serviceId, definition, policy }, null, { actor, at: at.toISOString() }))
    await publish(adapters, queries, serviceId, revision, { actor, language: 'en', acknowledged: 'every' }, config.baseUrl)
  }
  const [{ version: number } = { version: 0 }] = await queries.published(serviceId)
  const version = await queries.version(serviceId, number)
  if (!version) throw new Error('The service is not there.')
  return { agency, version }
}
