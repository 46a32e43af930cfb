/** What publishing the saved draft would find, without publishing: those who publish read it before they decide. */
import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, VersionCount } from '../store/store.ts'
import { checkDraft, type PublishFinding } from './check-draft.ts'

export interface DraftFindings {
  /** Of the draft that was looked at. */
  revision: number
  findings: readonly PublishFinding[]
  begun: Begun
}

/**
 * Whom a new version finds under way. Exact also where the numbers are small, and not asked about as reading is: nothing in
 * them depends on what the author writes, so that nobody can be asked after with them, as with a shadow run; they stay with those who
 * run the service, who see the same work in its statistics and lists.
 */
interface Begun {
  /** What citizens saved to go on with. */
  drafts: readonly VersionCount[]
  openCases: readonly VersionCount[]
  /** Each is counted up to this; who publishes decides nothing else when there are more. */
  most: number
}
const mostCounted = 10_000

/** @throws Refused 404 where there is no such service, and for a draft that is too large to be looked at */
export async function findingsOfDraft(adapters: Adapters, agency: AgencyStore, service: string, language: string, now: Date): Promise<DraftFindings> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  const { revision } = draft
  const [drafts, openCases] = await Promise.all([agency.countDrafts(service, mostCounted, now.toISOString()), agency.countOpenByVersion(service, mostCounted)])
  const begun = { drafts, openCases, most: mostCounted }
  try {
    const { findings } = await checkDraft(adapters, agency, service, draft, language)
    return { revision, findings, begun }
  } catch (error) {
    // Errors refuse a version; here they are what was asked for.
    const found = error instanceof Refused && error.code === 'findings' ? error.extras.members?.findings : undefined
    if (!Array.isArray(found)) throw error
    return { revision, findings: found as PublishFinding[], begun }
  }
}
