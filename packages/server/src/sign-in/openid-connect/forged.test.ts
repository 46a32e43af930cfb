/** What a provider, or somebody between it and us, may get wrong. */
import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks } from '../../testing/idp/forgeries.ts'
import { rightly } from '../../testing/idp/forging-idp.ts'
import { attackedWorld, tryAttack } from '../../testing/idp/try-attack.ts'
import type { World } from '../../testing/world.ts'

let place: Awaited<ReturnType<typeof attackedWorld>>
let world: World
beforeAll(async () => {
  place = await attackedWorld()
  world = await place.world()
})
afterAll(() => place.close())

describe('a statement that proves nothing signs nobody in', () => {
  it.each(attacks)('$name', async ({ forgery, fault }) => {
    // What a provider says of itself is believed for a minute: where that is what is wrong, the server knows nothing yet.
    const fresh = forgery.discovery || forgery.jwks ? await place.world() : world
    expect(await tryAttack(fresh, place.idp, forgery)).toBe(fault)
  })

  it('and the right one does, also with no kid, and with one audience in a list', async () => {
    expect(await tryAttack(world, place.idp, {})).toBe('signed-in')
    expect(await tryAttack(world, place.idp, { change: ({ header }) => delete header.kid })).toBe('signed-in')
    expect(await tryAttack(world, place.idp, { change: ({ payload }) => (payload.aud = [payload.aud]) })).toBe('signed-in')
    expect(await tryAttack(world, place.idp, { change: ({ payload }) => (payload.acr = 'high') })).toBe('signed-in')
  })

  it('while whoever only reads statements would take those that are marked', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const keys = { secret: privateKey, jwk: await exportJWK(publicKey), other: privateKey }
    let fooled = 0
    for (const { forgery } of attacks.filter(({ fools }) => fools)) {
      const statement = { header: { alg: 'RS256', kid: 'k' }, payload: { sub: 'person-1', iss: 'http://idp' } }
      forgery.change?.(statement, { issuer: 'http://idp', nonce: 'n' })
      try {
        decodeJwt(await (forgery.token ?? rightly)(statement, keys))
        fooled++
      } catch {
        // Not even a token.
      }
    }
    expect(fooled).toBeGreaterThan(30)
  })
})

describe('keys that change', () => {
  it('are fetched again for a statement that names another, and old ones are not taken for long', async () => {
    const { idp } = place
    expect(await tryAttack(world, idp, {})).toBe('signed-in')
    const before = idp.visits.get('/jwks') ?? 0
    expect(await tryAttack(world, idp, {})).toBe('signed-in')
    expect(idp.visits.get('/jwks')).toBe(before)
    await idp.rotate()
    expect(await tryAttack(world, idp, {})).toBe('signed-in')
    expect(idp.visits.get('/jwks')).toBe(before + 1)
  })
})

describe('a provider that is down', () => {
  it('is said before anybody is sent away, and as soon as it is back people sign in', async () => {
    const { idp } = place
    const world = await place.world()
    expect(await tryAttack(world, idp, { discovery: () => ({}) })).toBe('not-begun')
    expect(await tryAttack(world, idp, {})).toBe('signed-in')
  })
})
