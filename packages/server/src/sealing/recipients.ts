/** To whom a service's submissions are sealed: the key of its newest epoch, and the agency's recovery key. */
import type { Recipient } from '@guichet/sealing/recipients'
import { digestOf } from '../digest.ts'
import type { AgencyStore } from '../store/store.ts'

export interface Recipients {
  epoch: number
  recipients: Recipient[]
}

/** What a key is called, as `keyId` of @guichet/sealing has it. */
export const idOfKey = (key: string) => digestOf(Buffer.from(key, 'base64url'))

/** Null as long as one of the keys was never made: then nobody could open what is sent. */
export async function recipientsOf(agency: AgencyStore, service: string): Promise<Recipients | null> {
  const [epochs, recoveries] = await Promise.all([agency.sealingKeys('service', service), agency.sealingKeys('recovery', '')])
  const [epoch] = epochs
  const [recovery] = recoveries
  if (!epoch || !recovery) return null
  return {
    epoch: epoch.number,
    recipients: [
      { kind: 'service', key: epoch.publicKey },
      { kind: 'recovery', key: recovery.publicKey },
    ],
  }
}

/** How long a key that was replaced is still taken: people are in the middle of filling it in, or wait for a connection. */
export const replacedGrace = 24 * 3600_000

interface Accepted {
  until: number
  sets: string[][]
}
const accepted = new WeakMap<AgencyStore, Map<string, Accepted>>()
/** A key that was replaced a day ago may be taken for so much longer: nothing hangs on the minute. */
const keptFor = 60_000

/**
 * The same, looked up once a minute: every submission asks. A set that is not among them is looked for once more, since
 * another replica may just have published it.
 */
export async function isAccepted(agency: AgencyStore, service: string, now: Date, set: readonly string[]): Promise<boolean> {
  const held = accepted.get(agency) ?? new Map<string, Accepted>()
  accepted.set(agency, held)
  const has = ({ sets }: Accepted) => sets.some((one) => one.length === set.length && one.every((id) => set.includes(id)))
  const known = held.get(service)
  if (known && known.until > now.getTime() && known.until <= now.getTime() + keptFor && has(known)) return true
  const found = { until: now.getTime() + keptFor, sets: await acceptedRecipients(agency, service, now) }
  held.set(service, found)
  return has(found)
}

/**
 * The sets, as ids of keys, that a submission may be sealed to now: the one that is published, and those that it replaced
 * less than a day ago.
 */
export async function acceptedRecipients(agency: AgencyStore, service: string, now: Date): Promise<string[][]> {
  const [epochs, recoveries] = await Promise.all([agency.sealingKeys('service', service), agency.sealingKeys('recovery', '')])
  const recent = (keys: typeof epochs) =>
    keys.filter((_, i) => i === 0 || now.getTime() - Date.parse(keys[i - 1]?.createdAt as string) < replacedGrace).map(({ publicKey }) => idOfKey(publicKey))
  return recent(epochs).flatMap((epoch) => recent(recoveries).map((recovery) => [epoch, recovery]))
}
