import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findBreak } from '../../audit/chain.ts'
import type { Conclusion } from '../../intake/conclusion.ts'
import type { AgencyId, AgencyStore, Store, SubmissionEntry } from '../store.ts'
import { Conflict } from '../store.ts'
import { groupCommits } from './commits.ts'
import { openDatabase } from './open-database.ts'
import { packTold, type Told } from './packing.ts'
import { type Recording, recordingThread } from './recording.ts'
import { openSqliteStore } from './sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-recording-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = '2026-01-05T08:00:00.000Z'
const { privateKey: secret } = generateKeyPairSync('ed25519')
const bytes = (text: string) => new TextEncoder().encode(text)
const city = 'city' as AgencyId

/** An agency with a service. */
async function offering(of: Store): Promise<AgencyStore> {
  await of.ensureAgency(city, 'City', at)
  const made = of.agency(city)
  const by = { actor: 'user:ada', at }
  await made.saveService({ id: 'card', definition: { id: 'card' }, policy: {} }, null, by)
  await made.publish({ service: 'card', definition: { id: 'card' } as never, digest: 'd', policy: {}, submissionSchema: {} } as never, 1, by)
  return made
}

let names = 0
let path: string
let store: Store
let agency: AgencyStore
beforeEach(async () => {
  path = join(folder, `${++names}.db`)
  store = openSqliteStore(path, () => new Date(at), { recording: recordingThread(path, { manyAtOnce: 1 }) })
  agency = await offering(store)
})
afterEach(() => store.close())

const conclude = { facts: { reference: 'AAAA' }, checkpoint: undefined, signer: { kid: 'k', secret }, kept: null } satisfies Partial<Conclusion>
const receipt = { iss: 'https://x', agency: 'city', service: 'card' } as Conclusion['receipt']

function entryOf(id: string, more: Partial<SubmissionEntry> = {}): SubmissionEntry {
  return {
    submission: {
      id,
      service: 'card',
      version: 1,
      language: 'en',
      receivedAt: at,
      referenceHash: `hash ${id}`,
      status: 'received',
      stage: null,
      sealing: null,
      answers: bytes(`answers ${id}`),
      outcome: bytes('{}'),
    },
    attachments: [],
    deed: { actor: 'citizen', at, details: { version: 1, answers: id } },
    keyHash: `key ${id}`,
    outbox: [{ id: `effect ${id}`, kind: 'webhook', destination: 'x', payload: bytes('p') }],
    conclude: { ...conclude, receipt },
    ...more,
  }
}
const claimed = async (id: string) => agency.claimKey({ service: 'card', keyHash: `key ${id}`, bodyMac: 'mac', at }, '')
const send = async (id: string, more: Partial<SubmissionEntry> = {}) => {
  await claimed(id)
  return agency.record(entryOf(id, more))
}
/** In the order of their names, which is that of their places in the log. */
const several = (from: number, count: number) => Promise.all(Array.from({ length: count }, (_, i) => send(`s${from + i}`)))
/** How many groups have been handed to the thread from now on. */
function handed() {
  const posted = vi.spyOn(Worker.prototype, 'postMessage')
  return () => posted.mock.calls.filter(([message]) => typeof message === 'object').length
}
/** So many at once that the thread is started, and it is there. */
async function withThread() {
  const groups = handed()
  for (let from = 100; groups() === 0; from += 9) {
    if (from > 20_000) throw new Error('nothing is handed to the thread')
    await several(from, 9)
  }
  return groups
}
afterEach(() => vi.restoreAllMocks())

/** All that a submission leaves behind. */
function rowsOf(file: string, like: string) {
  const client = openDatabase(file)
  const tables = ['submissions', 'receipts', 'idempotency_keys', 'outbox']
  const id = { submissions: 'id', receipts: 'submission_id', idempotency_keys: 'key_hash', outbox: 'submission_id' } as Record<string, string>
  const rows = Object.fromEntries(tables.map((table) => [table, client.prepare(`SELECT * FROM ${table} WHERE ${id[table]} LIKE ?`).all(`%${like}`)]))
  client.close()
  return rows
}

