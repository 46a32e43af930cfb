/**
 * What was sent in with a case, ready to be shown. A case that was sealed for officers' keys alone comes from the server
 * closed: whoever opens it in the browser does so here, and gives the same shape, so that nothing else of the desk knows.
 */

import type { Filled } from './answers-view.ts'
import type { Api, OpenedCase } from './api.ts'

export async function contentOf(api: Api, agency: string, opened: OpenedCase): Promise<Filled> {
  const definition = await api.definition(agency, opened.service, opened.version)
  const { submission, language, receivedAt, answers, outcome, attachments } = opened
  return { submission, definition, language, receivedAt, answers, outcome, attachments }
}
