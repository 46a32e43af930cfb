import type { Problem } from '@guichet/core'
import { evidenceOfAttachment } from '../files/attachment.ts'
import { limitsAt } from '../files/limits.ts'
import type { FileEvidence } from '../policy/rule.ts'
import { Refused } from '../problem.ts'
import { checkSealedPart } from '../sealing/check.ts'
import type { LiveService } from '../services/live.ts'
import type { Clean, GivenAttachment, Intake, Valid } from './stages.ts'

/**
 * The files: each must be there, uploaded for this very place and not yet part of a submission; none twice. Then the
 * rules of stage inspect look at them all together, with the policy of today. @throws Refused
 */
export async function inspect(valid: Valid): Promise<Clean> {
  const { intake, filledIn, given } = valid
  const attachments = await findFiles(intake, given)
  await checkSealedPart(valid, attachments)
  // What is sealed shows nothing of itself: neither its kind nor what is in it.
  if (!filledIn.sealed) await inspectFiles(intake, filledIn, attachments)
  return { ...valid, attachments } as unknown as Clean
}

type Found = Clean['attachments'][number]

/** @throws Refused */
export async function findFiles({ service: { agency, version } }: Pick<Intake, 'service'>, given: readonly GivenAttachment[]): Promise<Found[]> {
  const rows = new Map((await agency.attachments(given.map(({ id }) => id))).map((row) => [row.id, row]))
  const problems: Problem[] = []
  const seen = new Set<string>()
  const attachments: Found[] = []
  for (const { id, target, pointer } of given) {
    const row = rows.get(id)
    if (!row || row.service !== version.service || row.target !== target || row.submission !== null) {
      problems.push({ pointer, code: 'file.missing' })
      continue
    }
    // The same content twice at one place is one paper sent twice, whatever the ids say.
    if (seen.has(id) || seen.has(`${pointer} ${row.digest}`)) problems.push({ pointer, code: 'file.twice' })
    seen.add(id).add(`${pointer} ${row.digest}`)
    attachments.push({ ...row, pointer })
  }
  if (problems.length > 0) throw new Refused(422, 'answers', { errors: problems })
  return attachments
}

/** @throws Refused */
export async function inspectFiles(
  { adapters, service: { agency, policy } }: Pick<Intake, 'adapters' | 'service'>,
  { program }: Pick<LiveService, 'program'>,
  attachments: readonly Found[],
): Promise<void> {
  const files: FileEvidence[] = []
  for (const row of attachments) files.push(await evidenceOfAttachment(adapters, agency.id, row, limitsAt(program, row.target) ?? {}))
  const refusal = await policy.inspect({ files })
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
}
