import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isConsistent, leafHash, readCheckpoint, readLogProof, readNote, rootOfInclusion, utf8 } from '@guichet/receipts'
import type { AuditEvent } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { leastPiece, share } from '../giving-way.ts'
import { type Keys, openKeyFolder } from '../keys/key-folder.ts'
import { type AuditLog, createAuditLog, headOf, isSound, LogBroken, originOf, signCheckpoint, tilesOf } from './audit-log.ts'
import { entryOf, nextEvent } from './chain.ts'
import { city, heard, type LogInMemory, logInMemory, time } from './memory-log.test-helper.ts'
import { consistencyProof, TreeBroken } from './tree.ts'

const base = 'https://forms.example.org:8443/x'
const now = new Date('2026-01-05T08:59:59.000Z')
let folder: string
let keys: Keys
let memory: LogInMemory
let said: ReturnType<typeof heard>
let auditLog: AuditLog
const opened = () => createAuditLog({ store: memory.store, keys, clock: { now: () => now }, log: said.log })
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-growing-'))
  keys = openKeyFolder(folder, now)
  memory = logInMemory()
  said = heard()
  auditLog = opened()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const grow = (renew?: 'renew') => auditLog.grow(city, base, renew)
/** Replaces an event, and leaves all others as they are. */
const replace = (sequence: number, change: Partial<AuditEvent>) => {
  memory.events[sequence - 1] = { ...(memory.events[sequence - 1] as AuditEvent), ...change }
}

/** What is read at once, so that nobody who asks meanwhile waits for a thousand events. */
const pieces = (after: number, count: number) => Array.from({ length: Math.ceil(count / 32) }, (_, i) => [after + i * 32, Math.min(32, count - i * 32)])

