/** What every implementation of the store must hold about files that arrive in parts. Part of store-suite.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { bygone } from '../testing/clock-alone.ts'
import type { AgencyStore, AttachmentRecord, Conflict } from './store.ts'
import type { NewUpload, UploadPart } from './uploads.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'citizen', at }
const stale = expect.objectContaining({ kind: 'stale' satisfies Conflict['kind'] })

const upload = (idHash: string, more: Partial<NewUpload> = {}): NewUpload => ({
  service: 'card',
  idHash,
  target: 'paper',
  name: new TextEncoder().encode('a.pdf'),
  sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k', suite: 2 },
  type: 'application/pdf',
  size: 10,
  ownerHash: 'owner',
  createdAt: at,
  ...more,
})
const part = (start: number, size: number, file = `file-${start}`): UploadPart => ({ start, size, file, sealing: null })

export function uploadSuite(agencies: () => { city: AgencyStore; town: AgencyStore }, attachment: (id: string) => AttachmentRecord) {
  describe('files in parts', () => {
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(() => {
      ;({ city, town } = agencies())
    })
    const received = async (idHash: string) => (await city.upload('card', idHash, ''))?.received

    it('keeps what was said at the beginning, for its agency and service, and for its time', async () => {
      await city.beginUpload(upload('u'))
      const found = await city.upload('card', 'u', at)
      expect(found).toMatchObject({ ...upload('u'), name: expect.anything(), received: 0, attachment: null })
      expect(new TextDecoder().decode(found?.name)).toBe('a.pdf')
      expect(await city.upload('card', 'u', '2026-01-05T08:00:00.001Z')).toBeNull()
      expect(await city.upload('other', 'u', at)).toBeNull()
      expect(await town.upload('card', 'u', at)).toBeNull()
      expect(await town.deleteUpload('card', 'u')).toBeNull()
      await expect(town.appendPart('card', 'u', part(0, 4))).rejects.toEqual(stale)
    })

    it('takes parts only where it ends, and gives them in order', async () => {
      await city.beginUpload(upload('u'))
      await city.beginUpload(upload('other'))
      await city.appendPart('card', 'u', part(0, 4))
      for (const start of [0, 3, 5, 10]) await expect(city.appendPart('card', 'u', part(start, 1))).rejects.toEqual(stale)
      await city.appendPart('card', 'u', part(4, 6))
      expect(await received('u')).toBe(10)
      expect(await received('other')).toBe(0)
      expect(await city.uploadParts('card', 'u')).toEqual([part(0, 4), part(4, 6)])
      expect(await city.uploadParts('card', 'other')).toEqual([])
    })

    it('takes one of many parts for the same place', async () => {
      await city.beginUpload(upload('u'))
      const tries = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => city.appendPart('card', 'u', part(0, 4, `try-${i}`))))
      const taken = tries.flatMap(({ status }, i) => (status === 'fulfilled' ? [`try-${i}`] : []))
      expect(taken).toHaveLength(1)
      for (const result of tries) if (result.status === 'rejected') expect(result.reason).toEqual(stale)
      expect((await city.uploadParts('card', 'u')).map(({ file }) => file)).toEqual(taken)
      expect(await received('u')).toBe(4)
    })

    it('is finished once: the attachment, its event, and no parts any more', async () => {
      await city.beginUpload(upload('u'))
      await city.appendPart('card', 'u', part(0, 10))
      const before = (await city.auditEvents(0, 100)).length
      const tries = await Promise.allSettled(['a1', 'a2', 'a3'].map((id) => city.finishUpload('card', 'u', attachment(id), by)))
      const won = tries.flatMap(({ status }, i) => (status === 'fulfilled' ? [`a${i + 1}`] : []))
      expect(won).toHaveLength(1)
      expect((await city.attachments(['a1', 'a2', 'a3'])).map(({ id }) => id)).toEqual(won)
      expect((await city.auditEvents(before, 100)).map(({ action, object }) => [action, object])).toEqual([['attachment.received', `attachment:${won[0]}`]])
      expect((await city.upload('card', 'u', at))?.attachment).toBe(won[0])
      expect(await city.uploadParts('card', 'u')).toEqual([])
      await expect(city.appendPart('card', 'u', part(10, 1))).rejects.toEqual(stale)
    })

    it('forgets what was given up, and what is old, and says which files are nobody’s now', async () => {
      for (const [id, createdAt] of [
        ['old', '2026-01-01T00:00:00.000Z'],
        ['empty', '2026-01-01T00:00:00.000Z'],
        ['new', at],
      ] as const)
        await city.beginUpload(upload(id, { createdAt }))
      await city.appendPart('card', 'old', part(0, 4, 'of-old'))
      await city.appendPart('card', 'new', part(0, 4, 'of-new-1'))
      await city.appendPart('card', 'new', part(4, 4, 'of-new-2'))
      await town.beginUpload(upload('old', { createdAt: '2026-01-01T00:00:00.000Z' }))
      expect(await city.purgeUploads(bygone('2026-01-03T00:00:00.000Z'))).toEqual(['of-old'])
      expect(await city.upload('card', 'old', '')).toBeNull()
      expect(await city.upload('card', 'empty', '')).toBeNull()
      expect(await town.upload('card', 'old', '')).not.toBeNull()
      expect((await city.deleteUpload('card', 'new'))?.sort()).toEqual(['of-new-1', 'of-new-2'])
      expect(await city.deleteUpload('card', 'new')).toBeNull()
    })

    it('counts towards what an agency has stored until it is a file, and then once', async () => {
      const stored = async () => (await city.usage('2026-01-05')).storedBytes
      expect((await city.usage('2026-01-05', false)).storedBytes).toBe(0)
      const before = await stored()
      await city.beginUpload(upload('u'))
      expect(await stored()).toBe(before + 10)
      await city.appendPart('card', 'u', part(0, 10))
      await city.finishUpload('card', 'u', { ...attachment('a1'), size: 10 }, by)
      expect(await stored()).toBe(before + 10)
    })
  })
}
