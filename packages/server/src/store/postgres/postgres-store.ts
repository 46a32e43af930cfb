/** The store on PostgreSQL: many replicas, none of which keeps anything that another one needs. */
import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import pg from 'pg'
import { installation } from '../people.ts'
import type { AgencyId, AgencyStore, Store } from '../store.ts'
import { UnfitDatabase } from '../unfit-database.ts'
import { agencyQueries } from './agency-queries.ts'
import { contextOf } from './context.ts'
import { connectionOf, openPool } from './database.ts'
import { lostConnection, plainFailure, sqlStateOf, Unreachable } from './failure.ts'
import { readFigures } from './figures.ts'
import { migrate, stepsToRun } from './migrate.ts'
import { rateCounterQueries } from './rate-counters.ts'
import { agencies } from './tables.ts'

export interface PostgresOptions {
  /** The role that the server works as. It must not be able to get around row-level security. */
  url: string
  /** The role that owns the tables; needed when they are to be made or changed. */
  ownerUrl?: string | null
  now(): Date
  connections?: number
  /** Told of each step that changes tables that are there, before it runs: with many rows it takes its time. */
  migrating?(step: string): void
  /** For tests: takes the agency out of the conditions, to see whether row-level security alone holds. */
  firstWall?: boolean
  /** For tests: takes a role that row-level security does not bind, or a database that loses what it acknowledged. */
  unchecked?: boolean
}

/** Opens the database, and makes or migrates its tables first. What is wrong with it, the first query throws. */
export function openPostgresStore({ url, ownerUrl, now, migrating, connections = 10, firstWall = true, unchecked = false }: PostgresOptions): Store {
  const ready = prepare({ url, ownerUrl, unchecked, now, migrating })
  ready.catch(() => {})
  const database = openPool(url, connections, ready)
  const known = new Set<string>()
  /** Kept, because what many citizens send at once is gathered in them. */
  const queries = new Map<AgencyId, AgencyStore>()

  const find = async (name: string) => {
    // What was found once need not be looked up again: of an agency that was deleted meanwhile there is nothing left to
    // find, because it has neither published services nor sessions nor keys.
    if (known.has(name)) return name as AgencyId
    if (name === '' || name === '*' || name.includes('\0')) return null
    const [row] = await database.within(
      name as AgencyId,
      (tx) =>
        tx
          .select({ id: agencies.agencyId })
          .from(agencies)
          .where(and(eq(agencies.agencyId, name as AgencyId), isNull(agencies.deletedAt))),
      { repeatable: true },
    )
    if (!row) return null
    known.add(name)
    return row.id
  }

  return {
    async agencies() {
      return database.directory(
        (tx) =>
          tx
            .select({ id: agencies.agencyId, title: agencies.title })
            .from(agencies)
            .where(and(ne(agencies.agencyId, installation as AgencyId), isNull(agencies.deletedAt)))
            .orderBy(asc(agencies.agencyId)),
        {
          repeatable: true,
        },
      )
    },
    findAgency: find,
    async ensureAgency(name, title, createdAt) {
      await database.within(
        name as AgencyId,
        (tx) =>
          tx
            .insert(agencies)
            .values({ agencyId: name as AgencyId, title, createdAt, auditSequence: 0, auditDigest: '' })
            .onConflictDoNothing(),
        { repeatable: true },
      )
      return name as AgencyId
    },
    async house(now_) {
      return this.agency(await this.ensureAgency(installation, installation, now_))
    },
    agency(id) {
      let found = queries.get(id)
      if (!found) {
        found = agencyQueries(contextOf(database, id, firstWall))
        queries.set(id, found)
      }
      return found
    },
    counters: rateCounterQueries(database),
    // Nobody sees a change before it is on disk.
    settled: () => null,
    figures: () => readFigures(database),
    async check() {
      const { rows } = await database.directory((tx) => tx.execute<{ readOnly: string }>('SELECT current_setting(\'transaction_read_only\') AS "readOnly"'), {
        impatient: true,
      })
      if (rows[0]?.readOnly !== 'off') throw new Error('The database only reads.')
    },
    async close() {
      await ready.catch(() => {})
      await database.close()
    },
  }
}

const startPatience = 10_000

async function prepare({ url, ownerUrl, unchecked, now, migrating }: PostgresOptions): Promise<void> {
  const client = await reach(url)
  try {
    const { rows } = await client.query<{ role: string; trusted: boolean }>(
      'SELECT rolname AS role, rolsuper OR rolbypassrls AS trusted FROM pg_roles WHERE rolname = current_user',
    )
    const { role, trusted } = rows[0] as { role: string; trusted: boolean }
    if (!unchecked) {
      if (trusted) throw new UnfitDatabase(`The role "${role}" of DATABASE_URL gets around row-level security. ${advice}`)
      await checkDurable(client)
    }
    if (ownerUrl) await migrate(ownerUrl, role, now().toISOString(), migrating)
    const missing = await stepsToRun(client).catch((error) => {
      if (['42P01', '42501'].includes(sqlStateOf(error) ?? '')) return ['migrations']
      throw error
    })
    if (missing.length > 0) throw new UnfitDatabase('The tables are not those of this version. Start once with DATABASE_OWNER_URL, to make or change them.')
    if (unchecked) return
    const owned = await client.query("SELECT 1 FROM pg_class WHERE oid = 'agencies'::regclass AND pg_has_role(current_user, relowner, 'MEMBER')")
    if (owned.rowCount) throw new UnfitDatabase(`The role "${role}" of DATABASE_URL owns the tables, so that it could switch off row-level security. ${advice}`)
  } catch (error) {
    throw plainFailure(error)
  } finally {
    await client.end().catch(() => {})
  }
}

const advice = 'Make one of its own: CREATE ROLE guichet_app LOGIN PASSWORD ... NOSUPERUSER NOBYPASSRLS; and put that of the owner into DATABASE_OWNER_URL.'

/** Whoever starts both at once need not wait for the database first. */
async function reach(url: string): Promise<pg.Client> {
  for (const from = Date.now(); ; ) {
    const client = new pg.Client(connectionOf(url))
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      const why = lostConnection(error)
      if (why === null) throw plainFailure(error)
      if (Date.now() - from > startPatience) throw new Unreachable(why, false)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

/** An acknowledged submission is on disk. A database that is set up to forget is refused. */
async function checkDurable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Record<string, string | null>>(
    "SELECT current_setting('fsync', true) AS fsync, current_setting('full_page_writes', true) AS full_page_writes, current_setting('synchronous_commit', true) AS synchronous_commit",
  )
  const off = Object.entries(rows[0] ?? {}).filter(([, value]) => value === 'off')
  if (off.length > 0)
    throw new UnfitDatabase(
      `The database may lose what it acknowledged: ${off.map(([name]) => `${name} = off`).join(', ')}. Set ${off.length > 1 ? 'them' : 'it'} to on.`,
    )
}
