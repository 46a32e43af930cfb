/**
 * What takes two people: one asks, another one allows or refuses it, within a week. What was allowed is done at once, or used
 * once by who asked. All of it is on the audit log.
 */
import type { Adapters } from '../adapters.ts'
import { caseBox } from '../cases/case-box.ts'
import { findSubmission } from '../cases/open-case.ts'
import { newId } from '../codes.ts'
import type { Config } from '../config.ts'
import { Refused } from '../problem.ts'
import type { ApprovalKind, ApprovalRecord, ApprovalState } from '../store/erasure.ts'
import { type AgencyStore, Conflict, type Deed, type SubmissionRecord } from '../store/store.ts'
import { erasableOf } from './erase-cases.ts'
import { shred } from './shred.ts'
import { erasureTakesTwo } from './terms.ts'

/** Stands where the policy asks for nobody else. */
const policyAlone = 'policy'
const openFor = 7 * 24 * 3600_000
export const longestReason = 2000

/** An approval as people see it. */
export interface ApprovalView {
  id: string
  kind: ApprovalKind
  submission?: string
  service?: string
  state: ApprovalState
  /** Null: it went with what it was about, or was refused. */
  reason: string | null
  requestedBy: string
  requestedAt: string
  expiresAt: string
  decidedBy: string | null
  decidedAt: string | null
}

const reasonPart = (id: string) => `approval|${id}`

/** What was asked for about a case can only be read as long as the case can. */
async function reasonOf(adapters: Adapters, agency: AgencyStore, { id, object, reason }: ApprovalRecord): Promise<string | null> {
  if (reason === null) return null
  if (!object.startsWith('submission:')) return new TextDecoder().decode(reason)
  const submission = await agency.submission(idOf(object))
  if (!submission) return null
  try {
    return new TextDecoder().decode(caseBox(adapters, agency.id, submission).open(reasonPart(id), reason))
  } catch (error) {
    if (error instanceof Refused && error.code === 'erased') return null
    throw error
  }
}

const idOf = (object: string) => object.slice(object.indexOf(':') + 1)

async function viewOf(adapters: Adapters, agency: AgencyStore, row: ApprovalRecord, now: Date): Promise<ApprovalView> {
  const { object, state, ...rest } = row
  return {
    ...rest,
    ...(object.startsWith('submission:') ? { submission: idOf(object) } : { service: idOf(object) }),
    state: (state === 'open' || state === 'approved') && row.expiresAt <= now.toISOString() ? 'expired' : state,
    reason: await reasonOf(adapters, agency, row),
  }
}

export async function listApprovals(adapters: Adapters, agency: AgencyStore, now: Date): Promise<ApprovalView[]> {
  const rows = await agency.approvals(200)
  return Promise.all(rows.map((row) => viewOf(adapters, agency, row, now)))
}

/** A reason is a sentence or two. @throws Refused 422 */
export function checkReason(given: string): string {
  const reason = given.trim()
  if (reason === '' || reason.length > longestReason)
    throw new Refused(422, 'shape', { errors: [{ pointer: '/reason', code: reason === '' ? 'shape.missing' : 'shape.invalid' }] })
  return reason
}

async function ask(
  adapters: Adapters,
  agency: AgencyStore,
  kind: ApprovalKind,
  object: string,
  reason: (id: string) => Uint8Array,
  by: Deed,
): Promise<ApprovalView> {
  const now = new Date(by.at)
  const id = newId(now)
  try {
    await agency.requestApproval({ id, kind, object, reason: reason(id), expiresAt: new Date(now.getTime() + openFor).toISOString() }, by)
  } catch (error) {
    throw error instanceof Conflict ? new Refused(409, 'approval-open') : error
  }
  return viewOf(adapters, agency, (await agency.approval(id)) as ApprovalRecord, now)
}

const aboutCase = (adapters: Adapters, agency: AgencyStore, submission: SubmissionRecord, reason: string) => (id: string) =>
  caseBox(adapters, agency.id, submission).seal(reasonPart(id), new TextEncoder().encode(reason))

/** Where the policy says that one person is enough, it is done at once. @throws Refused 404; 409 when it is held, or asked for already */
export async function askErasure(adapters: Adapters, config: Config, agency: AgencyStore, submission: string, given: string, by: Deed): Promise<Decided> {
  const reason = checkReason(given)
  const row = await findSubmission(agency, submission)
  if (await agency.hold(submission)) throw new Refused(409, 'held')
  const approval = await ask(adapters, agency, 'erasure', `submission:${submission}`, aboutCase(adapters, agency, row, reason), by)
  if (erasureTakesTwo(await adapters.live.find(agency.id, row.service))) return { approval, certificate: null }
  return decideApproval(adapters, config, agency, approval.id, true, { actor: policyAlone, at: by.at })
}

