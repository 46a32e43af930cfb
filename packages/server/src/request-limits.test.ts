import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from './app.ts'
import { createHttpServer, usualTimes } from './http-server.ts'
import { languages, serverMessages } from './messages.ts'
import { longestAddress, mostHeaders, mostParameters } from './request-limits.ts'
import type { Route } from './routes/route.ts'
import { reach, signedIn } from './testing/every-route.ts'
import { createWorld, definitionOf, plainPolicy, type World } from './testing/world.ts'

let world: World
let cookie: string
beforeAll(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), plainPolicy)
  cookie = await signedIn(world)
})
afterAll(() => world.close())

const ask = (route: Route, more: Record<string, string> = {}, { method = route.method as string, query = '' } = {}) => {
  const { address, headers, body } = reach(route, cookie)
  const path = query ? `${address}${address.includes('?') ? '&' : '?'}${query}` : address
  return world.request(path, { method, headers: { ...headers, ...more }, ...(body && method !== 'GET' && method !== 'HEAD' ? { body } : {}) })
}
const byPath = new Map<string, Route[]>()
for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route])

const refused: [what: string, status: number, code: string, more: Record<string, string>, query: string][] = [
  ['a long address', 414, 'address', {}, `q=${'a'.repeat(longestAddress)}`],
  ['a long query', 414, 'address', {}, 'a=1&'.repeat(mostParameters)],
  ['many headers', 431, 'headers', Object.fromEntries(Array.from({ length: mostHeaders }, (_, i) => [`X-${i}`, 'a'])), ''],
  ['a packed body', 415, 'encoding', { 'Content-Encoding': 'gzip' }, ''],
  ['a body in an encoding of its own', 501, 'encoding', { 'Transfer-Encoding': 'gzip, chunked' }, ''],
]

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  it.each(refused)('takes no request with %s, and says so in the reader’s language', async (_what, status, code, more, query) => {
    for (const language of languages) {
      const answer = await ask(route, { ...more, 'Accept-Language': language }, { query })
      expect(answer.status).toBe(status)
      expect([answer.headers.get('content-type'), answer.headers.get('content-language')]).toEqual(['application/problem+json; charset=utf-8', language])
      expect(await answer.json()).toMatchObject({ type: `https://guichet.dev/problems/${code}`, title: serverMessages(language)[`problem.${code}`], status })
      if (status === 415) expect(answer.headers.get('accept-encoding')).toBe('identity')
    }
  })

  it('takes the same request without it', async () => {
    const answer = await ask(route, { 'Content-Encoding': 'identity', 'Transfer-Encoding': 'chunked' }, { query: `q=${'a'.repeat(1000)}` })
    expect([414, 415, 431, 501]).not.toContain(answer.status)
    expect(answer.status).toBeLessThan(500)
  })
})

describe.each([...byPath])('%s', (path, group) => {
  const methods = group.map(({ method }) => method as string)
  const [route] = group as [Route]
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')

  it('answers HEAD as it would answer GET, without the body', async () => {
    const get = group.find(({ method }) => method === 'GET')
    const head = await ask(get ?? route, {}, { method: 'HEAD' })
    if (!get) return expect([head.status, head.headers.get('allow')]).toEqual([405, allowed])
    const whole = await ask(get)
    expect([head.status, head.headers.get('content-type'), head.headers.get('etag')]).toEqual([
      whole.status,
      whole.headers.get('content-type'),
      whole.headers.get('etag'),
    ])
    expect(await head.text()).toBe('')
  })

  it('says what it takes, to OPTIONS and to what it does not take', async () => {
    const options = await world.request(reach(route, cookie).address, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([204, allowed, ''])
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'].filter((one) => !methods.includes(one))) {
      // Addresses that a pattern of another route has as well are that route's.
      const answer = await ask(route, {}, { method })
      if (/^\/(?:builder|desk|assets)\//.test(path)) expect([404, 405]).toContain(answer.status)
      else expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allowed])
    }
  })
})

it('a server may be told to wait for less than it waits for headers', () => {
  expect(() => createHttpServer(() => new Response(), usualTimes(1000))).not.toThrow()
})
