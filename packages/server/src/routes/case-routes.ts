/** What officers' tools call: the list of cases, one case, its files, and decisions. First party, signed in. */
import { decide } from '../cases/decide.ts'
import type { decisions } from '../cases/graph.ts'
import { handOutAttachment } from '../cases/hand-out-attachment.ts'
import { listCases } from '../cases/list-cases.ts'
import { openCase } from '../cases/open-case.ts'
import { caseStatuses } from '../cases/status.ts'
import * as shapes from './case-schemas.ts'
import { ifMatch, revisionOf } from './if-match.ts'
import type { Route } from './route.ts'

const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }
const id = { id: 'Number of the submission.' }
const noCase = { 404: { description: 'The agency has no such case.' } }

export const caseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/cases',
    id: 'listCases',
    tag: 'cases',
    summary: 'Cases, newest first; those of a stage by when they are due. Nothing of what was sent in.',
    access: 'user',
    permission: 'case.list',
    query: {
      service: { description: 'Of this service.', schema: { type: 'string' } },
      status: { description: 'Of this status.', schema: { enum: caseStatuses } },
      stage: { description: 'At this stage of the service. What is due first comes first.', schema: { type: 'string' } },
      after: { description: 'What the page before said in `next`.', schema: { type: 'string' } },
      limit: { description: 'How many.', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
    },
    answers: { 200: { description: 'A page of them.', schema: shapes.caseList }, 400: { description: 'A filter that means nothing.' }, ...signedOut },
    async handle(call) {
      const asked = { service: call.query('service'), status: call.query('status'), stage: call.query('stage') }
      return call.c.json(await listCases(call.actor().agency, { ...asked, after: call.query('after'), limit: call.query('limit') }))
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/cases/{id}',
    id: 'openCase',
    tag: 'cases',
    summary: 'A case with what was sent in and all that was decided. That it was read goes on the audit log.',
    access: 'user',
    permission: 'case.read',
    params: id,
    answers: {
      200: { description: 'The case. Its revision is in ETag as well.', schema: shapes.openedCase },
      410: { description: 'Its key was destroyed: what was sent in cannot be opened.' },
      ...noCase,
      ...signedOut,
    },
    async handle(call) {
      const opened = await openCase(call.adapters, call.actor().agency, call.param('id'), call.deed())
      call.c.header('ETag', `"${opened.revision}"`)
      return call.c.json(opened)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/cases/{id}/attachments/{attachment}',
    id: 'readAttachment',
    tag: 'cases',
    summary: 'A file that came with the case, to be saved. That it was read goes on the audit log.',
    access: 'user',
    permission: 'case.read',
    params: { ...id, attachment: 'Id of the file.' },
    answers: { 200: { description: 'The file.', type: 'application/octet-stream', schema: { type: 'string', format: 'binary' } }, ...noCase, ...signedOut },
    async handle(call) {
      const { content, headers } = await handOutAttachment(
        call.adapters,
        call.actor().agency,
        { submission: call.param('id'), attachment: call.param('attachment') },
        call.deed(),
      )
      return call.c.body(content, 200, headers)
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/{id}/decisions',
    id: 'decideCase',
    tag: 'cases',
    summary: 'Decides about a case where it stands. What the note says, the citizen reads.',
    access: 'user',
    permission: 'case.decide',
    params: id,
    headers: ifMatch,
    body: { schema: shapes.decision, limit: 65_536 },
    answers: {
      200: { description: 'The case as it stands now.', schema: shapes.caseLine },
      403: { description: 'Not from this server’s own pages; or the stage asks for other eyes.' },
      412: { description: 'Somebody else has decided since: `meanwhile` says what, `revision` how it stands.' },
      422: { description: 'The stage does not offer this decision, or its reason is missing.' },
      428: { description: 'Without If-Match.' },
      ...noCase,
      401: signedOut[401],
    },
    async handle(call) {
      const { agency } = call.actor()
      const { decision, note, stage } = call.body<{ decision: (typeof decisions)[number]; note?: string; stage?: string }>()
      const { actor } = call.deed()
      const request = { submission: call.param('id'), revision: revisionOf(call), decision, note, stage, actor, now: call.now }
      const moved = await decide(call.adapters, call.config, agency, request)
      call.c.header('ETag', `"${moved.revision}"`)
      return call.c.json(moved)
    },
  },
]
