import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answersOf, createWorld, definitionOf, type World } from '../testing/world.ts'
import { noRegisters, type Registers } from './evidence.ts'

/** Whoever the register knows as a member gets the card at once; others show a proof and wait for the desk. */
const definition = definitionOf((service) => {
  service.lookups = [
    { id: 'members', source: 'members register', input: { name: 'name' }, output: {}, sets: { found: 'yes' } },
    { id: 'street', source: 'street register', input: { name: 'name' }, output: { name: 'editable' } },
  ]
  service.pages[0]?.fields.push(
    { id: 'found', type: 'hidden', label: { en: 'Found' }, optional: true },
    { id: 'since', type: 'hidden', label: { en: 'Member since' }, optional: true, from: 'members' },
  )
  service.documents = [{ id: 'proof', label: { en: 'Proof' }, when: { '!=': [{ var: 'found' }, 'yes'] }, optional: true }]
  service.agency.units = { desk: { en: 'Desk' } }
  service.routes = [{ when: { '==': [{ var: 'found' }, 'yes'] }, to: 'auto_approve' }, { when: { has: [{ var: 'since' }] }, to: 'auto_reject' }, { to: 'desk' }]
})
const claimed = answersOf({ found: 'yes', since: '1999' })

let world: World
const open = async (registers: Registers) => {
  world = await createWorld({}, { registers })
  await world.offer(definition)
}
const send = async () => (await world.send(claimed)).json()

describe('a value that only a register can have set', () => {
  beforeEach(() => open(noRegisters))
  afterEach(() => world.close())

  it('is no answer where no register vouches for it: nobody is approved by what their browser says', async () => {
    expect(await send()).toMatchObject({ route: { to: 'desk' }, documents: [{ id: 'proof', copies: 1 }] })
    expect(world.disk()).not.toContain('1999')
  })
})

describe('with the register connected', () => {
  afterEach(() => world.close())

  it('it counts, which is the control of the test above', async () => {
    await open({ vouched: async () => new Set(['members']) })
    expect(await send()).toMatchObject({ route: { to: 'auto_approve' }, documents: [] })
    expect(world.disk()).toContain('1999')
  })

  it('a register that knows somebody else does not vouch for these answers', async () => {
    await open({ vouched: async ({ answers }) => new Set(answers.name === 'Somebody Else' ? ['members'] : []) })
    expect(await send()).toMatchObject({ route: { to: 'desk' } })
  })

  it('a register that fails lets nobody through', async () => {
    await open({ vouched: () => Promise.reject(new Error('register is down')) })
    expect((await world.send(claimed)).status).toBe(500)
  })
})
