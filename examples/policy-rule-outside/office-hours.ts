import { type AdmitRule, PolicyError } from '@guichet/server'
import messages from './office-hours.messages.json' with { type: 'json' }
import schema from './schema.json' with { type: 'json' }

export interface OfficeHours {
  /** Hours of the service's own clock, 0 to 24. */
  from: number
  until: number
}

const always: OfficeHours = { from: 0, until: 24 }

export const officeHours: AdmitRule<OfficeHours> = {
  name: 'x-office-hours',
  stage: 'admit',
  presets: { open: always, standard: always, confidential: { from: 8, until: 16 }, sealed: { from: 8, until: 16 } },
  settle({ from, until }) {
    if (from >= until) throw new PolicyError('x-office-hours', 'shape')
    return function admitInOfficeHours({ purpose, localNow }) {
      if (purpose === 'view') return null
      const hour = Number(localNow.slice(11, 13))
      // What is no hour lies in no office hours.
      return hour >= from && hour < until ? null : { status: 403, code: 'closed' }
    }
  },
  explain: ({ from, until }) =>
    until - from === 24
      ? { citizen: [], author: [{ key: 'rule.x-office-hours.always' }] }
      : { citizen: [{ key: 'rule.x-office-hours', params: { from, until } }], author: [{ key: 'rule.x-office-hours.author' }] },
  schema,
  messages,
}
