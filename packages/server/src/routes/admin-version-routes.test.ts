import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWorld, definitionOf, own, plainPolicy, setupToken, type World } from '../testing/world.ts'

let world: World
let Cookie: string
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  const entered = await call('POST', 'setup', { token: setupToken, email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' })
  Cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] as string
})
afterEach(() => world.close())

const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  world.request(`/v1/admin/${path}`, {
    method,
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json', ...(Cookie ? { Cookie } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })

it('gives each version as it was published, whatever the draft says now', async () => {
  const definition = { ...definitionOf(), id: 'cards' }
  expect((await call('POST', 'services', { definition })).status).toBe(201)
  await call('PUT', 'services/cards', { definition, policy: plainPolicy }, { 'If-Match': '"1"' })
  expect((await call('POST', 'services/cards/publish', {}, { 'If-Match': '"2"' })).status).toBe(201)
  const { revision } = (await (await call('GET', 'services/cards')).json()) as unknown as { revision: number }
  const later = { ...definition, title: { en: 'Another title' } }
  expect((await call('PUT', 'services/cards', { definition: later, policy: plainPolicy }, { 'If-Match': `"${revision}"` })).status).toBe(200)

  const response = await call('GET', 'services/cards/versions/1')
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    version: 1,
    definition,
    policy: plainPolicy,
    digest: expect.stringMatching(/./),
    publishedAt: expect.stringMatching(/^\d{4}-/),
  })
})

it('has no versions that were not published, and none for those who are not signed in', async () => {
  for (const path of ['services/cards/versions/1', 'services/cards/versions/0', 'services/cards/versions/x'])
    expect((await call('GET', path)).status, path).toBe(404)
  Cookie = ''
  expect((await call('GET', 'services/cards/versions/1')).status).toBe(401)
})
