/** What a passkey opens, with a device in software. In a browser: tests/people.browser.test.ts. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import type { AgencyStore } from '../store/store.ts'
import { type Ceremony, newPasskey } from '../testing/passkey.ts'
import { type House, openHouse } from '../testing/staff-calls.ts'
import { addPasskey, challengePasskey, listPasskeys, offerPasskey, proveWithPasskey, removePasskey, signInWithPasskey, takeChallenge } from './passkeys.ts'
import { whoAmI } from './sign-in.ts'

let house: House
let city: AgencyStore
let ada: string
let as: string
let origin: string
let rpID: string
beforeEach(async () => {
  house = await openHouse()
  city = await house.agency('city')
  ada = await house.person(city, 'ada@city.example')
  as = await house.enter(city, ada)
  origin = new URL(house.config.baseUrl).origin
  rpID = new URL(origin).hostname
})
afterEach(() => house.close())

type Device = ReturnType<typeof newPasskey>
const offered = async (by = as): Promise<string> => (await house.ask(offerPasskey, { as: by, origin })).json.challenge
const challenged = async (): Promise<string> => (await house.ask(challengePasskey, { origin })).json.challenge
const add = async (device: Device, lies: Partial<Ceremony> = {}, { by = as, name }: { by?: string; name?: string } = {}) =>
  house.ask(addPasskey, {
    as: by,
    origin,
    body: { response: device.create({ challenge: await offered(by), origin, rpID, ...lies }), ...(name === undefined ? {} : { name }) },
  })
const signed = async (device: Device, lies: Partial<Ceremony> = {}) => device.get({ challenge: await challenged(), origin, rpID, ...lies })
const enter = async (device: Device, lies: Partial<Ceremony> = {}) => house.ask(signInWithPasskey, { origin, body: { response: await signed(device, lies) } })
const who = (cookie: string) => house.ask(whoAmI, { as: cookie })
/** Somebody's device, which is known. */
async function known(by = as) {
  const device = newPasskey()
  expect((await add(device, {}, { by })).said).toBe(201)
  return device
}

const lies: [string, () => Partial<Ceremony>][] = [
  ['for another page', () => ({ origin: 'https://evil.example' })],
  ['for another name', () => ({ rpID: 'evil.example' })],
  ['without being unlocked', () => ({ unlocked: false })],
  ['for a challenge that nobody gave', () => ({ challenge: Buffer.alloc(40, 1).toString('base64url') })],
  ['for a challenge that is none', () => ({ challenge: 'AAAA' })],
  ['for something else', () => ({ type: 'payment.get' })],
]

describe('a passkey', () => {
  it('is offered for this person on this page, by a device that unlocks itself', async () => {
    const device = await known()
    as = await house.enter(city, ada)
    expect((await house.ask(offerPasskey, { as, origin })).json).toMatchObject({
      rp: { id: rpID, name: 'Agency city' },
      user: { id: Buffer.from(ada).toString('base64url'), name: 'ada@city.example', displayName: 'Name of ada@city.example' },
      attestation: 'none',
      excludeCredentials: [{ id: device.id }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      challenge: expect.stringMatching(/^[\w-]{54}$/),
    })
    expect((await house.ask(challengePasskey, { origin })).json).toMatchObject({ rpId: rpID, userVerification: 'required' })
  })

  it('is added, by which its owner has proved who they are', async () => {
    const device = newPasskey()
    const added = await add(device, {}, { name: ' Ada’s key ' })
    expect([added.said, added.json]).toEqual([201, { id: device.id }])
    expect([(await who(as)).said, (await who(added.cookie as string)).said]).toEqual(['401 signed-out', 200])
    expect((await city.sessionsOf(ada, house.now.toISOString())).map(({ strong }) => strong)).toEqual([1])
    const listed = await house.ask(listPasskeys, { as: added.cookie as string })
    expect(listed.json).toEqual({ passkeys: [{ id: device.id, name: 'Ada’s key', createdAt: house.now.toISOString(), usedOn: null }] })
    expect((await house.events(city, 'user.secured')).map(({ actor, details }) => [actor, details])).toEqual([[`user:${ada}`, { what: 'passkey-added' }]])
    as = added.cookie as string
    const nameless = newPasskey()
    expect((await add(nameless)).said).toBe(201)
    expect((await city.passkey(nameless.id))?.name).toBe('')
  })

  it.each(lies)('is not added when it was made %s', async (_, lie) => {
    const refused = await add(newPasskey(), lie())
    expect([refused.said, refused.cookie, await city.passkeys(ada)]).toEqual(['403 passkey', null, []])
  })

  it('is not added twice, nor by an answer that came before', async () => {
    const device = newPasskey()
    const response = device.create({ challenge: await offered(), origin, rpID })
    const ask = (by: string) => house.ask(addPasskey, { as: by, origin, body: { response } })
    const first = await ask(as)
    expect([first.said, (await ask(first.cookie as string)).said]).toEqual([201, '403 passkey'])
    const again = await add(device, {}, { by: first.cookie as string })
    expect([again.said, (await city.passkeys(ada)).length]).toEqual(['409 passkey', 1])
  })

  it('is not added by a device that vouches for itself with a signature that is none of its own', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const refused = await add(newPasskey(), { vouches: sign('sha256', Buffer.from('something else'), privateKey) })
    expect([refused.said, await city.passkeys(ada)]).toEqual(['403 passkey', []])
  })

  it('is one of twenty at most', async () => {
    for (let i = 0; i < 20; i++)
      await city.addPasskey(
        { id: `k${i}`, userId: ada, name: '', publicKey: new Uint8Array(3), counter: 0, createdAt: house.now.toISOString(), usedOn: null },
        { actor: 'system', at: house.now.toISOString() },
      )
    expect((await add(newPasskey())).said).toBe('409 quota')
    await city.removePasskey(ada, 'k3', { actor: 'system', at: house.now.toISOString() })
    expect((await add(newPasskey())).said).toBe(201)
  })

  it('is not added where the store fails, and does not say that it is taken', async () => {
    const response = newPasskey().create({ challenge: await offered(), origin, rpID })
    const failing = house.ask(
      (call) => {
        const actor = { ...call.actor(), agency: { ...call.actor().agency, addPasskey: async () => Promise.reject(new Error('disk')) } }
        return addPasskey({ ...call, actor: () => actor } as never)
      },
      { as, origin, body: { response } },
    )
    await expect(failing).rejects.toThrow('disk')
  })

  it('is removed by its owner alone', async () => {
    const device = await known()
    as = await house.enter(city, ada)
    const theirs = await house.enter(city, await house.person(city, 'bo@city.example'))
    const remove = (by: string) => house.ask(removePasskey, { as: by, param: device.id })
    expect([(await remove(theirs)).said, (await remove(as)).said, (await remove(as)).said]).toEqual(['404 not-found', 204, '404 not-found'])
    expect((await enter(device)).said).toBe('403 passkey')
  })
})

