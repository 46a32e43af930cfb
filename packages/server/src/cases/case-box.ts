/** What was sent in, taken out of the box it lies in. */
import type { Answers } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { caseOwner } from '../erasure/owners.ts'
import type { KeptOutcome } from '../intake/seal.ts'
import { KeyGone, openBox, reopenBox, type SealBox, type Sealing } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import type { AgencyId, SubmissionRecord } from '../store/store.ts'

/** The box of a submission: answers, outcome, and what officers note about it. @throws Refused 410 when its key was destroyed */
export function caseBox(
  { keys }: Pick<Adapters, 'keys'>,
  agency: AgencyId,
  { id, service, sealing }: Pick<SubmissionRecord, 'id' | 'service' | 'sealing'>,
): SealBox {
  return sealing ? reopened(keys, agency, sealing, caseOwner(agency, service, id)) : openBox
}

/** Of what can go wrong here, only a key that is gone is not a fault. @throws Refused 410 */
export function reopened(keys: Adapters['keys'], agency: AgencyId, sealing: Sealing, owner: string): SealBox {
  try {
    return reopenBox(keys.kek(agency, sealing.bucket), sealing, owner)
  } catch (error) {
    throw error instanceof KeyGone ? new Refused(410, 'erased') : error
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Each version of what was sent in is bound to the revision that made it, so that none can be put in another's place. */
export const versionPart = (part: 'answers' | 'outcome', amended: number) => (amended === 0 ? part : `${part}|${amended}`)
export const openAnswers = (box: SealBox, { answers, amended }: Pick<SubmissionRecord, 'answers' | 'amended'>): Answers =>
  JSON.parse(text(box.open(versionPart('answers', amended), answers)))
export const openOutcome = (box: SealBox, { outcome, amended }: Pick<SubmissionRecord, 'outcome' | 'amended'>): KeptOutcome =>
  JSON.parse(text(box.open(versionPart('outcome', amended), outcome)))

const notePart = (number: number) => `note|${number}`
/** A note is bound to its step, so that none can be put in another's place. */
export const sealNote = (box: SealBox, number: number, note: string) => box.seal(notePart(number), new TextEncoder().encode(note))
export const openNote = (box: SealBox, { number, note }: { number: number; note: Uint8Array | null }) =>
  note === null ? null : text(box.open(notePart(number), note))

/** A note among colleagues: bound to its id, and never taken for one that the citizen reads. */
export const sealInternalNote = (box: SealBox, id: string, note: string) => box.seal(`internal|${id}`, new TextEncoder().encode(note))
export const openInternalNote = (box: SealBox, { id, note }: { id: string; note: Uint8Array }) => text(box.open(`internal|${id}`, note))
