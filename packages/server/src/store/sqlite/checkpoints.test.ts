import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Checkpoints, noCheckpoints, type Sizes, startCheckpoints } from './checkpoints.ts'
import { groupCommits } from './commits.ts'
import { openDatabase } from './sqlite-store.ts'

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
  const commits = groupCommits(client, checkpoints)
  for (let count = 1; count <= most; count++) {
    await commits.add(put)
    if (holds()) return count
    await sleep(1)
  }
  throw new Error(`never, ${JSON.stringify(log())}`)
}

it('has a thread copy what was written, and begins the log again', async () => {
  const checkpoints = startCheckpoints(client, path, sizes)
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
  const commits = groupCommits(client, noCheckpoints)
  for (let i = 0; i < 60; i++) await commits.add(put)
  expect(log().checkpointed).toBe(0)
  expect(log().log).toBeGreaterThan(sizes.restartAt)
})

it('copies all of it itself when the thread does not keep up', async () => {
  // The thread is at another database, so nothing is ever copied here.
  const other = join(folder, 'other.db')
  openDatabase(other).close()
  const checkpoints = startCheckpoints(client, other, { ...sizes, most: 200 })
  await writeUntil(checkpoints, () => log().checkpointed >= 200)
  await writeUntil(checkpoints, () => log().log < 100)
  await checkpoints.close()
  expect(statSync(path).size).toBeGreaterThan(90 * 4_096)
})

it('goes on when the thread cannot even start', async () => {
  const checkpoints = startCheckpoints(client, join(folder, 'no such folder', 'x.db'), { ...sizes, most: 200 })
  await writeUntil(checkpoints, () => log().checkpointed >= 200)
  expect(checkpoints.failure).toBeNull()
  await checkpoints.close()
})

it('acknowledges nothing more once the disk has failed to keep a copy', async () => {
  const failure = Object.assign(new Error('disk I/O error'), { errcode: 10 })
  const state = { failure: null as Error | null, look: () => {}, close: async () => {} }
  const commits = groupCommits(client, state)
  await commits.add(put)
  state.failure = failure
  await expect(commits.add(put)).rejects.toBe(failure)
  expect(client.prepare('SELECT count(*) AS n FROM rows').get()?.n).toBe(1)
})
