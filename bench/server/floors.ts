/** The whole road next to its two floors, on SQLite and on PostgreSQL. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { newDatabase, startCluster } from '../../packages/server/src/testing/postgres.ts'
import { type Guichet, startGuichet } from './guichet.ts'
import { type LoadResult, load } from './load.ts'
import { newFolder, type Program, removeFolder, start } from './place.ts'
import { bodies, submitting } from './requests.ts'
import { type Contender, compare, type Manner, type Measured } from './rounds.ts'

export interface FloorFigures {
  manner: Manner
  measured: Record<string, Measured>
  /** At half of what it does at most, requests sent whether the last one is answered or not. */
  half: Pick<LoadResult, 'latency' | 'sinceSent' | 'lateness' | 'unsent'> & { rate: number; seconds: number }
  /** Bytes of the database for a submission. */
  bytesPerCase: number
}

export const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Starts one of our own small servers and gives its port. */
export async function startSmall(name: string, ...args: string[]): Promise<Program & { port: number }> {
  const program = start(process.execPath, [script(name), ...args])
  const [, port] = await program.says(/listening on (\d+)/)
  return { ...program, port: Number(port) }
}

/** Rows of a table, asked of the file itself. */
export function rowsIn(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
  } finally {
    database.close()
  }
}

/** Bytes that the tables and indexes take, without what is free in the file. */
function usedBytes(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    const of = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
    return (of('page_count') - of('freelist_count')) * of('page_size')
  } finally {
    database.close()
  }
}

const json = { 'Content-Type': 'application/json' }

async function atHalf(guichet: Guichet, throughput: number, seconds: number, connections: number): Promise<FloorFigures['half']> {
  const rate = Math.max(1, Math.round(throughput / 2))
  const { latency, sinceSent, lateness, unsent } = await load({ ...submitting(guichet.port), connections, seconds, warmSeconds: 2, rate })
  return { rate, seconds, latency, sinceSent, lateness, unsent }
}

export interface FloorOptions {
  manner: Manner
  halfSeconds: number
}

export async function floorsOnSqlite({ manner, halfSeconds }: FloorOptions, tell: (line: string) => void): Promise<FloorFigures> {
  const folder = newFolder('floors')
  const running: Program[] = []
  try {
    const file = (name: string) => join(folder, `${name}.db`)
    const single = await startSmall('./floor-sqlite.ts', 'single', file('single'))
    running.push(single)
    const group = await startSmall('./floor-sqlite.ts', 'group', file('group'))
    running.push(group)
    mkdirSync(join(folder, 'guichet'))
    const guichet = await startGuichet(join(folder, 'guichet'))
    running.push(guichet)
    const database = join(folder, 'guichet/data/guichet.db')
    const empty = usedBytes(database)
    const floor = (port: number) => ({ port, method: 'POST', paths: ['/items'], headers: json, bodies, expect: 201 })
    const contenders: Contender[] = [
      { name: 'single', title: 'bare Hono, a commit a request', pid: single.pid, request: floor(single.port), kept: () => rowsIn(file('single'), 'items') },
      { name: 'group', title: 'bare Hono, group commit', pid: group.pid, request: floor(group.port), kept: () => rowsIn(file('group'), 'items') },
      { name: 'guichet', title: 'Guichet, the whole road', pid: guichet.pid, request: submitting(guichet.port), kept: () => rowsIn(database, 'submissions') },
    ]
    const measured = await compare(contenders, manner, tell)
    const own = measured.guichet as Measured
    const bytesPerCase = Math.round((usedBytes(database) - empty) / own.acknowledged)
    return { manner, measured, bytesPerCase, half: await atHalf(guichet, own.perSecond, halfSeconds, manner.connections) }
  } finally {
    for (const program of running) await program.stop()
    removeFolder(folder)
  }
}

/** Both sides have the same server with the same settings; `synchronous_commit` is on. */
export const postgresSettings = { shared_buffers: '512MB', max_wal_size: '4GB', max_connections: '60' }

export async function floorsOnPostgres({ manner, halfSeconds }: FloorOptions, tell: (line: string) => void): Promise<FloorFigures> {
  const folder = newFolder('floors-postgres')
  const cluster = await startCluster(postgresSettings)
  const running: Program[] = []
  try {
    const database = await newDatabase(cluster)
    const floors = cluster.url('postgres')
    const ask = async (address: string, text: string) => {
      const client = new pg.Client({ connectionString: address })
      await client.connect()
      try {
        return Number(Object.values((await client.query(text)).rows[0] ?? {})[0])
      } finally {
        await client.end()
      }
    }
    const single = await startSmall('./floor-postgres.ts', 'single', floors)
    running.push(single)
    const group = await startSmall('./floor-postgres.ts', 'group', floors)
    running.push(group)
    const guichet = await startGuichet(folder, { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
    running.push(guichet)
    const size = () => ask(database.adminUrl, `SELECT pg_database_size('${database.name}')`)
    const empty = await size()
    const floor = (port: number) => ({ port, method: 'POST', paths: ['/items'], headers: json, bodies, expect: 201 })
    const rows = (table: string) => () => ask(floors, `SELECT count(*) FROM ${table}`)
    const contenders: Contender[] = [
      { name: 'single', title: 'bare Hono and pg, a commit a request', pid: single.pid, request: floor(single.port), kept: rows('single') },
      { name: 'group', title: 'bare Hono and pg, group commit', pid: group.pid, request: floor(group.port), kept: rows('"group"') },
      {
        name: 'guichet',
        title: 'Guichet, the whole road',
        pid: guichet.pid,
        request: submitting(guichet.port),
        kept: () => ask(database.adminUrl, 'SELECT count(*) FROM submissions'),
      },
    ]
    const measured = await compare(contenders, manner, tell)
    const own = measured.guichet as Measured
    const bytesPerCase = Math.round(((await size()) - empty) / own.acknowledged)
    return { manner, measured, bytesPerCase, half: await atHalf(guichet, own.perSecond, halfSeconds, manner.connections) }
  } finally {
    for (const program of running) await program.stop()
    await cluster.stop()
    removeFolder(folder)
  }
}
