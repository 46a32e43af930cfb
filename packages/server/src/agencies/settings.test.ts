/** What owners and operators do with an agency, over rows as the store would give them. On real servers: users/people.test.ts. */
import { describe, expect, it } from 'vitest'
import type { Call } from '../routes/route.ts'
import { Conflict, type Store } from '../store/store.ts'
import { refusalOf } from '../testing/refusal.ts'
import { addAgency, agencyName, deleteAgency, listAgencies, makeAgency, setQuotas } from './operate.ts'
import { deleteOwnAgency, openAgency, saveAgency } from './settings.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const at = now.toISOString()
const deed = { actor: 'user:op', at }
const quotas = { services: 3 }

interface Made {
  profile?: object | null
  fails?: Error
}
/** An installation with one agency, which writes down what is done. */
function installationOf({ profile = { title: 'City', settings: { a: 1 }, quotas, revision: 7, createdAt: 'then' }, fails }: Made = {}) {
  const done: unknown[][] = []
  const does =
    (what: string, answer?: unknown) =>
    async (...args: unknown[]) => {
      done.push([what, ...args])
      return answer
    }
  const agency = (id: string) => ({
    id,
    profile: async () => (id === 'city' ? profile : null),
    usage: async (day: string) => ({ services: 1, day }),
    setQuotas: does(`quotas of ${id}`),
    remove: does(`remove ${id}`),
    invite: does(`invite to ${id}`),
    async saveSettings(...args: unknown[]) {
      if (fails) throw fails
      return does('settings', 8)(...args)
    },
  })
  const store = {
    agency,
    house: async (time: string) => ({ audit: does(`house at ${time}`) }),
    agencies: async () => [{ id: 'city', title: 'City' }],
    findAgency: async (name: string) => (name === 'city' ? name : null),
    ensureAgency: async (...args: unknown[]) => does('ensure', args[0])(...args),
  } as unknown as Store
  return { store, done, agency: agency('city') }
}
function callOf(
  made: ReturnType<typeof installationOf>,
  { body = {}, param = 'city', strong = true, person = true, ifMatch = '"7"' as string | undefined } = {},
) {
  const headers: Record<string, string> = {}
  const answer = (value: unknown, status = 200) => ({ value, status, headers })
  const call = {
    ...{ now, language: 'el', adapters: { store: made.store, messengers: {} }, config: { baseUrl: 'https://forms.example', smtpUrl: null, mailFrom: null } },
    ...{ body: () => body, param: () => param, deed: () => deed, header: () => ifMatch },
    actor: () => ({ agency: made.agency, agencyTitle: 'City', user: person ? { id: 'u1' } : null, session: person ? { strong } : null }),
    c: { json: answer, body: answer, header: (name: string, value: string) => void (headers[name] = value) },
  }
  return call as unknown as Call
}

describe('owners', () => {
  it('see what is set, what is allowed and what is used', async () => {
    expect(await openAgency(callOf(installationOf()))).toEqual({
      ...{ status: 200, headers: { ETag: '"7"' } },
      value: { id: 'city', title: 'City', settings: { a: 1 }, quotas, usage: { services: 1, day: '2026-01-05' }, revision: 7 },
    })
    expect(await refusalOf(() => openAgency(callOf(installationOf({ profile: null }))))).toEqual({ status: 404, code: 'not-found' })
  })

  it('change it, if nobody else has meanwhile', async () => {
    const made = installationOf()
    const settings = { requireSecondFactor: true }
    expect(await saveAgency(callOf(made, { body: settings }))).toEqual({ value: { revision: 8 }, status: 200, headers: { ETag: '"8"' } })
    expect(made.done).toEqual([['settings', settings, 7, deed]])
    expect(await refusalOf(() => saveAgency(callOf(installationOf({ fails: new Conflict('stale') }))))).toEqual({ status: 412, code: 'stale' })
    await expect(saveAgency(callOf(installationOf({ fails: new Error('away') })))).rejects.toThrow('away')
  })

  it('cannot lock themselves out by asking all for what they have not', async () => {
    const body = { requireSecondFactor: true }
    expect(await refusalOf(() => saveAgency(callOf(installationOf(), { body, strong: false })))).toEqual({ status: 409, code: 'second-factor-missing' })
    expect(await refusalOf(() => saveAgency(callOf(installationOf(), { body: {}, strong: false })))).toBeNull()
    expect(await refusalOf(() => saveAgency(callOf(installationOf(), { person: false })))).toEqual({ status: 403, code: 'not-allowed' })
  })

  it('delete it by repeating its name', async () => {
    const made = installationOf()
    expect(await refusalOf(() => deleteOwnAgency(callOf(made, { body: { confirm: 'City' } })))).toEqual({ status: 422, code: 'confirmation' })
    expect(made.done).toEqual([])
    expect(await deleteOwnAgency(callOf(made, { body: { confirm: 'city' } }))).toMatchObject({ value: null, status: 204 })
    expect(made.done).toEqual([['remove city', deed]])
  })
})

