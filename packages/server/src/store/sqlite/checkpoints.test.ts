import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Checkpoints, type Sizes, startCheckpoints } from './checkpoints.ts'
import { groupCommits } from './commits.ts'
import { openDatabase } from './open-database.ts'
import { checkStore } from './sqlite-store.ts'

const sizes: Sizes = { copyAt: 20, restartAt: 80, rest: 40, most: 10_000 }
let folder: string
let path: string
let client: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-checkpoints-'))
  path = join(folder, 'test.db')
  client = openDatabase(path)
  client.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, content BLOB) STRICT')
})
afterEach(() => {
  if (client.isOpen) client.close()
  rmSync(folder, { recursive: true, force: true })
})

const put = () => client.prepare('INSERT INTO rows (content) VALUES (?)').run(randomBytes(8_000))
const log = () => client.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { log: number; checkpointed: number }
/** Writes until it holds; a commit a turn, so that the thread gets on meanwhile. */
async function writeUntil(checkpoints: Checkpoints, holds: () => boolean, most = 2_000): Promise<number> {
  const commits = groupCommits(client, { checkpoints })
  for (let count = 1; count <= most; count++) {
    await commits.add(put)
    if (holds()) return count
    await sleep(1)
  }
  throw new Error(`never, ${JSON.stringify(log())}`)
}

it('has a thread copy what was written, and begins the log again', async () => {
  const checkpoints = startCheckpoints(client, path, { sizes })
  await writeUntil(checkpoints, () => log().checkpointed > 0 && log().log < sizes.restartAt)
  let longest = 0
  // Over many of its lives it does not grow much beyond its size.
  let lives = 0
  let before = log().log
  const count = await writeUntil(checkpoints, () => {
    const now = log().log
    if (now < before) lives++
    before = now
    longest = Math.max(longest, now)
    return lives === 3
  })
  expect(longest).toBeLessThan(count * 6)
  expect(longest).toBeLessThan(sizes.most)
  await checkpoints.close()
  const rows = client.prepare('SELECT count(*) AS n FROM rows').get()?.n
  client.close()
  expect(existsSync(`${path}-wal`)).toBe(false)
  const again = openDatabase(path)
  expect([again.prepare('SELECT count(*) AS n FROM rows').get()?.n, again.prepare('PRAGMA integrity_check').get()]).toEqual([rows, { integrity_check: 'ok' }])
  again.close()
})

it('copies nothing by itself where it is off: the control', async () => {
  client.exec('PRAGMA wal_autocheckpoint = 0')
  const commits = groupCommits(client)
  for (let i = 0; i < 60; i++) await commits.add(put)
  expect(log().checkpointed).toBe(0)
  expect(log().log).toBeGreaterThan(sizes.restartAt)
})

it('copies all of it itself when the thread does not keep up', async () => {
  // The thread is at another database, so nothing is ever copied here.
  const other = join(folder, 'other.db')
  openDatabase(other).close()
  const checkpoints = startCheckpoints(client, other, { sizes: { ...sizes, most: 200 } })
  await writeUntil(checkpoints, () => log().checkpointed >= 200)
  await writeUntil(checkpoints, () => log().log < 100)
  await checkpoints.close()
  expect(statSync(path).size).toBeGreaterThan(90 * 4_096)
})

/** What is told: `on` when copying begins to fail, `off` when it works again. */
const heard = () => {
  const told: string[] = []
  return { told, tell: (error: Error | null) => void told.push(error === null ? 'off' : 'on') }
}

it.each([
  ['whose database is not there', () => ({ path: join(folder, 'no such folder', 'x.db') })],
  ['that cannot even start', () => ({ path, script: new URL('data:text/javascript,throw new Error()') })],
])('goes on without a thread %s, and says so', async (_, given) => {
  const { path: at, ...script } = { script: undefined, ...given() }
  const { told, tell } = heard()
  const checkpoints = startCheckpoints(client, at, { sizes: { ...sizes, most: 200 }, tell, ...(script.script ? { script: script.script } : {}) })
  await writeUntil(checkpoints, () => told.length >= 2)
  expect([checkpoints.failure, told.slice(0, 2), log().checkpointed > 0]).toEqual([null, ['on', 'off'], true])
  await checkpoints.close()
})

/** A thread that says for each copy how it ended. */
const threadThatSays = (errcodes: readonly (number | null)[]) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      const ends = ${JSON.stringify(errcodes)}
      parentPort.on('message', (message) => {
        if (message === 'end') return parentPort.close()
        const errcode = ends.length > 1 ? ends.shift() : ends[0]
        parentPort.postMessage({ failed: errcode === null ? null : { message: 'said by the test', errcode } })
      })`)}`,
  )

it('is not trusted less for a full disk: it says so once, takes what comes, and says so when there is room again', async () => {
  const { told, tell } = heard()
  const checkpoints = startCheckpoints(client, path, { sizes, tell, script: threadThatSays([13, 13, 13, null]) })
  await writeUntil(checkpoints, () => checkpoints.stuck !== null)
  expect([checkpoints.failure, told]).toEqual([null, ['on']])
  await writeUntil(checkpoints, () => checkpoints.stuck === null)
  expect([checkpoints.failure, told]).toEqual([null, ['on', 'off']])
  await checkpoints.close()
})

it.each([10, 11, 26])('takes nothing more when a copy ends with SQLite code %i', async (errcode) => {
  const { told, tell } = heard()
  const checkpoints = startCheckpoints(client, path, { sizes, tell, script: threadThatSays([errcode]) })
  await expect(writeUntil(checkpoints, () => false)).rejects.toMatchObject({ errcode })
  expect([checkpoints.failure, told]).toEqual([expect.objectContaining({ errcode }), ['on']])
  await checkpoints.close()
})

it('finds by itself that the database is none any more', async () => {
  const other = join(folder, 'other.db')
  writeFileSync(other, 'x'.repeat(8192))
  const checkpoints = startCheckpoints(client, other, { sizes })
  await expect(writeUntil(checkpoints, () => false)).rejects.toMatchObject({ errcode: 26 })
  await checkpoints.close()
})

it('makes the store unready as long as nothing is copied', async () => {
  const checkpoints = { failure: null, stuck: new Error('full'), look: () => false, close: async () => {} }
  await expect(checkStore(groupCommits(client), checkpoints)).rejects.toThrow('full')
  await checkStore(groupCommits(client), { ...checkpoints, stuck: null })
})

it('acknowledges nothing more once the disk has failed to keep a copy', async () => {
  const failure = Object.assign(new Error('disk I/O error'), { errcode: 10 })
  const state = { failure: null as Error | null, stuck: null, look: () => false, close: async () => {} }
  const commits = groupCommits(client, { checkpoints: state })
  await commits.add(put)
  state.failure = failure
  await expect(commits.add(put)).rejects.toBe(failure)
  expect(client.prepare('SELECT count(*) AS n FROM rows').get()?.n).toBe(1)
})
