/** Who can open what is sealed for a service: the set that a server publishes and a page pins. */
import { canonical, digestOf, fromBase64url } from './bytes.ts'
import { suiteName } from './envelope.ts'

export interface Recipient {
  /** `service`: the key of the current epoch. `recovery`: the key that lies on paper. */
  kind: 'service' | 'recovery'
  /** 32 bytes in base64url. */
  key: string
}

export interface RecipientSet {
  agency: string
  service: string
  /** Counts up by one with each change of the service's key. */
  epoch: number
  recipients: readonly Recipient[]
}

/** What a key is called: its digest. */
export const keyId = (key: string): Promise<string> => digestOf(fromBase64url(key))

/**
 * By which a page knows a set again. Who is in it for which service, and nothing else: neither the order nor the number of
 * the epoch, so that a page that pins it keeps what it means.
 */
export function fingerprintOf({ agency, service, recipients }: RecipientSet): Promise<string> {
  const keys = recipients.map(({ kind, key }) => `${kind} ${key}`).sort()
  return digestOf(canonical({ agency, service, suite: suiteName, keys }))
}

/**
 * Whether `pins`, one or more fingerprints parted by blanks, has the set's. Nothing pinned fits any set; a pin that cannot
 * be read fits none.
 */
export const isPinned = (fingerprint: string, pins: string | null): boolean => pins === null || pins.split(/\s/).includes(fingerprint)
