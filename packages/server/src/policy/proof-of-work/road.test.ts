import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prove } from '../../testing/prove.ts'
import { answersOf, createWorld, definitionOf, foreign, newKey, plainPolicy, type World } from '../../testing/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  const policy = { rules: { ...plainPolicy.rules, 'proof-of-work': { demand: 'required' as const, effort: 1 } } }
  await world.offer(definitionOf(), policy)
  await world.offer(definitionOf(), policy, 'town')
})
afterAll(() => world.close())

const challenge = async (agency = 'city') =>
  (await (await world.request(`/v1/services/${agency}/library-card/challenge`, { method: 'POST', headers: { Origin: foreign } })).json()) as unknown as {
    challenge: { parameters: { cost: number; data: { effort: number } }; signature: string }
    seconds: number
  }
const send = (proof: string | null, { key = newKey(), body = answersOf() as unknown } = {}) =>
  world.request('/v1/services/city/library-card/submissions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, Origin: foreign, ...(proof ? { 'Guichet-Proof': proof } : {}) },
    body: JSON.stringify(body),
  })
const statusOf = async (proof: string | null) => (await send(proof)).status

describe('proof of work', () => {
  it('lets in whoever has calculated, once', async () => {
    expect(await statusOf(null)).toBe(428)
    const proof = await prove((await challenge()).challenge)
    expect(await statusOf(proof)).toBe(201)
    expect(await statusOf(proof)).toBe(428)
  })

  it('takes nothing that was made up, changed, or meant for another service', async () => {
    const { challenge: given } = await challenge()
    const good = JSON.parse(Buffer.from(await prove(given), 'base64url').toString())
    const said = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { parameters } = given
    for (const wrong of [
      'not a proof',
      said(null),
      said({}),
      said({ challenge: given }),
      said({ ...good, solution: { ...good.solution, derivedKey: '00'.repeat(32) } }),
      said({ ...good, challenge: { ...given, signature: '00'.repeat(32) } }),
      said({ ...good, challenge: { parameters } }),
      said({ ...good, challenge: { ...given, parameters: { ...parameters, cost: 1 } } }),
      said({ ...good, challenge: { ...given, parameters: { ...parameters, data: { ...parameters.data, effort: 50 } } } }),
      await prove((await challenge('town')).challenge),
      'A'.repeat(4001),
    ])
      expect([wrong.slice(0, 20), await statusOf(wrong)]).toEqual([wrong.slice(0, 20), 428])
    expect(await statusOf(said(good))).toBe(201)
  })

  it('ends with its hour, and is not enough where more is asked for since', async () => {
    const old = await prove((await challenge()).challenge)
    world.setTime('2026-01-05T09:00:01.000Z')
    expect(await statusOf(old)).toBe(428)
    const easy = await prove((await challenge()).challenge)
    await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, 'proof-of-work': { demand: 'required', effort: 2 } } })
    expect(await statusOf(easy)).toBe(428)
  })

  it('gives the answer to what was sent before without another one', async () => {
    const key = newKey()
    const body = { ...answersOf(), version: 2 }
    const first = await (await send(await prove((await challenge()).challenge), { key, body })).json()
    const again = await send(null, { key, body })
    expect([again.status, (await again.json()).reference]).toEqual([201, first.reference])
  })

  it('is asked of the page, and makes none where none is asked for', async () => {
    expect((await (await world.request('/v1/services/city/library-card')).json()).asks).toEqual({ proofOfWork: true })
    await world.offer(definitionOf(), plainPolicy, 'village')
    expect((await world.request('/v1/services/village/library-card/challenge', { method: 'POST' })).status).toBe(204)
  })
})
