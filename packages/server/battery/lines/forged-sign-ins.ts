/** T25: what a provider, or somebody between it and us, may say without its proving anything; each wrong in one point. */
import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import { attacks } from '../../src/testing/idp/forgeries.ts'
import { rightly } from '../../src/testing/idp/forging-idp.ts'
import { attackedWorld, tryAttack } from '../../src/testing/idp/try-attack.ts'
import type { Line } from '../line.ts'

export const forgedSignIns: Line = {
  attack: 'T25',
  name: 'forged-sign-ins',
  what: 'tokens unsigned, signed by others, for others, too old, of too low a level; codes and states reused, swapped and mixed up; providers that lie or are down',
  reach: 'at least 40 kinds; nobody signed in, the right one is; each says which of four things went wrong',
  async run({ count }) {
    const place = await attackedWorld()
    let world = await place.world()
    const rounds = count({ quick: 1, usual: 2, full: 10 })
    let trials = 0
    let wrong = ''
    for (let round = 0; round < rounds; round++) {
      // One address may begin so many an hour: another world has not counted them yet.
      if (round > 0) world = await place.world()
      for (const { name, forgery, fault } of attacks) {
        trials++
        // What a provider says of itself is believed for a minute: where that is what is wrong, the server knows nothing yet.
        const fresh = forgery.discovery || forgery.jwks ? await place.world() : world
        const outcome = await tryAttack(fresh, place.idp, forgery)
        if (outcome !== fault) wrong ||= ` (${name}: ${outcome})`
      }
    }
    const right = await tryAttack(world, place.idp, {})
    await place.close()

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
    return {
      trials,
      figure: `${attacks.length} kinds, ${wrong ? `one came through or was taken for another${wrong}` : 'none came through'}, the right one: ${right}`,
      good: wrong === '' && right === 'signed-in' && attacks.length >= 40,
      control: { what: `code that decodes tokens without checking them takes ${fooled} of them`, noticed: fooled > 30 },
    }
  },
}
