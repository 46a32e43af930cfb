/** Who gets in with a password, and what they may then change about it, over a store. Through the routes: people.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupCode, newTrackingCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { installation } from '../store/people.ts'
import type { AgencyStore } from '../store/store.ts'
import { refusalOf } from '../testing/refusal.ts'
import { type House, openHouse, password } from '../testing/staff-calls.ts'
import { changePassword, endSession, listSessions, proveAgain } from './account.ts'
import { TooBusy } from './password.ts'
import { confirmTotp, offerTotp, removeTotp, renewRecoveryCodes } from './second-factor.ts'
import { hashing, setUp, signIn, signInTries, signOut, titleOf, whoAmI } from './sign-in.ts'
import { codeAt, stepOf } from './totp.ts'

let house: House
let city: AgencyStore
let ada: string
beforeEach(async () => {
  house = await openHouse()
  city = await house.agency('city')
  ada = await house.person(city, 'ada@city.example')
})
afterEach(() => house.close())

const email = 'ada@city.example'
const bySignIn = (more: object = {}) => house.ask(signIn, { body: { email, password, ...more } })
const who = (as: string) => house.ask(whoAmI, { as })
const base32 = (text: string) => {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
}

/** Turns a second factor on; gives the session it goes on with, its codes by the time, and the recovery codes. */
async function secured(user = ada) {
  const as = await house.enter(city, user)
  const { json: offer } = await house.ask(offerTotp, { as })
  const now = () => codeAt(base32(offer.secret), stepOf(house.now))
  const done = await house.ask(confirmTotp, { as, body: { sealed: offer.sealed, code: now() } })
  return { offer, now, done, before: as, as: done.cookie as string, recovery: done.json.recoveryCodes as string[] }
}