describe('submissions that come at once', () => {
  it('are written by a thread, with the same rows as without it', async () => {
    const groups = await withThread()
    const before = groups()
    const { sequence } = (await agency.auditEvents(0, 10_000)).at(-1)!
    const [whole] = await several(1, 1)
    expect(groups()).toBe(before + 1)
    const rows = rowsOf(path, 's1')

    // The same, where each comes alone: nothing is handed to a thread.
    const alone = join(folder, 'alone.db')
    const other = openSqliteStore(alone, () => new Date(at))
    agency = await offering(other)
    for (let i = (await agency.auditEvents(0, 10)).length; i < sequence; i++) await send(`filler${i}`)
    expect(await send('s1')).not.toEqual(whole)
    await other.close()
    const { receipts: mine, idempotency_keys: keptHere, ...rest } = rowsOf(alone, 's1')
    const { receipts: theirs, idempotency_keys: keptThere, ...same } = rows
    expect(rest).toEqual(same)
    // The leaf, and so the signature, hangs on what stands before it in the log.
    const payload = (list: Record<string, unknown>[] | undefined) => {
      const { leaf, ...said } = JSON.parse(
        Buffer.from(
          Buffer.from(list?.[0]?.content as Uint8Array)
            .toString()
            .split('.')[1] as string,
          'base64url',
        ).toString(),
      )
      expect(leaf).toEqual(expect.any(String))
      return said
    }
    expect(payload(mine)).toEqual(payload(theirs))
    expect(payload(mine).auditSequence).toBe(sequence + 1)
    expect(keptHere?.[0]).toEqual({ ...keptThere?.[0], answer: expect.anything() })
    expect(JSON.parse(Buffer.from(whole as Uint8Array).toString()).receipt.payload.auditSequence).toBe(sequence + 1)
  })

  it('but few are written without one', async () => {
    const usual = openSqliteStore(join(folder, 'few.db'), () => new Date(at))
    agency = await offering(usual)
    const groups = handed()
    for (let i = 0; i < 20; i++) await send(`s${i}`)
    await several(20, 7)
    expect(groups()).toBe(0)
    // The control.
    for (let from = 100; groups() === 0; from += 8) await several(from, 8)
    await usual.close()
  })

  it('take turns with all that is changed otherwise, and the log has no gap', async () => {
    await withThread()
    const revisions: number[] = []
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        if (i % 3 === 0) await send(`t${i}`)
        else if (i % 3 === 1) await store.check()
        else revisions.push(await agency.saveService({ id: `s${i}`, definition: { id: `s${i}` }, policy: {} }, null, { actor: 'user:ada', at }))
      }),
    )
    expect((await agency.submissions()).filter(({ id }) => id.startsWith('t'))).toHaveLength(20)
    expect(revisions).toEqual(Array(20).fill(1))
    const events = await agency.auditEvents(0, 10_000)
    expect(findBreak(events)).toBeNull()
    expect(events.filter(({ action, object }) => action === 'submission.received' && object.startsWith('submission:t'))).toHaveLength(20)
  })

  it('are answered when they are on disk, and seen by whoever asks then', async () => {
    await withThread()
    await send('seen')
    expect((await agency.submission('seen'))?.id).toBe('seen')
    expect(await agency.claimKey({ service: 'card', keyHash: 'key seen', bodyMac: 'mac', at }, '')).toMatchObject({ state: 'done' })
  })
})

describe('one that is refused', () => {
  const conflict = (kind: string, counter: string | null = null) => expect.objectContaining({ kind, counter })

  it('is refused alone, with its reason', async () => {
    await withThread()
    await send('first')
    const places = [{ counter: 'day', most: 1, before: null }]
    const ends = await Promise.allSettled([
      send('good'),
      send('file', { attachments: ['nobody'] }),
      send('place', { places }),
      send('full', { places }),
      // The same id again: what SQLite says of it.
      claimed('twice').then(() => agency.record({ ...entryOf('first'), keyHash: 'key twice' })),
    ])
    expect(ends.map((end) => (end.status === 'fulfilled' ? 'kept' : end.reason))).toEqual([
      'kept',
      conflict('claimed'),
      'kept',
      conflict('full', 'day'),
      expect.objectContaining({ errcode: 2067, message: expect.stringMatching('UNIQUE') }),
    ])
    expect(ends[1]).toMatchObject({ reason: expect.any(Conflict) })
    // Nothing of it is left.
    expect(rowsOf(path, 'file')).toEqual({ submissions: [], receipts: [], idempotency_keys: [], outbox: [] })
  })

  it('may be sent again under its key', async () => {
    await withThread()
    await expect(send('again', { attachments: ['nobody'] })).rejects.toThrow()
    await agency.releaseKey('card', 'key again')
    await send('again')
    // The control: under a key that has its answer nothing more is recorded.
    await expect(agency.record(entryOf('again'))).rejects.toEqual(conflict('stale'))
  })
})

