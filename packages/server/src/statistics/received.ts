import type { Submission } from '@guichet/schemas'
import { localDate } from '../clock.ts'
import type { Intake } from '../intake/stages.ts'
import type { Channel, CountedDetails } from './count.ts'

/** A browser always says from which page it sends; a program says nothing. */
export const channelOf = ({ origin, sameOrigin }: Pick<Intake, 'origin' | 'sameOrigin'>): Channel =>
  origin === null ? 'program' : sameOrigin ? 'web' : 'embedded'

interface Received {
  intake: Intake
  submission: Submission
  service: string
  language: string
  timeZone: string
  /** The status it begins with: other than `received` it was decided at once. */
  status: string
}

/** What the audit event of a new submission says so that it can be counted. */
export function receivedDetails({ intake, submission, service, language, timeZone, status }: Received): CountedDetails & Record<string, string | boolean> {
  return {
    service,
    day: localDate(intake.now, timeZone),
    channel: submission.assisted ? 'assisted' : channelOf(intake),
    language,
    ...(submission.atDesk?.length ? { toDesk: true } : {}),
    ...(status === 'received' ? {} : { finished: true }),
  }
}
