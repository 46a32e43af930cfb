/** What officers' tools call: the list of cases, one case, its files, and decisions. First party, signed in. */
import type { Ask } from '../additions/asked.ts'
import { decide } from '../cases/decide.ts'
import { decideTogether } from '../cases/decide-together.ts'
import type { decisions } from '../cases/graph.ts'
import { handOutAttachment } from '../cases/hand-out-attachment.ts'
import { listCases, queues } from '../cases/list-cases.ts'
import { openCase } from '../cases/open-case.ts'
import { askAboutCase } from '../cases/reading.ts'
import { caseStatuses } from '../cases/status.ts'
import { assign, countWork, deskOf, findByText, noteCase } from '../cases/work.ts'
import * as shapes from './case-schemas.ts'
import { ifMatch, revisionOf } from './if-match.ts'
import type { Call, Route } from './route.ts'
import { readError, writeProblem } from './write-problem.ts'

const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }
const id = { id: 'Number of the submission.' }
const purpose = {
  purpose: {
    description: 'What for. Where the policy asks for it and it is missing, the problem `purpose` lists what there is to choose from.',
    schema: { type: 'string', maxLength: 200 },
  },
}
const noCase = { 404: { description: 'The agency has no such case.' } }

/** Why one of several was not decided, as it would be told if it had been the only one. */
function refusalOf(call: Call, error: unknown): unknown {
  const requestId = call.c.get('requestId')
  const { refused, expected } = readError(error)
  if (!expected) call.adapters.log.error({ err: error, requestId }, 'one of several cases could not be decided')
  return JSON.parse(writeProblem(refused, { language: call.language, messages: {}, requestId }).body)
}

