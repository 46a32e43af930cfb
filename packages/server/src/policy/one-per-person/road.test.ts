/** On PostgreSQL as well, by road.postgres.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movingDefinition, officerOf } from '../../testing/cases.ts'
import { type ForgingIdp, forgingIdp } from '../../testing/idp/forging-idp.ts'
import { sendSignedIn, signInAs } from '../../testing/idp/signing-in.ts'
import { providerFile, signInPolicy } from '../../testing/idp/world.ts'
import { answersOf, createWorld, plainPolicy, type World } from '../../testing/world.ts'
import { onePerPerson } from './rule.ts'

let idp: ForgingIdp
let world: World
beforeAll(async () => {
  idp = await forgingIdp()
  world = await createWorld({ SIGN_IN_PROVIDERS: providerFile(idp.issuer).path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
  const policy = signInPolicy()
  await world.offer(movingDefinition(), { rules: { ...policy.rules, 'one-per-person': { by: 'sign-in' } } })
})
afterAll(async () => {
  await world.close()
  await idp.close()
})

const as = (subject: string) => {
  idp.forgery = { change: ({ payload }) => (payload.sub = subject) }
  return signInAs(world, idp.visit)
}
const agency = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)

describe('one per person', () => {
  it('takes one of each person, also of many at once, and says what to do to the second', async () => {
    const { session } = await as('ana')
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendSignedIn(world, answersOf(), session)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)])
    const second = await (await sendSignedIn(world, answersOf({ name: 'Another name' }), (await as('ana')).session)).json()
    expect([second.type, second.title]).toEqual([expect.stringMatching(/\/second$/), expect.stringContaining('tracking code')])
    expect((await sendSignedIn(world, answersOf(), (await as('bela')).session)).status).toBe(201)
    // Who it is stands nowhere.
    expect(world.disk()).not.toContain('sign-in|national|ana')
  })

  it('gives the place back when the case is rejected, and not when it goes on', async () => {
    const officer = await officerOf(world)
    const { session } = await as('cleo')
    const { submission } = await (await sendSignedIn(world, answersOf(), session)).json()
    expect((await officer.decide(submission, 1, { decision: 'ask_more', note: 'More, please.' })).status).toBe(200)
    expect((await sendSignedIn(world, answersOf(), session)).status).toBe(409)
    const shown = await (await officer.get(`/v1/admin/cases/${submission}`)).json()
    expect(JSON.stringify(shown)).not.toContain('person ')
    expect((await officer.decide(submission, 2, { decision: 'refuse', note: 'No.' })).status).toBe(200)
    expect((await sendSignedIn(world, answersOf(), session)).status).toBe(201)
    expect((await sendSignedIn(world, answersOf(), session)).status).toBe(409)
  })

  it('by an answer: the same however it is typed, another where it is another, and none that is not given', async () => {
    await world.offer(movingDefinition(), { rules: { ...plainPolicy.rules, 'one-per-person': { by: 'field', field: 'name' } } })
    const send = async (name: string) => (await sendSignedIn(world, { ...answersOf({ name }), version: 2 }, null)).status
    expect(await send('Dana Field')).toBe(201)
    expect(await send('  Dana Field ')).toBe(409)
    expect(await send('Dana  Other')).toBe(201)
  })

  it('takes nothing from whom it does not know', () => {
    const ask = onePerPerson.settle({ by: 'sign-in' }, 'standard', undefined as never)
    const evidence = { agency: 'city', service: 'card', answers: {}, pseudonym: (of: string) => of, now: new Date(), signedIn: null } as never
    expect(ask(evidence)).toMatchObject([{ most: 0, full: { code: 'sign-in-needed' } }])
    expect(() => onePerPerson.settle({ by: 'field' }, 'standard', undefined as never)).toThrow('one-per-person-field')
    expect(() => onePerPerson.settle({ by: 'sign-in', field: 'name' }, 'standard', undefined as never)).toThrow('one-per-person-field')
  })

  it('keeps as many places as there are people', async () => {
    const all = await (await agency()).submissions()
    expect(all.length).toBe(6)
  })
})
