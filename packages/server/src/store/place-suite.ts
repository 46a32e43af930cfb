/** Places, of which there are so many: what both stores must hold. */
import { describe, expect, it } from 'vitest'
import { firstIdAt, newId } from '../codes.ts'
import type { AgencyStore, Conflict, PlaceClaim, SubmissionEntry } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const bytes = (text: string) => new TextEncoder().encode(text)
const full = (counter: string): Conflict => expect.objectContaining({ kind: 'full', counter })

export function placeSuite(stores: () => { city: AgencyStore; town: AgencyStore }) {
  const send = async (agency: AgencyStore, places: readonly PlaceClaim[] | undefined, when = at, more: Partial<SubmissionEntry> = {}) => {
    const id = newId(new Date(when))
    await agency.claimKey({ service: 'card', keyHash: id, bodyMac: 'mac', at: when }, '')
    await agency.record({
      submission: {
        id,
        service: 'card',
        version: 1,
        language: 'en',
        receivedAt: when,
        referenceHash: `hash of ${id}`,
        status: 'received',
        stage: null,
        sealing: null,
        answers: bytes('answers'),
        outcome: bytes('outcome'),
      },
      attachments: [],
      deed: { actor: 'citizen', at: when },
      keyHash: id,
      places,
      outbox: [],
      conclude: () => ({ receipt: bytes('receipt'), answer: bytes('answer') }),
      ...more,
    })
  }
  const place = (most: number, counter = 'all', before: PlaceClaim['before'] = null): PlaceClaim => ({ counter, most, before })
  const outcomes = async (sent: readonly Promise<void>[]) => {
    const ended = await Promise.allSettled(sent)
    return {
      recorded: ended.filter(({ status }) => status === 'fulfilled').length,
      refused: ended.filter((end) => end.status === 'rejected' && (end.reason as Conflict).kind === 'full').length,
    }
  }
  const count = async (agency: AgencyStore) => (await agency.submissions()).length

  describe('places', () => {
    it('are exactly so many, however many ask at once', async () => {
      const { city } = stores()
      expect(await outcomes(Array.from({ length: 40 }, () => send(city, [place(7)])))).toEqual({ recorded: 7, refused: 33 })
      expect(await count(city)).toBe(7)
      expect(await city.placesTaken('card', ['all', 'other'])).toEqual(new Map([['all', 7]]))
      await expect(send(city, [place(7)])).rejects.toEqual(full('all'))
      await send(city, [place(8)])
      await send(city, undefined)
      expect(await count(city)).toBe(9)
    })

    it('would be more without their counter: the control', async () => {
      const { city } = stores()
      expect(await outcomes(Array.from({ length: 40 }, () => send(city, [])))).toEqual({ recorded: 40, refused: 0 })
    })

    it('are taken all or none', async () => {
      const { city } = stores()
      await send(city, [place(5, 'all'), place(1, 'slot 9')])
      await expect(send(city, [place(5, 'all'), place(1, 'slot 9')])).rejects.toEqual(full('slot 9'))
      await send(city, [place(5, 'all'), place(1, 'slot 10')])
      expect(await city.placesTaken('card', ['all', 'slot 9', 'slot 10'])).toEqual(
        new Map([
          ['all', 2],
          ['slot 9', 1],
          ['slot 10', 1],
        ]),
      )
    })

    it('count what was there before the counter was, once, and what is refused does not take any', async () => {
      const { city } = stores()
      for (const day of ['2026-01-04', '2026-01-05', '2026-01-05']) await send(city, undefined, `${day}T08:00:00.000Z`)
      const today = { from: firstIdAt(new Date('2026-01-05T00:00:00Z')), until: firstIdAt(new Date('2026-01-06T00:00:00Z')) }
      for (let i = 0; i < 2; i++) await expect(send(city, [place(2, 'day', today)])).rejects.toEqual(full('day'))
      expect(await city.placesTaken('card', ['day'])).toEqual(new Map([['day', 2]]))
      await send(city, [place(3, 'day', today)])
      await expect(send(city, [place(3, 'day', today)])).rejects.toEqual(full('day'))
      expect(await count(city)).toBe(4)
    })

    it('are not lost on what fails to be recorded', async () => {
      const { city } = stores()
      const fails = () => {
        throw new Error('not concluded')
      }
      await expect(send(city, [place(1)], at, { conclude: fails })).rejects.toThrow('not concluded')
      await expect(send(city, [place(1)], at, { attachments: ['nobody’s'] })).rejects.toMatchObject({ kind: 'claimed' })
      await send(city, [place(1)])
      await expect(send(city, [place(1)])).rejects.toEqual(full('all'))
    })

    it('are each agency’s own', async () => {
      const { city, town } = stores()
      await send(city, [place(1)])
      await send(town, [place(1)])
      expect([await city.placesTaken('card', ['all']), await town.placesTaken('card', [])]).toEqual([new Map([['all', 1]]), new Map()])
    })
  })
}
