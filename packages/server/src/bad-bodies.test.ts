/** What strangers send, to every route that takes a body: nothing breaks, nothing is our fault, no object is polluted. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routes } from './app.ts'
import type { Route } from './routes/route.ts'
import { badBodies, pollutions } from './testing/bad-json.ts'
import { reach, signedIn } from './testing/every-route.ts'
import { personIn } from './testing/people.ts'
import { createWorld, definitionOf, own, pdf, plainPolicy, type World } from './testing/world.ts'

/** Of all routes together. Enough to find what a change breaks; docs/limits.md says what was found with more. */
const bodies = Number(process.env.BAD_BODIES ?? 600)

let world: World
let cookie: string
let operatorCookie: string
beforeAll(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } } })
  cookie = await signedIn(world)
  const house = await world.adapters.store.house(world.adapters.clock.now().toISOString())
  operatorCookie = (await (await personIn(world, house, 'ops@house.example', [{ role: 'operator' }])).enter()).Cookie
})
afterAll(() => world.close())

/** Of whoever may ask; a change of how somebody signs in gives them another. */
const cookieFor = (route: Route) => (route.permission === 'agencies.manage' ? operatorCookie : cookie)
const noteCookie = (answer: Response) => {
  const renewed = /^guichet=city\.[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0]
  if (renewed) cookie = renewed
}

const takers = routes.filter((route) => route.body)
const each = Math.ceil(bodies / takers.length)
/** A client of its own each time, so that none is told to come later. */
let client = 0
const address = () => `2001:db8:${(++client).toString(16)}::1`

async function checked(answer: Response): Promise<number> {
  noteCookie(answer)
  const text = await answer.text()
  const line = `${answer.status} ${text.slice(0, 300)}`
  expect(answer.status, line).toBeLessThan(500)
  if (answer.status < 400 || !answer.headers.get('content-type')?.includes('json')) return answer.status
  expect(answer.headers.get('content-type'), line).toBe('application/problem+json; charset=utf-8')
  const problem = JSON.parse(text)
  expect(problem, line).toMatchObject({
    type: expect.stringMatching(/^https:\/\/guichet\.dev\/problems\/[a-z-]+$/),
    title: expect.stringMatching(/./),
    status: answer.status,
  })
  if (['shape', 'answers'].includes(problem.type.split('/').at(-1))) {
    expect(problem.errors.length, line).toBeGreaterThan(0)
    for (const error of problem.errors)
      expect(error, line).toEqual({ pointer: expect.stringMatching(/^(\/|$)/), code: expect.stringMatching(/./), detail: expect.stringMatching(/./) })
  }
  return answer.status
}

it.each(takers.map((route) => [`${route.method} ${route.path}`, route] as const))('%s takes no bad body, and none breaks it', async (_, route) => {
  const { body } = reach(route, cookieFor(route))
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(badBodies(Buffer.from(body ?? '').toString('utf8')), async (bytes) => {
      const { address: path, headers } = reach(route, cookieFor(route))
      seen.add(await checked((await world.request(path, { method: route.method, headers, body: bytes, client: address() })) as Response))
    }),
    // What is no JSON at all comes first, so that the control does not hang on chance.
    { numRuns: each, examples: [[new Uint8Array(Buffer.from('{'))]] },
  )
  // The control: they got as far as being looked at.
  expect(
    [...seen].some((status) => [400, 404, 412, 422].includes(status)),
    String([...seen]),
  ).toBe(true)
  expect(world.log.splice(0).filter((line) => JSON.parse(line).level >= 50)).toEqual([])
})

it.each(takers.map((route) => [`${route.method} ${route.path}`, route] as const))('%s lets nothing reach the prototype of all objects', async (_, route) => {
  const { body } = reach(route, cookieFor(route))
  await fc.assert(
    fc.asyncProperty(pollutions(Buffer.from(body ?? '').toString('utf8')), async (pollution) => {
      const { address: path, headers } = reach(route, cookieFor(route))
      const query = `${path.includes('?') ? '&' : '?'}${pollution.query}`
      await checked(
        (await world.request(path + query, {
          method: route.method,
          headers: { ...headers, ...pollution.headers },
          body: pollution.body,
          client: address(),
        })) as Response,
      )
      expect('polluted' in {}).toBe(false)
      expect(Object.keys(Object.prototype)).toEqual([])
    }),
    { numRuns: Math.ceil(each / 2) },
  )
})

it('a body that is put into every object is noticed', () => {
  // The control: this is how a careless merge looks, and what the tests above would see of it.
  const merge = (to: Record<string, unknown>, from: Record<string, unknown>) => {
    for (const key of Object.keys(from)) {
      if (typeof to[key] === 'object' && to[key] !== null) merge(to[key] as Record<string, unknown>, from[key] as Record<string, unknown>)
      else to[key] = from[key]
    }
  }
  try {
    merge({}, JSON.parse('{"__proto__":{"polluted":1}}'))
    expect('polluted' in {}).toBe(true)
  } finally {
    delete (Object.prototype as { polluted?: unknown }).polluted
  }
})

it('what no database column can hold is kept, or refused, but never our fault', async () => {
  const hostile = ['\0', 'a\0b', '\u{1f4a3}', '\u202e', '\ufffe', 'a\u0301', '\\u0000', "'); --", '\u{10ffff}']
  const call = (method: string, path: string, body: unknown, more: Record<string, string> = {}) =>
    world.request(path, {
      method,
      headers: { Origin: own, Cookie: cookie, 'Content-Type': 'application/json', ...more },
      body: JSON.stringify(body),
      client: address(),
    })
  for (const [i, text] of hostile.entries()) {
    const id = `hostile-${i}`
    const definition = { id, title: { en: text }, [text]: text }
    const made = await call('POST', '/v1/admin/services', { definition })
    await checked(made as Response)
    if (made.status !== 201) continue
    const kept = (await (await world.request(`/v1/admin/services/${id}`, { headers: { Cookie: cookie } })).json()) as unknown as { definition: object }
    expect(kept.definition).toMatchObject({ title: { en: text }, [text]: text })
    await checked((await call('PUT', `/v1/admin/services/${id}`, { definition: { ...definition, [`x${text}`]: text } }, { 'If-Match': '"1"' })) as Response)
  }
  for (const text of hostile) {
    const paths = [
      `/v1/services/${encodeURIComponent(text)}/x`,
      `/v1/services/city/${encodeURIComponent(text)}`,
      `/v1/admin/services/${encodeURIComponent(text)}`,
      `/v1/admin/cases?service=${encodeURIComponent(text)}&cursor=${encodeURIComponent(text)}`,
      `/?lang=${encodeURIComponent(text)}`,
    ]
    for (const path of paths) await checked((await world.request(path, { headers: { Cookie: cookie } })) as Response)
    await checked((await call('POST', '/v1/admin/session', { email: `${text}@x`, password: text })) as Response)
    await checked((await call('POST', '/v1/status', { reference: text })) as Response)
    const file = `/v1/services/city/library-card/attachments?target=student_id&name=${encodeURIComponent(text)}`
    await checked(
      (await world.request(file, { method: 'POST', headers: { Origin: own, 'Content-Type': 'application/pdf' }, body: pdf, client: address() })) as Response,
    )
  }
  expect(world.log.splice(0).filter((line) => JSON.parse(line).level >= 50)).toEqual([])
})
