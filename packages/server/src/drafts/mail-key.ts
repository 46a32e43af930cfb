import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

const made = new WeakMap<Uint8Array, Map<string, KeyObject>>()

/** Seals mailed links of an agency until they are sent: whoever has the database alone can open none. */
export function mailKeyOf(pepper: Uint8Array, agency: string): KeyObject {
  let keys = made.get(pepper)
  if (!keys) made.set(pepper, (keys = new Map()))
  let key = keys.get(agency)
  if (!key) keys.set(agency, (key = createSecretKey(createHmac('sha256', pepper).update(`guichet draft link|${agency}`).digest())))
  return key
}