describe('a password', () => {
  it('signs its user in, however the address is written, and says who they are', async () => {
    for (const written of [email, ' ADA@City.Example ']) {
      const answer = await bySignIn({ email: written })
      expect([answer.said, answer.json]).toEqual([200, { user: { id: ada, name: `Name of ${email}`, email }, agency: { id: 'city', name: 'Agency city' } }])
      expect((await who(answer.cookie as string)).said).toBe(200)
    }
    expect(house.tried).toEqual(Array(2).fill(['203.0.113.7', email, house.now.getTime()]))
    expect(house.met).toEqual(Array(2).fill(['city', 'staff', ada, house.now]))
  })

  it('is refused alike for a wrong one, for nobody, and for somebody who may not come in', async () => {
    expect((await bySignIn({ password: 'wrong' })).said).toBe('401 sign-in')
    expect((await bySignIn({ email: 'nobody@city.example' })).said).toBe('401 sign-in')
    await house.person(city, 'bo@city.example')
    for (const state of ['suspended', 'removed'] as const) {
      await city.changeUser(ada, { state }, { actor: 'system', at: house.now.toISOString() })
      const answer = await bySignIn()
      expect([answer.said, answer.cookie, answer.json]).toEqual(['401 sign-in', null, null])
    }
  })

  it('opens a session that counts as weak, and is not let into the house of the installation by it', async () => {
    const { cookie } = await bySignIn()
    expect((await who(cookie as string)).json).toEqual({
      user: { id: ada, name: `Name of ${email}`, email },
      agency: { id: 'city', name: 'Agency city' },
      operator: false,
      memberships: [{ role: 'owner' }],
      may: expect.arrayContaining(['self', 'people.manage']),
      secondFactor: { on: false, recoveryCodes: 0, required: false, missing: false },
    })
    const own = await house.store.house(house.now.toISOString())
    const olu = await house.person(own, 'olu@example.org', [{ role: 'operator' }])
    const entered = await bySignIn({ email: 'olu@example.org' })
    expect(entered.json).toEqual({ user: { id: olu, name: 'Name of olu@example.org', email: 'olu@example.org' }, agency: { id: installation, name: '' } })
    expect((await who(entered.cookie as string)).json).toMatchObject({
      ...{ operator: true, agency: { id: installation, name: '' }, may: ['self'] },
      secondFactor: { on: false, required: true, missing: true },
    })
  })

  it('of an address that several agencies know is that of the oldest account, unless one is named', async () => {
    house.later(1)
    // It comes before in every list of agencies.
    const aaa = await house.agency('aaa')
    const late = await house.person(aaa, email)
    expect((await bySignIn()).json.user.id).toBe(ada)
    expect((await bySignIn({ agency: 'aaa' })).json).toMatchObject({ user: { id: late }, agency: { id: 'aaa', name: 'Agency aaa' } })
    expect((await bySignIn({ agency: 'nowhere' })).said).toBe('401 sign-in')
    // Whoever is suspended there is nobody, and does not stand before those who are.
    await city.changeUser(await house.person(city, 'bo@city.example'), { state: 'active' }, { actor: 'system', at: house.now.toISOString() })
    await city.changeUser(ada, { state: 'suspended' }, { actor: 'system', at: house.now.toISOString() })
    expect((await bySignIn()).json.user.id).toBe(late)
  })

  it('is the older account’s also when the other agency was there first', async () => {
    const zzz = await house.agency('zzz')
    const early = await house.person(zzz, 'eve@example.org')
    house.later(1)
    await house.person(city, 'eve@example.org')
    expect((await bySignIn({ email: 'eve@example.org' })).json.user.id).toBe(early)
    house.later(1)
    await house.person(zzz, 'kim@example.org')
    const kim = await house.person(await house.agency('aaa'), 'kim@example.org')
    house.later(1)
    const zoe = await house.person(city, 'zoe@example.org')
    house.later(1)
    await house.person(zzz, 'zoe@example.org')
    // Of two of the same moment the list decides, and each time alike.
    expect((await bySignIn({ email: 'kim@example.org' })).json.user.id).toBe(kim)
    expect((await bySignIn({ email: 'zoe@example.org' })).json.user.id).toBe(zoe)
  })

  it('is guessed so often and no more: the server says how long to wait before it looks', async () => {
    house.wait = 2001
    for (const answer of [await bySignIn(), await house.ask(setUp, { body: { token: 'x', email, name: 'A', password } })])
      expect([answer.said, answer.extras]).toEqual(['429 rate', { headers: { 'Retry-After': '3' } }])
    expect((await house.events(city, 'user.signed-in')).length).toBe(0)
    const taken: unknown[] = []
    const waits = [7, 9, 4]
    const take = async (...args: unknown[]) => {
      taken.push(args)
      return waits.shift() ?? 0
    }
    const rates = { take, purge: async () => {} }
    const tries = signInTries(rates)
    expect([await tries.take('client', 'account', 5), await tries.take('client', 'account', 6)]).toEqual([9, 4])
    expect(taken.slice(0, 2)).toEqual([
      [null, 'sign-in from/client', { size: 20, period: 900_000 }, 5],
      [null, 'sign-in as/account', { size: 10, period: 900_000 }, 5],
    ])
  })

  it('is counted by the person alone where nobody can tell from where it comes', async () => {
    expect((await house.ask(signIn, { body: { email, password }, client: null })).said).toBe(200)
    expect(house.tried).toEqual([['', email, house.now.getTime()]])
  })

  it('of an agency without a profile is of one without a name', async () => {
    expect(await titleOf({ id: 'city', profile: async () => null } as never)).toBe('')
  })

  it('that nobody has time to look at is not refused but put off', async () => {
    expect(await refusalOf(() => hashing(Promise.reject(new TooBusy())))).toEqual({ status: 503, code: 'rate', headers: { 'Retry-After': '5' } })
    await expect(hashing(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await hashing(Promise.resolve(3))).toBe(3)
  })

  it('is nothing any more once its user has signed out', async () => {
    const { cookie } = await bySignIn()
    const out = await house.ask(signOut, { as: cookie as string })
    expect([out.said, out.cookie, (await who(cookie as string)).said]).toEqual([204, 'guichet=', '401 signed-out'])
    expect(await house.events(city, 'user.signed-out')).toMatchObject([{ actor: `user:${ada}` }])
  })
})

describe('the first user', () => {
  const body = { token: 'one-time', email: ' Ola@Town.Example', name: ' Ola ', password }
  it('is made with the token of the agency, once', async () => {
    const town = await house.agency('town')
    await town.offerSetup(digestOf('one-time'))
    expect((await house.ask(setUp, { body: { ...body, token: 'another' } })).said).toBe('403 setup')
    const made = await house.ask(setUp, { body })
    expect([made.said, made.json]).toEqual([
      201,
      { user: { id: expect.any(String), name: 'Ola', email: 'ola@town.example' }, agency: { id: 'town', name: 'Agency town' } },
    ])
    expect((await who(made.cookie as string)).json).toMatchObject({ memberships: [{ role: 'owner' }], secondFactor: { missing: false } })
    expect((await house.ask(setUp, { body })).said).toBe('403 setup')
    expect((await bySignIn({ email: 'ola@town.example' })).said).toBe(200)
    // By the token and not by the address: whoever tries others keeps nobody from theirs.
    expect(house.tried.map(([, account]) => account).slice(0, 3)).toEqual([digestOf('another'), digestOf('one-time'), digestOf('one-time')])
  })
})

describe('a second factor', () => {
  it('holds once a code of it was shown, and gives recovery codes that once', async () => {
    const other = await house.enter(city, ada)
    const { offer, done, before, as, recovery } = await secured()
    expect(offer).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      sealed: expect.any(String),
      uri: expect.stringContaining(`secret=${offer.secret}`),
    })
    expect(offer.uri).toContain('otpauth://totp/Agency%20city:ada%40city.example?')
    expect([done.said, recovery.length, new Set(recovery).size]).toEqual([200, 8, 8])
    // Whoever was signed in elsewhere is not any more; the one who did it goes on, under another secret.
    expect([(await who(other)).said, (await who(before)).said]).toEqual(['401 signed-out', '401 signed-out'])
    expect((await who(as)).json.secondFactor).toEqual({ on: true, recoveryCodes: 8, required: false, missing: false })
    expect((await house.events(city, 'user.secured')).map(({ details }) => details)).toEqual([{ what: 'second-factor-on' }])
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([1])
  })

  it('is asked for after the password, and each code works once', async () => {
    const { now } = await secured()
    expect((await bySignIn()).said).toBe('401 second-factor')
    expect((await bySignIn({ password: 'wrong', code: now() })).said).toBe('401 sign-in')
    // The code that turned it on is used up.
    expect((await bySignIn({ code: now() })).said).toBe('401 second-factor-wrong')
    house.later(1)
    const entered = await bySignIn({ code: ` ${now().slice(0, 3)}-${now().slice(3)} ` })
    expect([entered.said, (await bySignIn({ code: now() })).said]).toEqual([200, '401 second-factor-wrong'])
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([1, 1])
    for (const wrong of ['', '000', `${now()}0`, 'abcdef']) expect([wrong, (await bySignIn({ code: wrong })).said]).toEqual([wrong, '401 second-factor-wrong'])
  })

  it('can be stood in for by a recovery code, each once', async () => {
    const { recovery } = await secured()
    const [first = '', second = ''] = recovery
    expect(first).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{2}$/)
    expect((await bySignIn({ code: first })).said).toBe(200)
    expect((await bySignIn({ code: first })).said).toBe('401 second-factor-wrong')
    const entered = await bySignIn({ code: second.toLowerCase().replaceAll('-', ' ') })
    expect((await who(entered.cookie as string)).json.secondFactor).toMatchObject({ on: true, recoveryCodes: 6 })
    expect((await bySignIn({ code: groupCode(newTrackingCode()) })).said).toBe('401 second-factor-wrong')
    const used = (await house.events(city, 'user.secured')).filter(({ details }) => details?.what === 'recovery-code')
    expect(used).toMatchObject([
      { actor: `user:${ada}`, time: house.now.toISOString(), details: { left: 7 } },
      { actor: `user:${ada}`, details: { left: 6 } },
    ])
  })

  it('is one person’s: neither its secret nor its recovery codes are another’s', async () => {
    const bo = await house.person(city, 'bo@city.example')
    const { offer, recovery } = await secured()
    const theirs = await house.enter(city, bo)
    const taken = await house.ask(confirmTotp, { as: theirs, body: { sealed: offer.sealed, code: codeAt(base32(offer.secret), stepOf(house.now)) } })
    expect([taken.said, taken.extras]).toEqual(['400 shape', { errors: [{ pointer: '/sealed', code: 'shape.invalid' }] }])
    await secured(bo)
    expect((await bySignIn({ email: 'bo@city.example', code: recovery[0] })).said).toBe('401 second-factor-wrong')
    // The same person elsewhere is somebody else.
    const town = await house.agency('town')
    const there = await house.person(town, email)
    const elsewhere = await house.ask(confirmTotp, {
      as: await house.enter(town, there),
      body: { sealed: offer.sealed, code: codeAt(base32(offer.secret), stepOf(house.now)) },
    })
    expect(elsewhere.said).toBe('400 shape')
  })

  it('does not hold by a wrong code', async () => {
    const as = await house.enter(city, ada)
    const { json: offer } = await house.ask(offerTotp, { as })
    const right = codeAt(base32(offer.secret), stepOf(house.now))
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
    expect((await house.ask(confirmTotp, { as, body: { sealed: offer.sealed, code: wrong } })).said).toBe('422 second-factor-wrong')
    expect((await who(as)).json.secondFactor.on).toBe(false)
    expect((await house.ask(confirmTotp, { as, body: { sealed: offer.sealed, code: ` ${right.slice(0, 3)} ${right.slice(3)}` } })).said).toBe(200)
  })

  it('gets other recovery codes, in place of those before', async () => {
    const as = await house.enter(city, ada)
    expect((await house.ask(renewRecoveryCodes, { as })).said).toBe('404 not-found')
    const { as: strong, recovery } = await secured()
    const other = await house.enter(city, ada, true)
    const renewed = await house.ask(renewRecoveryCodes, { as: strong })
    expect([renewed.said, renewed.json.recoveryCodes.length]).toEqual([200, 8])
    expect([(await who(strong)).said, (await who(other)).said]).toEqual([200, '401 signed-out'])
    expect((await bySignIn({ code: recovery[0] })).said).toBe('401 second-factor-wrong')
    expect((await bySignIn({ code: renewed.json.recoveryCodes[0] })).said).toBe(200)
    expect((await house.events(city, 'user.secured')).map(({ details }) => details?.what)).toEqual(['second-factor-on', 'recovery-codes', 'recovery-code'])
  })

  it('is taken away, unless the agency asks for one', async () => {
    const { as } = await secured()
    await city.saveSettings({ requireSecondFactor: true }, 1, { actor: 'system', at: house.now.toISOString() })
    expect((await house.ask(removeTotp, { as })).said).toBe('403 second-factor-missing')
    expect((await who(as)).json.secondFactor).toMatchObject({ on: true, required: true })
    await city.saveSettings({}, 2, { actor: 'system', at: house.now.toISOString() })
    const other = await house.enter(city, ada, true)
    expect((await house.ask(removeTotp, { as })).said).toBe(204)
    expect([(await who(as)).json.secondFactor, (await who(other)).said]).toEqual([
      { on: false, recoveryCodes: 0, required: false, missing: false },
      '401 signed-out',
    ])
    expect((await house.events(city, 'user.secured')).at(-1)?.details).toEqual({ what: 'second-factor-off' })
    expect((await bySignIn()).said).toBe(200)
  })
})

