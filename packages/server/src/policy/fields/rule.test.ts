import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/evidence.ts'
import type { Preset } from '../rule.ts'
import { type FieldsOptions, fields } from './rule.ts'

const sees = (options: FieldsOptions, roles: string[], path: string, preset: Preset = 'standard') =>
  settled(fields, options, preset)({ roles, way: 'case' })(path)

describe('fields', () => {
  it('show what a role sees, and not what is hidden from it', () => {
    const options = { officer: { see: ['name', 'members'], hidden: ['members.birth'] } }
    expect(
      ['name', 'members', 'members.name', 'members.birth', 'members.birth.day', 'names', 'memb', 'iban'].filter((path) => sees(options, ['officer'], path)),
    ).toEqual(['name', 'members', 'members.name'])
  })

  it('hide beside the preset, where nothing is said of what is seen', () => {
    expect(sees({ officer: { hidden: ['iban'] } }, ['officer'], 'iban')).toBe(false)
    expect(sees({ officer: { hidden: ['iban'] } }, ['officer'], 'name')).toBe(true)
    expect(sees({ key: { hidden: ['iban'] } }, ['key'], 'name', 'confidential')).toBe(false)
  })

  it('show nothing to nobody, and to roles that they do not know', () => {
    for (const roles of [[], ['auditor'], ['__proto__'], ['constructor'], ['']]) expect(sees({}, roles, 'name')).toBe(false)
  })

  it('show whoever is several things what any of them sees', () => {
    expect(sees({ officer: { see: ['name'] }, owner: { see: ['iban'] } }, ['officer', 'owner'], 'iban')).toBe(true)
    expect(sees({ officer: { see: ['name'] }, owner: { see: ['iban'] } }, ['officer'], 'iban')).toBe(false)
  })

  it('tell programs and deliveries nothing under the confidential presets, and all under the others: the control', () => {
    for (const role of ['key', 'delivery']) {
      for (const preset of ['confidential', 'sealed'] as const) expect(sees({}, [role], 'name', preset)).toBe(false)
      for (const preset of ['open', 'standard'] as const) expect(sees({}, [role], 'name', preset)).toBe(true)
    }
  })

  it('name the fields that they are about', () => {
    expect(fields.fields?.({ officer: { see: ['*', 'a'], hidden: ['b.c'] }, key: {} })).toEqual(['a', 'b.c'])
  })

  it('say what citizens are told by what officers and deliveries see', () => {
    const keys = (options: FieldsOptions, preset: Preset) => fields.explain(options, preset).citizen.map(({ key }) => key)
    expect(keys(fields.presets.standard, 'standard')).toEqual(['rule.fields.all'])
    expect(keys(fields.presets.confidential, 'confidential')).toEqual(['rule.fields.all', 'rule.fields.stay'])
    expect(keys({ ...fields.presets.standard, officer: { hidden: ['iban'] } }, 'standard')).toEqual(['rule.fields.some'])
    expect(keys({ officer: { see: ['name'] }, delivery: { see: ['mail'] } }, 'confidential')).toEqual(['rule.fields.some'])
  })
})
