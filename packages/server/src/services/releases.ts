/**
 * What becomes a version when somebody else has agreed, when its day has come, or both. What is kept is what the draft said
 * when it was asked for: that, and nothing that was written since, is what is agreed to and what goes live. All of it is on the
 * audit log.
 */
import type { Policy } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { newId } from '../codes.ts'
import { canonical, digestOf } from '../digest.ts'
import { type FourEyesOptions, fourEyes } from '../policy/four-eyes/rule.ts'
import { Refused } from '../problem.ts'
import type { ReleaseRecord, ReleaseSummary } from '../store/releases.ts'
import { type AgencyStore, Conflict, type Deed, type DraftRecord } from '../store/store.ts'
import { checkDraft, keepAcknowledged, type PublishFinding } from './check-draft.ts'
import type { LiveService } from './live.ts'
import { versionOf } from './publish.ts'

/** Further ahead nobody plans, and a slip of the year is caught. */
const aheadAtMost = 2 * 366 * 24 * 3600_000
const listed = 20

export const draftDigest = ({ definition, policy }: { definition: unknown; policy: Policy }): string => digestOf(canonical([definition, policy]))

/**
 * Two people, where the policy that holds now says so or the one to be published does; and also where the one to be published
 * lets one person do what took two until now: whoever may not export alone must not be able to allow it to themselves.
 */
export function publishingTakesTwo(next: FourEyesOptions, live: LiveService | null): boolean {
  const now = live?.policy.terms(fourEyes)
  return next.publish || now?.publish === true || (now?.export === true && !next.export) || (now?.erasure === true && !next.erasure)
}

export interface ReleaseOrder {
  revision: number
  acknowledged: readonly string[]
  /** When it is to go live; null: as soon as may be. */
  from: string | null
  /** A program asks: it counts for nobody, because nobody knows whose hands hold its key. */
  isProgram: boolean
  language: string
}

/** Null: nobody has to agree and its time is now, so that it may be published at once. @throws Refused */
export async function askRelease(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  { revision, acknowledged, from, isProgram, language }: ReleaseOrder,
  by: Deed,
): Promise<{ release: ReleaseSummary; findings: readonly PublishFinding[] } | null> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  if (draft.revision !== revision) throw new Refused(412, 'stale')
  const ahead = from === null ? 0 : Date.parse(from) - Date.parse(by.at)
  // No number if it is no date.
  if (!(ahead <= aheadAtMost)) throw new Refused(422, 'shape', { errors: [{ pointer: '/from', code: 'shape.invalid' }] })
  const due = from === null || ahead <= 0 ? by.at : new Date(from).toISOString()
  const checked = await checkDraft(adapters, agency, service, draft, language)
  const two = publishingTakesTwo(checked.policy.terms(fourEyes), await adapters.live.find(agency.id, service))
  if (!two && due === by.at) return null
  if (two && isProgram) throw new Refused(403, 'not-allowed')
  const id = newId(new Date(by.at))
  const release = {
    id,
    service,
    state: two ? ('asked' as const) : ('waiting' as const),
    definition: draft.definition,
    policy: draft.policy,
    digest: draftDigest(draft),
    acknowledged: keepAcknowledged(checked.findings, acknowledged),
    base: draft.publishedVersion ?? 0,
    dueAt: due,
  }
  await clearOutdated(agency, draft, by)
  try {
    await agency.requestRelease(release, revision, by)
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    throw error.kind === 'taken' ? new Refused(409, 'release-open') : new Refused(412, 'stale')
  }
  const { definition: _definition, policy: _policy, ...summary } = (await agency.release(id)) as ReleaseRecord
  return { release: summary, findings: checked.findings }
}

/** What was asked about a draft that has changed since can be agreed to no more: it makes room. */
async function clearOutdated(agency: AgencyStore, draft: DraftRecord, by: Deed): Promise<void> {
  const digest = draftDigest(draft)
  for (const row of await agency.releases(draft.id, listed)) if (row.state === 'asked' && row.digest !== digest) await end(agency, row.id, 'outdated', null, by)
}

