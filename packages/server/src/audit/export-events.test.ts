import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leafHash, readCheckpoint, readNote, rootOfInclusion, utf8 } from '@guichet/receipts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Keys, openKeyFolder } from '../keys/key-folder.ts'
import { type AuditLog, createAuditLog } from './audit-log.ts'
import { entryOf } from './chain.ts'
import { exportEvents } from './export-events.ts'
import { city, heard, type LogInMemory, logInMemory, time } from './memory-log.test-helper.ts'
import { sealAuditNote } from './note.ts'

const now = new Date(time)
let folder: string
let keys: Keys
let memory: LogInMemory
let auditLog: AuditLog
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-export-'))
  keys = openKeyFolder(folder, now)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  memory = logInMemory()
  auditLog = createAuditLog({ store: memory.store, keys, clock: { now: () => now }, log: heard().log })
})
const grow = () => auditLog.grow(city, 'https://forms.example.org')
const by = { actor: 'user:u1', at: time }
const stream = (from = 1, to: number | null = null) => exportEvents({ keys, auditLog }, memory.whole, { from, to }, by)
const taken = async (from?: number, to?: number | null) => {
  const text = await new Response(await stream(from, to)).text()
  expect(text.endsWith('\n')).toBe(true)
  const [first, ...lines] = text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line))
  return { first, lines, numbers: lines.map(({ event }) => event.sequence as number) }
}
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('an export of the log', () => {
  it('is refused while nothing is signed, and leaves no entry then', async () => {
    await memory.add(2)
    await expect(stream()).rejects.toMatchObject({ status: 409, code: 'no-checkpoint' })
    expect(memory.events).toHaveLength(2)
  })

  it('has each event with hashes that lead to the root, under the checkpoint that says it', async () => {
    await memory.add(300)
    await grow()
    const { first, lines, numbers } = await taken()
    expect(first).toEqual({ checkpoint: memory.signed[0]?.note })
    const head = readCheckpoint(readNote(first.checkpoint)!.text)!
    expect(numbers).toEqual(span(1, 300))
    for (const { event, proof, ...more } of lines) {
      expect(more).toEqual({})
      const hashes = proof.map((hash: string) => Buffer.from(hash, 'base64'))
      const root = await rootOfInclusion(await leafHash(utf8(entryOf(event))), event.sequence - 1, head.size, hashes)
      expect(Buffer.from(root ?? []).equals(head.root)).toBe(true)
    }
    // The export is an event itself, which the next checkpoint covers.
    expect(memory.events.at(-1)).toMatchObject({
      sequence: 301,
      action: 'audit.exported',
      object: 'audit-log',
      actor: 'user:u1',
      details: { from: 1, to: 300 },
    })
  })

  it.each([
    [3, 5, [3, 4, 5], 5],
    [5, 5, [5], 5],
    [1, 50, span(1, 50), 50],
    [10, 61, span(10, 61), 61],
    [60, 500, span(60, 120), 120],
    [118, null, [118, 119, 120], 120],
    [121, null, [], 120],
    [7, 3, [], 3],
  ])('of %s to %s ends with what is signed', async (from, to, numbers, last) => {
    await memory.add(120)
    await grow()
    await memory.add(5)
    memory.agency.auditEvents.mockClear()
    expect((await taken(from, to)).numbers).toEqual(numbers)
    expect(memory.events.at(-1)?.details).toEqual({ from, to: last })
    expect(memory.agency.auditEvents.mock.calls.every(([, limit]) => limit > 0 && limit <= 50)).toBe(true)
  })

  it('has the words beside an event, outside of what is hashed', async () => {
    const { commitment, note } = sealAuditNote({ keys }, city, 'Complaint', now)
    await memory.agency.audit('submission.exported', 'service:a', { ...by, details: { purpose: commitment } })
    memory.notes.set(1, note)
    await grow()
    const [line] = (await taken()).lines
    expect([line.note, line.event]).toEqual(['Complaint', memory.events[0]])
    memory.notes.set(1, { ...note, sealing: null })
    expect((await taken()).lines[0].note).toBeNull()
  })

  it('reads a tile once while its neighbours need it, and no more than it is asked for', async () => {
    await memory.add(600)
    await grow()
    memory.agency.logTiles.mockClear()
    const reader = (await stream()).getReader()
    const lines = async () =>
      Buffer.from((await reader.read()).value ?? [])
        .toString()
        .split('\n').length - 1
    expect([await lines(), await lines(), await lines()]).toEqual([1, 50, 50])
    await reader.cancel()
    const read = memory.agency.logTiles.mock.calls.flatMap(([places]) => places.map(({ level, number }) => `${level}/${number}`))
    expect(read.sort()).toEqual(['0/0', '0/2', '1/0'])
    memory.agency.logTiles.mockClear()
    await taken()
    const all = memory.agency.logTiles.mock.calls.flatMap(([places]) => places)
    expect(all.length).toBeLessThan(20)
  })

  it('breaks off where the tree cannot prove an event any more', async () => {
    await memory.add(600)
    await grow()
    memory.tiles.delete('0/1')
    await expect(taken()).rejects.toThrow(/tile 0\/1 does not reach/)
  })

  it('ends where events are gone', async () => {
    await memory.add(120)
    await grow()
    memory.events.splice(70)
    expect((await taken(40)).numbers.slice(0, 31)).toEqual(span(40, 70))
  })
})
