/** Who may what, as one table: whoever changes it changes it here too, and somebody else sees that. */
import { describe, expect, it } from 'vitest'
import { grantsOf, may, rolesFor } from './may.ts'
import { keyPermissions, limitedToServices, limitedToUnits, ofTheWhole, type Permission, permissions, permissionsOf, roles } from './permissions.ts'

const table: Record<Permission, string> = {
  self: 'owner editor publisher officer auditor operator',
  'service.read': 'owner editor publisher officer auditor key',
  'service.edit': 'owner editor key',
  'service.publish': 'owner publisher key',
  'case.list': 'owner officer key',
  'case.read': 'owner officer key',
  'case.decide': 'owner officer key',
  'case.export': 'owner officer key',
  'case.erase': 'owner',
  'statistics.read': 'owner editor publisher officer auditor key',
  'audit.read': 'owner auditor operator key',
  'people.read': 'owner auditor operator',
  'people.manage': 'owner operator',
  'keys.manage': 'owner',
  'agency.read': 'owner editor publisher officer auditor',
  'agency.settings': 'owner',
  'encryption.keys': 'owner',
  'agencies.manage': 'operator',
}

describe('the table of permissions', () => {
  it.each(Object.entries(table))('gives %s to %s', (permission, holders) => {
    const named = roles.filter((role) => may({ grants: grantsOf([{ role }]) }, permission as Permission)) as string[]
    const program = keyPermissions.some((one) => one === permission) ? ['key'] : []
    expect([...named, ...program].join(' ')).toBe(holders)
    for (const role of roles) expect(permissionsOf[role].filter((one) => one === permission).length).toBeLessThan(2)
  })

  it('has no other permission, and says which roles may be limited', () => {
    expect([...permissions].sort()).toEqual(Object.keys(table).sort())
    expect([...limitedToServices]).toEqual(['editor', 'publisher', 'officer'])
    expect([...limitedToUnits]).toEqual(['officer'])
    expect([...ofTheWhole]).toEqual(['audit.read'])
  })
})

describe('as what somebody does something', () => {
  const grants = [
    ...grantsOf([{ role: 'officer', services: ['a'] }, { role: 'officer', services: ['a', 'b'] }, { role: 'owner' }, { role: 'editor' }]),
    { role: null, permissions: ['case.read'] as const, services: ['b'], units: null },
  ]
  it.each<[Permission, string, string[]]>([
    ['case.read', 'a', ['officer', 'owner']],
    ['case.read', 'b', ['officer', 'owner', 'key']],
    ['case.read', 'c', ['owner']],
    ['service.edit', 'a', ['owner', 'editor']],
    ['agencies.manage', 'a', []],
  ])('%s of %s is as %j', (permission, service, expected) => expect(rolesFor({ grants }, permission, service)).toEqual(expected))
})