describe('a thread', () => {
  const threadThatSays = (text: string) => {
    const file = join(folder, `thread-${++names}.mjs`)
    writeFileSync(file, `import { parentPort } from 'node:worker_threads'\nparentPort.postMessage('ready')\n${text}`)
    return pathToFileURL(file)
  }
  const started = async (script: URL, lost?: (error: Error) => void): Promise<Recording> => {
    const recording = recordingThread(path, { manyAtOnce: 1, script, lost })
    await expect.poll(() => recording.takes(1)).toBe(true)
    return recording
  }
  const order = () => ({ agency: city, entry: entryOf('x'), claim: { bodyMac: 'm', at } })

  it.each([
    // SQLITE_IOERR_FSYNC: the next sync would succeed without what this one could not keep.
    ['that cannot sync is the last to have kept anything', 1034, 'rejected'],
    // The control, SQLITE_FULL: that group is undone, and there may be room again.
    ['whose disk is full fails its own', 13, 'fulfilled'],
  ])('%s', async (_, errcode, next) => {
    const lost = vi.fn()
    const recording = await started(
      threadThatSays(
        `parentPort.on('message', (message) => message !== 'end' ? parentPort.postMessage(${JSON.stringify(packTold([{ failed: { message: 'of the disk', errcode } }]))}) : parentPort.close())`,
      ),
      lost,
    )
    const client = openDatabase(path)
    const commits = groupCommits(client, { recording })
    const said = { message: 'of the disk', errcode }
    await expect(commits.record(order(), () => ({ full: 'here' }))).rejects.toMatchObject(said)
    const [end] = await Promise.allSettled([commits.add(() => {})])
    expect(end?.status).toBe(next)
    if (end?.status === 'rejected') expect(end.reason).toMatchObject(said)
    await recording.close()
    // Its end was asked for.
    expect(lost).not.toHaveBeenCalled()
    client.close()
  })

  it.each([
    ['may have kept what it was given after a sync that failed, and nobody is told so', 1034, ['rejected', 'rejected']],
    // The control: there was room again.
    ['may keep what it was given after its disk was full', 13, ['rejected', 'fulfilled']],
  ])('%s', async (_, errcode, ends) => {
    const said = (told: Told) => JSON.stringify(packTold(Array.from({ length: 32 }, () => told)).text)
    const [failed, kept] = [said({ failed: { message: 'of the disk', errcode } }), said({ recorded: { full: 'kept' } })]
    const recording = await started(
      threadThatSays(`
        let had = 0
        parentPort.on('message', (message) => {
          if (message === 'end') return parentPort.close()
          // Both groups are there before the first is answered.
          if (++had === 2) for (const text of [${failed}, ${kept}]) parentPort.postMessage({ text, bytes: new ArrayBuffer(0) })
        })`),
    )
    const client = openDatabase(path)
    const commits = groupCommits(client, { recording })
    const all = Array.from({ length: 64 }, () => commits.record(order(), () => ({ full: 'here' })))
    const settled = await Promise.allSettled(all)
    expect([settled.slice(0, 32), settled.slice(32)].map((group) => [...new Set(group.map(({ status }) => status))])).toEqual(ends.map((end) => [end]))
    await commits.flush()
    await recording.close()
    client.close()
  })

  it('that ends fails those it had, and no others, and it is told', async () => {
    const lost = vi.fn()
    const recording = await started(threadThatSays(`parentPort.on('message', () => process.exit(3))`), lost)
    const client = openDatabase(path)
    const commits = groupCommits(client, { recording })
    const first = commits.record(order(), () => ({ full: 'here' }))
    await new Promise((resolve) => setImmediate(resolve))
    const second = commits.record(order(), () => ({ full: 'here' }))
    await expect(first).rejects.toThrow('the thread that writes has ended')
    expect(await second).toEqual({ full: 'here' })
    expect(recording.takes(1)).toBe(false)
    expect(lost.mock.calls).toEqual([[expect.objectContaining({ message: 'the thread that writes has ended' })]])
    expect(await commits.record(order(), () => ({ full: 'here' }))).toEqual({ full: 'here' })
    client.close()
  })

  it('is waited for at the end, and what is left is written without it', async () => {
    await withThread()
    const ends = Promise.all(Array.from({ length: 300 }, (_, i) => send(`last${i}`)))
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    await ends
    store = openSqliteStore(path, () => new Date(at))
    expect((await store.agency(city).submissions()).filter(({ id }) => id.startsWith('last'))).toHaveLength(300)
  })

  it('syncs what it writes', async () => {
    const client = openDatabase(path)
    expect(client.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    client.close()
  })
})
