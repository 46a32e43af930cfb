import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import { dataKindsOf, lintPolicy } from './lint.ts'
import { rules } from './rules.ts'

const definition = {
  pages: [
    {
      id: 'one',
      fields: [
        { id: 'name', type: 'text', personalData: 'identifier' },
        { id: 'colour', type: 'text', personalData: 'none' },
        { id: 'address', type: 'group', fields: [{ id: 'street', type: 'text', personalData: 'contact' }] },
        {
          ...{ id: 'members', type: 'group', repeat: { most: 3 } },
          fields: [
            { id: 'birth', type: 'date', personalData: 'ordinary' },
            { id: 'home', type: 'group', fields: [{ id: 'town', type: 'text' }] },
          ],
        },
      ],
    },
  ],
  computed: [{ id: 'age', value: '1' }],
  documents: [{ id: 'proof', personalData: 'special' }],
} as unknown as ServiceDefinition
const bare = { pages: [{ id: 'one', fields: [{ id: 'name', type: 'text' }] }] } as unknown as ServiceDefinition

const findings = (policy: Policy, of = definition, language = 'en') => lintPolicy(policy, of, rules, language)
const hiding = (...hidden: string[]): Policy => ({ preset: 'confidential', rules: { fields: { officer: { hidden } } } }) as Policy

describe('what is wrong with a policy for its service', () => {
  it('goes by the kinds of data that are asked for, in fields at any depth and in documents', () => {
    expect([...dataKindsOf(definition)].sort()).toEqual(['contact', 'identifier', 'ordinary', 'special'])
    expect([...dataKindsOf(bare)]).toEqual([])
  })

  it('takes every path that a field has: groups that repeat are in it, others only arrange', () => {
    const paths = ['name', 'colour', 'address', 'street', 'members', 'members.birth', 'members.home', 'members.town', 'age', 'documents.proof']
    expect(findings(hiding(...paths)).filter(({ severity }) => severity === 'error')).toEqual([])
  })

  it('names the paths that are not there, with the rule that names them', () => {
    const unknown = ['address.street', 'town', 'birth', 'members.home.town', 'proof', 'constructor']
    const errors = findings(hiding('name', ...unknown)).filter(({ severity }) => severity === 'error')
    expect(errors).toEqual(
      unknown.map((field) => ({
        ...{ code: 'policy.field-unknown', severity: 'error', pointer: '/policy/rules/fields', params: { field } },
        detail: expect.stringContaining(field),
      })),
    )
    expect(findings(hiding('age'), bare).map(({ params }) => params)).toContainEqual({ field: 'age' })
  })

  it('warns where it protects too little for the data, and not where there is none', () => {
    const weak = findings({}).map(({ code, severity, pointer }) => [code, severity, pointer])
    expect(weak).toEqual(['purpose', 'retention'].map((rule) => ['policy.weak', 'warning', `/policy/rules/${rule}`]))
    for (const { detail, params } of findings({})) expect([detail, params]).toEqual([expect.stringMatching(/^[A-Z].*[a-z]/), {}])
    expect(findings({}, definition, 'el')[0]?.detail).not.toBe(findings({})[0]?.detail)
    expect(findings({}, bare)).toEqual([])
    expect(findings({ preset: 'confidential' })).toEqual([])
  })

  it('says what a rule made elsewhere has to say, with its places', () => {
    const own = {
      ...{ name: 'x-own', stage: 'terms', presets: { open: {}, standard: {}, confidential: {}, sealed: {} }, settle: () => ({}) },
      ...{ explain: () => ({ citizen: [], author: [] }), messages: { 'x-own.weak': { en: 'Too weak by {count}' } } },
      weakness: () => ({ key: 'x-own.weak', params: { count: 2 } }),
    }
    expect(lintPolicy({}, bare, [own as never], 'en')).toEqual([
      { code: 'policy.weak', severity: 'warning', pointer: '/policy/rules/x-own', params: { count: 2 }, detail: 'Too weak by 2' },
    ])
  })
})