export const caseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/cases',
    id: 'listCases',
    tag: 'cases',
    summary: 'Cases, newest first; those of a stage or a queue by when they are due. Nothing of what was sent in.',
    access: 'user',
    permission: 'case.list',
    query: {
      queue: {
        description: 'Open ones alone, by when they are due: `open`, `mine` (given to me) or `free` (to nobody). `all` is as without.',
        schema: { enum: [...queues, 'all'] },
      },
      due: { description: 'With a queue: `overdue`, or `soon` (within three days).', schema: { enum: ['overdue', 'soon'] } },
      service: { description: 'Of this service.', schema: { type: 'string' } },
      status: { description: 'Of this status.', schema: { enum: caseStatuses } },
      stage: { description: 'At this stage of the service. What is due first comes first.', schema: { type: 'string' } },
      after: { description: 'What the page before said in `next`.', schema: { type: 'string' } },
      limit: { description: 'How many.', schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
    },
    answers: { 200: { description: 'A page of them.', schema: shapes.caseList }, 400: { description: 'A filter that means nothing.' }, ...signedOut },
    async handle(call) {
      const { agency, user } = call.actor()
      const [service, status, stage, after] = [call.query('service'), call.query('status'), call.query('stage'), call.query('after')]
      const asked = { service, status, stage, after, limit: call.query('limit'), queue: call.query('queue'), due: call.query('due') }
      return call.c.json(await listCases(call.adapters, agency, asked, { id: user?.id ?? '', now: call.now }, call.reading(), call.deed()))
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/desk',
    id: 'openDesk',
    tag: 'cases',
    summary: 'What the desk is made of: services with their stages, and to whom cases may be given.',
    access: 'user',
    permission: 'case.list',
    answers: { 200: { description: 'The desk.', schema: shapes.desk }, ...signedOut },
    handle: async (call) => call.c.json(await deskOf(call.adapters, call.actor().agency, call.now)),
  },
  {
    method: 'GET',
    path: '/v1/admin/cases/counts',
    id: 'countCases',
    tag: 'cases',
    summary: 'How many open cases there are, counted up to a limit.',
    access: 'user',
    permission: 'case.list',
    query: { service: { description: 'Of this service.', schema: { type: 'string' } } },
    answers: { 200: { description: 'The numbers.', schema: shapes.counts }, ...signedOut },
    handle: async (call) => call.c.json(await countWork(call.actor().agency, call.actor().user?.id ?? '', call.query('service'), call.now)),
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/find',
    id: 'findCase',
    tag: 'cases',
    summary: 'The case of a number or a tracking code, which stays out of addresses.',
    access: 'user',
    permission: 'case.list',
    body: { schema: shapes.sought, limit: 1024 },
    answers: { 200: { description: 'Its number.', schema: shapes.found }, ...noCase, ...signedOut },
    async handle(call) {
      const submission = await findByText(call.actor().agency, call.body<{ text: string }>().text)
      await askAboutCase(call.adapters, call.actor().agency, submission, 'list', call.reading(), call.deed())
      return call.c.json({ submission })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/decisions',
    id: 'decideCases',
    tag: 'cases',
    summary: 'Decides the same about several cases: each by itself, with its own result. Not about sealed ones, which are opened first.',
    access: 'user',
    permission: 'case.decide',
    headers: {
      'Idempotency-Key': {
        description: 'Random, the same for each try to send the same: what was done is told as done, and not done twice.',
        required: true,
        schema: { type: 'string', minLength: 8, maxLength: 200 },
      },
    },
    body: { schema: shapes.together, limit: 65_536 },
    answers: {
      200: { description: 'What became of each; also when all were refused.', schema: shapes.togetherResults },
      400: { description: 'Without a key, or a case is named twice.' },
      ...signedOut,
    },
    async handle(call) {
      const { cases, decision, note } = call.body<{ cases: { submission: string; revision: number }[]; decision: string; note?: string }>()
      const { agency, name: actor } = call.actor()
      const asked = { cases, decision, note, key: call.header('idempotency-key'), actor, now: call.now, reading: call.reading() }
      const results = await decideTogether(call.adapters, call.config, agency, asked)
      return call.c.json({ results: results.map((result) => (result.decided ? { decided: result.decided } : { refused: refusalOf(call, result.error) })) })
    },
  },
  {
    method: 'PUT',
    path: '/v1/admin/cases/{id}/assignee',
    id: 'assignCase',
    tag: 'cases',
    summary: 'Gives an open case to somebody who may decide about it, or to nobody.',
    access: 'user',
    permission: 'case.decide',
    params: id,
    body: { schema: shapes.assignment, limit: 1024 },
    answers: {
      200: { description: 'Whose it is now.', schema: shapes.assigned },
      412: { description: 'It is somebody else’s since, or closed: `assignee` says whose.' },
      422: { description: 'They may not decide about it.' },
      ...noCase,
      ...signedOut,
    },
    async handle(call) {
      await askAboutCase(call.adapters, call.actor().agency, call.param('id'), 'decide', call.reading(), call.deed())
      const { to, from } = call.body<{ to: string | null; from: string | null }>()
      const assignee = await assign(call.adapters, call.actor().agency, { submission: call.param('id'), from, to }, call.deed())
      return call.c.json({ assignee })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/{id}/notes',
    id: 'noteCase',
    tag: 'cases',
    summary: 'Notes something for colleagues. It is sealed as the answers are; the citizen does not see it.',
    access: 'user',
    permission: 'case.decide',
    params: id,
    body: { schema: shapes.noteText, limit: 65_536 },
    answers: { 201: { description: 'The note.', schema: shapes.caseNote }, 410: { description: 'Its key was destroyed.' }, ...noCase, ...signedOut },
    async handle(call) {
      await askAboutCase(call.adapters, call.actor().agency, call.param('id'), 'decide', call.reading(), call.deed())
      const { text } = call.body<{ text: string }>()
      return call.c.json(await noteCase(call.adapters, call.actor().agency, call.param('id'), text, call.deed(), call.now), 201)
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
    query: purpose,
    answers: {
      200: { description: 'The case. Its revision is in ETag as well.', schema: shapes.openedCase },
      410: { description: 'Its key was destroyed: what was sent in cannot be opened.' },
      ...noCase,
      ...signedOut,
    },
    async handle(call) {
      const opened = await openCase(call.adapters, call.actor().agency, call.param('id'), call.deed(), call.reading())
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
    query: purpose,
    answers: { 200: { description: 'The file.', type: 'application/octet-stream', schema: { type: 'string', format: 'binary' } }, ...noCase, ...signedOut },
    async handle(call) {
      const { content, headers } = await handOutAttachment(
        call.adapters,
        call.actor().agency,
        { submission: call.param('id'), attachment: call.param('attachment') },
        call.deed(),
        call.reading(),
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
      const { decision, note, stage, ask } = call.body<{ decision: (typeof decisions)[number]; note?: string; stage?: string; ask?: Ask }>()
      const { actor } = call.deed()
      const request = { submission: call.param('id'), revision: revisionOf(call), decision, note, stage, ask, actor, now: call.now, reading: call.reading() }
      const moved = await decide(call.adapters, call.config, agency, request)
      call.c.header('ETag', `"${moved.revision}"`)
      return call.c.json(moved)
    },
  },
]
