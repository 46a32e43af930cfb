/** The link by which somebody ends the mails to them without signing in. It does that and nothing else, as often as it is used. */
import { timingSafeEqual } from 'node:crypto'
import type { Adapters } from '../adapters.ts'
import { hmacSha256 } from '../keys/hmac.ts'
import type { AgencyId } from '../store/store.ts'

const macOf = (pepper: Uint8Array, agency: string, user: string) => hmacSha256(pepper, `guichet officer mail|${agency}|${user}`, 'base64url')

export const stopToken = (pepper: Uint8Array, agency: string, user: string) => `${agency}.${user}.${macOf(pepper, agency, user)}`

/** Ends the mails that a link belongs to. Says nothing of whether there were any, nor of whose link it is. */
export async function stopOfficerMail({ store, keys }: Pick<Adapters, 'store' | 'keys'>, token: string): Promise<void> {
  const [name = '', user = '', mac = ''] = token.split('.')
  const [given, right] = [Buffer.from(mac), Buffer.from(macOf(keys.pepper, name, user))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return
  const agency: AgencyId | null = await store.findAgency(name)
  if (agency) await store.agency(agency).endOfficerMail(user)
}
