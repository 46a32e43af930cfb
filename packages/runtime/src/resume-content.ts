import { type Changes, type DraftContent, moveDraft } from './draft-content.ts'
import { draftRequests } from './draft-requests.ts'
import { filesOf } from './proofs.ts'
import type { Visit } from './visit.ts'

/**
 * Goes on from what was filled in, in the version that there is now: what fits stays. Gives the visit, and what did not fit;
 * null: it is the version that it was filled in with. @throws if the service cannot be loaded
 */
export async function resumeContent(before: Visit, content: DraftContent): Promise<{ visit: Visit; changes: Changes | null }> {
  await before.resume({ session: content, files: filesOf(content), changing: false, confirmation: null }, content.language)
  const visit = before.now() ?? before
  const { session, view, transport } = visit
  if (view.version === content.version) return { visit, changes: null }
  const definition = await draftRequests(transport.address as string).definition(content.version)
  const { inputs, documents, changes } = moveDraft(content, definition, session)
  for (const id of Object.keys(content.inputs)) session.set(id, inputs[id] ?? null)
  session.documents = documents
  return { visit, changes }
}