describe('a log that grows', () => {
  it('is signed when there is something new, and not again until there is more', async () => {
    expect([await grow(), auditLog.newest(city), await auditLog.current(city), memory.signed]).toEqual([null, null, null, []])
    await memory.add(3)
    const first = await grow()
    expect(first).toEqual({ period: '2026-01-05T08', size: 3, signedAt: '2026-01-05T08:59:59.000Z', note: expect.any(String) })
    expect(first?.note).toMatch(/^forms\.example\.org:8443\/\.well-known\/guichet\/log\/city\n3\n/)
    expect(await grow()).toBe(first)
    expect([memory.signed.length, auditLog.newest(city), auditLog.broken(city)]).toEqual([1, first, null])
    await memory.add(300)
    const second = await grow()
    const [a, b] = [await headOf(keys, first!), await headOf(keys, second!)]
    expect(await isConsistent(a, b, await consistencyProof(3, 303, tilesOf(memory.agency)))).toBe(true)
    expect([a.size, b.size, memory.signed.length, auditLog.newest(city)]).toEqual([3, 303, 2, second])
    expect(said.error).not.toHaveBeenCalled()
  })

  it('keeps the name that it was first signed under', async () => {
    await memory.add(1)
    await grow()
    await memory.add(1)
    expect((await auditLog.grow(city, 'https://other.example'))?.note).toMatch(/^forms\.example\.org:8443\//)
    expect(originOf('https://other.example/y', 'town')).toBe('other.example/.well-known/guichet/log/town')
  })

  it('takes the events of a tile at once, signs at the end alone, and goes on where it was interrupted', async () => {
    await memory.add(515)
    const { extendLog } = memory.agency
    const extend = extendLog.getMockImplementation() as NonNullable<ReturnType<typeof extendLog.getMockImplementation>>
    extendLog.mockImplementation(async (growth) => {
      if (growth.from === 256) throw new Error('the disk is away')
      return extend(growth)
    })
    await expect(grow()).rejects.toThrow('the disk is away')
    expect([await memory.agency.logSize(), memory.signed, auditLog.broken(city)]).toEqual([256, [], null])
    extendLog.mockImplementation(extend)
    extendLog.mockClear()
    memory.agency.auditEvents.mockClear()
    expect(await grow()).toMatchObject({ size: 515 })
    expect(extendLog.mock.calls.map(([{ from, checkpoint }]) => [from, checkpoint?.size])).toEqual([
      [256, undefined],
      [512, 515],
    ])
    expect(memory.agency.auditEvents.mock.calls).toEqual([[255, 1], ...pieces(256, 256), [512, 3]])
    expect(said.error).not.toHaveBeenCalled()
  })

  it('lets requests go first between the pieces that it reads', async () => {
    await memory.add(1000)
    let turns = 0
    let grown = false
    let last = performance.now()
    const count = () => {
      turns++
      if (!grown) setImmediate(count)
    }
    const seen: number[] = []
    memory.agency.auditEvents.mockImplementation(async (after, limit) => {
      seen.push(turns)
      // As long as makes a rest due, however long the last one was.
      const began = performance.now()
      const piece = Math.max(leastPiece, (began - last) * share)
      while (performance.now() - began < piece);
      last = performance.now()
      return memory.events.slice(after, after + limit)
    })
    count()
    await grow()
    grown = true
    expect([seen.length, new Set(seen).size]).toEqual([32, 32])
  })

  it('is grown by one at a time, also behind one that failed', async () => {
    await memory.add(5)
    memory.agency.auditHead.mockRejectedValueOnce(new Error('away'))
    const [failed, ...rest] = await Promise.allSettled([grow(), grow(), grow()])
    expect(failed).toMatchObject({ status: 'rejected', reason: new Error('away') })
    expect(rest).toMatchObject([
      { status: 'fulfilled', value: { size: 5 } },
      { status: 'fulfilled', value: { size: 5 } },
    ])
    expect(memory.agency.extendLog).toHaveBeenCalledTimes(1)
  })

  it('is what another replica made of it, where that was faster', async () => {
    await memory.add(2)
    const other = opened()
    memory.agency.auditEvents.mockImplementationOnce(async () => {
      await other.grow(city, base)
      return memory.events.slice()
    })
    expect(await grow()).toBe(memory.signed[0])
    expect([memory.signed.length, auditLog.newest(city)]).toEqual([1, memory.signed[0]])
  })

  it('is signed by no key that was revoked meanwhile', async () => {
    const drop = vi.spyOn(keys, 'dropRevoked')
    await grow()
    expect(drop.mock.calls).toEqual([[now]])
  })
})

describe('a key that was revoked', () => {
  it('leaves a log that only who revoked it signs anew, with what there is or more', async () => {
    await memory.add(2)
    const first = await grow()
    expect(await isSound(keys, first!)).toBe(true)
    keys.rotation.revoke(keys.signer.kid, now)
    expect(await isSound(keys, first!)).toBe(false)
    await expect(grow()).rejects.toThrow(/revoked.* at event 2$/)
    await memory.add(1)
    await expect(grow()).rejects.toThrow(/revoked/)
    expect(memory.signed).toHaveLength(1)
    const renewed = await grow('renew')
    expect([renewed?.size, await isSound(keys, renewed!)]).toEqual([3, true])
    keys.rotation.revoke(keys.signer.kid, now)
    const again = await grow('renew')
    expect([again?.size, again?.note === renewed?.note, await isSound(keys, again!)]).toEqual([3, false, true])
    // And not once more where nothing was revoked since.
    expect(await grow('renew')).toBe(again)
  })
})

/** What can be wrong with a log of 300 events that was signed at 260, and has the rest in no tree yet. */
const faults: Readonly<Record<string, [change: () => void, says: RegExp]>> = {
  'the events end before the tree': [() => memory.events.splice(200), /events or tiles are missing at event 201$/],
  'the tree ends before what was signed': [() => memory.tiles.delete('0/1'), /events or tiles are missing at event 257$/],
  'the whole tree is gone': [() => memory.tiles.clear(), /events or tiles are missing at event 1$/],
  'a hash in the tree is another': [() => ((memory.tiles.get('0/1') as Uint8Array)[5]! ^= 1), /the tree is not what was signed at event 260$/],
  'a tile is gone': [() => memory.tiles.delete('1/0'), /tile 1\/0 does not reach/],
  'the last event in the tree is gone': [() => memory.events.splice(259, 1), /an event is missing at event 260$/],
  'the last event in the tree is another': [() => replace(260, { actor: 'user:u2' }), /the event is not the one in the tree at event 260$/],
  'a new event is another': [() => replace(270, { actor: 'user:u2' }), /the chain is broken at event 270$/],
  'a new event does not follow from the last in the tree': [
    () => {
      memory.events.splice(260)
      memory.events.push(nextEvent({ sequence: 260, digest: 'f'.repeat(64) }, { agency: city, time, actor: 'citizen', action: 'submission.read', object: 's' }))
    },
    /the chain is broken at event 261$/,
  ],
  'the new events cannot be had': [
    () => memory.agency.auditEvents.mockImplementation(async (after) => (after === 259 ? memory.events.slice(259, 260) : [])),
    /the chain is broken at event 261$/,
  ],
  'all events from the last in the tree on cannot be had': [() => memory.agency.auditEvents.mockResolvedValue([]), /an event is missing at event 260$/],
  'the checkpoint cannot be read': [() => (memory.signed[0] = { ...memory.signed[0]!, note: 'x' }), /the checkpoint is not ours at event 0$/],
  'the checkpoint says nothing of a tree': [() => (memory.signed[0] = { ...memory.signed[0]!, note: 'x\n\n— o AAAAAAA=\n' }), /not ours at event 0$/],
  'the checkpoint has no signature of ours': [
    () => (memory.signed[0] = { ...memory.signed[0]!, note: memory.signed[0]!.note.replace('\n260\n', '\n259\n') }),
    /the checkpoint is not ours at event 259$/,
  ],
}

describe('a log that is damaged', () => {
  it.each(Object.entries(faults))('is signed no further, and says so once: %s', async (_name, [change, says]) => {
    await memory.add(260)
    await grow()
    await memory.add(40)
    change()
    const before = structuredClone([memory.signed, [...memory.tiles]])
    const error = await grow().then(
      () => null,
      (reason) => reason,
    )
    expect(error?.message).toMatch(says)
    expect(auditLog.broken(city)).toBe(error.message)
    if (error instanceof LogBroken) expect(error.message).toMatch(new RegExp(`^audit log: .* at event ${error.sequence}$`))
    else expect(error).toBeInstanceOf(TreeBroken)
    await expect(grow()).rejects.toThrow(says)
    expect(said.error.mock.calls).toEqual([[{ agency: city, err: error }, 'the audit log is damaged: no checkpoint is signed any more']])
    expect([memory.signed, [...memory.tiles]]).toEqual(before)
  })

  it('says nothing of damage where the store is away, and is looked at anew', async () => {
    await memory.add(2)
    memory.agency.logSize.mockRejectedValueOnce(new Error('away'))
    await expect(grow()).rejects.toThrow('away')
    expect([auditLog.broken(city), said.error.mock.calls]).toEqual([null, []])
    expect(await grow()).toMatchObject({ size: 2 })
  })

  it('that was never signed is held against the events all the same', async () => {
    await memory.add(300)
    await grow()
    memory.signed.splice(0)
    await memory.add(1)
    expect(await grow()).toMatchObject({ size: 301 })
    memory.signed.splice(0)
    await memory.add(1)
    memory.tiles.delete('0/0')
    memory.tiles.delete('1/0')
    await expect(grow()).rejects.toThrow(TreeBroken)
    expect(memory.signed).toEqual([])
  })
})

describe('the patrol', () => {
  const patrol = () => auditLog.patrol(city)
  beforeEach(async () => {
    await memory.add(2300)
    await grow()
    memory.agency.auditEvents.mockClear()
  })

  it('looks through a thousand events, then those after them, and begins anew at the end', async () => {
    for (let i = 0; i < 5; i++) await patrol()
    expect(memory.agency.auditEvents.mock.calls).toEqual([
      ...pieces(0, 1000),
      ...[[999, 1], ...pieces(1000, 1000)],
      ...[[1999, 1], ...pieces(2000, 300)],
      ...pieces(0, 1000),
      ...[[999, 1], ...pieces(1000, 1000)],
    ])
    expect(auditLog.broken(city)).toBeNull()
  })

  it.each([
    ['an event is another', () => replace(1500, { actor: 'user:u2' }), /the chain is broken at event 1500$/],
    ['an event is gone', () => memory.events.splice(1499, 1), /the chain is broken at event 1501$/],
    ['the last ones are gone', () => memory.events.splice(2000), /the chain is broken at event 2001$/],
    ['a leaf is another', () => ((memory.tiles.get('0/5') as Uint8Array)[219 * 32]! ^= 1), /not the one in the tree at event 1500$/],
    ['a leaf at the edge of a tile is another', () => ((memory.tiles.get('0/7') as Uint8Array)[255 * 32 + 31]! ^= 1), /in the tree at event 2048$/],
    ['a tile is gone', () => memory.tiles.delete('0/4'), /not the one in the tree at event 1025$/],
    ['a tile is too short', () => memory.tiles.set('0/4', (memory.tiles.get('0/4') as Uint8Array).slice(0, 32)), /in the tree at event 1026$/],
  ])('finds it, wherever it is: %s', async (_name, change, says) => {
    change()
    await patrol()
    const looked = async () => {
      await patrol()
      await patrol()
    }
    await expect(looked()).rejects.toThrow(says)
    expect(auditLog.broken(city)).toMatch(says)
    expect(said.error).toHaveBeenCalledTimes(1)
  })

  it('has nothing to find where nothing is, nor beyond the tree', async () => {
    memory = logInMemory()
    auditLog = opened()
    await expect(patrol()).resolves.toBeUndefined()
    await memory.add(3)
    await grow()
    await memory.add(3)
    replace(5, { actor: 'user:u2' })
    await expect(patrol()).resolves.toBeUndefined()
    expect(memory.agency.auditEvents).toHaveBeenLastCalledWith(0, 3)
  })
})

describe('the proof of an event', () => {
  it('is in the newest checkpoint, and there is none for what it does not cover', async () => {
    await memory.add(5)
    expect(await auditLog.proofOf(city, 1)).toBeNull()
    await grow()
    await memory.add(1)
    for (const sequence of [1, 3, 5]) {
      const found = await auditLog.proofOf(city, sequence)
      const { index, hashes, checkpoint } = readLogProof(found?.proof ?? '')!
      const head = readCheckpoint(readNote(checkpoint)!.text)!
      expect([found?.event.sequence, index, checkpoint]).toEqual([sequence, sequence - 1, memory.signed[0]?.note])
      const root = await rootOfInclusion(await leafHash(utf8(entryOf(found!.event))), index, head.size, hashes)
      expect(Buffer.from(root ?? []).equals(head.root)).toBe(true)
    }
    for (const sequence of [0, -1, 6, 7]) expect(await auditLog.proofOf(city, sequence)).toBeNull()
    memory.events.splice(2, 1)
    expect(await auditLog.proofOf(city, 3)).toBeNull()
    memory.events.splice(0)
    expect(await auditLog.proofOf(city, 1)).toBeNull()
  })
})

it('signs as the key that signs now, in a note that says the hour', async () => {
  const signed = await signCheckpoint(keys, { origin: 'o', size: 7, root: Buffer.alloc(32, 1) }, new Date('2026-12-31T23:30:00.000Z'))
  expect(signed).toMatchObject({ period: '2026-12-31T23', size: 7, signedAt: '2026-12-31T23:30:00.000Z' })
  expect(signed.note.split('\n').slice(0, 4)).toEqual(['o', '7', Buffer.alloc(32, 1).toString('base64'), ''])
  expect(await headOf(keys, signed)).toMatchObject({ origin: 'o', size: 7 })
})
