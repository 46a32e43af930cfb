import { newKeyPair } from '@guichet/sealing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { officerOf } from '../testing/cases.ts'
import { createWorld, definitionOf, own, plainPolicy, type World } from '../testing/world.ts'

let world: World
let ask: (method: string, path: string, body?: object) => ReturnType<World['request']>
beforeEach(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), plainPolicy)
  const officer = await officerOf(world)
  const session = await world.request('/v1/admin/session', {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@city.example', password: 'correct horse battery' }),
  })
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] as string
  ask = (method, path, body) =>
    world.request(`/v1/admin/${path}`, {
      method,
      headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json', Cookie: cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  expect(officer.user).toBeTruthy()
})
afterEach(() => world.close())

const locked = { format: 1, kdf: 'scrypt', logN: 17, salt: 'A'.repeat(22), key: 'A'.repeat(80) }
const wrap = (forKey: string) => ({ forKey, enc: 'A'.repeat(43), key: 'A'.repeat(64) })
const at = 'services/library-card/sealing'

describe('keys of a sealed service', () => {
  it('are kept by number, and a number that is not the next one is refused', async () => {
    const [one, two] = await Promise.all([newKeyPair(), newKeyPair()])
    expect((await ask('PUT', 'sealing/key', { number: 2, publicKey: one.public, locked })).status).toBe(409)
    expect((await ask('PUT', 'sealing/key', { number: 1, publicKey: one.public, locked })).status).toBe(204)
    // Another passphrase is the same key; another key needs another number.
    expect((await ask('PUT', 'sealing/key', { number: 1, publicKey: one.public, locked: { ...locked, salt: 'B'.repeat(22) } })).status).toBe(204)
    expect((await ask('PUT', 'sealing/key', { number: 1, publicKey: two.public, locked })).status).toBe(409)
    const { keys } = await (await ask('GET', 'sealing/key')).json()
    expect(keys).toEqual([{ number: 1, publicKey: one.public, locked: { ...locked, salt: 'B'.repeat(22) } }])
    expect((await ask('POST', 'sealing/recovery', { number: 1, publicKey: two.public })).status).toBe(204)
    expect((await ask('POST', 'sealing/recovery', { number: 1, publicKey: one.public })).status).toBe(409)
    // What is no locked key is not kept: a private key in the clear would fit nowhere.
    expect((await ask('PUT', 'sealing/key', { number: 2, publicKey: two.public, locked: { ...locked, private: two.private } })).status).toBe(400)
  })

  it('are for officers’ keys and the recovery key, and for nobody else', async () => {
    const [officer, recovery, stranger, epoch, next] = await Promise.all(Array.from({ length: 5 }, newKeyPair))
    const publish = (number: number, publicKey: string, users: string[], service = at) =>
      ask('POST', `${service}/epochs`, { epoch: number, publicKey, wraps: users.map(wrap) })
    await ask('PUT', 'sealing/key', { number: 1, publicKey: officer!.public, locked })
    // Without a recovery key nothing is published.
    expect((await publish(1, epoch!.public, [officer!.public, officer!.public])).status).toBe(422)
    await ask('POST', 'sealing/recovery', { number: 1, publicKey: recovery!.public })
    const both = [officer!.public, recovery!.public]
    expect((await publish(1, epoch!.public, [officer!.public, stranger!.public])).status).toBe(422)
    expect((await publish(1, epoch!.public, [...both, stranger!.public])).status).toBe(422)
    expect((await publish(1, epoch!.public, both, 'services/nothing/sealing')).status).toBe(404)
    expect((await publish(2, epoch!.public, both)).status).toBe(409)
    const made = await publish(1, epoch!.public, both)
    expect([made.status, (await made.json()).fingerprint]).toEqual([201, expect.stringMatching(/^sha256-/)])
    expect((await publish(1, next!.public, both)).status).toBe(409)

    expect((await ask('POST', `${at}/wraps`, { epoch: 1, ...wrap(stranger!.public) })).status).toBe(422)
    expect((await ask('POST', `${at}/wraps`, { epoch: 2, ...wrap(officer!.public) })).status).toBe(404)
    expect((await ask('POST', `${at}/wraps`, { epoch: 1, ...wrap(officer!.public) })).status).toBe(409)
    const keys = await (await ask('GET', at)).json()
    expect(keys).toMatchObject({ epochs: [{ epoch: 1, publicKey: epoch!.public }], recovery: { number: 1 }, recipients: { epoch: 1 } })

    // A new key of the officer's is let in by a wrap; the one before is not an officer's any more.
    await ask('PUT', 'sealing/key', { number: 2, publicKey: next!.public, locked })
    expect((await ask('POST', `${at}/wraps`, { epoch: 1, ...wrap(next!.public) })).status).toBe(204)
    expect((await publish(2, stranger!.public, both)).status).toBe(422)
    expect((await publish(2, stranger!.public, [next!.public, recovery!.public])).status).toBe(201)
    const after = (await (await ask('GET', at)).json()) as unknown as { wraps: { epoch: number; forKey: string }[] }
    // Who is not among the new one's users has lost the old one too.
    expect(after.wraps.map(({ epoch: of, forKey }) => `${of} ${forKey}`).sort()).toEqual(
      [`2 ${next!.public}`, `2 ${recovery!.public}`, `1 ${next!.public}`, `1 ${recovery!.public}`].sort(),
    )
  })

  it('leave events that say who did what, and no private key', async () => {
    const [officer, recovery] = await Promise.all([newKeyPair(), newKeyPair()])
    await ask('PUT', 'sealing/key', { number: 1, publicKey: officer.public, locked })
    await ask('POST', 'sealing/recovery', { number: 1, publicKey: recovery.public })
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const events = (await agency.auditEvents(0, 1000)).filter(({ action }) => action.startsWith('sealing.'))
    expect(events.map(({ actor, details }) => [actor.split(':')[0], details?.key])).toEqual([
      ['user', officer.public],
      ['user', recovery.public],
    ])
    expect(JSON.stringify(events)).not.toContain(locked.key)
  })
})
