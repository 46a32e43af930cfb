/** How often a client may sign in. A library's readers share one address. */
import { type Limited, limited, type Rates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'

const hour = 3600_000

/** By client. */
export interface SignInRates {
  begun: Limited
  exchanged: Limited
  /** Told by providers: all that a large one has to say comes from one address. */
  signedOut: Limited
}
export const signInRates = (rates: Rates): SignInRates => ({
  begun: limited(rates, 'sign-in begun', { size: 240, period: hour }),
  exchanged: limited(rates, 'sign-in exchanged', { size: 240, period: hour }),
  signedOut: limited(rates, 'sign-in signed out', { size: 20_000, period: hour }),
})

/** @throws Refused when it was done too often */
export async function slowDown(limit: Limited, { client, now }: { client: string | null; now: Date }): Promise<void> {
  const wait = await limit.take(client ?? '', now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}
