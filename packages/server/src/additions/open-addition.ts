/** A case that waits for its citizen, as whoever holds the tracking code comes to it. Everything else is not found. */
import { createSession, type Session } from '@guichet/core'
import type { Answers } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { caseBox, openAnswers } from '../cases/case-box.ts'
import { versionOf } from '../cases/open-case.ts'
import { localDate } from '../clock.ts'
import { readCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { mostSteps } from '../intake/validate.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import type { SubmissionRecord } from '../store/store.ts'
import { type Asked, openAsk } from './asked.ts'
import { askable, type OnlineTerms, onlineTerms } from './online.ts'
import { type Part, partOf } from './part-of.ts'

/** The case of a code, if it is of this service and has this number. A wrong code and an unknown one are the same answer. @throws Refused 404 */
export async function caseOf({ agency, version }: LiveService, typed: string, submission: string): Promise<SubmissionRecord> {
  const code = readCode(typed)
  const found = await agency.submissionByReference(digestOf(code ?? ''))
  if (!code || !found || found.service !== version.service || found.id !== submission) throw new Refused(404, 'code-unknown')
  return found
}

export interface OpenAddition {
  from: SubmissionRecord
  filledIn: LiveService
  box: SealBox
  answers: Answers
  asked: Asked
  terms: OnlineTerms
  part: Part
}

/** What may be answered online now; null: nothing. `latest`: its policy decides. @throws Refused 410 when its key was destroyed */
export async function openAddition(
  adapters: Pick<Adapters, 'live' | 'keys' | 'rules'>,
  latest: LiveService,
  from: SubmissionRecord,
  now: Date,
): Promise<OpenAddition | null> {
  const { agency } = latest
  const filledIn = await versionOf(adapters, agency, from)
  const terms = onlineTerms(latest, filledIn)
  if (terms.otherwise) return null
  const box = caseBox(adapters, agency.id, from)
  const asked = openAsk(box, from, await agency.caseSteps(from.id))
  if (!asked) return null
  const answers = openAnswers(box, from)
  // Without an earlier answer to compare with, nobody can show who they are.
  if (terms.proof.some((field) => !Object.hasOwn(answers, field) || !filledIn.program.scope.has(field))) return null
  const part = partOf(sessionOf(filledIn, answers, now), asked, askable(filledIn, latest, adapters.rules), terms.proof)
  return part.fields.size + part.documents.size === 0 ? null : { from, filledIn, box, answers, asked, terms, part }
}

export const sessionOf = ({ program, version }: LiveService, answers: Answers, at: Date, more: Pick<Session, 'documents' | 'atDesk'> | object = {}): Session =>
  createSession(program, { today: localDate(at, version.definition.locale.timeZone), answers, steps: mostSteps, ...more })
