import { canonical } from '../../digest.ts'
import { type ClaimRule, type Place, PolicyError } from '../rule.ts'

export interface OnePerPersonOptions {
  by: 'nobody' | 'sign-in' | 'field'
  field?: string
}

const nobody: OnePerPersonOptions = { by: 'nobody' }

/**
 * A person has one place. It is taken in the transaction that records, and given back when the case is rejected. The place is
 * named by a digest with the agency's key (`pseudonym`): whoever has the database can neither tell who it is nor try people out.
 */
export const onePerPerson: ClaimRule<OnePerPersonOptions> = {
  name: 'one-per-person',
  stage: 'claim',
  presets: { open: nobody, standard: nobody, confidential: nobody, sealed: nobody },
  settle({ by, field }) {
    if ((by === 'field') !== (field !== undefined)) throw new PolicyError('one-per-person', 'one-per-person-field')
    return function claimOnce({ signedIn, service, answers, pseudonym }) {
      const place = (who: string): Place => ({ counter: `person ${pseudonym(who)}`, most: 1, full: { code: 'second' }, before: null, givenBack: true })
      if (by === 'sign-in') {
        // Where nobody is signed in there is no place to take: without the evidence nothing is recorded.
        if (signedIn === null) return [{ counter: 'person nobody', most: 0, full: { code: 'sign-in-needed' }, before: null }]
        return [place(`sign-in|${signedIn.provider}|${signedIn.subject}|${service}`)]
      }
      const value = field !== undefined && Object.hasOwn(answers, field) ? answers[field] : null
      // An answer that was not asked for names nobody.
      return value === null || value === undefined ? [] : [place(`field|${field}|${canonical(value)}|${service}`)]
    }
  },
  fields: ({ field }) => (field === undefined ? [] : [field]),
  explain: ({ by }) =>
    by === 'nobody'
      ? { citizen: [], author: [{ key: 'rule.one-per-person.none' }] }
      : { citizen: [{ key: 'rule.one-per-person' }], author: [{ key: `rule.one-per-person.${by}` }] },
}
