import type { AdmitRule } from '../rule.ts'
import { openingAt } from './opening.ts'

export interface WindowOptions {
  graceMinutes: number
}

export const openingWindow: AdmitRule<WindowOptions> = {
  name: 'window',
  stage: 'admit',
  presets: { open: { graceMinutes: 0 }, standard: { graceMinutes: 0 }, confidential: { graceMinutes: 0 }, sealed: { graceMinutes: 0 } },
  settle: ({ graceMinutes }) =>
    function admitWindow({ purpose, window, localNow }) {
      if (purpose === 'view') return null
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(localNow)) return { status: 403, code: 'closed' }
      const { state } = openingAt(window, localNow, graceMinutes)
      return state === 'open' ? null : { status: 403, code: state === 'closed' ? 'closed' : 'not-open' }
    },
  explain: ({ graceMinutes }) => ({
    citizen: [{ key: 'rule.window' }, ...(graceMinutes > 0 ? [{ key: 'rule.window.grace', params: { count: graceMinutes } }] : [])],
    author: [{ key: 'rule.window.author' }],
  }),
}
