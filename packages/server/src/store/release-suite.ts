/** What every store keeps to when versions wait, for somebody to agree or for their day. */
import { describe, expect, it } from 'vitest'
import type { NewRelease } from './releases.ts'
import type { AgencyStore, Conflict, Deed } from './store.ts'

const conflict = (kind: Conflict['kind']) => expect.objectContaining({ kind })
const ada: Deed = { actor: 'user:ada', at: '2026-01-05T08:00:00.000Z' }
const ben: Deed = { actor: 'user:ben', at: '2026-01-05T09:00:00.000Z' }
const system: Deed = { actor: 'system', at: '2026-01-06T08:00:00.000Z' }
const version = (acknowledged: readonly string[] = []) => ({
  service: 'permit',
  definition: { id: 'permit' } as never,
  policy: {},
  submissionSchema: {},
  digest: 'd',
  acknowledged,
})

const asked = (id: string, more: Partial<NewRelease> = {}): NewRelease => ({
  id,
  service: 'permit',
  state: 'asked',
  definition: { id: 'permit', title: { el: 'Άδεια' } },
  policy: { preset: 'open' },
  digest: 'digest',
  acknowledged: ['purpose.missing'],
  base: 0,
  dueAt: '2026-01-06T00:00:00.000Z',
  ...more,
})

export function releaseSuite(agencies: () => { city: AgencyStore; town: AgencyStore }) {
  describe('releases', () => {
    const drafted = async () => {
      const { city, town } = agencies()
      for (const agency of [city, town]) await agency.saveService({ id: 'permit', definition: {}, policy: {} }, null, ada)
      return { city, town }
    }
    const eventsOf = async (agency: AgencyStore) => (await agency.auditEvents(0, 100)).filter(({ object }) => object === 'service:permit')
    const actions = async (agency: AgencyStore) => (await eventsOf(agency)).map(({ action }) => action)

    it('wait for somebody else, become a version once, and say so', async () => {
      const { city, town } = await drafted()
      await city.requestRelease(asked('r1'), 1, ada)
      await expect(city.requestRelease(asked('r2'), 1, ben)).rejects.toEqual(conflict('taken'))
      await expect(city.requestRelease(asked('r3'), 2, ben)).rejects.toEqual(conflict('stale'))
      expect(await city.dueReleases('2030-01-01T00:00:00.000Z', 10)).toEqual([])
      // Nothing goes live that nobody agreed to.
      await expect(city.carryOutRelease('r1', version(), system)).rejects.toEqual(conflict('stale'))
      await expect(city.decideRelease('r1', 'waiting', ada)).rejects.toEqual(conflict('stale'))
      await expect(town.decideRelease('r1', 'waiting', ben)).rejects.toEqual(conflict('stale'))
      await city.decideRelease('r1', 'waiting', ben)
      await expect(city.decideRelease('r1', 'refused', ben)).rejects.toEqual(conflict('stale'))
      expect(await city.dueReleases('2026-01-05T23:59:59.999Z', 10)).toEqual([])
      expect(await city.dueReleases('2026-01-06T00:00:00.000Z', 10)).toEqual(['r1'])
      expect(await town.dueReleases('2026-01-06T00:00:00.000Z', 10)).toEqual([])
      expect(await town.release('r1')).toBeNull()

      const tries = await Promise.allSettled([1, 2, 3].map(() => city.carryOutRelease('r1', version(['purpose.missing']), system)))
      expect(tries.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 1 }])
      expect(await city.versions('permit')).toEqual([{ version: 1, publishedAt: system.at, digest: 'd', acknowledged: ['purpose.missing'] }])
      expect(await city.release('r1')).toEqual({
        ...asked('r1'),
        state: 'done',
        requestedBy: ada.actor,
        requestedAt: ada.at,
        decidedBy: ben.actor,
        decidedAt: ben.at,
        version: 1,
        reasons: null,
      })
      const events = await eventsOf(city)
      expect(events.map(({ action }) => action)).toEqual(['service.created', 'approval.requested', 'approval.given', 'service.published'])
      expect(events.at(-1)?.details).toEqual({
        version: 1,
        digest: 'd',
        release: 'r1',
        requestedBy: ada.actor,
        approvedBy: ben.actor,
        warnings: 'purpose.missing',
      })
      expect(await city.dueReleases('2030-01-01T00:00:00.000Z', 10)).toEqual([])
    })

    it('end when they are called back, refused or found wrong, and make room', async () => {
      const { city } = await drafted()
      await city.requestRelease(asked('r1', { state: 'waiting' }), 1, ada)
      await city.endRelease('r1', 'withdrawn', null, ben)
      await expect(city.endRelease('r1', 'failed', ['x'], system)).rejects.toEqual(conflict('stale'))
      await expect(city.carryOutRelease('r1', version(), system)).rejects.toEqual(conflict('stale'))
      await city.requestRelease(asked('r2'), 1, ada)
      await city.decideRelease('r2', 'refused', ben)
      await city.requestRelease(asked('r3', { state: 'waiting' }), 1, ada)
      await city.endRelease('r3', 'failed', ['policy.sign-in-none'], system)
      expect((await city.releases('permit', 2)).map(({ id, state, reasons, decidedBy }) => [id, state, reasons, decidedBy])).toEqual([
        ['r3', 'failed', ['policy.sign-in-none'], null],
        ['r2', 'refused', null, ben.actor],
      ])
      expect((await city.release('r1'))?.decidedBy).toBe(ben.actor)
      expect(await actions(city)).toEqual([
        'service.created',
        'service.scheduled',
        'service.unscheduled',
        'approval.requested',
        'approval.refused',
        'service.scheduled',
        'service.unscheduled',
      ])
    })

    it('do not undo what was published since', async () => {
      const { city } = await drafted()
      await city.requestRelease(asked('r1', { state: 'waiting' }), 1, ada)
      await city.publish(version(), 1, ben)
      await expect(city.carryOutRelease('r1', version(), system)).rejects.toEqual(conflict('taken'))
      expect((await city.versions('permit')).map((one) => one.version)).toEqual([1])
      // A version that came before the request does not stand in its way, and one that did not is missed.
      await city.endRelease('r1', 'outdated', null, system)
      await expect(city.requestRelease(asked('r2', { state: 'waiting' }), 1, ada)).rejects.toEqual(conflict('stale'))
      await city.requestRelease(asked('r3', { state: 'waiting', base: 1 }), 1, ada)
      expect(await city.carryOutRelease('r3', version(), system)).toBe(2)
      // Published in the old way: nobody was asked about warnings.
      expect((await city.versions('permit')).map((one) => one.acknowledged)).toEqual([[], []])
    })
  })
}
