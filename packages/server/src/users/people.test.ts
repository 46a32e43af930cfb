import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeAgency } from '../agencies/operate.ts'
import { routes } from '../app.ts'
import type { AgencyStore } from '../store/store.ts'
import { movingDefinition } from '../testing/cases.ts'
import { agencyOf, ours, type Person, password, personIn } from '../testing/people.ts'
import { answersOf, createWorld, pdf, plainPolicy, type TestResponse, type World } from '../testing/world.ts'
import { codeAt, stepOf } from './totp.ts'

let world: World
let city: AgencyStore
let owner: Person
beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition(), plainPolicy)
  await world.offer(movingDefinition(), plainPolicy, 'town')
  city = await agencyOf(world, 'city')
  owner = await personIn(world, city, 'ada@city.example', [{ role: 'owner' }])
})
afterEach(() => world.close())

const cookieOf = (response: TestResponse) => ({ Cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string })
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  world.request(`/v1/admin/${path}`, { method: 'POST', headers: { ...ours, ...headers }, body: JSON.stringify(body) })
const get = (path: string, headers: Record<string, string>) => world.request(`/v1/admin/${path}`, { headers: { ...ours, ...headers } })
const code = async (response: TestResponse | Promise<TestResponse>) => {
  const answer = await response
  return answer.status < 300 ? answer.status : `${answer.status} ${(await answer.json()).type.split('/').at(-1)}`
}
const later = (minutes: number) => world.setTime(new Date(Date.parse('2026-01-05T08:00:00Z') + minutes * 60_000).toISOString())
const fromBase32 = (text: string) => {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
const invited = async (by: Person, email: string, memberships: object[]) => {
  const response = await by.call('POST', 'people/invitations', { email, memberships })
  return { response, token: String((await response.json()).link ?? '').split('#invitation=')[1] ?? '' }
}

describe('invitations', () => {
  it('are shown once, accepted once, and keep no secret', async () => {
    const { response, token } = await invited(owner, 'Bo@City.example', [{ role: 'officer', services: ['library-card'] }])
    expect([response.status, token.startsWith('city.')]).toEqual([201, true])
    expect(await (await post('invitation', { token })).json()).toMatchObject({ agency: { id: 'city', name: 'Agency city' }, email: 'bo@city.example' })
    const accepted = await post('invitation/acceptance', { token, name: 'Bo', password })
    expect([accepted.status, (await accepted.json()).user]).toEqual([201, { id: expect.any(String), name: 'Bo', email: 'bo@city.example' }])
    expect(await (await get('session', cookieOf(accepted))).json()).toMatchObject({
      memberships: [{ role: 'officer', services: ['library-card'] }],
      operator: false,
    })
    const [never, used] = [await post('invitation', { token: `city.${'A'.repeat(43)}` }), await post('invitation/acceptance', { token, name: 'Eve', password })]
    expect([used.status, await used.text()]).toEqual([404, await never.text()])
    expect(await code(owner.call('POST', 'people/invitations', { email: 'bo@city.example', memberships: [{ role: 'editor' }] }))).toBe('409 works-here')
    const secret = token.split('.')[1] as string
    expect([world.disk().includes(secret), world.log.join('\n').includes(secret), world.log.join('\n').includes('bo@city.example')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('Formbricks PR #8848: expire, are withdrawn, and are refused for roles that there are not', async () => {
    const { token } = await invited(owner, 'bo@city.example', [{ role: 'editor' }])
    const { invitations } = (await (await owner.call('GET', 'people')).json()) as unknown as { invitations: { id: string }[] }
    expect(await code(owner.call('DELETE', `people/invitations/${invitations[0]?.id}`))).toBe(204)
    expect(await code(post('invitation', { token }))).toBe('404 invitation')
    const again = await invited(owner, 'bo@city.example', [{ role: 'editor' }])
    world.setTime('2026-01-12T08:00:01.000Z')
    expect(await code(post('invitation', { token: again.token }))).toBe('404 invitation')
    world.setTime('2026-01-05T08:00:00.000Z')
    for (const memberships of [[{ role: 'operator' }], [{ role: 'owner', services: ['a'] }], [{ role: 'king' }], []])
      expect(await code(owner.call('POST', 'people/invitations', { email: 'x@city.example', memberships }))).toBe('400 shape')
  })
})

describe('a second factor', () => {
  const turnOn = async (session: { Cookie: string }) => {
    const offer = (await (await post('account/second-factor', {}, session)).json()) as unknown as { secret: string; sealed: string; uri: string }
    const secret = fromBase32(offer.secret)
    const now = () => codeAt(secret, stepOf(world.adapters.clock.now()))
    const done = await world.request('/v1/admin/account/second-factor', {
      method: 'PUT',
      headers: { ...ours, ...session },
      body: JSON.stringify({ sealed: offer.sealed, code: now() }),
    })
    return { offer, now, done, session: cookieOf(done), recovery: ((await done.json()) as unknown as { recoveryCodes: string[] }).recoveryCodes }
  }
  const signIn = (more: object) => post('session', { email: 'ada@city.example', password, ...more })

  it('CVE-2024-24771: is asked for after the password; each code works once, and so does each recovery code', async () => {
    const other = await owner.enter()
    const { offer, now, done, session, recovery } = await turnOn(await owner.enter())
    expect([done.status, recovery.length, offer.uri.startsWith('otpauth://totp/')]).toEqual([200, 8, true])
    // Whoever was signed in elsewhere is not any more; the one who did it goes on, under another secret.
    expect([await code(get('session', other)), await code(get('session', session))]).toEqual(['401 signed-out', 200])
    expect(world.disk()).not.toContain(offer.secret)
    expect(await code(signIn({}))).toBe('401 second-factor')
    expect(await code(signIn({ password: 'wrong', code: now() }))).toBe('401 sign-in')
    // The code that turned it on is used up.
    expect(await code(signIn({ code: now() }))).toBe('401 second-factor-wrong')
    later(1)
    const [first, second] = await Promise.all([signIn({ code: now() }), signIn({ code: now() })])
    expect([first.status, second.status].sort()).toEqual([200, 401])
    expect(await code(signIn({ code: recovery[0] }))).toBe(200)
    expect(await code(signIn({ code: recovery[0] }))).toBe('401 second-factor-wrong')
    expect(await code(signIn({ code: recovery[1]?.toLowerCase().replaceAll('-', ' ') }))).toBe(200)
  })

  it('is nobody else’s: what was sealed for one opens for no other', async () => {
    const bo = await personIn(world, city, 'bo@city.example', [{ role: 'owner' }])
    const { offer, now } = await turnOn(await owner.enter())
    const mine = await bo.enter()
    const answer = world.request('/v1/admin/account/second-factor', {
      method: 'PUT',
      headers: { ...ours, ...mine },
      body: JSON.stringify({ sealed: offer.sealed, code: now() }),
    })
    expect(await code(answer)).toBe('400 shape')
  })

  it('can be asked of everybody: without one there is only the account', async () => {
    const bo = await personIn(world, city, 'bo@city.example', [{ role: 'owner' }])
    const strong = await owner.enter(true)
    const save = (session: object, headers: object) =>
      world.request('/v1/admin/agency', {
        method: 'PUT',
        headers: { ...ours, ...session, ...headers } as Record<string, string>,
        body: JSON.stringify({ requireSecondFactor: true }),
      })
    expect(await code(save(await bo.enter(false), { 'If-Match': '"1"' }))).toBe('409 second-factor-missing')
    expect(await code(save(strong, { 'If-Match': '"1"' }))).toBe(200)
    const weak = await bo.enter(false)
    expect(await code(get('services', weak))).toBe('403 second-factor-missing')
    expect((await (await get('session', weak)).json()).secondFactor).toMatchObject({ missing: true, required: true })
    const { session } = await turnOn(weak)
    expect(await code(get('services', session))).toBe(200)
    expect(await code(world.request('/v1/admin/account/second-factor', { method: 'DELETE', headers: { ...ours, ...session } }))).toBe(
      '403 second-factor-missing',
    )
  })
})

describe('sessions', () => {
  it('end when nobody uses them, and twelve hours after they began', async () => {
    const session = await owner.enter()
    later(59)
    expect(await code(get('session', session))).toBe(200)
    later(118)
    expect(await code(get('session', session))).toBe(200)
    later(179)
    expect(await code(get('session', session))).toBe('401 signed-out')
    const busy = await owner.enter()
    for (let minute = 230; minute <= 179 + 12 * 60; minute += 50) {
      later(minute)
      await get('session', busy)
    }
    later(180 + 12 * 60)
    expect(await code(get('session', busy))).toBe('401 signed-out')
  })

  it('are listed and ended one by one; another password ends all others', async () => {
    const [one, two] = [await owner.enter(), await owner.enter()]
    const { sessions } = (await (await get('account/sessions', one)).json()) as unknown as { sessions: { id: string; current: boolean }[] }
    // Begun at the same moment, they are in either order.
    expect(sessions.map(({ current }) => current).sort()).toEqual([false, true])
    const other = sessions.find(({ current }) => !current)?.id ?? ''
    expect(JSON.stringify(sessions)).not.toContain(one.Cookie.split('.')[1])
    const end = (id: string, by: { Cookie: string }) =>
      code(world.request(`/v1/admin/account/sessions/${id}`, { method: 'DELETE', headers: { ...ours, ...by } }))
    const bo = await personIn(world, city, 'bo@city.example', [{ role: 'owner' }])
    expect(await end(other, await bo.enter())).toBe('404 not-found')
    expect([await end(other, one), await code(get('session', two))]).toEqual([204, '401 signed-out'])
    const three = await owner.enter()
    const changed = await world.request('/v1/admin/account/password', {
      method: 'PUT',
      headers: { ...ours, ...one },
      body: JSON.stringify({ password: 'another horse battery' }),
    })
    expect([changed.status, await code(get('session', three)), await code(get('session', one)), await code(get('session', cookieOf(changed)))]).toEqual([
      204,
      '401 signed-out',
      '401 signed-out',
      200,
    ])
    expect([
      await code(post('session', { email: owner.email, password })),
      await code(post('session', { email: owner.email, password: 'another horse battery' })),
    ]).toEqual(['401 sign-in', 200])
  })

  it('GHSA-56p6-qw3c-fq2g: are refused with the next request when what their user may do changes', async () => {
    const bo = await personIn(world, city, 'bo@city.example', [{ role: 'owner' }])
    for (const [change, left] of [
      [{ path: 'memberships', body: { memberships: [{ role: 'auditor' }] } }, '401 signed-out'],
      [{ path: 'state', body: { state: 'suspended' } }, '401 signed-out'],
    ] as const) {
      const session = await bo.enter()
      expect(await code(get('session', session))).toBe(200)
      expect(await code(owner.call('PUT', `people/${bo.id}/${change.path}`, change.body))).toBe(204)
      expect(await code(get('session', session))).toBe(left)
    }
    expect(await code(post('session', { email: bo.email, password }))).toBe('401 sign-in')
    expect(await code(owner.call('PUT', `people/${bo.id}/state`, { state: 'active' }))).toBe(204)
    const session = await bo.enter()
    expect(await code(get('people', session))).toBe(200)
    expect(await code(get('keys', session))).toBe('403 not-allowed')
    await city.remove({ actor: 'operator', at: '2026-01-05T08:00:00.000Z' })
    expect(await code(get('session', session))).toBe('401 signed-out')
  })

  it('let dangerous things be done for ten minutes after a proof', async () => {
    const session = await owner.enter()
    const make = (by: { Cookie: string }) => code(post('keys', { name: 'P', permissions: ['case.list'], days: 1 }, by))
    later(9)
    expect(await make(session)).toBe(201)
    later(11)
    expect(await make(session)).toBe('403 prove-again')
    expect(await code(post('session/proof', { password: 'wrong' }, session))).toBe('403 sign-in')
    const proved = await post('session/proof', { password }, session)
    expect([proved.status, await make(cookieOf(proved)), await code(get('session', session))]).toEqual([204, 201, '401 signed-out'])
  })

  it('prove again before keys, people, erasures and agencies are touched', async () => {
    const session = await owner.enter()
    later(11)
    const asked: string[] = []
    for (const { method, path, id } of routes.filter((route) => route.access === 'user' && route.fresh)) {
      const answer = await world.request(path.replace(/\{\w+\}/g, 'x'), { method, headers: { ...ours, ...session }, body: '{}' })
      // Operators' routes are not an owner's in any case.
      if ((await code(answer)) === '403 prove-again') asked.push(id)
    }
    expect(asked.sort()).toEqual([
      'addPasskey',
      'askErasure',
      'askRelease',
      'changeMemberships',
      'changePassword',
      'changePersonState',
      'confirmTotp',
      'decideApproval',
      'decideRelease',
      'deleteOwnAgency',
      'endSignIns',
      'invitePerson',
      'keepOfficerKey',
      'makeKey',
      'offerPasskey',
      'offerTotp',
      'publishEpoch',
      'publishRecoveryKey',
      'removePasskey',
      'removeTotp',
      'renewRecoveryCodes',
      'revokeKey',
      'saveAgency',
      'shareEpoch',
      'withdrawInvitation',
    ])
  })

  it('of an address that several agencies know are of the one that is named', async () => {
    await personIn(world, await agencyOf(world, 'town'), owner.email, [{ role: 'editor' }])
    const at = async (agency?: string) => (await (await post('session', { email: owner.email, password, ...(agency ? { agency } : {}) })).json()).agency
    expect([await at(), await at('town'), await at('city')]).toMatchObject([{ id: 'city' }, { id: 'town' }, { id: 'city' }])
    expect(await code(post('session', { email: owner.email, password, agency: 'nowhere' }))).toBe('401 sign-in')
  })

  it('cannot be stood in the way of by another agency that makes an account for the address', async () => {
    later(1)
    // It comes before in every list of agencies, and knows the address as well.
    await world.offer(movingDefinition(), plainPolicy, 'aaa')
    const squatter = await personIn(world, await agencyOf(world, 'aaa'), owner.email, [{ role: 'owner' }])
    const answer = await post('session', { email: owner.email, password })
    expect(await answer.json()).toMatchObject({ agency: { id: 'city' } })
    expect(squatter.id > owner.id).toBe(true)
  })

  it('and their invitations are held up by nobody who tries others', async () => {
    const invited = await owner.call('POST', 'people/invitations', { email: 'late@city.example', memberships: [{ role: 'editor' }] })
    const token = new URL(((await invited.json()) as unknown as { link: string }).link).hash.replace('#invitation=', '')
    const tries = async (guess: string, client: string) =>
      (await world.request('/v1/admin/invitation', { method: 'POST', client, headers: ours, body: JSON.stringify({ token: guess }) })).status
    for (let i = 0; i < 30; i++) expect(await tries(`city.${'A'.repeat(40)}${String(i).padStart(3, '0')}`, `198.51.100.${i}`)).toBe(404)
    expect(await tries(token, '203.0.113.9')).toBe(200)
    // The control: this very one is tried too often, from everywhere.
    const seen = []
    for (let i = 0; i < 12; i++) seen.push(await tries(token, `198.51.100.${100 + i}`))
    expect(seen.at(-1)).toBe(429)
  })
})

describe('keys of programs', () => {
  it('open what they are for, and nothing that is for people; no cookie helps them', async () => {
    const made = await owner.call('POST', 'keys', { name: 'Archive', permissions: ['case.list'], services: ['library-card'], days: 30 })
    const { key, id } = (await made.json()) as unknown as { key: string; id: string }
    const by = { Authorization: `Bearer ${key}` }
    const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      world.request(`/v1/admin/${path}`, { method, headers: { ...by, ...headers } })
    expect(await code(ask('cases'))).toBe(200)
    expect([await code(ask('services')), await code(ask('keys')), await code(ask('people')), await code(ask('session')), await code(ask('agency'))]).toEqual(
      Array(5).fill('403 not-allowed'),
    )
    // Beside a cookie of somebody who may more it is the key that counts.
    expect(await code(ask('people', await owner.enter()))).toBe('403 not-allowed')
    // Another site cannot read with it either: nothing lets it ask.
    const asked = await world.request('/v1/admin/cases', {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' },
    })
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, null])
    for (const wrong of [`${key}x`, key.replace('city', 'town'), key.replace('guichet_', ''), 'guichet_city.', ''])
      expect((await world.request('/v1/admin/cases', { headers: { Authorization: `Bearer ${wrong}` } })).status).not.toBe(200)
    expect([world.disk().includes(key), world.log.join('\n').includes(key)]).toEqual([false, false])
    const { keys } = (await (await owner.call('GET', 'keys')).json()) as unknown as { keys: object[] }
    expect(keys).toMatchObject([{ id, name: 'Archive', usedOn: '2026-01-05', services: ['library-card'] }])
    expect(await code(owner.call('DELETE', `keys/${id}`))).toBe(204)
    expect(await code(ask('cases'))).toBe('401 signed-out')
    expect(await code(owner.call('POST', 'keys', { name: 'P', permissions: ['people.manage'], days: 1 }))).toBe('400 shape')
    expect(await code(owner.call('POST', 'keys', { name: 'P', permissions: ['audit.read'], services: ['library-card'], days: 1 }))).toBe('400 shape')
  })

  it('end with their day', async () => {
    const made = await owner.call('POST', 'keys', { name: 'P', permissions: ['case.list'], days: 1 })
    const by = { Authorization: `Bearer ${(await made.json()).key}` }
    world.setTime('2026-01-06T07:59:59.000Z')
    expect(await code(world.request('/v1/admin/cases', { headers: by }))).toBe(200)
    world.setTime('2026-01-06T08:00:00.000Z')
    expect(await code(world.request('/v1/admin/cases', { headers: by }))).toBe('401 signed-out')
  })
})

describe('agencies', () => {
  it('are made by operators, who can look into none', async () => {
    const at = '2026-01-05T08:00:00.000Z'
    const operator = await personIn(world, await world.adapters.store.house(at), 'ops@house.example', [{ role: 'operator' }])
    expect(await code(get('agencies', await operator.enter(false)))).toBe('403 second-factor-missing')
    const made = await operator.call('POST', 'agencies', { id: 'village', title: 'Village', owner: 'eve@village.example', quotas: { services: 1 } })
    expect(made.status).toBe(201)
    const token = String((await made.json()).link).split('#invitation=')[1] as string
    const accepted = await post('invitation/acceptance', { token, name: 'Eve', password })
    expect([accepted.status, (await accepted.json()).agency]).toEqual([201, { id: 'village', name: 'Village' }])
    expect(await code(operator.call('POST', 'agencies', { id: 'village', title: 'V', owner: 'e@v.example' }))).toBe('409 agency-taken')
    for (const path of ['services', 'cases', 'keys', 'agency']) expect(await code(operator.call('GET', path))).toBe('403 not-allowed')
    const eve = cookieOf(accepted)
    expect([await code(post('services', { definition: { id: 'one' } }, eve)), await code(post('services', { definition: { id: 'two' } }, eve))]).toEqual([
      201,
      '409 quota',
    ])
    expect(await code(operator.call('POST', 'agencies/village/deletion', { confirm: 'villag' }))).toBe('422 confirmation')
    expect(await code(operator.call('POST', 'agencies/village/deletion', { confirm: 'village' }))).toBe(204)
    expect([await code(get('session', eve)), await code(post('session', { email: 'eve@village.example', password }))]).toEqual([
      '401 signed-out',
      '401 sign-in',
    ])
    await expect(
      makeAgency(world.adapters.store, { id: 'village', title: 'V', owner: 'e@v.example' }, { baseUrl: '', now: new Date(at), by: { actor: 'operator', at } }),
    ).rejects.toMatchObject({
      code: 'agency-taken',
    })
  })

  it('receive and keep no more than their quotas', async () => {
    const by = { actor: 'operator', at: '2026-01-05T08:00:00.000Z' }
    const upload = () =>
      world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf' },
        body: pdf,
      })
    await city.setQuotas({ submissionsPerDay: 2, storedBytes: 2 * pdf.length }, by)
    expect([(await upload()).status, (await upload()).status, await code(upload())]).toEqual([201, 201, '507 quota'])
    expect([(await world.send(answersOf())).status, (await world.send(answersOf())).status, await code(world.send(answersOf()))]).toEqual([
      201,
      201,
      '429 quota',
    ])
    world.setTime('2026-01-06T08:00:00.000Z')
    expect((await world.send(answersOf())).status).toBe(201)
    expect((await world.send(answersOf(), { service: 'town/library-card' })).status).toBe(201)
  })

  it('let their own pages into what is made there, which has their colours and their term', async () => {
    expect(await code(owner.call('PUT', 'agency', { domains: ['https://www.city.example'] }, { 'If-Match': '"1"' }))).toBe(200)
    await owner.call('POST', 'services', { definition: { id: 'new-one' } })
    expect((await (await owner.call('GET', 'services/new-one')).json()).policy).toEqual({ rules: { origins: { allow: ['https://www.city.example'] } } })
    const theme = { colours: { primary: '#114477', accent: '#ffcc00' } }
    expect(await code(owner.call('PUT', 'agency', { retentionMonths: 36, theme }, { 'If-Match': '"2"' }))).toBe(200)
    await owner.call('POST', 'services', { definition: { id: 'newer', agency: { name: { en: 'City' } } } })
    await owner.call('POST', 'services', { definition: { id: 'brought', agency: { colours: { primary: '#000000' } } } })
    const opened = async (id: string) => (await owner.call('GET', `services/${id}`)).json()
    expect(await opened('newer')).toMatchObject({
      policy: { rules: { retention: { months: 36 } } },
      definition: { agency: { name: { en: 'City' }, ...theme } },
    })
    // A service that was brought along keeps its own.
    expect(await opened('brought')).toMatchObject({ definition: { agency: { colours: { primary: '#000000' } } } })
    expect(await opened('brought')).not.toMatchObject({ definition: { agency: theme } })
    expect(await code(owner.call('PUT', 'agency', {}, { 'If-Match': '"1"' }))).toBe('412 stale')
    expect(await code(owner.call('PUT', 'agency', { theme: { colours: { primary: 'red;}' } } }, { 'If-Match': '"3"' }))).toBe('400 shape')
    expect(await code(owner.call('PUT', 'agency', { domains: ['javascript:alert(1)'] }, { 'If-Match': '"3"' }))).toBe('400 shape')
  })
})
