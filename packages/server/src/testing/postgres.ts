/**
 * A PostgreSQL for tests. TEST_DATABASE_URL names one (the address of a superuser); else an installed one is started in a
 * temporary folder. Where there is none the tests are skipped, loudly; in CI they fail.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openPostgresStore, type PostgresOptions } from '../store/postgres/postgres-store.ts'
import type { Store } from '../store/store.ts'

/** Where initdb and postgres are; null: not installed. */
function findBinaries(): string | null {
  const versions = '/usr/lib/postgresql'
  const folders = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : []
  const onPath = (process.env.PATH ?? '').split(':')
  return [...folders, ...onPath, '/opt/homebrew/opt/postgresql/bin', '/usr/local/pgsql/bin'].find((folder) => existsSync(join(folder, 'initdb'))) ?? null
}

const binaries = findBinaries()

/** False, and said loudly, where the tests cannot run. @throws in CI */
export function postgresIsThere(): boolean {
  if (process.env.TEST_DATABASE_URL || binaries) return true
  const what = 'the PostgreSQL tests, for want of a PostgreSQL. Install one (apt-get install postgresql), or set TEST_DATABASE_URL.'
  if (process.env.CI) throw new Error(`In CI nothing is skipped: ${what}`)
  console.warn(`SKIPPED: ${what}`)
  return false
}

/** PostgreSQL does not run as root: then it runs as its own user, or as nobody. */
function ordinaryUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string, name: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) }
    } catch {}
  }
  return {}
}

export interface Cluster {
  /** Address of a database, for a role. */
  url(database: string, role?: string): string
  /** SIGKILL to the postmaster: what was not synced by a commit is as lost as it gets without cutting the power. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  /** Everything on its disk. */
  disk(): string
}

/** Settings of a server in production, but small. */
const settings = { fsync: 'on', synchronous_commit: 'on', shared_buffers: '32MB', max_connections: '60', listen_addresses: '', log_min_messages: 'fatal' }

export async function startCluster(more: Record<string, string> = {}): Promise<Cluster> {
  const given = process.env.TEST_DATABASE_URL
  if (given && Object.keys(more).length === 0) return givenCluster(given)
  if (!binaries) throw new Error('There is no PostgreSQL to start.')
  const user = ordinaryUser()
  const folder = mkdtempSync(join(tmpdir(), 'guichet-pg-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid as number)
  const data = join(folder, 'data')
  const admin = 'admin'
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', admin, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...user,
    stdio: 'ignore',
    cwd: folder,
  })
  let child: ChildProcess | null = null
  // Nothing is left behind when the test process ends without stopping it.
  const abandon = () => {
    child?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', abandon)

  const cluster: Cluster = {
    url: (database, role = admin) => `postgres:///${database}?host=${encodeURIComponent(folder)}&user=${role}`,
    async start() {
      const args = Object.entries({ ...settings, unix_socket_directories: folder, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
      // After a kill its children need a moment to notice: until then a new one is refused.
      for (const until = Date.now() + 20_000; ; ) {
        const started = spawn(join(binaries, 'postgres'), ['-D', data, ...args], { ...user, stdio: 'ignore', cwd: folder })
        child = started
        const ended = new Promise<'ended'>((resolve) => started.once('exit', () => resolve('ended')))
        if ((await Promise.race([answers(cluster.url('postgres'), until), ended])) !== 'ended') return
        if (Date.now() > until) throw new Error('PostgreSQL does not start.')
        await sleep(50)
      }
    },
    async kill() {
      await end('SIGKILL')
    },
    disk() {
      const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n')
    },
    async stop() {
      process.off('exit', abandon)
      // SIGINT is its fast shutdown.
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    child = null
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }
  await cluster.start()
  return cluster
}

function givenCluster(address: string): Cluster {
  const no = () => {
    throw new Error('The server of TEST_DATABASE_URL is not ours to kill, nor its disk to read.')
  }
  return {
    url(database, role) {
      const url = new URL(address)
      url.pathname = `/${database}`
      if (role) [url.username, url.password] = [role, password]
      return url.href
    },
    kill: async () => no(),
    start: async () => no(),
    async stop() {},
    disk: no,
  }
}

const password = 'for tests alone'
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Waits until the server takes a query. */
async function answers(url: string, until: number): Promise<void> {
  for (;;) {
    try {
      await ask(url, 'SELECT 1')
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(20)
    }
  }
}

/** One query on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

export interface TestDatabase {
  name: string
  /** As the server's role, which row-level security binds. */
  url: string
  ownerUrl: string
  /** As a superuser, whom nothing binds. */
  adminUrl: string
  open(more?: Partial<PostgresOptions>): Store
  /** Takes all rows out: much faster than a new database. */
  empty(): Promise<void>
}

let counter = 0
/** Roles as an operator makes them, and a new database that belongs to the owner. */
export async function newDatabase(cluster: Cluster): Promise<TestDatabase> {
  for (const role of ['guichet_owner', 'guichet_app'])
    await ask(cluster.url('postgres'), `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB`).catch((error) => {
      if (!['42710', '23505'].includes((error as { code?: string }).code ?? '')) throw error
    })
  const name = `guichet_test_${process.pid}_${++counter}`
  await ask(cluster.url('postgres'), `CREATE DATABASE ${name} OWNER guichet_owner TEMPLATE template0`)
  const [url, ownerUrl] = [cluster.url(name, 'guichet_app'), cluster.url(name, 'guichet_owner')]
  return {
    name,
    url,
    ownerUrl,
    adminUrl: cluster.url(name),
    async empty() {
      await ask(
        cluster.url(name),
        `DO $$ DECLARE one TEXT; BEGIN
           SET LOCAL session_replication_role = replica;
           FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migrations'
           LOOP EXECUTE format('DELETE FROM %I', one); END LOOP;
         END $$`,
      )
    },
    open: (more) => openPostgresStore({ url, ownerUrl, now: () => new Date('2026-01-05T08:00:00Z'), connections: 5, ...more }),
  }
}

/** Lends databases that have the tables and no rows. Whoever is done gives theirs back, to be emptied and lent again. */
export async function databaseLender(cluster: Cluster) {
  const free: TestDatabase[] = []
  return {
    async lend(): Promise<TestDatabase> {
      const used = free.pop()
      if (used) {
        await used.empty()
        return used
      }
      const made = await newDatabase(cluster)
      const store = made.open()
      await store.check()
      await store.close()
      return made
    },
    giveBack(database: TestDatabase) {
      free.push(database)
    },
  }
}
