/** Kills PostgreSQL while citizens send, again and again, and counts what became of what was acknowledged. */
import { randomBytes } from 'node:crypto'
import { findBreak } from '../audit/chain.ts'
import { systemClock } from '../clock.ts'
import { openPostgresStore } from '../store/postgres/postgres-store.ts'
import { ask, newDatabase, startCluster } from './postgres.ts'
import { answersOf, createWorld } from './world.ts'

export interface KillOptions {
  rounds: number
  clients: number
  /** False: the control. The database acknowledges what is not on disk yet. */
  durable: boolean
  /** Called after each round. */
  tell?(round: number, acknowledged: number): void
}

export interface KillResult {
  rounds: number
  acknowledged: number
  /** Acknowledged, and not there afterwards. */
  lost: number
  /** There more than once, or there without ever having been acknowledged to anybody. */
  duplicates: number
  /** First event that does not fit into the audit log; null: it holds. */
  chainBreak: number | null
  /** Longest time from the moment the database was there again to the first submission taken. */
  slowestReturnMs: number
  /** Requests that were told to try again. */
  refused: number
}

/** One sync of the file system rather than one of each file: after a kill nothing else takes as long. */
const quickRecovery = { recovery_init_sync_method: 'syncfs' }
/** Without this the control would have to be lucky: its background writer saves most within a fifth of a second. */
const forgetful = { synchronous_commit: 'off', wal_writer_delay: '10000', wal_writer_flush_after: '1GB' }

export async function killPostgres({ rounds, clients, durable, tell }: KillOptions): Promise<KillResult> {
  const cluster = await startCluster({ ...quickRecovery, ...(durable ? {} : forgetful) })
  const database = await newDatabase(cluster)
  const store = openPostgresStore({ url: database.url, ownerUrl: database.ownerUrl, now: () => new Date(), unchecked: !durable })
  const world = await createWorld({ LOG_LEVEL: 'silent' }, { store, clock: systemClock })
  await world.offer()
  // The service stays, in the control as well.
  await ask(database.adminUrl, 'CHECKPOINT')

  /** Submission by tracking code. */
  const acknowledged = new Map<string, string>()
  let refused = 0
  let stopping = false
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

  /** A citizen who presses Send until there is a tracking code. */
  const send = async () => {
    const key = randomBytes(16).toString('hex')
    const body = answersOf({ name: `Citizen ${key}` })
    const client = `2001:db8:${key.slice(0, 4)}:${key.slice(4, 8)}::1`
    for (;;) {
      const response = await world.send(body, { key, client })
      const answer = await response.json()
      if (response.status === 201) {
        acknowledged.set(answer.reference, answer.submission)
        return
      }
      if (![409, 429, 503].includes(response.status)) throw new Error(`unexpected ${response.status} ${JSON.stringify(answer)}`)
      refused++
      await sleep(20 + Math.random() * 80)
    }
  }
  let failure: unknown = null
  const citizens = Array.from({ length: clients }, async () => {
    try {
      while (!stopping) await send()
    } catch (error) {
      failure ??= error
    }
  })
  const check = () => {
    if (failure !== null) throw failure
  }

  let slowestReturnMs = 0
  try {
    for (let round = 1; round <= rounds; round++) {
      await sleep(20 + Math.random() * 300)
      const before = acknowledged.size
      // Something is acknowledged in every round.
      while (acknowledged.size === before) {
        check()
        await sleep(5)
      }
      await cluster.kill()
      await cluster.start()
      const back = performance.now()
      const count = acknowledged.size
      while (acknowledged.size === count) {
        check()
        if (performance.now() - back > 30_000) throw new Error('the server did not come back')
        await sleep(2)
      }
      slowestReturnMs = Math.max(slowestReturnMs, performance.now() - back)
      tell?.(round, acknowledged.size)
    }
    // The end is a kill as well: what was acknowledged last is looked for after it.
    await cluster.kill()
    stopping = true
    await cluster.start()
    await Promise.all(citizens)
    check()
    const agency = store.agency((await store.findAgency('city'))!)
    const rows = await agency.submissions()
    const ids = new Set(rows.map(({ id }) => id))
    const lost = [...acknowledged.values()].filter((id) => !ids.has(id)).length
    const told = new Set(acknowledged.values())
    const events = []
    for (let after = 0; ; ) {
      const more = await agency.auditEvents(after, 5000)
      if (more.length === 0) break
      events.push(...more)
      after = more.at(-1)?.sequence ?? 0
    }
    return {
      rounds,
      acknowledged: acknowledged.size,
      lost,
      duplicates: rows.filter(({ id }) => !told.has(id)).length,
      chainBreak: findBreak(events),
      slowestReturnMs: Math.round(slowestReturnMs),
      refused,
    }
  } finally {
    stopping = true
    await world.close()
    await cluster.stop()
  }
}
