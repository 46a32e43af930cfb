/** The places that a submission takes, and what is said when there are none. */
import { createHmac } from 'node:crypto'
import type { Answers } from '@guichet/schemas'
import { endOfDay, localDate } from '../clock.ts'
import { firstIdAt } from '../codes.ts'
import type { Place } from '../policy/rule.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import type { PlaceClaim } from '../store/store.ts'
import type { Intake } from './stages.ts'

/** @throws Refused when a rule cannot tell */
export function placesOf(
  { agency, version, policy }: Pick<LiveService, 'agency' | 'version' | 'policy'>,
  answers: Answers,
  now: Date,
  signedIn: Intake['signedIn'] = null,
  pepper: Uint8Array = new Uint8Array(),
): readonly Place[] {
  const pseudonym = (of: string) => createHmac('sha256', pepper).update(`guichet pseudonym|${agency.id}|${of}`).digest('base64url')
  const known = signedIn === 'ended' ? null : signedIn
  return policy.claim({
    agency: agency.id,
    service: version.service,
    answers,
    signedIn: known,
    pseudonym,
    now,
    today: () => dayOf(now, version.definition.locale.timeZone),
  })
}

export const claimOf = ({ counter, most, before }: Place): PlaceClaim => ({
  counter,
  most,
  before: before && { from: firstIdAt(new Date(before.from)), until: firstIdAt(new Date(before.until)) },
})

/** Nothing was recorded: what to say of the place that was not there. */
export function refusalOf(places: readonly Place[], counter: string | null): Refused {
  const full = places.find((place) => place.counter === counter)?.full ?? { code: 'full' }
  return 'pointer' in full ? new Refused(422, 'answers', { errors: [full] }) : new Refused(409, full.code)
}

/** The day where the service is, by its clocks: it may have 23 or 25 hours. */
function dayOf(now: Date, timeZone: string) {
  const date = localDate(now, timeZone)
  const before = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
  const after = (day: string) => new Date(endOfDay(day, timeZone).getTime() + 1).toISOString()
  return { date, begins: after(before), ends: after(date) }
}
