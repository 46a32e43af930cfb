/** What every implementation of the store must hold of the audit log and its tree. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { LogTile, StoredCheckpoint } from './audit-log.ts'
import type { AgencyStore, Deed } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = (actor: string, time = at): Deed => ({ actor, at: time })
const hashes = (count: number, byte: number) => new Uint8Array(32 * count).fill(byte)
const tile = (level: number, number: number, count: number, byte = 1): LogTile => ({ level, number, hashes: hashes(count, byte) })
const checkpoint = (size: number, hour = '08', note = `note ${size}`): StoredCheckpoint => ({
  period: `2026-01-05T${hour}`,
  size,
  note,
  signedAt: `2026-01-05T${hour}:00:00.000Z`,
})
const plain = (found: readonly (Uint8Array | null)[]) => found.map((each) => each && [each.length, each[0]])

export function auditSuite(agencies: () => { city: AgencyStore; town: AgencyStore }): void {
  describe('the audit log', () => {
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(() => {
      ;({ city, town } = agencies())
    })
    const numbers = async (...asked: Parameters<AgencyStore['findAuditEvents']>) => {
      const { events, reached } = await city.findAuditEvents(...asked)
      return [events.map(({ object }) => object), reached]
    }

    it('is found in by who, what and when, newest first, a stretch at a time', async () => {
      const first = ((await city.auditHead())?.sequence ?? 0) + 1
      for (let i = 0; i < 6; i++)
        await city.audit(i % 2 === 0 ? 'submission.read' : 'attachment.read', `submission:s${i % 3}`, by(`user:u${i % 2}`, `2026-01-0${i + 1}T08:00:00.000Z`))
      await town.audit('submission.read', 'submission:s0', by('user:u9'))
      const end = first + 6
      const [s0, s1, s2] = [0, 1, 2].map((i) => `submission:s${i}`)
      expect(await numbers({}, end, 3, 100)).toEqual([[s2, s1, s0], first + 3])
      expect(await numbers({ action: 'submission.read' }, end, 10, 1000)).toEqual([[s1, s2, s0], 1])
      expect(await numbers({ actor: 'user:u1' }, end, 10, 2)).toEqual([[s2], end - 2])
      // Of one thing all there is, however far back.
      expect(await numbers({ object: s0 as string }, end, 10, 1)).toEqual([[s0, s0], 1])
      expect(await numbers({ from: '2026-01-02T08:00:00.000Z', to: '2026-01-03T08:00:00.000Z' }, end, 10, 1000)).toEqual([[s2, s1], 1])
      expect((await city.auditHead())?.sequence).toBe(end - 1)
    })

    it('keeps words beside an event, out of the log and with its agency', async () => {
      const note = { sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' } as const, content: Uint8Array.of(1, 2, 3) }
      await city.audit('submission.exported', 'service:card', { ...by('user:u1'), note })
      const last = (await city.auditHead())?.sequence ?? 0
      expect(JSON.stringify(await city.auditEvents(last - 1, 1))).not.toContain('"k"')
      const kept = await city.auditNotes([last, last - 1])
      expect([...kept.keys()]).toEqual([last])
      expect([kept.get(last)?.sealing, [...(kept.get(last)?.content ?? [])]]).toEqual([note.sealing, [1, 2, 3]])
      expect((await town.auditNotes([last])).size).toBe(0)
    })

    it('grows its tree from where it stands, and from nowhere else', async () => {
      expect([await city.logSize(), await city.checkpoints(5)]).toEqual([0, []])
      expect(await city.extendLog({ from: 0, tiles: [tile(0, 0, 3)], checkpoint: checkpoint(3) })).toBe(true)
      expect(await city.extendLog({ from: 0, tiles: [tile(0, 0, 9, 9)], checkpoint: checkpoint(9) })).toBe(false)
      expect(await city.extendLog({ from: 3, tiles: [tile(0, 0, 256), tile(0, 1, 4, 2), tile(1, 0, 1, 3)], checkpoint: checkpoint(260) })).toBe(true)
      expect(await city.logSize()).toBe(260)
      const places = [
        { level: 1, number: 0 },
        { level: 7, number: 0 },
        { level: 0, number: 1 },
      ]
      expect(plain(await city.logTiles(places))).toEqual([[32, 3], null, [128, 2]])
      expect([await town.logSize(), plain(await town.logTiles(places))]).toEqual([0, [null, null, null]])
      // Of each hour the last.
      expect(await city.extendLog({ from: 260, tiles: [], checkpoint: checkpoint(260, '09', 'again') })).toBe(true)
      expect((await city.checkpoints(5)).map(({ size, note }) => [size, note])).toEqual([
        [260, 'again'],
        [260, 'note 260'],
      ])
      await city.forgetTree(false)
      expect([await city.logSize(), (await city.checkpoints(5)).length]).toEqual([0, 2])
      await city.forgetTree(true)
      expect(await city.checkpoints(5)).toEqual([])
    })

    it('takes a cosignature for the note that it was given for', async () => {
      await city.extendLog({ from: 0, tiles: [tile(0, 0, 1)], checkpoint: checkpoint(1) })
      expect(await city.cosignCheckpoint(1, 'note 1', 'note 1, seen')).toBe(true)
      expect(await city.cosignCheckpoint(1, 'note 1', 'note 1, seen by another')).toBe(false)
      expect(await town.cosignCheckpoint(1, 'note 1, seen', 'x')).toBe(false)
      expect((await city.checkpoints(1))[0]?.note).toBe('note 1, seen')
    })

    it('is extended once by many at the same time', async () => {
      const results = await Promise.all(Array.from({ length: 8 }, () => city.extendLog({ from: 0, tiles: [tile(0, 0, 5)], checkpoint: null })))
      expect(results.filter(Boolean)).toHaveLength(1)
      expect(await city.logSize()).toBe(5)
    })
  })
}
