/** T19: whether anybody reaches, by a name in a request, what is not theirs. */

import { actors, faultsOf, furnished, unlisted } from '../../src/access/matrix.test-helper.ts'
import { createApp, routes } from '../../src/app.ts'
import type { Line } from '../line.ts'

export const thingsOfOthers: Line = {
  attack: 'T19',
  name: 'things-of-others',
  what: 'every route asked by everybody about their own, another service, another agency, a deleted one, and nothing',
  reach: 'a row for every route; no answer that is not due, none that tells a thing of others from nothing',
  shorter: 'packages/server/src/access/matrix.test.ts',
  async run() {
    const place = await furnished()
    const { world } = place
    const faults = unlisted(routes).map((id) => `${id} has no row`)
    let trials = 0
    for (const route of routes) {
      const seen = await faultsOf(place, route)
      faults.push(...seen.faults)
      trials += seen.cells
    }
    const careless = routes.filter(({ id }) => id === 'listCases').map((route) => ({ ...route, permission: 'self' as const }))
    const weak = createApp(world.adapters, world.config, undefined, careless as never)
    world.request = (path, { client = '203.0.113.7', ...init } = {}) => weak.request(path, init, client === null ? {} : { client }) as never
    const noticed = careless.length === 1 && (await faultsOf(place, careless[0] as never)).faults.length > 0
    await world.close()
    return {
      trials,
      figure: `${faults.length} wrong answers on ${routes.length} routes to ${actors.length} kinds of people${faults[0] ? `, such as ${faults[0]}` : ''}`,
      good: faults.length === 0,
      control: { what: 'a list of cases that asks for no right', noticed },
    }
  },
}
