import type { Challenge } from 'altcha-lib'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Adapters } from '../../adapters.ts'
import type { LiveService } from '../../services/live.ts'
import { prove } from '../../testing/prove.ts'
import { memoryRates } from '../rate/rates.ts'
import { challengeLasts, isProof, newChallenge } from './proofs.ts'

const live = (effort: number | undefined, agency = 'city', service = 'card') =>
  ({ agency: { id: agency }, version: { service }, policy: { asks: effort === undefined ? {} : { proofOfWork: effort } } }) as unknown as LiveService
const keysOf = (fill: number) => ({ pepper: new Uint8Array(32).fill(fill) }) as Adapters['keys']
const now = new Date('2026-01-05T08:00:00Z')
const later = (ms: number) => new Date(now.getTime() + ms)

let adapters: Pick<Adapters, 'keys' | 'rates'>
beforeEach(() => {
  adapters = { keys: keysOf(1), rates: memoryRates() }
})
const challengeOf = async (service = live(1)) => (await newChallenge(adapters, service, now))!.challenge
const proofOf = async (service = live(1)) => prove(await challengeOf(service))
const said = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a proof of work', () => {
  it('lasts an hour, is for one service, and is as hard as that asks', async () => {
    expect(await newChallenge(adapters, live(undefined), now)).toBeNull()
    const given = (await newChallenge(adapters, live(3), now))!
    expect(given.seconds).toBe(3600)
    expect(given.challenge.parameters).toMatchObject({
      ...{ algorithm: 'PBKDF2/SHA-256', cost: 1000 },
      data: { about: 'city/card', effort: 3, until: now.getTime() + 3600_000 },
    })
  })

  it('takes ten to thirty tries for each step of effort', async () => {
    const numbers: number[] = []
    for (let i = 0; i < 10; i++) {
      const { solution } = JSON.parse(Buffer.from(await proofOf(live(2)), 'base64url').toString()) as { solution: { counter: number } }
      numbers.push(solution.counter)
    }
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(20)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(60)
    expect(new Set(numbers).size).toBeGreaterThan(1)
  })

  it('counts once', async () => {
    const proof = await proofOf()
    expect(await isProof(adapters, live(1), proof, now)).toBe(true)
    expect(await isProof(adapters, live(1), proof, now)).toBe(false)
    expect(await isProof(adapters, live(1), await proofOf(), now)).toBe(true)
  })

  it('counts until its hour is over', async () => {
    expect(await isProof(adapters, live(1), await proofOf(), later(challengeLasts - 1))).toBe(true)
    expect(await isProof(adapters, live(1), await proofOf(), later(challengeLasts))).toBe(false)
  })

  it('counts where it is hard enough, and where none is asked for any more', async () => {
    expect(await isProof(adapters, live(2), await proofOf(), now)).toBe(false)
    expect(await isProof(adapters, live(1), await proofOf(live(2)), now)).toBe(true)
    expect(await isProof(adapters, live(undefined), await proofOf(), now)).toBe(true)
  })

  it('counts for the service and the agency that it was made for', async () => {
    expect(await isProof(adapters, live(1, 'city', 'other'), await proofOf(), now)).toBe(false)
    expect(await isProof(adapters, live(1, 'town'), await proofOf(), now)).toBe(false)
    expect(await isProof({ ...adapters, keys: keysOf(2) }, live(1), await proofOf(), now)).toBe(false)
  })

  it('is nothing that was made up or changed', async () => {
    const good = JSON.parse(Buffer.from(await proofOf(), 'base64url').toString()) as { challenge: Challenge; solution: { counter: number; derivedKey: string } }
    const { challenge, solution } = good
    for (const wrong of [
      undefined,
      '',
      'not a proof',
      `${said(good)}=`,
      ` ${said(good)}`,
      said(null),
      said({ challenge }),
      said({ challenge, solution: { ...solution, derivedKey: '00'.repeat(32) } }),
      said({ challenge: { ...challenge, signature: '00'.repeat(32) }, solution }),
      said({ challenge: { parameters: challenge.parameters }, solution }),
      said({ ...good, padding: 'x'.repeat(4000) }),
    ])
      expect(await isProof(adapters, live(1), wrong, now), wrong?.slice(0, 20)).toBe(false)
    // The control: what was tried in vain has not used it up.
    expect(await isProof(adapters, live(1), said(good), now)).toBe(true)
  })

  it('does not count where nobody can tell whether it is new', async () => {
    const rates = { take: () => Promise.reject(new Error('away')), purge: async () => {} }
    expect(await isProof({ ...adapters, rates }, live(1), await proofOf(), now)).toBe(false)
  })
})
