import { join } from 'node:path'
import { compile, upgrade } from '@guichet/core'
import { whatComesOf } from '@guichet/core/saved-examples'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import formatZero from '../../../core/src/migrations/fixtures/0-library-card.json' with { type: 'json' }
import { openAdapters } from '../adapters.ts'
import { createWorld, definitionOf, own, plainPolicy, setupToken, type World } from '../testing/world.ts'
import { scryptPasswords } from './password.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
})
afterEach(() => world.close())

const ours = { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json' }
const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  world.request(`/v1/admin/${path}`, { method, headers: { ...ours, ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) })
const owner = { email: 'Ada@City.Example', name: 'Ada', password: 'correct horse battery' }

/** Signs in for the first time and gives the header that proves it. */
async function enter(): Promise<{ Cookie: string }> {
  const response = await call('POST', 'setup', { token: setupToken, ...owner })
  expect(response.status).toBe(201)
  return { Cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string }
}

describe('set-up and sign-in', () => {
  it('makes the first user with the token, once', async () => {
    expect((await call('POST', 'setup', { token: 'wrong', ...owner })).status).toBe(403)
    const response = await call('POST', 'setup', { token: setupToken, ...owner })
    expect([response.status, await response.json()]).toEqual([
      201,
      { user: { id: expect.any(String), name: 'Ada', email: 'ada@city.example' }, agency: { id: 'city', name: 'Agency city' } },
    ])
    const cookie = response.headers.get('set-cookie') ?? ''
    for (const part of ['guichet=', 'HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part)
    expect(cookie).not.toContain('Secure')
    expect((await call('POST', 'setup', { token: setupToken, ...owner, email: 'b@city.example' })).status).toBe(403)
  })

  it('binds the cookie to the host over https', async () => {
    const secure = await createWorld({ BASE_URL: 'https://forms.example.org' })
    await secure.offer()
    const response = await secure.request('/v1/admin/setup', {
      method: 'POST',
      headers: { ...ours, Origin: 'https://forms.example.org' },
      body: JSON.stringify({ token: setupToken, ...owner }),
    })
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-guichet=.*Secure/)
    expect(response.headers.get('strict-transport-security')).toMatch(/max-age/)
    await secure.close()
  })

  it('signs in and out; a closed or expired session is refused at once', async () => {
    await enter()
    expect((await call('POST', 'session', { email: 'ada@city.example', password: 'wrong' })).status).toBe(401)
    expect((await call('POST', 'session', { email: 'nobody@city.example', password: owner.password })).status).toBe(401)
    const response = await call('POST', 'session', { email: 'ADA@City.example', password: owner.password })
    expect(response.status).toBe(200)
    const session = { Cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string }
    expect((await call('GET', 'session', undefined, session)).status).toBe(200)
    expect((await call('GET', 'session')).status).toBe(401)
    expect((await call('GET', 'session', undefined, { Cookie: 'guichet=city.forged' })).status).toBe(401)
    expect((await call('GET', 'session', undefined, { Cookie: session.Cookie.replace('city', 'town') })).status).toBe(401)
    expect((await call('DELETE', 'session', undefined, session)).status).toBe(204)
    expect((await call('GET', 'session', undefined, session)).status).toBe(401)
    const again = await call('POST', 'session', { email: 'ada@city.example', password: owner.password })
    const second = { Cookie: (again.headers.get('set-cookie') ?? '').split(';')[0] as string }
    world.setTime('2026-01-05T20:00:01.000Z')
    expect((await call('GET', 'session', undefined, second)).status).toBe(401)
    // Nor is it open before it was opened: a clock that was set back would make it last for longer.
    world.setTime('2026-01-05T07:56:00Z')
    expect((await call('GET', 'session', undefined, second)).status).toBe(200)
    world.setTime('2026-01-05T07:54:00Z')
    expect((await call('GET', 'session', undefined, second)).status).toBe(401)
  })

  it('keeps no password and no session secret', async () => {
    const { Cookie } = await enter()
    const disk = world.disk()
    expect(disk).not.toContain(owner.password)
    expect(disk).not.toContain(Cookie.split('.')[1])
    expect(disk).not.toContain(setupToken)
    expect(world.log.join('\n')).not.toContain(owner.password)
  })

  it('slows guessing down', async () => {
    await enter()
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await call('POST', 'session', { email: 'ada@city.example', password: `guess ${i}` })).status)
    expect(statuses.at(-1)).toBe(429)
    expect(statuses[0]).toBe(401)
  }, 60_000)

  it('hashes slowly, with a salt, and checks', async () => {
    const { passwords, store } = openAdapters({ ...world.config, dataDir: join(world.folder, 'as-it-runs'), logLevel: 'silent' })
    const { hash, check } = passwords
    const one = await hash('pass phrase')
    const quick = scryptPasswords({ N: 2 ** 10, r: 8, p: 1 })
    expect(await quick.hash('pass phrase')).not.toBe(await quick.hash('pass phrase'))
    expect(one).toMatch(/^scrypt\$131072\$8\$1\$/)
    expect([await check('pass phrase', one), await check('pass phrasE', one), await check('pass phrase', null)]).toEqual([true, false, false])
    await store.close()
  }, 30_000)
})

