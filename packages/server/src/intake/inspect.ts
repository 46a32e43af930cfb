import type { Problem } from '@guichet/core'
import { kindOf } from '../files/file-kind.ts'
import { limitsOf } from '../files/limits.ts'
import { Refused } from '../problem.ts'
import type { Clean, Valid } from './stages.ts'

/**
 * The files: each must be there, uploaded for this very place and not yet part of a submission; none twice. Then the
 * rules of stage inspect look at them all together, with the policy of today. @throws Refused
 */
export async function inspect(valid: Valid): Promise<Clean> {
  const { intake, filledIn, given } = valid
  const { agency, policy, version } = intake.service
  const rows = new Map((await agency.attachments(given.map(({ id }) => id))).map((row) => [row.id, row]))
  const problems: Problem[] = []
  const seen = new Set<string>()
  const attachments: Clean['attachments'][number][] = []
  for (const { id, target, pointer, said } of given) {
    const row = rows.get(id)
    if (!row || row.service !== version.service || row.target !== target || row.submission !== null) {
      problems.push({ pointer, code: 'file.missing' })
      continue
    }
    // An answer says of its file what we found it to be, and nothing else: officers will read it there.
    if ((said?.size ?? row.size) !== row.size || (said?.type ?? row.type) !== row.type) problems.push({ pointer, code: 'file.differs' })
    // The same content twice at one place is one paper sent twice, whatever the ids say.
    if (seen.has(id) || seen.has(`${pointer} ${row.digest}`)) problems.push({ pointer, code: 'file.twice' })
    seen.add(id).add(`${pointer} ${row.digest}`)
    attachments.push({ ...row, pointer })
  }
  if (problems.length > 0) throw new Refused(422, 'answers', { errors: problems })
  const refusal = policy.inspect({
    files: attachments.map(({ size, type, target }) => ({ size, kind: kindOf(type), declared: type, name: '', ...limitsOf(filledIn.program, target) })),
  })
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  return { ...valid, attachments } as unknown as Clean
}