describe('operators', () => {
  const wanted = { id: 'town', title: 'Town', owner: ' Ann@Town.example ' }
  const how = { baseUrl: 'https://forms.example', now, by: deed }

  it('make an agency with its quotas, and invite who owns it', async () => {
    const { store, done } = installationOf()
    const invitation = await makeAgency(store, { ...wanted, quotas }, how)
    expect(invitation.link).toMatch(/^https:\/\/forms\.example\/builder\/#invitation=town\.[\w-]{43}$/)
    const operator = { actor: 'operator', at }
    expect(done).toEqual([
      ['ensure', 'town', 'Town', at],
      [`house at ${at}`, 'agency.created', 'agency:town', deed],
      ['quotas of town', quotas, operator],
      ['invite to town', expect.objectContaining({ email: 'ann@town.example', memberships: [{ role: 'owner' }], invitedBy: 'operator' }), operator],
    ])
    const plain = installationOf()
    await makeAgency(plain.store, wanted, how)
    expect(plain.done).toContainEqual(['quotas of town', {}, operator])
  })

  it('make none of a name that there is, or was', async () => {
    const { store, done } = installationOf()
    expect(await refusalOf(() => makeAgency(store, { ...wanted, id: 'city' }, how))).toEqual({ status: 409, code: 'agency-taken' })
    // One that was deleted is found no more, but its row is there.
    const gone = { ...store, findAgency: async () => null } as unknown as Store
    expect(await refusalOf(() => makeAgency(gone, { ...wanted, id: 'city' }, how))).toEqual({ status: 409, code: 'agency-taken' })
    expect(done).toEqual([])
  })

  it('see counts of each, and nothing else of it', async () => {
    expect(await listAgencies(callOf(installationOf()))).toMatchObject({
      value: { agencies: [{ id: 'city', title: 'City', createdAt: 'then', quotas, usage: { services: 1, day: '2026-01-05' } }] },
    })
    expect(await listAgencies(callOf(installationOf({ profile: null })))).toMatchObject({ value: { agencies: [{ id: 'city', quotas: {} }] } })
  })

  it('set quotas and delete, which their own log and the agency’s have', async () => {
    const made = installationOf()
    const operator = { actor: 'operator', at }
    expect(await setQuotas(callOf(made, { body: { services: 9 } }))).toMatchObject({ value: null, status: 204 })
    expect(await refusalOf(() => deleteAgency(callOf(made, { body: { confirm: '' } })))).toEqual({ status: 422, code: 'confirmation' })
    expect(await deleteAgency(callOf(made, { body: { confirm: 'city' } }))).toMatchObject({ value: null, status: 204 })
    expect(made.done).toEqual([
      [`house at ${at}`, 'agency.changed', 'agency:city', deed],
      ['quotas of city', { services: 9 }, operator],
      [`house at ${at}`, 'agency.deleted', 'agency:city', deed],
      ['remove city', operator],
    ])
  })

  it('find no agency that is none, nor the house that they are of', async () => {
    const house = installationOf()
    house.store.agencies = async () => [{ id: '~', title: '' }] as never
    for (const [made, param] of [
      [installationOf(), 'town'],
      [house, '~'],
    ] as const) {
      expect(await refusalOf(() => setQuotas(callOf(made, { param })))).toEqual({ status: 404, code: 'not-found' })
      expect(await refusalOf(() => deleteAgency(callOf(made, { param, body: { confirm: param } })))).toEqual({ status: 404, code: 'not-found' })
      expect(made.done).toEqual([])
    }
  })

  it('hand the link out, and say whether it was mailed', async () => {
    const made = await addAgency(callOf(installationOf(), { body: { ...wanted, language: 'hu' } }))
    expect(made).toMatchObject({ status: 201, value: { link: expect.stringContaining('#invitation=town.'), mailed: false } })
    expect(await addAgency(callOf(installationOf(), { body: wanted }))).toMatchObject({ status: 201, value: { mailed: false } })
  })

  it.each([
    ['a', true],
    ['a1-b', true],
    [`a${'b'.repeat(59)}`, true],
    [`a${'b'.repeat(60)}`, false],
    ['1a', false],
    ['A', false],
    ['~', false],
    ['', false],
    ['a b', false],
  ])('name an agency %j: %s', (name, fits) => expect(agencyName.test(name)).toBe(fits))
})
