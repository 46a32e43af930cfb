/** What becomes a version later, or when somebody else agrees. First party. */
import { findingsOfDraft } from '../services/draft-findings.ts'
import { decideRelease, listReleases, openRelease, withdrawRelease } from '../services/releases.ts'
import { shadowRun } from '../services/shadow-run.ts'
import { answerInLines, linesType } from './answer-in-lines.ts'
import type { Route, Schema } from './route.ts'

const text: Schema = { type: 'string' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const moment: Schema = { type: 'string', format: 'date-time' }
const texts: Schema = { type: 'array', items: text }

const summary: Record<string, Schema> = {
  id: text,
  service: text,
  state: {
    enum: ['asked', 'waiting', 'done', 'refused', 'withdrawn', 'outdated', 'failed'],
    description: 'asked: somebody else has to agree; waiting: it goes live when it is due; outdated: what it was made from has changed.',
  },
  digest: { type: 'string', description: 'Of definition and policy; what is agreed to is named by it.' },
  acknowledged: texts,
  base: { type: 'integer', description: 'The newest version when it was asked for; 0: none.' },
  dueAt: moment,
  requestedBy: text,
  requestedAt: moment,
  decidedBy: orNull(text),
  decidedAt: orNull(moment),
  version: orNull({ type: 'integer' }),
  reasons: orNull(texts),
}
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
export const release = object(summary)
const whole = object({ ...summary, definition: { type: 'object' }, policy: { type: 'object' } })

const params = { id: 'Name of the service.', release: 'Id of what was asked for.' }
const refusals = {
  401: { description: 'Nobody is signed in.' },
  403: { description: 'Not from this server’s own pages, or not allowed to them.' },
  404: { description: 'There is none.' },
}

const count: Schema = { anyOf: [{ type: 'integer' }, { const: 'some' }], description: 'Rounded down to fives; some: from 1 to 4.' }
const number: Schema = { type: 'integer' }
const list = (items: Schema): Schema => ({ type: 'array', items })
const shadowReport = object({
  looked: number,
  sealed: number,
  unreadable: number,
  refused: count,
  reasons: list(object({ path: text, code: text, count })),
  unasked: list(object({ path: text, count })),
  fee: object({ higher: count, lower: count }),
  routes: list(object({ from: orNull(text), to: orNull(text), count })),
})

const counts = list(object({ version: number, count: number }))

export const releaseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/findings',
    id: 'listFindings',
    tag: 'builder',
    summary: 'What publishing the draft would find, the server’s own warnings among it. Nothing is published.',
    access: 'user',
    permission: 'service.read',
    params: { id: params.id },
    query: { lang: { description: 'Language tag.', schema: { type: 'string' } } },
    answers: {
      200: {
        description: 'Errors and warnings; and how much is under way with the published versions.',
        schema: object({ revision: number, findings: list({ type: 'object' }), begun: object({ drafts: counts, openCases: counts, most: number }) }),
      },
      ...refusals,
    },
    async handle(call) {
      return call.c.json(await findingsOfDraft(call.adapters, call.actor().agency, call.param('id'), call.language, call.now))
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/shadow',
    id: 'shadowRun',
    tag: 'builder',
    summary: 'Tries the draft on the last submissions, inside the server: how many would be refused, priced or routed otherwise. Counts alone.',
    access: 'user',
    permission: 'service.publish',
    params: { id: params.id },
    query: { purpose: { description: 'What for, where the policy asks for it.', schema: text } },
    answers: {
      200: { description: 'Counts. Whoever accepts application/x-ndjson has a line `{tried, of}` each few submissions first.', schema: shadowReport },
      422: { description: 'The draft has errors.' },
      429: { description: 'Too many runs in an hour.' },
      ...refusals,
    },
    async handle(call) {
      const run = (told?: (progress: object) => void) => shadowRun(call.adapters, call.actor().agency, call.param('id'), call.reading(), call.deed(), told)
      return call.header('accept')?.includes(linesType) ? answerInLines(call, run) : call.c.json(await run())
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/releases',
    id: 'listReleases',
    tag: 'builder',
    summary: 'What waits for somebody to agree or for its day, and what became of what did; newest first.',
    access: 'user',
    permission: 'service.read',
    params: { id: params.id },
    answers: { 200: { description: 'At most 20.', schema: object({ releases: { type: 'array', items: release } }) }, ...refusals },
    async handle(call) {
      return call.c.json({ releases: await listReleases(call.actor().agency, call.param('id')) })
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/releases/{release}',
    id: 'openRelease',
    tag: 'builder',
    summary: 'One of them, with what would go live.',
    access: 'user',
    permission: 'service.read',
    params,
    answers: { 200: { description: 'It.', schema: whole }, ...refusals },
    async handle(call) {
      return call.c.json(await openRelease(call.actor().agency, call.param('id'), call.param('release')))
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/releases/{release}/decision',
    id: 'decideRelease',
    tag: 'builder',
    summary: 'Agrees to what somebody else wants to publish, or refuses it. What is due then is published at once.',
    access: 'user',
    permission: 'service.publish',
    fresh: true,
    params,
    body: {
      schema: object({ decision: { enum: ['approve', 'refuse'] }, digest: { type: 'string', maxLength: 100, description: 'Of what was looked at.' } }),
      limit: 1024,
    },
    answers: { 200: { description: 'What became of it.', schema: whole }, 409: { description: 'The draft has changed, or it is decided.' }, ...refusals },
    async handle(call) {
      const { decision, digest } = call.body<{ decision: 'approve' | 'refuse'; digest: string }>()
      const order = { approve: decision === 'approve', digest, baseUrl: call.config.baseUrl }
      return call.c.json(await decideRelease(call.adapters, call.actor().agency, call.param('id'), call.param('release'), order, call.deed()))
    },
  },
  {
    method: 'DELETE',
    path: '/v1/admin/services/{id}/releases/{release}',
    id: 'withdrawRelease',
    tag: 'builder',
    summary: 'Calls it back.',
    access: 'user',
    permission: 'service.publish',
    params,
    answers: { 204: { description: 'It will not go live.' }, 409: { description: 'It is live, or over.' }, ...refusals },
    async handle(call) {
      await withdrawRelease(call.actor().agency, call.param('id'), call.param('release'), call.deed())
      return call.c.body(null, 204)
    },
  },
]
