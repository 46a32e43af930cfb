import type { Submission } from '@guichet/schemas'
import { submission as shape } from '@guichet/schemas/validators'
import { localMoment } from '../clock.ts'
import { jsonProblems, parseJson } from '../json.ts'
import type { AdmitEvidence, Purpose } from '../policy/rule.ts'
import { Refused } from '../problem.ts'
import { shapeProblems } from '../shape.ts'
import type { Admitted, Intake } from './stages.ts'

/** How long an older version is still taken after it was replaced: people are in the middle of filling it in. */
const replacedGrace = 24 * 3600_000

const nothingProved = async () => false

/** The evidence that the rules of stage admit look at. */
export const evidenceOf = (
  purpose: Purpose,
  intake: Pick<Intake, 'service' | 'origin' | 'sameOrigin' | 'client' | 'now'> & Partial<Pick<Intake, 'signedIn' | 'proved' | 'trap'>>,
  body: AdmitEvidence['body'],
): AdmitEvidence => {
  const { definition } = intake.service.version
  return {
    purpose,
    agency: intake.service.agency.id,
    service: intake.service.version.service,
    origin: intake.origin,
    sameOrigin: intake.sameOrigin,
    client: intake.client,
    signedIn: intake.signedIn ?? null,
    proved: intake.proved ?? nothingProved,
    trap: intake.trap ?? null,
    now: intake.now,
    localNow: localMoment(intake.now, definition.locale.timeZone),
    window: definition.window,
    body,
  }
}

export const isKey = (key: string | undefined): key is string => key !== undefined && /^[\x21-\x7e]{8,200}$/.test(key)

/** Asks the policy, reads the body, and finds the version that was filled in. @throws Refused */
export async function admit(intake: Intake): Promise<Admitted> {
  const { service, idempotencyKey: key, now } = intake
  if (!isKey(key)) throw new Refused(400, 'key-missing')
  // Reads the body no further than the size rule lets it; without that rule the read below has a limit of its own.
  const refusal = await service.policy.admit(evidenceOf('submit', intake, intake.body))
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  const bytes = await readSubmission(intake)
  let submission: unknown
  try {
    submission = parseJson(bytes)
  } catch (error) {
    throw new Refused(400, 'json', jsonProblems(error))
  }
  if (!shape(submission)) throw new Refused(400, 'shape', { errors: shapeProblems(shape.errors) })
  const given = submission as Submission
  const filledIn =
    given.version === service.version.version ? service : await intake.adapters.live.find(service.agency.id, service.version.service, given.version)
  const replaced = now.getTime() - Date.parse(service.version.publishedAt)
  if (!filledIn || filledIn.version.version > service.version.version || (filledIn !== service && replaced > replacedGrace)) throw new Refused(409, 'version')
  return { intake, key, bytes, submission: given, filledIn } as Admitted
}

export async function readSubmission({ body }: Pick<Intake, 'body'>): Promise<Uint8Array> {
  const bytes = await body.read(4_194_304)
  if (bytes === 'too-large') throw new Refused(413, 'too-large', { params: { count: 4_194_304 } })
  return bytes
}