describe('signing in with a passkey', () => {
  it('takes nothing else, and counts as strong', async () => {
    const device = await known()
    house.later(60)
    const entered = await enter(device)
    expect([entered.said, entered.json]).toEqual([
      200,
      { user: { id: ada, name: 'Name of ada@city.example', email: 'ada@city.example' }, agency: { id: 'city', name: 'Agency city' } },
    ])
    expect((await who(entered.cookie as string)).said).toBe(200)
    expect((await city.sessionsOf(ada, house.now.toISOString())).at(-1)?.strong).toBe(1)
    expect((await city.passkey(device.id))?.usedOn).toBe('2026-01-05')
    expect(house.tried).toEqual([['203.0.113.7', digestOf(device.id), house.now.getTime()]])
  })

  it.each(lies)('is refused when the device has signed %s', async (_, lie) => {
    const device = await known()
    const refused = await enter(device, lie())
    expect([refused.said, refused.cookie]).toEqual(['403 passkey', null])
    expect((await enter(device)).said).toBe(200)
  })

  it('is refused to a device that nobody knows, and to one that signs in the name of another', async () => {
    const [device, stranger] = [await known(), newPasskey()]
    expect((await enter(stranger)).said).toBe('403 passkey')
    const forged = { ...(await signed(stranger)), id: device.id, rawId: device.id }
    expect((await house.ask(signInWithPasskey, { origin, body: { response: forged } })).said).toBe('403 passkey')
    const { response, ...rest } = await signed(device)
    const changed = { ...rest, response: { ...response, signature: response.signature.slice(0, -4) + (response.signature.endsWith('AAAA') ? 'BBBB' : 'AAAA') } }
    expect((await house.ask(signInWithPasskey, { origin, body: { response: changed } })).said).toBe('403 passkey')
  })

  it('takes an answer once', async () => {
    const device = await known()
    const response = await signed(device)
    const ask = () => house.ask(signInWithPasskey, { origin, body: { response } })
    expect([(await ask()).said, (await ask()).said]).toEqual([200, '403 passkey'])
  })

  it('is refused to a copy: a device that counts has counted further', async () => {
    const device = await known()
    expect([(await enter(device, { counter: 7 })).said, (await enter(device, { counter: 7 })).said, (await enter(device, { counter: 3 })).said]).toEqual([
      200,
      '403 passkey',
      '403 passkey',
    ])
    expect([(await enter(device, { counter: 8 })).said, (await city.passkey(device.id))?.counter]).toEqual([200, 8])
  })

  it('is refused where another of the same count was quicker', async () => {
    const device = await known()
    const response = await signed(device, { counter: 5 })
    const late = await house.ask(
      (call) => {
        const { store } = call.adapters
        const agency = { ...store.agency('city' as never), usePasskey: async () => false }
        return signInWithPasskey({ ...call, adapters: { ...call.adapters, store: { ...store, agency: () => agency } } } as never)
      },
      { origin, body: { response } },
    )
    expect(late.said).toBe('403 passkey')
  })

  it('is refused to whoever is suspended, removed, or whose account is gone', async () => {
    await house.person(city, 'bo@city.example')
    const device = await known()
    const at = house.now.toISOString()
    await city.changeUser(ada, { state: 'suspended' }, { actor: 'system', at })
    expect((await enter(device)).said).toBe('403 passkey')
    await city.changeUser(ada, { state: 'active' }, { actor: 'system', at })
    expect((await enter(device)).said).toBe(200)
    await city
      .addPasskey(
        { id: newPasskey().id, userId: 'nobody', name: '', publicKey: new Uint8Array(3), counter: 0, createdAt: at, usedOn: null },
        { actor: 'system', at },
      )
      .catch(() => {})
    await city.changeUser(ada, { state: 'removed' }, { actor: 'system', at })
    expect((await enter(device)).said).toBe('403 passkey')
  })

  it('finds its user in whatever agency they are, and in the house of the installation', async () => {
    await house.agency('aaa')
    const own = await house.store.house(house.now.toISOString())
    const olu = await house.person(own, 'olu@example.org', [{ role: 'operator' }])
    const device = await known(await house.enter(own, olu))
    expect((await enter(device)).json).toMatchObject({ user: { id: olu }, agency: { id: '~' } })
  })

  it('is tried so often and no more', async () => {
    const device = await known()
    const response = await signed(device)
    house.wait = 1500
    const refused = await house.ask(signInWithPasskey, { origin, body: { response } })
    expect([refused.said, refused.extras]).toEqual(['429 rate', { headers: { 'Retry-After': '2' } }])
  })
})

