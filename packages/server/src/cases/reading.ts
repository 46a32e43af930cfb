/** The policy is asked before somebody of the agency sees, takes out or decides anything: the one place for all of them. */
import type { Adapters } from '../adapters.ts'
import { sealAuditNote } from '../audit/note.ts'
import { sayIfThere } from '../messages.ts'
import { isPurpose } from '../policy/purpose/rule.ts'
import type { ReadDeed, Way } from '../policy/rule.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, Deed } from '../store/store.ts'

/** Who reads, from where and what for, as far as a rule looks at it. */
export interface Reading {
  /** As what they do this to a service: `owner`, `officer`, `key`. */
  roles(service: string): readonly string[]
  /** Address of the client; null if it is not known. */
  client: string | null
  /** What they say it is for. */
  purpose: string | undefined
  /** Language of the sentences. */
  language: string
}

export interface Sight {
  /** Whether they see the field, computed value or document of a path. */
  sees(path: string): boolean
  /** What they said it is for, if those are words to keep. */
  purpose: string | null
}

const ways: Record<ReadDeed, Way> = { list: 'list', open: 'case', attachment: 'attachment', decide: 'case', export: 'export' }

/** Asks the policy of today, whatever version a case is of. @throws Refused */
export async function askToRead(
  { live }: Pick<Adapters, 'live'>,
  agency: AgencyStore,
  service: string,
  deed: ReadDeed,
  reading: Reading,
  { actor, at }: Pick<Deed, 'actor' | 'at'>,
): Promise<Sight> {
  const found = await live.find(agency.id, service)
  if (!found) throw new Refused(404, 'not-found')
  const roles = reading.roles(service)
  const said = reading.purpose?.trim() ?? ''
  const purpose = isPurpose(said) ? said : null
  const evidence = { deed, agency: agency.id, service, reader: { id: actor, roles }, client: reading.client, purpose, now: new Date(at) }
  const refusal = await found.policy.read(evidence)
  if (refusal) throw new Refused(refusal.status, refusal.code, { ...refusal, members: named(refusal.members, reading.language) })
  return { sees: found.policy.reveal({ roles, way: ways[deed] }), purpose }
}

/** The same about a case. @throws Refused, 404 when it is not there */
export async function askAboutCase(
  adapters: Pick<Adapters, 'live'>,
  agency: AgencyStore,
  id: string,
  deed: ReadDeed,
  reading: Reading,
  by: Pick<Deed, 'actor' | 'at'>,
) {
  const submission = await agency.submission(id)
  if (!submission) throw new Refused(404, 'not-found')
  return askToRead(adapters, agency, submission.service, deed, reading, by)
}

/** Whether a rule lets them see cases of the service in a list. */
export async function mayList(
  adapters: Pick<Adapters, 'live'>,
  agency: AgencyStore,
  service: string,
  reading: Reading,
  by: Pick<Deed, 'actor' | 'at'>,
): Promise<boolean> {
  try {
    await askToRead(adapters, agency, service, 'list', reading, by)
    return true
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

/** The deed with what it was done for, which may name somebody: the log holds a commitment to it. */
export function saidFor(adapters: Pick<Adapters, 'keys'>, { id }: AgencyStore, purpose: string | null, by: Deed): Deed {
  if (purpose === null) return by
  const { commitment, note } = sealAuditNote(adapters, id, purpose, new Date(by.at))
  return { ...by, details: { ...by.details, purpose: commitment }, note }
}

/** Purposes to choose from, with their names; what has none in this language is its own. */
function named(members: Readonly<Record<string, unknown>> | undefined, language: string) {
  if (!Array.isArray(members?.purposes)) return members
  return { ...members, purposes: members.purposes.map((id: string) => ({ id, label: sayIfThere(language, `purpose.${id}`) ?? id })) }
}