describe('first party only', () => {
  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    ['another site without its header', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling site', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://127.0.0.1:8081' }],
    ['a forged header beside a foreign origin', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' }],
    ['nobody who says where he is from', {}],
    ['a sandboxed frame', { Origin: 'null' }],
  ])('changes nothing for %s', async (_, headers) => {
    const session = await enter()
    const send = (from: Record<string, string>) =>
      world.request('/v1/admin/services', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...session, ...from },
        body: JSON.stringify({ definition: definitionOf((definition) => (definition.id = 'forged')) }),
      })
    expect((await send(headers as Record<string, string>)).status).toBe(403)
    expect((await send({ 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201)
  })

  it('gives nothing to another site, and takes nothing but JSON', async () => {
    const session = await enter()
    const read = await world.request('/v1/admin/services', { headers: { ...session, 'Sec-Fetch-Site': 'cross-site' } })
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([403, null])
    const form = await world.request('/v1/admin/session', { method: 'POST', headers: { ...ours, 'Content-Type': 'text/plain' }, body: JSON.stringify(owner) })
    expect(form.status).toBe(415)
  })
})

describe('examples of an author', () => {
  const example = {
    id: 'one',
    name: 'Of Ada',
    today: '2026-01-05',
    answers: { name: 'Ada', student: false, cards: [] },
    expects: { pages: ['nowhere'], documents: {}, total: 0, route: null, problems: [] },
  }
  const put = async (session: { Cookie: string }, expects: object) => {
    const definition = definitionOf((given) => {
      given.id = 'with-examples'
      given.examples = [{ ...example, expects: { ...example.expects, ...expects } }]
    })
    const { revision } = await (await call('GET', 'services/with-examples', undefined, session)).json()
    const saved = await call('PUT', 'services/with-examples', { definition, policy: plainPolicy }, { ...session, 'If-Match': `"${revision}"` })
    const published = await call('POST', 'services/with-examples/publish', {}, { ...session, 'If-Match': `"${(await saved.json()).revision}"` })
    return { status: published.status, codes: ((await published.json()).findings ?? []).map(({ code }: { code: string }) => code) }
  }

  it('keep a version from being published, and are in none', async () => {
    const session = await enter()
    await call('POST', 'services', { definition: { id: 'with-examples' } }, session)
    const refused = await put(session, {})
    expect([refused.status, refused.codes]).toEqual([422, expect.arrayContaining(['example.pages'])])
    const expects = whatComesOf(compile(definitionOf(), world.adapters.types), example.answers, example.today)
    expect((await put(session, expects)).status).toBe(201)
    // Neither in what anybody may read, nor in what was published; the draft has them.
    const version = await world.request('/v1/services/city/with-examples/versions/1', {})
    expect(await version.text()).not.toContain('Of Ada')
    expect(await (await call('GET', 'services/with-examples/versions/1', undefined, session)).text()).not.toContain('Of Ada')
    expect(await (await call('GET', 'services/with-examples', undefined, session)).text()).toContain('Of Ada')
  })
})

