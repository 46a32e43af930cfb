/** How often codes are sent and tried: by who asks, by address, and by agency, whose bill short messages are on. */
import { type Limited, limited, type Rates } from '../policy/rate/rates.ts'
import type { AgencyId } from '../store/store.ts'
import type { Way } from './verified-fields.ts'

const hour = 3600_000
/** Time until a code may be sent again. */
export const resendSeconds = 30

export interface VerificationRates {
  /** By client; a town hall's readers share one address. */
  asked: Limited
  tried: Limited
  /** By client and address: those who ask are told. */
  again: Limited
  address: Limited
  /** By address alone, whoever asks: nobody is told, because it would say that somebody else has asked about it. */
  everybody: Limited
  /** Messages of an agency. Gives milliseconds to wait. */
  budget(agency: AgencyId, way: Way, now: number): Promise<number>
}

/** `sms`: short messages an hour that each agency may send. */
export const verificationRates = (rates: Rates, { sms }: { sms: number }): VerificationRates => ({
  asked: limited(rates, 'code asked', { size: 60, period: hour }),
  tried: limited(rates, 'code tried', { size: 120, period: hour }),
  again: limited(rates, 'code again', { size: 1, period: resendSeconds * 1000 }),
  address: limited(rates, 'code address', { size: 5, period: hour }),
  everybody: limited(rates, 'code everybody', { size: 10, period: hour }),
  budget: (agency, way, now) => rates.take(agency, `codes/${way}`, { size: way === 'sms' ? sms : 2000, period: hour }, now),
})
