import type { AdmitRule } from '../rule.ts'

export interface RateOptions {
  submissionsPerHour: number
  uploadsPerHour: number
}

/** A library or a town hall shares one address: the strict figure must not lock a queue of people out. */
const usual: RateOptions = { submissionsPerHour: 120, uploadsPerHour: 600 }

export const rate: AdmitRule<RateOptions> = {
  name: 'rate',
  stage: 'admit',
  presets: { strict: usual, open: usual },
  settle({ submissionsPerHour, uploadsPerHour }, _preset, { rates }) {
    return async function admitRate({ purpose, client, agency, service, now }) {
      if (purpose === 'view') return null
      if (client === null) return { status: 403, code: 'rate' }
      const size = purpose === 'upload' ? uploadsPerHour : submissionsPerHour
      const wait = await rates.take(agency, `${purpose}/${service}/${client}`, { size, period: 3600_000 }, now.getTime())
      return wait === 0 ? null : { status: 429, code: 'rate', headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } }
    }
  },
}
