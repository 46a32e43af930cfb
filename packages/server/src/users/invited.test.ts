/** Inviting, accepting and changing people, over a store. Through the routes: people.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import { type AgencyStore, Conflict } from '../store/store.ts'
import { type House, openHouse, password } from '../testing/staff-calls.ts'
import { acceptInvitation, invitePerson, lookAtInvitation, withdrawInvitation } from './invitations.ts'
import { TooBusy } from './password.ts'
import { changeMemberships, changeState, listPeople } from './people.ts'
import { whoAmI } from './sign-in.ts'

let house: House
let city: AgencyStore
let ada: string
let as: string
beforeEach(async () => {
  house = await openHouse()
  city = await house.agency('city')
  ada = await house.person(city, 'ada@city.example')
  as = await house.enter(city, ada)
})
afterEach(() => house.close())

const memberships = [{ role: 'officer', services: ['permit'] }]
const invited = (body: object = {}, by = as) => house.ask(invitePerson, { as: by, body: { email: ' Bo@City.Example', memberships, ...body } })
const tokenOf = (answer: { json: { link: string } }) => answer.json.link.split('#invitation=')[1] as string
const look = (token: string) => house.ask(lookAtInvitation, { body: { token } })
const accept = (token: string, more: object = {}) => house.ask(acceptInvitation, { body: { token, name: ' Bo ', password, ...more } })
const by = () => ({ actor: 'system', at: house.now.toISOString() })

describe('an invitation', () => {
  it('is a link that is shown once, of which the store has a digest', async () => {
    const answer = await invited()
    expect([answer.said, answer.json]).toEqual([
      201,
      {
        id: expect.any(String),
        link: expect.stringMatching(/^http:\/\/[\w.:]+\/builder\/#invitation=city\.[\w-]{43}$/),
        expiresAt: '2026-01-12T08:00:00.000Z',
        mailed: false,
      },
    ])
    const [row] = await city.invitations(house.now.toISOString())
    expect(row).toEqual({
      ...{ id: answer.json.id, email: 'bo@city.example', memberships, invitedBy: `user:${ada}` },
      ...{ tokenHash: digestOf(tokenOf(answer).split('.')[1] as string), createdAt: house.now.toISOString(), expiresAt: answer.json.expiresAt },
    })
    expect((await look(tokenOf(answer))).json).toEqual({
      ...{ agency: { id: 'city', name: 'Agency city' }, email: 'bo@city.example', memberships, expiresAt: answer.json.expiresAt },
    })
    expect(house.tried).toEqual([['203.0.113.7', digestOf(tokenOf(answer)), house.now.getTime()]])
  })

  it('is accepted once, by which somebody is who they were invited as', async () => {
    const token = tokenOf(await invited())
    const made = await accept(token)
    expect([made.said, made.json]).toEqual([
      201,
      { user: { id: expect.any(String), name: 'Bo', email: 'bo@city.example' }, agency: { id: 'city', name: 'Agency city' } },
    ])
    expect((await house.ask(whoAmI, { as: made.cookie as string })).json).toMatchObject({ memberships, secondFactor: { on: false } })
    expect((await city.sessionsOf(made.json.user.id, house.now.toISOString())).map(({ strong }) => strong)).toEqual([0])
    expect([(await accept(token)).said, (await look(token)).said]).toEqual(['404 invitation', '404 invitation'])
  })

  it('is refused alike when it never was, was withdrawn, or is too old', async () => {
    const answer = await invited()
    const token = tokenOf(answer)
    const secret = token.split('.')[1]
    await house.agency('town')
    for (const wrong of ['', '.', 'city', 'city.', `.${secret}`, `town.${secret}`, `nowhere.${secret}`, `${token}x`, token.slice(0, -1)])
      for (const asked of [look(wrong), accept(wrong)]) expect([wrong, (await asked).said]).toEqual([wrong, '404 invitation'])
    house.later(7 * 24 * 60 - 1)
    as = await house.enter(city, ada)
    expect((await look(token)).said).toBe(200)
    house.later(1)
    for (const asked of [look(token), accept(token)]) expect((await asked).said).toBe('404 invitation')
    as = await house.enter(city, ada)
    const again = await invited()
    expect((await house.ask(withdrawInvitation, { as, param: again.json.id })).said).toBe(204)
    expect((await look(tokenOf(again))).said).toBe('404 invitation')
    expect((await house.ask(withdrawInvitation, { as, param: again.json.id })).said).toBe('404 not-found')
  })

  it('is used up by whoever comes first, also when two come at once', async () => {
    const token = tokenOf(await invited())
    const answers = await Promise.all([accept(token), accept(token)])
    expect(answers.map(({ said }) => said).sort()).toEqual([201, '404 invitation'])
  })

  it('is for nobody who works there already, before and after it was made', async () => {
    expect((await invited({ email: 'ADA@city.example' })).said).toBe('409 works-here')
    const token = tokenOf(await invited())
    // Somebody of that address comes in by another way meanwhile, or the store fails.
    const failing = (error: Error) =>
      house.ask(
        (call) => {
          const { store } = call.adapters
          const agency = { ...store.agency('city' as never), acceptInvitation: async () => Promise.reject(error) }
          return acceptInvitation({ ...call, adapters: { ...call.adapters, store: { ...store, agency: () => agency } } } as never)
        },
        { body: { token, name: 'Bo', password } },
      )
    expect((await failing(new Conflict('taken'))).said).toBe('409 works-here')
    await expect(failing(new Error('disk'))).rejects.toThrow('disk')
  })

  it('is for roles that there are, of an agency or of the installation', async () => {
    for (const [wrong, pointer] of [
      [[], '/memberships'],
      [[{ role: 'officer' }, { role: 'editor', units: ['desk'] }], '/memberships/1/units'],
      [[{ role: 'operator' }], '/memberships/0/role'],
    ] as const)
      expect(await invited({ memberships: wrong })).toMatchObject({ said: '400 shape', extras: { errors: [{ pointer, code: 'shape.invalid' }] } })
    const own = await house.store.house(house.now.toISOString())
    const olu = await house.person(own, 'olu@example.org', [{ role: 'operator' }])
    const theirs = await house.enter(own, olu, true)
    expect((await invited({ memberships: [{ role: 'owner' }] }, theirs)).said).toBe('400 shape')
    const made = await invited({ memberships: [{ role: 'operator' }] }, theirs)
    expect(made.said).toBe(201)
    expect((await look(tokenOf(made))).json.agency).toEqual({ id: '~', name: '' })
  })

  it('is tried so often and no more', async () => {
    const token = tokenOf(await invited())
    house.wait = 1
    for (const asked of [look(token), accept(token)]) expect((await asked).said).toBe('429 rate')
    house.wait = 0
    Object.assign(house.adapters, { passwords: { hash: () => Promise.reject(new TooBusy()) } })
    expect((await accept(token)).said).toBe('503 rate')
    expect((await look(token)).said).toBe(200)
  })
})

describe('people', () => {
  it('are listed with what they are, and those who are gone are not', async () => {
    const bo = await house.person(city, 'bo@city.example', [{ role: 'officer', units: ['desk'] }])
    const cy = await house.person(city, 'cy@city.example')
    await city.changeUser(cy, { state: 'removed' }, by())
    await city.changeUser(bo, { state: 'suspended' }, by())
    await city.secureUser(ada, { what: 'second-factor-on', totpSecret: new Uint8Array(3), recoveryCodes: ['a'] }, null, by())
    as = await house.enter(city, ada, true)
    const { json: invitation } = await invited({ email: 'di@city.example' })
    expect((await house.ask(listPeople, { as })).json).toEqual({
      people: [
        { id: ada, name: 'Name of ada@city.example', email: 'ada@city.example', state: 'active', memberships: [{ role: 'owner' }], secondFactor: true },
        {
          id: bo,
          name: 'Name of bo@city.example',
          email: 'bo@city.example',
          state: 'suspended',
          memberships: [{ role: 'officer', units: ['desk'] }],
          secondFactor: false,
        },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
      invitations: [{ id: invitation.id, email: 'di@city.example', memberships, expiresAt: invitation.expiresAt }],
    })
  })

  it('are changed, by which their sessions end; nobody can be who there is not', async () => {
    const bo = await house.person(city, 'bo@city.example')
    const theirs = await house.enter(city, bo)
    const change = (param: string, body: object) => house.ask(changeMemberships, { as, param, body })
    expect((await change(bo, { memberships: [{ role: 'auditor' }] })).said).toBe(204)
    expect((await house.ask(whoAmI, { as: theirs })).said).toBe('401 signed-out')
    expect((await city.user(bo))?.memberships).toEqual([{ role: 'auditor' }])
    expect(await change(bo, { memberships: [{ role: 'operator' }] })).toMatchObject({
      said: '400 shape',
      extras: { errors: [{ pointer: '/memberships/0/role', code: 'shape.invalid' }] },
    })
    expect((await change('nobody', { memberships: [{ role: 'auditor' }] })).said).toBe('404 not-found')
    // Somebody who lets others in is left, always.
    expect((await change(ada, { memberships: [{ role: 'auditor' }] })).said).toBe('409 last-owner')
    expect((await city.user(ada))?.memberships).toEqual([{ role: 'owner' }])
    expect((await house.events(city, 'user.changed')).map(({ actor, object }) => [actor, object])).toEqual([[`user:${ada}`, `user:${bo}`]])
  })

  it('are suspended, resumed and removed', async () => {
    const bo = await house.person(city, 'bo@city.example')
    const put = (state: string, param = bo) => house.ask(changeState, { as, param, body: { state } })
    for (const state of ['suspended', 'active', 'removed']) expect([(await put(state)).said, (await city.user(bo))?.state]).toEqual([204, state])
    expect((await put('active')).said).toBe('404 not-found')
    expect((await put('suspended', ada)).said).toBe('409 last-owner')
  })

  it('are changed or not: what else goes wrong is not hidden', async () => {
    const failing = house.ask(
      (call) => {
        const agency = { ...call.actor().agency, changeUser: async () => Promise.reject(new Error('disk')) }
        const actor = { ...call.actor(), agency }
        return changeState({ ...call, actor: () => actor } as never)
      },
      { as, param: ada, body: { state: 'suspended' } },
    )
    await expect(failing).rejects.toThrow('disk')
    const inviting = house.ask(
      (call) => {
        const agency = { ...call.actor().agency, invite: async () => Promise.reject(new Error('disk')) }
        const actor = { ...call.actor(), agency }
        return invitePerson({ ...call, actor: () => actor } as never)
      },
      { as, body: { email: 'x@city.example', memberships } },
    )
    await expect(inviting).rejects.toThrow('disk')
  })
})
