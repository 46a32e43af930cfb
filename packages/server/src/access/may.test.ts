import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf, type Grant, grantsOf, type Membership, may, reachOf } from './may.ts'
import { keyPermissions, permissions, permissionsOf, roles } from './permissions.ts'

const names = ['a', 'b', 'c']
const some = fc.option(fc.subarray(names), { nil: undefined })
const membership: fc.Arbitrary<Membership> = fc.record(
  { role: fc.constantFrom(...roles), services: some, units: some },
  { requiredKeys: ['role'] },
) as fc.Arbitrary<Membership>
const target = fc.record({ service: fc.constantFrom(...names, undefined), unit: fc.constantFrom(...names, undefined) })
const who = (...memberships: Membership[]) => ({ grants: grantsOf(memberships) })

describe('may', () => {
  it('is no without a grant that says yes, and yes exactly where one does', () => {
    let [yes, no] = [0, 0]
    fc.assert(
      fc.property(fc.array(membership, { maxLength: 4 }), fc.constantFrom(...permissions), target, (memberships, permission, { service, unit }) => {
        const said = may(who(...memberships), permission, { service, unit })
        const due = memberships.some(
          (one) =>
            permissionsOf[one.role].includes(permission) &&
            (one.services === undefined || one.services.some((name) => name === service)) &&
            (one.units === undefined || one.units.some((name) => name === unit)),
        )
        expect(said).toBe(due)
        // Whoever reaches nothing may nothing, and who may something reaches some of it.
        if (said) expect(reachOf(who(...memberships), permission)).not.toBeNull()
        said ? yes++ : no++
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(yes, no)).toBeGreaterThan(200)
  })

  it('knows no role and no permission that is not in the table', () => {
    for (const role of ['admin', '__proto__', 'constructor', '', 'Owner']) {
      expect(grantsOf([{ role } as never])).toEqual([])
      for (const permission of permissions) expect(may(who({ role } as never), permission)).toBe(false)
    }
    for (const permission of ['case.everything', 'toString', '']) expect(may(who({ role: 'owner' }), permission as never)).toBe(false)
    expect(may({ grants: [] }, 'self')).toBe(false)
  })

  it('reaches nothing, everything as soon as one grant is without a limit, or parts', () => {
    expect([reachOf(who(), 'self'), reachOf(who({ role: 'editor' }), 'case.read')]).toEqual([null, null])
    expect(reachOf(who({ role: 'officer', services: ['a'] }, { role: 'owner' }), 'case.read')).toBe('everything')
    const limited = who({ role: 'officer', services: ['a'] }, { role: 'officer', units: ['x'] }, { role: 'editor' })
    expect(reachOf(limited, 'case.read')).toEqual([
      { services: ['a'], units: null },
      { services: null, units: ['x'] },
    ])
  })

  it('joins memberships without mixing their limits', () => {
    const both = who({ role: 'officer', services: ['a'], units: ['x'] }, { role: 'officer', services: ['b'], units: ['y'] })
    const asked = (service: string, unit: string) => may(both, 'case.read', { service, unit })
    expect([asked('a', 'x'), asked('b', 'y'), asked('a', 'y'), asked('b', 'x')]).toEqual([true, true, false, false])
    expect(may(both, 'case.read', { service: 'a' })).toBe(false)
    expect(may(both, 'case.read')).toBe(false)
  })
})

describe('the table', () => {
  it('gives operators nothing of what an agency has', () => {
    const theirs = permissionsOf.operator.filter((permission) => /^(service|case|statistics|keys|agency|encryption)\./.test(permission))
    expect(theirs).toEqual([])
    for (const role of roles) expect(permissionsOf[role].includes('agencies.manage')).toBe(role === 'operator')
  })

  it('gives auditors and editors nothing of what citizens sent in', () => {
    for (const role of ['auditor', 'editor', 'publisher'] as const)
      expect(permissionsOf[role].filter((permission) => permission.startsWith('case.'))).toEqual([])
  })

  it('gives programs nothing of people, keys and settings', () => {
    expect(keyPermissions.filter((permission) => /^(self|people|keys|agency|agencies|encryption)/.test(permission))).toEqual([])
  })

  it('has every permission in some role, and no role that is unknown', () => {
    expect(Object.keys(permissionsOf).sort()).toEqual([...roles].sort())
    for (const permission of permissions) expect(roles.some((role) => permissionsOf[role].includes(permission))).toBe(true)
  })
})

describe('memberships that somebody is to get', () => {
  it.each<[Membership[], boolean, string | null]>([
    [[{ role: 'officer', services: ['a'], units: ['x'] }], false, null],
    [[{ role: 'owner' }, { role: 'editor', services: [] }], false, null],
    [[], false, '/memberships'],
    [[{ role: 'operator' }], false, '/memberships/0/role'],
    [[{ role: 'operator' }], true, null],
    [[{ role: 'operator' }, { role: 'owner' }], true, '/memberships/1/role'],
    [[{ role: 'owner', services: ['a'] }], false, '/memberships/0/services'],
    [[{ role: 'auditor', units: ['x'] }], false, '/memberships/0/units'],
    [[{ role: 'editor', units: ['x'] }], false, '/memberships/0/units'],
  ])('%j in the installation: %s', (memberships, installation, fault) => expect(faultOf(memberships, installation)).toBe(fault))

  it('without a limit are without one, and with an empty one are nothing', () => {
    const grant = (one: Membership): Grant | undefined => grantsOf([one])[0]
    expect([grant({ role: 'officer' })?.services, grant({ role: 'officer', services: [] })?.services]).toEqual([null, []])
    expect(may(who({ role: 'officer', services: [] }), 'case.read', { service: 'a' })).toBe(false)
  })
})
