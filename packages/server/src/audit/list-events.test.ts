import type { AuditEvent } from '@guichet/schemas'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Keys } from '../keys/key-folder.ts'
import { testKek } from '../testing/month-key.ts'
import { listEvents } from './list-events.ts'
import { city, type LogInMemory, logInMemory } from './memory-log.test-helper.ts'
import { sealAuditNote } from './note.ts'

const kek = testKek()
const keys = { currentKek: () => kek, kek: () => kek } as unknown as Keys
let memory: LogInMemory
beforeEach(() => {
  memory = logInMemory()
})
const list = (filter: Parameters<typeof listEvents>[2] = {}, before: number | null = null) => listEvents({ keys }, memory.whole, filter, before, 50)
const at = (hour: number) => `2026-01-05T${String(hour).padStart(2, '0')}:00:00.000Z`
const asked = () => memory.agency.findAuditEvents.mock.lastCall

describe('the log as auditors read it', () => {
  it('begins at the end, or where the last page ended', async () => {
    expect(await list()).toEqual({ events: [], next: null })
    expect(asked()).toEqual([{}, 1, 50, 20_000])
    await memory.add(4)
    await list({ actor: 'user:u1' })
    expect(asked()).toEqual([{ actor: 'user:u1' }, 5, 50, 20_000])
    await list({ to: at(8) }, 3)
    expect(asked()?.[1]).toBe(3)
    expect(memory.agency.auditHead).toHaveBeenCalledTimes(2)
  })

  it('says where to go on while there is something further back', async () => {
    for (const [reached, next] of [
      [7, 7],
      [2, 2],
      [1, null],
    ] as const) {
      memory.agency.findAuditEvents.mockResolvedValueOnce({ events: [], reached })
      expect(await list()).toEqual({ events: [], next })
    }
  })

  it('looks for a day by halves, an hour later than what is asked for, as clocks may differ', async () => {
    for (let hour = 0; hour < 20; hour++) await memory.agency.audit('submission.read', 's', { actor: 'citizen', at: at(hour) })
    for (const [to, from] of [
      [at(5), 8],
      ['2026-01-05T05:30:00.000Z', 8],
      [at(0), 3],
      ['2026-01-04T22:59:59.999Z', 1],
      ['2026-01-04T23:00:00.000Z', 2],
      [at(19), 21],
      ['2027-01-01T00:00:00.000Z', 21],
    ] as const) {
      memory.agency.auditEvents.mockClear()
      await list({ to })
      expect([to, asked()?.[1]]).toEqual([to, from])
      expect(memory.agency.auditEvents.mock.calls.length).toBeLessThanOrEqual(5)
      expect(memory.agency.auditEvents.mock.calls.every(([, limit]) => limit === 1)).toBe(true)
    }
    // One who looks at a log that was cut off sees what is left of it.
    memory.agency.auditHead.mockResolvedValueOnce({ sequence: 40, digest: 'd' })
    await list({ to: '2027-01-01T00:00:00.000Z' })
    expect(asked()?.[1]).toBe(21)
    memory = logInMemory()
    await list({ to: at(5) })
    expect(asked()?.[1]).toBe(1)
  })

  it('has the words that belong to an event, and null where nobody can read them any more', async () => {
    const sealed = (text: string) => sealAuditNote({ keys }, city, text, new Date(at(8)))
    const [one, other] = [sealed('Complaint'), sealed('other')]
    await memory.add(1)
    for (const { commitment } of [one, other, one])
      await memory.agency.audit('submission.exported', 'service:a', { actor: 'user:u1', at: at(8), details: { purpose: commitment } })
    await memory.agency.audit('audit.exported', 'audit-log', { actor: 'user:u1', at: at(8), details: { from: 1 } })
    memory.notes.set(2, one.note)
    memory.notes.set(3, { ...other.note, sealing: null })
    // Nothing was ever kept for what is committed to nothing.
    memory.notes.set(1, one.note)
    memory.agency.findAuditEvents.mockResolvedValueOnce({ events: memory.events as AuditEvent[], reached: 1 })
    const { events } = await list()
    expect(events.map((event) => ('note' in event ? event.note : 'none'))).toEqual(['none', 'Complaint', null, 'none', 'none'])
    expect(memory.agency.auditNotes).toHaveBeenLastCalledWith([2, 3, 4])
  })
})
