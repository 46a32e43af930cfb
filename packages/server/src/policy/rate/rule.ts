import type { AdmitRule } from '../rule.ts'

export interface RateOptions {
  submissionsPerHour: number
  uploadsPerHour: number
}

/** A library or a town hall shares one address: no preset's figure may lock a queue of people out. */
const usual: RateOptions = { submissionsPerHour: 120, uploadsPerHour: 600 }

export const rate: AdmitRule<RateOptions> = {
  name: 'rate',
  stage: 'admit',
  presets: { open: usual, standard: usual, confidential: usual, sealed: usual },
  settle({ submissionsPerHour, uploadsPerHour }, _preset, { rates }) {
    return async function admitRate({ purpose, client, agency, service, now }) {
      if (purpose === 'view') return null
      if (client === null) return { status: 403, code: 'rate' }
      const size = purpose === 'upload' ? uploadsPerHour : submissionsPerHour
      const wait = await rates.take(agency, `${purpose}/${service}/${client}`, { size, period: 3600_000 }, now.getTime())
      return wait === 0 ? null : { status: 429, code: 'rate', headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } }
    }
  },
  explain: ({ submissionsPerHour, uploadsPerHour }) => ({
    citizen: [{ key: 'rule.rate', params: { submissions: submissionsPerHour, uploads: uploadsPerHour } }],
    author: [{ key: 'rule.rate.author' }],
  }),
}
