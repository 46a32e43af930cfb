/** What publishing the saved draft would find, without publishing: those who publish read it before they decide. */
import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore } from '../store/store.ts'
import { checkDraft, type PublishFinding } from './check-draft.ts'

export interface DraftFindings {
  /** Of the draft that was looked at. */
  revision: number
  findings: readonly PublishFinding[]
}

/** @throws Refused 404 where there is no such service, and for a draft that is too large to be looked at */
export async function findingsOfDraft(adapters: Adapters, agency: AgencyStore, service: string, language: string): Promise<DraftFindings> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  const { revision } = draft
  try {
    const { findings } = await checkDraft(adapters, agency, service, draft, language)
    return { revision, findings }
  } catch (error) {
    // Errors refuse a version; here they are what was asked for.
    const found = error instanceof Refused && error.code === 'findings' ? error.extras.members?.findings : undefined
    if (!Array.isArray(found)) throw error
    return { revision, findings: found as PublishFinding[] }
  }
}
