import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, routes } from '../app.ts'
import type { Route } from '../routes/route.ts'
import { faultsOf, furnished, type Place, unlisted } from './matrix.test-helper.ts'

let place: Place
beforeAll(async () => {
  place = await furnished()
})
afterAll(() => place.world.close())

it('has an entry for every route, and for no other', () => {
  expect(unlisted(routes)).toEqual([])
  // The control: a route that nobody has thought of.
  const { handle, answers } = routes[0] as Route
  const fresh: Route = { method: 'GET', path: '/v1/admin/new', id: 'new', tag: 'people', summary: '', access: 'user', permission: 'self', answers, handle }
  expect(unlisted([...routes, fresh])).toEqual(['new'])
})

it('finds nothing that somebody could do, or learn, beyond what is theirs', async () => {
  const before = await place.happened()
  let all = 0
  const faults: string[] = []
  for (const route of routes) {
    const found = await faultsOf(place, route)
    faults.push(...found.faults)
    all += found.cells
  }
  expect(faults).toEqual([])
  expect(all).toBeGreaterThan(1500)
  const [, gone] = await place.happened()
  // Nothing has happened to an agency that is gone, whoever asked.
  expect(gone).toBe(before[1])
}, 120_000)

describe('would find', () => {
  const userRoutes = routes.filter((route) => route.access === 'user')
  const withRoute = (mutant: Route) => createApp(place.world.adapters, place.world.config, undefined, [mutant])
  const faultsWith = async (mutant: Route) => {
    const { app } = place.world
    const other = withRoute(mutant)
    place.world.request = (path, { client = '203.0.113.7', ...init } = {}) => other.request(path, init, client === null ? {} : { client }) as never
    try {
      return (await faultsOf(place, mutant)).faults
    } finally {
      place.world.request = (path, { client = '203.0.113.7', ...init } = {}) => app.request(path, init, client === null ? {} : { client }) as never
    }
  }

  it('a route that asks for less than it should', async () => {
    const unseen = []
    for (const route of userRoutes) {
      if (route.permission === 'self') continue
      if ((await faultsWith({ ...route, permission: 'self' } as Route)).length === 0) unseen.push(route.id)
    }
    // These ask once more by themselves.
    expect(unseen).toEqual(['createDraft', 'keepInLibrary', 'removeFromLibrary', 'exportAudit'])
  }, 120_000)

  it('a query without its limit to the services and units of whoever asks', async () => {
    const { store } = place.world.adapters
    const unseen = []
    for (const route of userRoutes.filter(({ id }) =>
      [
        'openDraft',
        'saveDraft',
        'publish',
        'listVersions',
        'openVersion',
        'openCase',
        'readAttachment',
        'decideCase',
        'decideCases',
        'listCases',
        'exportCsv',
        'exportJsonLines',
      ].includes(id),
    )) {
      const unlimited = (call: Parameters<Route['handle']>[0]) =>
        route.handle({ ...call, actor: () => ({ ...call.actor(), agency: store.agency(call.actor().agency.id) }) })
      if ((await faultsWith({ ...route, handle: unlimited } as Route)).length === 0) unseen.push(route.id)
    }
    // A file has a second wall: what of a case its reader may see (cases/revealed.ts).
    expect(unseen).toEqual(['readAttachment'])
  }, 120_000)

  it('a route that looks into another agency', async () => {
    const { store } = place.world.adapters
    const town = store.agency((await store.findAgency('town'))!)
    const unseen = []
    for (const route of userRoutes.filter(({ id }) =>
      [
        'openDraft',
        'listDrafts',
        'openCase',
        'readAttachment',
        'listCases',
        'exportCsv',
        'listPeople',
        'listKeys',
        'revokeKey',
        'withdrawInvitation',
        'changePersonState',
        'listAuditEvents',
      ].includes(id),
    )) {
      const astray = (call: Parameters<Route['handle']>[0]) => route.handle({ ...call, actor: () => ({ ...call.actor(), agency: town }) })
      if ((await faultsWith({ ...route, handle: astray } as Route)).length === 0) unseen.push(route.id)
    }
    expect(unseen).toEqual([])
  }, 120_000)
})