describe('drafts and versions', () => {
  it('save over the revision that was edited, publish, and leave published versions as they are', async () => {
    const session = await enter()
    const made = await call('POST', 'services', { definition: { id: 'new-one' } }, session)
    expect([made.status, await made.json()]).toEqual([201, { id: 'new-one', revision: 1 }])
    expect((await call('POST', 'services', { definition: { id: 'new-one' } }, session)).status).toBe(409)

    const definition = definitionOf((given) => (given.id = 'new-one'))
    expect((await call('PUT', 'services/new-one', { definition, policy: null }, session)).status).toBe(428)
    expect((await call('PUT', 'services/new-one', { definition, policy: null }, { ...session, 'If-Match': '"7"' })).status).toBe(412)
    const saved = await call('PUT', 'services/new-one', { definition, policy: plainPolicy }, { ...session, 'If-Match': '"1"' })
    expect([saved.status, await saved.json()]).toEqual([200, { revision: 2 }])
    expect((await call('PUT', 'services/new-one', { definition, policy: null }, { ...session, 'If-Match': '"1"' })).status).toBe(412)

    expect((await call('POST', 'services/new-one/publish', {}, { ...session, 'If-Match': '"1"' })).status).toBe(412)
    const published = await call('POST', 'services/new-one/publish', {}, { ...session, 'If-Match': '"2"' })
    expect([published.status, await published.json()]).toEqual([201, { version: 1, findings: [] }])
    const first = await (await world.request('/v1/services/city/new-one/versions/1')).json()
    expect(first).toEqual(definition)

    const later = definitionOf((given) => {
      given.id = 'new-one'
      given.title = { en: 'Another title', el: 'Άλλος τίτλος' }
    })
    await call('PUT', 'services/new-one', { definition: later, policy: plainPolicy }, { ...session, 'If-Match': '"2"' })
    await call('POST', 'services/new-one/publish', {}, { ...session, 'If-Match': '"3"' })
    expect(await (await world.request('/v1/services/city/new-one/versions/1')).json()).toEqual(definition)
    expect(await (await world.request('/v1/services/city/new-one/versions/2')).json()).toEqual(later)
    const { versions } = await (await call('GET', 'services/new-one/versions', undefined, session)).json()
    expect(versions.map(({ version }) => version)).toEqual([2, 1])
    expect(new Set(versions.map(({ digest }) => digest)).size).toBe(2)
    const opened = await (await call('GET', 'services/new-one', undefined, session)).json()
    expect(opened).toEqual({ definition: later, policy: plainPolicy, revision: 3, publishedVersion: 2 })
  })

  it('do not publish with errors, nor with a policy that cannot be meant', async () => {
    const session = await enter()
    const faulty = definitionOf((given) => {
      given.id = 'faulty'
      given.pages[0].fields[0]!.when = { var: 'nothing_of_that_name' }
    })
    await call('POST', 'services', { definition: faulty }, session)
    const refused = await call('POST', 'services/faulty/publish', {}, { ...session, 'If-Match': '"1"' })
    expect(refused.status).toBe(422)
    expect((await refused.json()).findings).toContainEqual(
      expect.objectContaining({ severity: 'error', pointer: expect.stringContaining('/pages/0/fields/0/when') }),
    )
    const policy = { preset: 'standard', rules: { origins: { allow: ['*'] } } }
    await call('PUT', 'services/faulty', { definition: definitionOf((given) => (given.id = 'faulty')), policy }, { ...session, 'If-Match': '"1"' })
    const open = await call('POST', 'services/faulty/publish', {}, { ...session, 'If-Match': '"2"' })
    expect((await open.json()).findings).toMatchObject([
      { code: 'policy.any-needs-open', pointer: '/policy/rules/origins', detail: expect.stringContaining('open') },
    ])
    expect((await call('PUT', 'services/faulty', { definition: { id: 'other' }, policy: {} }, { ...session, 'If-Match': '"2"' })).status).toBe(400)
    expect(
      (await call('PUT', 'services/faulty', { definition: { id: 'faulty' }, policy: { rules: { unheard: {} } } }, { ...session, 'If-Match': '"2"' })).status,
    ).toBe(400)
    expect((await world.request('/v1/services/city/faulty')).status).toBe(404)
  })

  it('of an older format are opened, published and offered in today’s', async () => {
    const session = await enter()
    const old = { ...formatZero, id: 'old-one' }
    await call('POST', 'services', { definition: old }, session)
    const opened = await (await call('GET', 'services/old-one', undefined, session)).json()
    expect(opened.definition).toEqual(upgrade(old))
    expect(opened.definition).toMatchObject({ format: 1, title: { en: 'Get a library card' } })
    const refused = await call('POST', 'services/old-one/publish', {}, { ...session, 'If-Match': '"1"' })
    const acknowledged = refused.status === 422 ? (await refused.json()).findings.map(({ code }) => code) : []
    const published = refused.status === 422 ? await call('POST', 'services/old-one/publish', { acknowledged }, { ...session, 'If-Match': '"1"' }) : refused
    expect([published.status, (await published.json()).version]).toEqual([201, 1])
    expect((await (await world.request('/v1/services/city/old-one')).json()).definition).toMatchObject({ format: 1 })
    // What has no format that is known is opened as it is, and lint says so when it is to be published.
    await call('POST', 'services', { definition: { id: 'no-format', format: 99 } }, session)
    expect((await (await call('GET', 'services/no-format', undefined, session)).json()).definition).toEqual({ id: 'no-format', format: 99 })
    expect((await call('POST', 'services/no-format/publish', {}, { ...session, 'If-Match': '"1"' })).status).toBe(422)
  })

  it('are another agency’s secret', async () => {
    const session = await enter()
    await world.offer(
      definitionOf((given) => (given.id = 'of-the-town')),
      plainPolicy,
      'town',
    )
    const { services } = await (await call('GET', 'services', undefined, session)).json()
    expect(services.map(({ id }) => id)).toEqual(['library-card'])
    const across = await call('GET', 'services/of-the-town', undefined, session)
    const unknown = await call('GET', 'services/of-nobody', undefined, session)
    expect([across.status, await across.text()]).toEqual([404, await unknown.text()])
    expect((await call('PUT', 'services/of-the-town', { definition: { id: 'of-the-town' } }, { ...session, 'If-Match': '"1"' })).status).toBe(404)
    expect((await call('POST', 'services/of-the-town/publish', {}, { ...session, 'If-Match': '"1"' })).status).toBe(404)
    expect((await call('GET', 'services/of-the-town/versions', undefined, session)).status).toBe(404)
  })
})