describe('who somebody is, proved again', () => {
  const prove = (as: string, body: object) => house.ask(proveAgain, { as, body })
  const rowOf = async () => (await city.sessionsOf(ada, house.now.toISOString()))[0]

  it('takes the password, and the session goes on under another secret', async () => {
    const as = await house.enter(city, ada)
    house.later(30)
    expect((await prove(as, { password: 'wrong' })).said).toBe('403 sign-in')
    expect((await who(as)).said).toBe(200)
    const proved = await prove(as, { password })
    expect([proved.said, (await who(as)).said, (await who(proved.cookie as string)).said]).toEqual([204, '401 signed-out', 200])
    expect(await rowOf()).toMatchObject({ provedAt: house.now.toISOString(), strong: 0 })
    expect(house.tried).toEqual(Array(2).fill(['203.0.113.7', email, house.now.getTime()]))
    house.wait = 1
    expect((await prove(proved.cookie as string, { password })).said).toBe('429 rate')
  })

  it('takes the second factor too, where there is one', async () => {
    const { now } = await secured()
    house.later(1)
    const as = await house.enter(city, ada)
    expect((await prove(as, { password })).said).toBe('403 second-factor')
    expect((await prove(as, { password: 'wrong', code: now() })).said).toBe('403 sign-in')
    expect((await prove(as, { password, code: '000000' === now() ? '000001' : '000000' })).said).toBe('403 second-factor-wrong')
    expect((await prove(as, { password, code: now() })).said).toBe(204)
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([1, 1])
  })

  it('is not asked by a password that nobody has time to look at', async () => {
    const as = await house.enter(city, ada)
    const busy = () => Promise.reject(new TooBusy())
    Object.assign(house.adapters, { passwords: { check: busy, hash: busy } })
    for (const asked of [prove(as, { password }), house.ask(changePassword, { as, body: { password } }), bySignIn()])
      expect((await asked).said).toBe('503 rate')
    expect((await house.ask(setUp, { body: { token: 'x', email, name: 'A', password } })).said).toBe('503 rate')
  })
})

