import { expect, it } from 'vitest'
import { createWorld, definitionOf } from '../testing/world.ts'

it('says when a service closes where its reader is, when that is not yet, and for how long files are kept', async () => {
  const world = await createWorld({ PURGE_AFTER_HOURS: '12' })
  try {
    const limits = async () => (await world.request('/v1/services/city/library-card/time-limits')).json()
    await world.offer()
    expect(await limits()).toEqual({ now: world.adapters.clock.now().toISOString(), filesHours: 12 })
    await world.offer(
      definitionOf((definition) =>
        Object.assign(definition, { window: { closes: '2026-03-30' }, locale: { ...definition.locale, timeZone: 'Europe/Athens' } }),
      ),
    )
    expect((await limits()).closes).toBe('2026-03-30T20:59:59.000Z')
    // Late submissions are taken: that is the end.
    await world.offer(definitionOf((definition) => Object.assign(definition, { window: { closes: '2026-03-30', lateUntil: '2026-04-01T12:00' } })))
    expect((await limits()).closes).toMatch(/^2026-04-01T/)
  } finally {
    await world.close()
  }
})
