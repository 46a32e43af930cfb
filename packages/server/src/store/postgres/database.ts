/**
 * Transactions in the name of one agency, and nothing else: there is no way to a query without one. The agency is set for
 * the transaction alone, so that a session in the pool never carries it to the next request.
 */
import type { EventEmitter } from 'node:events'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { AgencyId } from '../store.ts'
import { isAftermath, lostConnection, mustRepeat, plainFailure, Unreachable } from './failure.ts'

export type Transaction = NodePgDatabase

export interface Manner {
  /** Need not wait for the disk: nothing is promised on it. */
  light?: boolean
  /** May run again even if nobody knows whether it took place before. Then `again` says so. */
  repeatable?: boolean
  /** Fails at once when the database is away, rather than waiting for it to come back. */
  impatient?: boolean
}
/** The last statements of a transaction, sent already: its end is sent right behind them, and all are waited for at once. */
export class Closing<T> {
  readonly rest: Promise<T>
  constructor(rest: Promise<T>) {
    this.rest = rest
  }
}
/**
 * Statements may wait for each other or be sent together, but all by the one function: what would be sent after its end
 * would be outside of the transaction.
 */
export type Work<T> = (tx: Transaction, again: boolean) => Promise<T | Closing<T>> | Closing<T>

export interface Database {
  within<T>(agency: AgencyId, work: Work<T>, manner?: Manner): Promise<T>
  /** Reads the list of agencies; the policies let nothing else be seen. */
  directory<T>(work: Work<T>, manner?: Manner): Promise<T>
  close(): Promise<void>
}

/** How long a request waits for a database that restarts or fails over. */
const patience = 5000
const most = 10
const everyone = '*'

export const connectionOf = (url: string): pg.PoolConfig => ({
  connectionString: url,
  application_name: 'guichet',
  keepAlive: true,
  connectionTimeoutMillis: 5000,
  // A server that is gone without a word, or a query that nobody waits for any more.
  query_timeout: 30_000,
})

/** `ready` holds the first transaction back until tables and role are known to be good. */
export function openPool(url: string, size: number, ready: Promise<void>): Database {
  // Statements that do not wait for each other are sent in one go.
  const pool = new pg.Pool({ ...connectionOf(url), max: size, pipeline: true, maxLifetimeSeconds: 1800 } as pg.PoolConfig)
  // A session may end at any time, idle, in use or thrown away already. Without a listener that would end the process; who
  // waits for an answer in it hears of it anyhow.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  /**
   * What made each session's transaction fail. Statements that were sent behind the one that failed are refused for that alone,
   * and whoever waits for several may hear of those first.
   */
  const causes = new WeakMap<pg.PoolClient, Error>()
  pool.on('connect', (client) => {
    const { connection } = client as unknown as { connection: EventEmitter }
    connection.on('errorMessage', (error: Error) => {
      if (!causes.has(client) && !isAftermath(error)) causes.set(client, error)
    })
  })
  const handles = new WeakMap<pg.PoolClient, Transaction>()
  let downSince: number | null = null

  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const jitter = (ms: number) => ms * (0.5 + Math.random())

  async function connected(impatient: boolean): Promise<pg.PoolClient> {
    for (;;) {
      try {
        const client = await pool.connect()
        downSince = null
        return client
      } catch (error) {
        const why = lostConnection(error)
        if (why === null) throw plainFailure(error)
        downSince ??= Date.now()
        if (impatient || Date.now() - downSince > patience) throw new Unreachable(why, false)
        await sleep(jitter(100))
      }
    }
  }

  async function attempt<T>(scope: string, work: Work<T>, { light = false, impatient = false }: Manner, again: boolean): Promise<T> {
    const client = await connected(impatient)
    let tx = handles.get(client)
    if (!tx) {
      tx = drizzle({ client })
      handles.set(client, tx)
    }
    let committing = false
    let spoilt = false
    causes.delete(client)
    try {
      const opened = Promise.all([
        client.query('BEGIN'),
        // A replica that froze in the middle must not hold the agency's row for ever.
        client.query({
          name: 'scope',
          text: "SELECT set_config('app.agency', $1, true), set_config('idle_in_transaction_session_timeout', '10000', true)",
          values: [scope],
        }),
        ...(light ? [client.query('SET LOCAL synchronous_commit = off')] : []),
      ])
      opened.catch(() => {})
      const begun = work(tx, again)
      const [, given] = begun instanceof Closing ? [null, begun] : await Promise.all([opened, begun])
      committing = true
      const rest = given instanceof Closing ? given.rest : given
      const [, result, { command }] = await Promise.all([opened, rest, client.query('COMMIT')])
      if (command !== 'COMMIT') throw new Error('The transaction was undone because one of its statements failed unseen.')
      return result
    } catch (told) {
      const error = isAftermath(told) ? (causes.get(client) ?? told) : told
      const why = lostConnection(error)
      spoilt = why !== null
      if (why !== null) {
        downSince ??= Date.now()
        throw new Unreachable(why, committing)
      }
      await client.query('ROLLBACK').catch(() => (spoilt = true))
      throw error
    } finally {
      client.release(spoilt)
    }
  }

  async function run<T>(scope: string, work: Work<T>, manner: Manner): Promise<T> {
    await ready
    let again = false
    for (let tries = 1; ; tries++) {
      try {
        return await attempt(scope, work, manner, again)
      } catch (error) {
        if (error instanceof Unreachable) {
          if (manner.impatient || tries >= most || (error.unsure && !manner.repeatable)) throw error
          again ||= error.unsure
        } else if (mustRepeat(error) && tries < most) await sleep(jitter(Math.min(2 ** tries * 5, 500)))
        else throw plainFailure(error)
      }
    }
  }

  return {
    async within(agency, work, manner = {}) {
      if (typeof agency !== 'string' || agency === '' || agency === everyone) throw new Error('A transaction was asked for without an agency.')
      return run(agency, work, manner)
    },
    directory: (work, manner = {}) => run(everyone, work, manner),
    close: () => pool.end(),
  }
}