describe('proving again with a passkey', () => {
  const prove = async (device: Device, by: string) => house.ask(proveWithPasskey, { as: by, origin, body: { response: await signed(device) } })

  it('does what a password and a second factor would', async () => {
    const device = await known()
    as = await house.enter(city, ada)
    house.later(30)
    const proved = await prove(device, as)
    expect([proved.said, (await who(as)).said, (await who(proved.cookie as string)).said]).toEqual([204, '401 signed-out', 200])
    expect((await city.sessionsOf(ada, house.now.toISOString())).find(({ provedAt }) => provedAt === house.now.toISOString())).toMatchObject({ strong: 1 })
  })

  it('takes one’s own, and no other: not a colleague’s, not one’s own elsewhere', async () => {
    const bo = await house.person(city, 'bo@city.example')
    const theirs = await house.enter(city, bo)
    const device = await known()
    expect((await prove(device, theirs)).said).toBe('403 passkey')
    const town = await house.agency('town')
    const elsewhere = await known(await house.enter(town, await house.person(town, 'ada@city.example')))
    as = await house.enter(city, ada)
    expect((await prove(elsewhere, as)).said).toBe('403 passkey')
    expect((await who(as)).said).toBe(200)
  })
})

describe('the page that asks', () => {
  it('is one of ours: by another of our names its passkeys are those of that name', async () => {
    const local = `http://localhost:${new URL(origin).port}`
    expect((await house.ask(challengePasskey, { origin: local })).json.rpId).toBe('localhost')
    for (const strange of ['https://evil.example', undefined])
      expect((await house.ask(challengePasskey, strange ? { origin: strange } : {})).json.rpId).toBe(rpID)
    const device = newPasskey()
    const response = device.create({ challenge: await offered(), origin: local, rpID: 'localhost' })
    expect((await house.ask(addPasskey, { as, origin: local, body: { response } })).said).toBe(201)
    const there = device.get({ challenge: await challenged(), origin: local, rpID: 'localhost' })
    expect((await house.ask(signInWithPasskey, { origin, body: { response: there } })).said).toBe('403 passkey')
  })
})

describe('a challenge', () => {
  const take = (challenge: string) => takeChallenge(house.adapters, challenge, house.now)

  it('counts once, for five minutes', async () => {
    const challenge = await challenged()
    expect(Buffer.from(challenge, 'base64url').length).toBe(40)
    expect(await challenged()).not.toBe(challenge)
    house.later(5)
    expect([await take(challenge), await take(challenge)]).toEqual([true, false])
    const late = await challenged()
    house.later(5)
    house.now = new Date(house.now.getTime() + 1)
    expect(await take(late)).toBe(false)
  })

  it('was not made later than now, beyond what clocks differ', async () => {
    const [near, far] = [await challenged(), await challenged()]
    house.later(-5)
    expect(await take(near)).toBe(true)
    house.now = new Date(house.now.getTime() - 1)
    expect(await take(far)).toBe(false)
  })

  it('is ours, to the last bit', async () => {
    const challenge = await challenged()
    for (const at of [0, 16, 23, 24, 39]) {
      const changed = Buffer.from(challenge, 'base64url')
      changed[at] = (changed[at] as number) ^ 1
      expect([at, await take(changed.toString('base64url'))]).toEqual([at, false])
    }
    expect([await take(''), await take(challenge.slice(0, -2)), await take(`${challenge}AA`)]).toEqual([false, false, false])
    expect(await takeChallenge({ ...house.adapters, keys: { ...house.adapters.keys, pepper: Buffer.alloc(32, 8) } as never }, challenge, house.now)).toBe(false)
    expect(await take(challenge)).toBe(true)
  })
})
