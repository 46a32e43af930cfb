import type { AdmitRule } from '../rule.ts'
import { createBuckets } from './buckets.ts'

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
  settle({ submissionsPerHour, uploadsPerHour }) {
    const submissions = createBuckets(submissionsPerHour, 3600_000)
    const uploads = createBuckets(uploadsPerHour, 3600_000)
    return function admitRate({ purpose, client, agency, service, now }) {
      if (purpose === 'view') return null
      if (client === null) return { status: 403, code: 'rate' }
      const wait = (purpose === 'upload' ? uploads : submissions).take(`${agency}/${service}/${client}`, now.getTime())
      return wait === 0 ? null : { status: 429, code: 'rate', headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } }
    }
  },
}
