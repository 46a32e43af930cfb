/**
 * Each statement of the road of a submission fails once, in each way in which SQLite says so. Nobody is told that it was
 * kept when it was not, everybody is told what is the matter, and what is sent again is taken once.
 */
import { DatabaseSync, StatementSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Adapters, openAdapters } from '../adapters.ts'
import { type App, createApp } from '../app.ts'
import { findBreak } from '../audit/chain.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import { answersOf, createWorld, definitionOf, newKey, plainPolicy, type TestResponse, type World } from '../testing/world.ts'

/** As node:sqlite throws it. */
const failure = (errcode: number, errstr: string) => Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr })

const ways = {
  'SQLITE_BUSY: somebody else writes to the file': { errcode: 5, status: 503 },
  'SQLITE_FULL: there is no room': { errcode: 13, status: 507 },
  'SQLITE_FULL, and the transaction is undone': { errcode: 13, status: 507, undoes: true },
  'SQLITE_IOERR_FSYNC, and the transaction is undone': { errcode: 1034, status: 503, undoes: true, ends: true },
  'SQLITE_IOERR, after it was done': { errcode: 10, status: 503, done: true, ends: true },
  SQLITE_CORRUPT: { errcode: 11, status: 503, ends: true },
} as const
interface Way {
  errcode: number
  status: number
  /** As SQLite does by itself for some errors. */
  undoes?: boolean
  done?: boolean
  /** The process ends over it. */
  ends?: boolean
}

/** Which statement fails next, counted from when it was asked for; the statements that were run since. */
let failing: { at: number; way: Way } | null = null
let seen: string[] | null = null

let world: World
let app: App
let adapters: Adapters
/** As when the process was ended and begins again: only what is on the disk is left. */
async function start(): Promise<void> {
  if (adapters !== world.adapters) await adapters.store.close()
  const { clock, lived, log, lint } = world.adapters
  adapters = openAdapters(world.config, { clock, lived, log, lint })
  app = createApp(adapters, world.config)
}
const acknowledged: string[] = []
beforeAll(async () => {
  const owners = new WeakMap<StatementSync, DatabaseSync>()
  const prepare = DatabaseSync.prototype.prepare
  vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, text: string) {
    const statement = prepare.call(this, text)
    owners.set(statement, this)
    return statement
  })
  for (const name of ['run', 'get', 'all'] as const) {
    const real = StatementSync.prototype[name] as (...given: unknown[]) => unknown
    vi.spyOn(StatementSync.prototype, name).mockImplementation(function (this: StatementSync, ...given: unknown[]) {
      if (!seen) return real.apply(this, given)
      seen.push(this.sourceSQL)
      if (failing === null || seen.length - 1 !== failing.at) return real.apply(this, given)
      const { errcode, undoes, done } = failing.way
      if (done) real.apply(this, given)
      const owner = owners.get(this)
      if (undoes && owner?.isTransaction) owner.exec('ROLLBACK')
      throw failure(errcode, 'injected')
    } as never)
  }
  world = await createWorld()
  await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 100_000 } } })
  adapters = world.adapters
  await start()
}, 60_000)
afterAll(async () => {
  vi.restoreAllMocks()
  await adapters?.store.close()
  await world?.close()
})

const city = async () => adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const rows = async () => (await (await city()).submissions()).map(({ id }) => id).sort()
const send = async (key: string) =>
  app.request(
    '/v1/services/city/library-card/submissions',
    { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify(answersOf()) },
    { client: '203.0.113.7' },
  ) as Promise<TestResponse>
/** Sends as many at once, with one statement failing. Gives the answers, and the statements that were run. */
async function sending(keys: readonly string[], fails: typeof failing): Promise<{ answers: TestResponse[]; statements: string[] }> {
  failing = fails
  seen = []
  try {
    const answers = await Promise.all(keys.map(send))
    return { answers, statements: seen }
  } finally {
    failing = seen = null
  }
}

async function fail(together: number, at: number, way: Way): Promise<string> {
  const keys = Array.from({ length: together }, newKey)
  const before = await rows()
  const { answers, statements } = await sending(keys, { at, way })
  const name = `${at}: ${statements[at]}`
  const kept = (await rows()).filter((id) => !before.includes(id))
  for (const answer of answers) {
    if (answer.status === 201) {
      const { submission } = await answer.json()
      expect(kept, name).toContain(submission)
      continue
    }
    expect([name, answer.status, answer.headers.get('content-type')]).toEqual([name, way.status, 'application/problem+json; charset=utf-8'])
    expect((await answer.json()).title, name).toMatch(/\w/)
  }
  // From a disk that failed the process starts anew. The same keys: what was kept is answered, the rest is taken now.
  if (way.ends) await start()
  const again = await sending(keys, null)
  expect([name, again.answers.map(({ status }) => status)]).toEqual([name, keys.map(() => 201)])
  const taken = await Promise.all(again.answers.map(async (answer) => (await answer.json()).submission))
  expect([name, (await rows()).filter((id) => !before.includes(id))]).toEqual([name, taken.sort()])
  acknowledged.push(...taken)
  return statements[at] ?? ''
}

describe('a statement of the road that fails', () => {
  it.each(Object.entries(ways))('with %s', async (_, way) => {
    // What is compiled once, and read once, is there before anything fails.
    acknowledged.push((await (await send(newKey())).json()).submission)
    const { answers, statements } = await sending([newKey()], null)
    acknowledged.push((await answers[0]!.json()).submission)
    // The control: these are the statements that keep it.
    expect(statements.filter((text) => /^INSERT INTO (submissions|audit_events|receipts|idempotency_keys)\b/.test(text))).toHaveLength(4)
    expect(statements).toEqual(expect.arrayContaining(['BEGIN IMMEDIATE', 'COMMIT']))
    for (const at of statements.keys()) await fail(1, at, way)
  })

  it('in a group fails nobody without saying so', async () => {
    const { answers, statements } = await sending(Array.from({ length: 3 }, newKey), null)
    for (const answer of answers) acknowledged.push((await answer.json()).submission)
    expect(statements.filter((text) => text === 'COMMIT')).toHaveLength(1)
    const failed = new Set<string>()
    for (const at of statements.keys()) failed.add(await fail(3, at, ways['SQLITE_FULL: there is no room']))
    for (const text of ['SAVEPOINT member', 'BEGIN', 'END']) expect(failed).toContain(text)
  })

  it('leaves a database that is whole, with all that was acknowledged and nothing else', async () => {
    const store = openSqliteStore(`${world.folder}/guichet.db`, () => adapters.clock.now())
    const agency = store.agency((await store.findAgency('city'))!)
    expect((await agency.submissions()).map(({ id }) => id).sort()).toEqual(acknowledged.toSorted())
    const events = await agency.auditEvents(0, 10_000)
    expect(findBreak(events)).toBeNull()
    expect(events.filter(({ action }) => action === 'submission.received')).toHaveLength(acknowledged.length)
    await store.close()
  })
})
