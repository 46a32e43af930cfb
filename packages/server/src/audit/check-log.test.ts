import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent } from '@guichet/schemas'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Keys, openKeyFolder } from '../keys/key-folder.ts'
import type { StoredCheckpoint } from '../store/audit-log.ts'
import { signCheckpoint } from './audit-log.ts'
import { entryOf, nextEvent } from './chain.ts'
import { checkLog, checkNewest, type LogReader } from './check-log.ts'
import { grow, leafHash, type ReadTiles, rootOf } from './tree.ts'

const now = new Date('2026-01-05T08:00:00Z')
const origin = 'forms.example.org/.well-known/guichet/log/city'
const size = 300
let folder: string
let keys: Keys
let others: Keys
const events: AuditEvent[] = []
let tiles: Map<string, Uint8Array>
let signed: StoredCheckpoint[]

const read: ReadTiles = async (places) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) ?? null)
const checkpoint = async (at: number, by = keys) => signCheckpoint(by, { origin, size: at, root: await rootOf(at, read) }, now)
const log = (change: Partial<LogReader> = {}): LogReader => ({
  auditEvents: async (after, limit) => events.slice(after, after + limit),
  logSize: async () => size,
  logTiles: read,
  checkpoints: async (limit) => signed.slice(0, limit),
  ...change,
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-log-'))
  keys = openKeyFolder(join(folder, 'ours'), now)
  others = openKeyFolder(join(folder, 'others'), now)
  const time = now.toISOString()
  for (let i = 0; i < size; i++)
    events.push(nextEvent(events.at(-1) ?? null, { agency: 'city', time, actor: 'citizen', action: 'submission.read', object: `submission:${i}` }))
})
beforeEach(async () => {
  tiles = new Map()
  const leaves = events.map((event) => leafHash(entryOf(event)))
  for (const { level, number, hashes } of await grow(0, leaves, read)) tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
  signed = [await checkpoint(size), await checkpoint(7)]
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('finds nothing wrong where nothing is, with keys and without, and where nothing was signed yet', async () => {
  const outside = [(await checkpoint(12)).note]
  for (const known of [keys, null]) {
    expect(await checkLog(log(), known, outside)).toEqual([])
    expect(await checkNewest(log(), known)).toEqual([])
  }
  signed = []
  expect([await checkLog(log(), keys), await checkNewest(log(), keys)]).toEqual([[], []])
  expect(await checkLog(log({ auditEvents: async () => [], logSize: async () => 0 }), keys)).toEqual([])
})

it('finds checkpoints that somebody else signed, or that nobody can read', async () => {
  signed = [await checkpoint(size, others)]
  expect(await checkLog(log(), keys)).toEqual([expect.stringMatching(/not ours at event 300/)])
  expect(await checkNewest(log(), keys)).toEqual([expect.stringMatching(/not ours/)])
  // Without keys nobody can say whose it is.
  expect([await checkLog(log(), null), await checkNewest(log(), null)]).toEqual([[], []])
  for (const note of ['', 'x', 'o\n1\nAAAA\n\n— o AAAAAAA=\n']) {
    signed = [{ ...(signed[0] as StoredCheckpoint), note }]
    for (const known of [keys, null]) expect([(await checkLog(log(), known)).length, (await checkNewest(log(), known)).length]).toEqual([1, 1])
  }
})

it('finds events that are not those that were signed', async () => {
  const changed = events.slice(0, 100)
  for (const { sequence: _sequence, previous: _previous, digest: _digest, ...what } of events.slice(100))
    changed.push(nextEvent(changed.at(-1) ?? null, { ...what, actor: 'user:x' }))
  const wrong = await checkLog(log({ auditEvents: async (after, limit) => changed.slice(after, after + limit) }), keys)
  expect(wrong).toEqual([
    'tile 0/0 is not made of the events',
    'tile 0/1 is not made of the events',
    'tile 1/0 is not made of the events',
    'the events are not those that the checkpoint of 300 was signed over',
  ])
  // The smaller one is of what was not changed.
  expect(wrong.join()).not.toContain('checkpoint of 7')
  const flipped = events.with(41, { ...(events[41] as AuditEvent), actor: 'user:x' })
  expect(await checkLog(log({ auditEvents: async (after, limit) => flipped.slice(after, after + limit) }), keys)).toEqual(['the chain is broken at event 42'])
})

it('finds events and tiles that are missing', async () => {
  const cut = events.slice(0, 200)
  expect(await checkLog(log({ auditEvents: async (after, limit) => cut.slice(after, after + limit) }), keys)).toEqual(
    expect.arrayContaining(['the tree has 300 leaves and the log 200 events', 'a checkpoint says 300 events, and there are 200, of which the tree has 300']),
  )
  expect(await checkLog(log({ logSize: async () => 256 }), keys)).toContain('a checkpoint says 300 events, and there are 300, of which the tree has 256')
  expect(await checkNewest(log({ logSize: async () => 299 }), keys)).toEqual(['a checkpoint says 300 events, and the tree has 299 leaves'])
  tiles.delete('0/1')
  expect(await checkLog(log(), keys)).toEqual(['tile 0/1 is not made of the events'])
  expect(await checkNewest(log(), keys)).toEqual([expect.stringMatching(/tile 0\/1 does not reach/)])
  // Events that the tree has not taken in yet are no fault.
  signed = [await checkpoint(7)]
  tiles.set('0/0', (tiles.get('0/0') as Uint8Array).slice(0, 7 * 32))
  expect(await checkLog(log({ logSize: async () => 7 }), keys)).toEqual([])
})

it('finds a tree that was made anew, by its newest checkpoint alone', async () => {
  ;(tiles.get('0/1') as Uint8Array)[0]! ^= 1
  expect(await checkNewest(log(), keys)).toEqual(['the tree is not the one that the checkpoint of 300 was signed over'])
})

it('hides no fault of the place where the log is kept', async () => {
  const away = async () => {
    throw new Error('the disk is away')
  }
  await expect(checkLog(log({ logTiles: away }), keys)).rejects.toThrow('the disk is away')
  // Nor one of the platform, which must not look as if somebody else had signed.
  const spy = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(Object.assign(new Error('no Ed25519'), { name: 'NotSupportedError' }))
  await expect(checkLog(log(), keys)).rejects.toThrow('no Ed25519')
  spy.mockRestore()
})

it.each([999, 1000, 1001, 2000])('reads a log of %s events to its end, and finds the last one', async (count) => {
  const long: AuditEvent[] = []
  for (let i = 0; i < count; i++)
    long.push(
      nextEvent(long.at(-1) ?? null, { agency: 'city', time: now.toISOString(), actor: 'citizen', action: 'submission.read', object: `submission:${i}` }),
    )
  tiles = new Map()
  const leaves = long.map((event) => leafHash(entryOf(event)))
  for (const { level, number, hashes } of await grow(0, leaves, read)) tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
  signed = [await checkpoint(count)]
  const reader = log({ auditEvents: async (after, limit) => long.slice(after, after + limit), logSize: async () => count })
  expect(await checkLog(reader, keys)).toEqual([])
  long[count - 1] = { ...(long[count - 1] as AuditEvent), actor: 'user:x' }
  expect(await checkLog(reader, keys)).toEqual([`the chain is broken at event ${count}`])
})
