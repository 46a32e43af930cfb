/**
 * What the server can still check of a sealed submission: that it is for this service and version, sealed to the keys that
 * are published, of one of the sizes, and that its manifest names exactly what came.
 */
import { clearPart, disagreement, suiteName } from '@guichet/sealing/envelope'
import { canonical, digestOf } from '../digest.ts'
import type { Clean, Valid } from '../intake/stages.ts'
import { Refused } from '../problem.ts'
import { isAccepted } from './recipients.ts'

/** @throws Refused: a sealed service takes nothing that is open, and no other service anything sealed */
export function checkSealedOrNot({ filledIn, submission, answers }: Pick<Valid, 'filledIn' | 'submission' | 'answers'>): void {
  if ((filledIn.sealed !== null) !== (submission.sealed !== undefined)) throw new Refused(422, 'sealed')
  // What else stands in the clear would be kept without having been checked, or be missing from what officers compare with.
  if (filledIn.sealed && canonical(answers) !== canonical(submission.answers)) throw new Refused(422, 'sealed')
}

/** @throws Refused */
export async function checkSealedPart({ intake, filledIn, submission }: Valid, files: Clean['attachments']): Promise<void> {
  const { sealed } = submission
  if (!filledIn.sealed || !sealed) return
  const { agency } = intake.service
  const { service, version, digest } = filledIn.version
  const found = disagreement(sealed, {
    agency: agency.id,
    service,
    version,
    definition: digest,
    policy: filledIn.sealed.policy,
    suite: suiteName,
    clear: digestOf(canonical(clearPart(submission))),
    body: digestOf(Buffer.from(sealed.body, 'base64url')),
    recipients: (await isAccepted(agency, service, intake.now, sealed.manifest.recipients)) ? [sealed.manifest.recipients] : [],
    files,
  })
  if (found === null) return
  intake.adapters.log.warn({ agency: agency.id, service, disagrees: found }, 'a sealed submission was refused')
  throw found === 'recipients' ? new Refused(409, 'sealed-keys') : new Refused(422, 'sealed')
}
