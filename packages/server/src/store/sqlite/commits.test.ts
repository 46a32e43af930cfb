import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { isDiskFailure } from '../../disk-failure.ts'
import { countCommits } from '../../testing/count-commits.ts'
import { noCheckpoints } from './checkpoints.ts'
import { type Commits, groupCommits } from './commits.ts'
import { syncLogOf } from './log-sync.ts'
import { openDatabase } from './open-database.ts'
import type { Order, Recorded } from './recorder.ts'
import type { Recording } from './recording.ts'

let folder: string
let client: DatabaseSync
let commits: Commits
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-commits-'))
  client = openDatabase(join(folder, 'test.db'))
  client.exec(
    'CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE rows (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id), content TEXT) STRICT',
  )
  commits = groupCommits(client)
})
afterEach(() => {
  client.close()
  rmSync(folder, { recursive: true, force: true })
})

const put = (id: number) => () => {
  client.prepare('INSERT INTO rows (id) VALUES (?)').run(id)
  return id
}
const ids = () =>
  client
    .prepare('SELECT id FROM rows ORDER BY id')
    .all()
    .map((row) => row.id)
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Files that this process has open and that are in no folder any more, as SQLite makes them for what it may have to give back. */
const temporaryFiles = () =>
  readdirSync('/proc/self/fd').filter((handle) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`).includes('etilqs_')
    } catch {
      return false
    }
  })

test.runIf(process.platform === 'linux')('what a change may have to give back is written into no file', async () => {
  const large = 'x'.repeat(20_000)
  for (let id = 1; id <= 40; id++) client.prepare('INSERT INTO rows (id, content) VALUES (?, ?)').run(id, large)
  const during = await commits.add(() => {
    client.exec("UPDATE rows SET content = content || 'y'")
    return temporaryFiles()
  })
  expect(during).toEqual([])
})

describe('changes', () => {
  it('that come alone are committed in the turn they came in', async () => {
    let done = false
    void commits.add(put(1)).then(() => {
      done = true
    })
    expect(done).toBe(false)
    await turn()
    expect([done, client.isTransaction, ids()]).toEqual([true, false, [1]])
  })

  it('that come together share a commit, in the order they came', async () => {
    let given: unknown
    const made = await countCommits(async () => {
      given = await Promise.all(Array.from({ length: 100 }, (_, i) => commits.add(put(100 - i))))
    })
    expect([made, given]).toEqual([1, Array.from({ length: 100 }, (_, i) => 100 - i)])
    // The control: alone, each has its own.
    const one = groupCommits(client, { most: 1 })
    expect(await countCommits(() => Promise.all(Array.from({ length: 100 }, (_, i) => one.add(put(i + 200)))))).toBe(100)
    expect(ids()).toHaveLength(200)
  })

  it('that fail fail alone, and leave nothing behind', async () => {
    const refused = () => {
      put(7)()
      throw new Error('not this one')
    }
    const ends = await Promise.allSettled([commits.add(put(1)), commits.add(refused), commits.add(put(1)), commits.add(put(2))])
    expect(ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.message))).toEqual([1, 'not this one', expect.stringMatching('UNIQUE'), 2])
    expect(ids()).toEqual([1, 2])
  })

  it('are acknowledged to nobody when the commit fails', async () => {
    const orphan = () => {
      // Found out at the commit, not before.
      client.exec('PRAGMA defer_foreign_keys = ON')
      client.prepare('INSERT INTO rows (id, parent) VALUES (9, 404)').run()
    }
    const ends = await Promise.allSettled([commits.add(put(1)), commits.add(orphan), commits.add(put(2))])
    expect(ends.map((end) => end.status === 'rejected' && end.reason.message)).toEqual(Array(3).fill(expect.stringMatching('FOREIGN KEY')))
    expect([ids(), client.isTransaction]).toEqual([[], false])
    expect(await commits.add(put(3))).toBe(3)
  })

  it('are acknowledged to nobody when the disk is full', async () => {
    const pages = Number(client.prepare('PRAGMA page_count').get()?.page_count)
    client.exec(`PRAGMA max_page_count = ${pages + 2}`)
    const large = () => void client.prepare('INSERT INTO rows (id, content) VALUES (9, ?)').run('x'.repeat(100_000))
    const ends = await Promise.allSettled([commits.add(put(1)), commits.add(large), commits.add(put(2))])
    // SQLITE_FULL
    expect(ends.map((end) => end.status === 'rejected' && end.reason.errcode)).toEqual([13, 13, 13])
    expect([ids(), client.isTransaction]).toEqual([[], false])
    expect(await commits.add(put(3))).toBe(3)
  })

  it('wait for the disk unless nobody in the group needs it', async () => {
    const level = () => Object.values(client.prepare('PRAGMA synchronous').get() ?? {})[0]
    const levels = async (...light: boolean[]) => [...(await Promise.all(light.map((each) => commits.add(level, each)))), level()]
    expect(await levels(true, true)).toEqual([1, 1, 2])
    expect(await levels(true, false)).toEqual([2, 2, 2])
    const refused = () => {
      throw new Error('no')
    }
    await expect(commits.add(refused, true)).rejects.toThrow('no')
    expect(level()).toBe(2)
  })

  it('that still wait at the end are committed before it', async () => {
    const last = commits.add(put(1))
    await commits.flush()
    expect(ids()).toEqual([1])
    expect(await last).toBe(1)
  })

  describe('whose log is synced by somebody else', () => {
    let ends: { done: () => void; failed: (error: Error) => void }[]
    beforeEach(() => {
      ends = []
      const log = { sync: () => new Promise<void>((done, failed) => void ends.push({ done, failed })), close: () => {} }
      commits = groupCommits(client, { log })
    })
    const told: unknown[] = []
    const tell = (change: Promise<unknown>) =>
      void change.then(
        (result) => told.push(result),
        (error) => told.push(error.message),
      )
    beforeEach(() => void told.splice(0))

    it('are told when it is on disk, and not before', async () => {
      tell(commits.add(put(1)))
      await turn()
      // Seen by whoever asks, and told to nobody.
      expect([ids(), told, ends.length]).toEqual([[1], [], 1])
      let settled = false
      void commits.settled?.then(() => (settled = true))
      await turn()
      expect(settled).toBe(false)
      ends[0]?.done()
      await turn()
      expect([told, settled, commits.settled]).toEqual([[1], true, null])
      // The control: in COMMIT, nothing is left to wait for.
      const plain = groupCommits(client)
      tell(plain.add(put(2)))
      await turn()
      expect([told, plain.settled]).toEqual([[1, 2], null])
    })

    it('wait together while it is under way', async () => {
      tell(commits.add(put(1)))
      await turn()
      for (const id of [2, 3, 4]) tell(commits.add(put(id)))
      await turn()
      expect([ids(), ends.length]).toEqual([[1], 1])
      ends[0]?.done()
      await turn()
      await turn()
      expect([ids(), told, ends.length]).toEqual([[1, 2, 3, 4], [1], 2])
      ends[1]?.done()
      await turn()
      expect(told).toEqual([1, 2, 3, 4])
    })

    it('are acknowledged to nobody once it failed, though a later sync would succeed', async () => {
      tell(commits.add(put(1)))
      tell(commits.add(put(2)))
      await turn()
      tell(commits.add(put(3)))
      ends[0]?.failed(new Error('EIO'))
      await turn()
      await turn()
      expect([told, commits.settled]).toEqual([['EIO', 'EIO', 'EIO'], null])
      await expect(commits.add(put(4))).rejects.toThrow('EIO')
      expect([ids(), ends.length]).toEqual([[1, 2], 1])
    })

    it('do not wait for it when nothing is promised on them', async () => {
      tell(commits.add(put(1), true))
      await turn()
      expect([told, ends.length]).toEqual([[1], 0])
    })

    it('at the end wait for the disk in COMMIT', async () => {
      const level = () => Object.values(client.prepare('PRAGMA synchronous').get() ?? {})[0]
      tell(commits.add(level))
      await turn()
      tell(commits.add(level))
      await commits.flush()
      ends[0]?.done()
      await turn()
      expect(told).toEqual([2, 1])
    })
  })
})

describe('the log of a database', () => {
  it('is synced by the system, and a failure is the disk’s', async () => {
    const log = syncLogOf(join(folder, 'test.db'))
    put(1)()
    await log.sync()
    log.close()
    await turn()
    const error = await log.sync().catch((error) => error)
    expect(isDiskFailure(error)).toBe(true)
  })
})

describe('a thread that writes', () => {
  /** One that ends a group when it is told to, and what it was given. */
  const threadOf = (look: (quiet?: boolean) => boolean) => {
    const groups: { size: number; end(): Promise<void> }[] = []
    const recording: Recording = {
      takes: () => true,
      write(orders) {
        const { promise, resolve } = Promise.withResolvers<(() => Recorded)[]>()
        groups.push({
          size: orders.length,
          async end() {
            resolve(orders.map(() => () => ({ full: 'x' })))
            await turn()
          },
        })
        return promise
      },
      close: async () => {},
    }
    const many = groupCommits(client, { recording, checkpoints: { ...noCheckpoints, look } })
    const order = { agency: 'city', entry: { conclude: {} } } as unknown as Order
    const send = (count: number) => Array.from({ length: count }, () => many.record(order, () => ({ full: 'here' })))
    return { many, send, sizes: () => groups.map(({ size }) => size), end: (at: number) => groups[at]?.end() }
  }

  it('has the next group before it has ended one, and no third', async () => {
    const { send, sizes, end } = threadOf(() => false)
    const all = send(160)
    expect(sizes()).toEqual([32, 32])
    await end(0)
    expect(sizes()).toEqual([32, 32, 32])
    for (const at of [1, 2, 3, 4]) await end(at)
    expect(await Promise.all(all)).toHaveLength(160)
  })

  it('lets a change that waits have its turn', async () => {
    const { many, send, sizes, end } = threadOf(() => false)
    const first = send(64)
    const change = many.add(put(1))
    const later = send(64)
    await end(0)
    expect(sizes()).toEqual([32, 32])
    await end(1)
    expect(await change).toBe(1)
    await turn()
    for (const at of [2, 3]) await end(at)
    await Promise.all([...first, ...later])
  })

  it('pauses when the log is to begin again, however many send', async () => {
    const looks: (boolean | undefined)[] = []
    const { send, sizes, end } = threadOf((quiet) => {
      looks.push(quiet)
      return !quiet
    })
    const all = send(160)
    await end(0)
    expect([looks, sizes()]).toEqual([[false], [32, 32]])
    await end(1)
    expect([looks, sizes()]).toEqual([
      [false, true],
      [32, 32, 32, 32],
    ])
    for (const at of [2, 3, 4]) await end(at)
    await Promise.all(all)
  })
})