/** @throws Refused 404 when there is no hold; 409 when it is asked for already */
export async function askRelease(adapters: Adapters, agency: AgencyStore, submission: string, given: string, by: Deed): Promise<ApprovalView> {
  const reason = checkReason(given)
  const row = await findSubmission(agency, submission)
  if (!(await agency.hold(submission))) throw new Refused(404, 'not-found')
  return ask(adapters, agency, 'hold.lift', `submission:${submission}`, aboutCase(adapters, agency, row, reason), by)
}

/** `purpose`: in a few words without names, as it will stand with the export. @throws Refused */
export async function askExport(adapters: Adapters, agency: AgencyStore, service: string, purpose: string, by: Deed): Promise<ApprovalView> {
  const reason = checkReason(purpose)
  if ((await agency.versions(service)).length === 0) throw new Refused(404, 'not-found')
  return ask(adapters, agency, 'export', `service:${service}`, () => new TextEncoder().encode(reason), by)
}

/** Who asked may do it once. @throws Refused 403 */
export async function takeExport(agency: AgencyStore, service: string, by: Deed): Promise<void> {
  if (!(await agency.useApproval('export', `service:${service}`, by))) throw new Refused(403, 'approval-missing')
}

export interface Decided {
  approval: ApprovalView
  /** Of an erasure: its certificate. */
  certificate: string | null
}

/** @throws Refused 404; 403 by who asked; 409 when nothing is to be decided any more, or the case is held */
export async function decideApproval(adapters: Adapters, config: Config, agency: AgencyStore, id: string, allowed: boolean, by: Deed): Promise<Decided> {
  const row = await agency.approval(id)
  if (!row) throw new Refused(404, 'not-found')
  if (row.requestedBy === by.actor) throw new Refused(403, 'approval-own')
  if (allowed && row.kind === 'erasure' && (await agency.hold(idOf(row.object)))) throw new Refused(409, 'held')
  try {
    await agency.decideApproval(id, allowed ? 'approved' : 'refused', by)
    const certificate = allowed ? await carryOut(adapters, config, agency, row, by) : null
    return { approval: await viewOf(adapters, agency, (await agency.approval(id)) as ApprovalRecord, new Date(by.at)), certificate }
  } catch (error) {
    throw error instanceof Conflict ? new Refused(409, error.kind === 'claimed' ? 'held' : 'approval-closed') : error
  }
}

/** Does what was allowed, `by` whom it was. Gives the id of the certificate, if there is one. @throws Conflict */
async function carryOut(adapters: Adapters, config: Config, agency: AgencyStore, row: ApprovalRecord, by: Deed): Promise<string | null> {
  if (row.kind === 'export') return null
  const submission = idOf(row.object)
  if (row.kind === 'hold.lift') {
    await agency.liftHold(submission, row.id, by)
    return null
  }
  const found = await agency.submission(submission)
  if (!found) throw new Conflict('stale')
  const { service, sealing } = found
  const certificate = newId(new Date(by.at))
  const details = {
    service,
    submission,
    policy: { people: by.actor === policyAlone ? (1 as const) : (2 as const) },
    requestedBy: row.requestedBy,
    approvedBy: by.actor,
  }
  const erasable = await erasableOf(agency, { id: submission, service, bucket: sealing?.bucket ?? null })
  await agency.eraseCases({ id: certificate, kind: 'case', at: by.at, details }, [erasable], row.id, by)
  await shred(adapters, config, agency)
  return certificate
}

/** Approvals that are read at once. */
const page = 200

/** Goes on with what was allowed, but not done, because the server stopped in between. */
export async function resumeErasures(adapters: Adapters, config: Config, agency: AgencyStore, now: Date): Promise<void> {
  for (let before: string | undefined; ; ) {
    const rows = await agency.approvals(page, before)
    for (const row of rows)
      if (row.state === 'approved')
        // What is approved was approved by somebody.
        await carryOut(adapters, config, agency, row, { actor: row.decidedBy as string, at: now.toISOString() }).catch((error) => {
          if (!(error instanceof Conflict)) throw error
        })
    if (rows.length < page) break
    before = rows.at(-1)?.id
  }
  await shred(adapters, config, agency)
}
