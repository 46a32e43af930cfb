/**
 * What operators allow an agency, held where it is used. The road of a submission asks a number in memory: what the store has
 * counted is read again now and then, beside the requests, and what this process has added since is added to it. Replicas
 * learn of each other with the next reading, so that a limit may be passed by as much as they take in that time.
 */
import { localDate } from '../clock.ts'
import type { Log } from '../log.ts'
import { Refused } from '../problem.ts'
import type { Quotas, Usage } from '../store/people.ts'
import type { AgencyStore } from '../store/store.ts'

export interface QuotaWatch {
  /** Before something is recorded. `day`: in the service's own calendar. @throws Refused 429 */
  submission(agency: AgencyStore, timeZone: string, now: Date): Promise<void> | undefined
  /** After a file was taken, before it is noted. @throws Refused 507 */
  file(agency: AgencyStore, bytes: number, now: Date): Promise<void>
  /** Before a service is made. @throws Refused 409 */
  service(agency: AgencyStore, now: Date): Promise<void>
}

/** Nothing is limited: the agency's row alone was read. */
const readAgain = 30_000
/** Files are summed over all there are, so they are summed seldom. */
const sumAgain = 600_000

interface Held {
  quotas: Quotas
  usage: Usage
  day: string
  until: number
  reading: Promise<void> | null
}

export function watchQuotas(log: Log): QuotaWatch {
  const held = new Map<string, Held>()

  const read = async (agency: AgencyStore, day: string, now: Date): Promise<void> => {
    const { quotas = {} } = (await agency.profile()) ?? {}
    const limited = quotas.submissionsPerDay !== undefined || quotas.storedBytes !== undefined
    const usage = limited ? await agency.usage(day, quotas.storedBytes !== undefined) : { services: 0, submissions: 0, storedBytes: 0 }
    const until = now.getTime() + (quotas.storedBytes === undefined ? readAgain : sumAgain)
    held.set(agency.id, { quotas, usage, day, until, reading: null })
  }

  /** What is known; of an agency that nothing is known of, or on a new day, it is read first. */
  const known = async (agency: AgencyStore, day: string, now: Date): Promise<Held> => {
    const found = held.get(agency.id)
    if (!found || (day !== found.day && found.quotas.submissionsPerDay !== undefined)) {
      await read(agency, day, now)
      return held.get(agency.id) as Held
    }
    return found
  }
  const refresh = (agency: AgencyStore, found: Held, now: Date) => {
    if (now.getTime() < found.until || found.reading) return
    found.reading = read(agency, found.day, now).catch((error) => {
      found.reading = null
      log.error({ err: error }, 'quotas could not be read')
    })
  }

  const takeSubmission = async (agency: AgencyStore, day: string, now: Date): Promise<void> => {
    const { quotas, usage } = await known(agency, day, now)
    if (quotas.submissionsPerDay === undefined) return
    if (usage.submissions >= quotas.submissionsPerDay) throw new Refused(429, 'quota', { headers: { 'Retry-After': '3600' } })
    usage.submissions++
  }

  return {
    submission(agency, timeZone, now) {
      const found = held.get(agency.id)
      if (found) {
        refresh(agency, found, now)
        if (found.quotas.submissionsPerDay === undefined) return
      }
      return takeSubmission(agency, localDate(now, timeZone), now)
    },
    async file(agency, bytes, now) {
      const found = await known(agency, held.get(agency.id)?.day ?? now.toISOString().slice(0, 10), now)
      refresh(agency, found, now)
      const { quotas, usage } = found
      if (quotas.storedBytes === undefined) return
      if (usage.storedBytes + bytes > quotas.storedBytes) throw new Refused(507, 'quota')
      usage.storedBytes += bytes
    },
    async service(agency, now) {
      const { quotas = {} } = (await agency.profile()) ?? {}
      if (quotas.services !== undefined && (await agency.usage(now.toISOString().slice(0, 10), false)).services >= quotas.services)
        throw new Refused(409, 'quota')
    },
  }
}