/** Newest first. What was asked about another draft than the one of now is outdated, whether or not anybody has said so. */
export async function listReleases(agency: AgencyStore, service: string): Promise<ReleaseSummary[]> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  const rows = await agency.releases(service, listed)
  const digest = rows.some(({ state }) => state === 'asked') ? draftDigest(draft) : ''
  return rows.map((row) => (row.state === 'asked' && row.digest !== digest ? { ...row, state: 'outdated' as const } : row))
}

async function releaseOf(agency: AgencyStore, service: string, id: string): Promise<ReleaseRecord> {
  const row = await agency.release(id)
  if (row?.service !== service) throw new Refused(404, 'not-found')
  return row
}

/** Its content: what is agreed to, or will go live. @throws Refused 404 */
export const openRelease = releaseOf

/**
 * Agrees to what somebody else asked for, or refuses it. `digest`: of what they looked at. What is agreed to and due is
 * published at once. @throws Refused 403 by who asked; 409 when the draft has changed, or nothing is to be decided any more
 */
export async function decideRelease(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  id: string,
  { approve, digest, baseUrl }: { approve: boolean; digest: string; baseUrl: string },
  by: Deed,
): Promise<ReleaseRecord> {
  const row = await releaseOf(agency, service, id)
  if (row.requestedBy === by.actor) throw new Refused(403, 'approval-own')
  if (row.state !== 'asked') throw new Refused(409, 'approval-closed')
  const draft = await agency.service(service)
  if (digest !== row.digest || !draft || draftDigest(draft) !== row.digest) {
    if (draft) await clearOutdated(agency, draft, by)
    throw new Refused(409, 'draft-changed')
  }
  try {
    await agency.decideRelease(id, approve ? 'waiting' : 'refused', by)
  } catch (error) {
    throw error instanceof Conflict ? new Refused(409, 'approval-closed') : error
  }
  if (approve && row.dueAt <= by.at) await carryOut(adapters, agency, id, baseUrl, by)
  return releaseOf(agency, service, id)
}

/** @throws Refused 404, or 409 when it is done, or over */
export async function withdrawRelease(agency: AgencyStore, service: string, id: string, by: Deed): Promise<void> {
  await releaseOf(agency, service, id)
  if (!(await end(agency, id, 'withdrawn', null, by))) throw new Refused(409, 'approval-closed')
}

/** False: it has ended, or is done. */
async function end(agency: AgencyStore, id: string, to: 'withdrawn' | 'outdated' | 'failed', reasons: readonly string[] | null, by: Deed): Promise<boolean> {
  try {
    await agency.endRelease(id, to, reasons, by)
    return true
  } catch (error) {
    if (error instanceof Conflict) return false
    throw error
  }
}

/**
 * Makes what is waiting the next version. It is looked through again: since it was asked for rules may have been added, a
 * provider or a key may have gone. Gives the number; null: it cannot be, and says why, or somebody else was faster.
 */
export async function carryOut(adapters: Adapters, agency: AgencyStore, id: string, baseUrl: string, by: Deed): Promise<number | null> {
  const row = await agency.release(id)
  if (row?.state !== 'waiting') return null
  try {
    const checked = await checkDraft(adapters, agency, row.service, row, 'en')
    const acknowledged = keepAcknowledged(checked.findings, row.acknowledged)
    const { version, told } = versionOf(adapters, agency, row.service, checked, row.policy, acknowledged, baseUrl)
    const made = await agency.carryOutRelease(id, version, by, told)
    adapters.bell.ring(agency.id)
    return made
  } catch (error) {
    if (error instanceof Conflict) {
      // A newer version has been published since: this one would undo it unseen.
      if (error.kind === 'taken') await end(agency, id, 'outdated', null, by)
      return null
    }
    if (!(error instanceof Refused) || error.status >= 500) throw error
    await end(agency, id, 'failed', reasonsOf(error, row.acknowledged), by)
    return null
  }
}

/** Codes of what stood in the way. */
function reasonsOf({ code, extras }: Refused, acknowledged: readonly string[]): string[] {
  const findings = (extras.members?.findings ?? []) as PublishFinding[]
  const codes = findings.filter((finding) => finding.severity === 'error' || !acknowledged.includes(finding.code)).map((finding) => finding.code)
  return codes.length > 0 ? [...new Set(codes)] : [code]
}
