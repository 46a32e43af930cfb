import { describe, expect, it } from 'vitest'
import { grantsOf, type Membership } from '../access/may.ts'
import type { Permission } from '../access/permissions.ts'
import { refusalOf } from '../testing/refusal.ts'
import { allowed } from './guard.ts'
import type { SignedIn } from './route.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const minutesAgo = (minutes: number, ms = 0) => new Date(now.getTime() - minutes * 60_000 - ms).toISOString()
const agency = { id: 'city', published: async () => [], service: async (id: string) => id } as unknown as SignedIn['agency']
const session = { tokenHash: 'x', provedAt: minutesAgo(1), strong: true, mustSecure: false }
const who = (memberships: Membership[], of: Partial<NonNullable<SignedIn['session']>> | null = {}) =>
  ({ name: 'user:1', grants: grantsOf(memberships), agency, session: of && { ...session, ...of } }) as unknown as SignedIn
const route = (permission: Permission, fresh?: true) => ({ permission, fresh })

describe('whoever uses a route', () => {
  it('needs its permission, and is who they are', async () => {
    const owner = who([{ role: 'owner' }])
    expect(await allowed(route('people.manage'), owner, now)).toEqual(owner)
    for (const role of ['editor', 'publisher', 'officer', 'auditor'] as const)
      expect(await refusalOf(() => allowed(route('people.manage'), who([{ role }]), now))).toEqual({ status: 403, code: 'not-allowed' })
    expect(await refusalOf(() => allowed(route('self'), who([]), now))).toEqual({ status: 403, code: 'not-allowed' })
  })

  it('is told to add a second factor where that is what is missing', async () => {
    expect(await refusalOf(() => allowed(route('case.read'), who([], { mustSecure: true }), now))).toEqual({ status: 403, code: 'second-factor-missing' })
    expect(await refusalOf(() => allowed(route('case.read'), who([], null), now))).toEqual({ status: 403, code: 'not-allowed' })
  })

  it('gets of the agency what the permission reaches', async () => {
    const officer = who([{ role: 'officer', services: ['card'] }, { role: 'auditor' }])
    const { agency: mine } = await allowed(route('case.read'), officer, now)
    expect([await mine.service('card'), await mine.service('permit')]).toEqual(['card', null])
    // By the other membership, the whole.
    expect((await allowed(route('audit.read'), officer, now)).agency).toBe(agency)
  })

  it.each<[string, SignedIn['session'] | Partial<NonNullable<SignedIn['session']>> | null, string | null]>([
    ['ten minutes ago', { provedAt: minutesAgo(10) }, null],
    ['longer ago', { provedAt: minutesAgo(10, 1) }, 'prove-again'],
    ['at a moment that is none', { provedAt: '' }, 'prove-again'],
    ['never, as a program', null, 'not-allowed'],
  ])('has to have proved who they are for what is dangerous: %s', async (_, of, code) => {
    const somebody = who([{ role: 'owner' }], of)
    expect(await refusalOf(() => allowed(route('keys.manage', true), somebody, now))).toEqual(code && { status: 403, code })
    // The control: for anything else they need not.
    expect(await refusalOf(() => allowed(route('keys.manage'), somebody, now))).toBeNull()
  })
})
