import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/evidence.ts'
import type { ClaimEvidence } from '../rule.ts'
import { type OnePerPersonOptions, onePerPerson } from './rule.ts'

const ana = { provider: 'national', subject: 'ana' }
const places = (options: OnePerPersonOptions, { answers = {}, signedIn = null }: { answers?: object; signedIn?: object | null } = {}) =>
  settled(onePerPerson, options)({ service: 'card', answers, signedIn, pseudonym: (of: string) => `<${of}>` } as unknown as ClaimEvidence)
const placeOf = (who: string) => [{ counter: `person <${who}>`, most: 1, full: { code: 'second' }, before: null, givenBack: true }]

describe('the place of a person', () => {
  it('is that of who is signed in, at this provider, for this service', () => {
    expect(places({ by: 'sign-in' }, { signedIn: ana })).toEqual(placeOf('sign-in|national|ana|card'))
  })

  it('does not exist for whom it does not know', () => {
    expect(places({ by: 'sign-in' })).toEqual([{ counter: 'person nobody', most: 0, full: { code: 'sign-in-needed' }, before: null }])
  })

  it('is that of an answer, whoever is signed in', () => {
    const byField = { by: 'field', field: 'number' } as const
    for (const signedIn of [null, ana]) expect(places(byField, { answers: { number: 'A1' }, signedIn })).toEqual(placeOf('field|number|"A1"|card'))
    for (const answers of [{}, { number: null }, { number: undefined }, { other: 'A1' }, Object.create({ number: 'A1' })])
      expect(places(byField, { answers })).toEqual([])
  })

  it('is not asked for where nobody is counted', () => {
    expect(places({ by: 'nobody' }, { answers: { number: 'A1' }, signedIn: ana })).toEqual([])
  })

  it('makes no sense by a field that is not said, or with one that is not asked', () => {
    for (const options of [{ by: 'field' }, { by: 'sign-in', field: 'number' }, { by: 'nobody', field: 'number' }] as const)
      expect(() => settled(onePerPerson, options)).toThrow('one-per-person: one-per-person-field')
    expect(onePerPerson.fields?.({ by: 'field', field: 'number' })).toEqual(['number'])
    expect(onePerPerson.fields?.({ by: 'sign-in' })).toEqual([])
  })
})