describe('one’s own account', () => {
  it('gets another password: all other sessions end', async () => {
    const [as, other] = [await house.enter(city, ada, true), await house.enter(city, ada)]
    const changed = await house.ask(changePassword, { as, body: { password: 'another horse battery' } })
    expect([changed.said, (await who(as)).said, (await who(other)).said, (await who(changed.cookie as string)).said]).toEqual([
      204,
      '401 signed-out',
      '401 signed-out',
      200,
    ])
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([1])
    expect([(await bySignIn()).said, (await bySignIn({ password: 'another horse battery' })).said]).toEqual(['401 sign-in', 200])
    expect((await house.events(city, 'user.secured')).map(({ actor, details }) => [actor, details])).toEqual([[`user:${ada}`, { what: 'password' }]])
    // A weak session stays one.
    const weak = await house.enter(city, ada)
    const kept = await house.ask(changePassword, { as: weak, body: { password } })
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([0])
    expect((await who(kept.cookie as string)).said).toBe(200)
  })

  it('lists its sessions by names that open nothing, and ends them one by one', async () => {
    const as = await house.enter(city, ada)
    house.later(1)
    const other = await house.enter(city, ada)
    const { json } = await house.ask(listSessions, { as: other })
    expect(json.sessions).toEqual([
      { id: expect.stringMatching(/^[\w-]{22}$/), createdAt: '2026-01-05T08:00:00.000Z', seenAt: '2026-01-05T08:00:00.000Z', label: 'test', current: false },
      { id: expect.stringMatching(/^[\w-]{22}$/), createdAt: '2026-01-05T08:01:00.000Z', seenAt: '2026-01-05T08:01:00.000Z', label: 'test', current: true },
    ])
    for (const cookie of [as, other]) expect(JSON.stringify(json)).not.toContain(digestOf(cookie.split('.')[1] as string).slice(-22))
    const end = (param: string, by: string) => house.ask(endSession, { as: by, param })
    const bo = await house.person(city, 'bo@city.example')
    expect((await end(json.sessions[0].id, await house.enter(city, bo))).said).toBe('404 not-found')
    expect((await end('nothing', other)).said).toBe('404 not-found')
    const ended = await end(json.sessions[0].id, other)
    expect([ended.said, ended.cookie, (await who(as)).said, (await who(other)).said]).toEqual([204, null, '401 signed-out', 200])
    const own = await end(json.sessions[1].id, other)
    expect([own.said, own.cookie, (await who(other)).said]).toEqual([204, 'guichet=', '401 signed-out'])
  })

  it('does not end a session that ended meanwhile', async () => {
    const as = await house.enter(city, ada)
    const { json } = await house.ask(listSessions, { as })
    const gone = await house.ask(
      (call) => {
        call.actor().agency.endSession = async () => false
        return endSession(call)
      },
      { as, param: json.sessions[0].id },
    )
    expect(gone.said).toBe('404 not-found')
  })

  it('is a person’s: a program has none', async () => {
    for (const handle of [proveAgain, changePassword, listSessions, endSession, offerTotp, confirmTotp, renewRecoveryCodes, removeTotp, whoAmI, signOut]) {
      const asked = await house.ask(
        async (call) => {
          const actor = { ...call.actor(), user: null, session: null }
          return handle({ ...call, actor: () => actor, body: () => ({ password, sealed: '', code: '' }) } as never)
        },
        { as: await house.enter(city, ada) },
      )
      expect(asked.said).toBe('403 not-allowed')
    }
  })
})
