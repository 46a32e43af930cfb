/** Legal holds: a case that somebody outside has a right to see kept. One person sets it; to lift it takes two. */
import type { Adapters } from '../adapters.ts'
import { caseBox } from '../cases/case-box.ts'
import { findSubmission } from '../cases/open-case.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, Conflict, type Deed } from '../store/store.ts'
import { checkReason } from './approvals.ts'

export interface HoldView {
  reason: string
  setBy: string
  setAt: string
}

const part = 'hold'

/** @throws Refused 404 */
export async function holdOf(adapters: Adapters, agency: AgencyStore, submission: string): Promise<HoldView | null> {
  const row = await findSubmission(agency, submission)
  const hold = await agency.hold(submission)
  if (!hold) return null
  return { reason: new TextDecoder().decode(caseBox(adapters, agency.id, row).open(part, hold.reason)), setBy: hold.setBy, setAt: hold.setAt }
}

/** @throws Refused 404; 409 when it is held already */
export async function setHold(adapters: Adapters, agency: AgencyStore, submission: string, given: string, by: Deed): Promise<HoldView> {
  const reason = checkReason(given)
  const row = await findSubmission(agency, submission)
  try {
    await agency.setHold({ submission, reason: caseBox(adapters, agency.id, row).seal(part, new TextEncoder().encode(reason)) }, by)
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    throw error.kind === 'stale' ? new Refused(404, 'not-found') : new Refused(409, 'held')
  }
  return { reason, setBy: by.actor, setAt: by.at }
}
