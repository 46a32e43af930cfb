/** What the citizen's side calls. */
import type { ServiceDefinition } from '@guichet/schemas'
import { wholeAnswer } from '../headers.ts'
import { evidenceOf } from '../intake/admit.ts'
import { submit, withdraw } from '../intake/submit.ts'
import { chooseLanguage } from '../language.ts'
import { listAway } from '../lists/check-chosen.ts'
import { isRemote, ListAway } from '../lists/remote-lists.ts'
import { isProof, newChallenge } from '../policy/proof-of-work/proofs.ts'
import { Refused } from '../problem.ts'
import { receiptFile } from '../receipts/receipt-file.ts'
import { catalogueLine, eventsOf } from '../services/catalogue.ts'
import { pictureOf } from '../services/example-picture.ts'
import { listPage, longestQuery, pageOfList } from '../services/list-page.ts'
import type { LiveService } from '../services/live.ts'
import { timeLimits } from '../services/time-limits.ts'
import { entityTag, viewService } from '../services/view-service.ts'
import { whoSends } from '../sign-in/sessions.ts'
import { serveText } from '../static.ts'
import { countView } from '../statistics/viewed.ts'
import { findCase, statusView } from '../submissions/follow.ts'
import { clientAddress, originOf, ownOrigins } from './client.ts'
import { requestBody } from './request-body.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'

const json = 'application/json; charset=utf-8'
const service = { agency: 'Name of the agency.', service: 'Name of the service.' }
const lang = { lang: { description: 'Language to answer in.', schema: { type: 'string' } } }

/** Who asks, as the intake looks at it. */
export const asker = ({ c, adapters, config, now }: Call) => ({ adapters, config, now, ...originOf(c, ownOrigins(config)), client: clientAddress(c, config) })

/** Who sends: besides, whether they are signed in. */
export const sender = async (call: Call) => {
  const from = asker(call)
  const proof = call.header('guichet-proof')
  return {
    ...from,
    proved: () => isProof(call.adapters, call.live(), proof, call.now),
    trap: call.header('guichet-trap') ?? null,
    signedIn: await whoSends(call.adapters, call.live(), call.header('authorization'), from.origin, call.now),
  }
}

/** The version as it was published, in the format of its time: its digest is on receipts. */
async function versionOf(call: Call) {
  const { agency, version } = call.live()
  const number = call.param('version')
  const found = /^[1-9]\d{0,8}$/.test(number) ? await agency.version(version.service, Number(number)) : null
  if (!found) throw new Refused(404, 'not-found')
  return found
}
/** A version never changes, so whoever has it need not ask again. */
const immutable = 'public, max-age=31536000, immutable'
const forever = (call: Call, body: object) => {
  call.c.header('Cache-Control', immutable)
  return call.c.json(body)
}

/** The list of a field that keeps it at an address; null of any other. @throws Refused 503 where it cannot be had */
async function remoteList(call: Call, live: LiveService) {
  const node = live.whole.nodes.get(call.param('field'))
  if (!node || !isRemote(node)) return null
  try {
    return await call.adapters.lists.of(live, node)
  } catch (error) {
    throw error instanceof ListAway ? listAway() : error
  }
}

export const serviceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/services',
    id: 'listServices',
    tag: 'services',
    summary: 'The services on offer. Asked from a foreign page: those that the page may embed.',
    access: 'some-service',
    query: lang,
    answers: { 200: { description: 'The catalogue.', schema: schemas.catalogue } },
    async handle(call) {
      const from = asker(call)
      const lines = []
      for (const live of await call.adapters.live.all())
        if (!(await live.policy.admit(evidenceOf('view', { ...from, service: live }, null), ['origins'])))
          lines.push(catalogueLine(live, call.query('lang'), call.header('accept-language'), call.config.baseUrl))
      const lifeEvents = eventsOf(lines, call.query('lang'), call.header('accept-language'))
      const text = JSON.stringify({ services: lines, lifeEvents })
      return serveText(call.c, text, json, entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}',
    id: 'getService',
    tag: 'services',
    summary: 'A service in one language, as the embedding script draws it.',
    access: 'service',
    params: service,
    query: lang,
    answers: {
      200: { description: 'The service.', schema: schemas.serviceView },
      304: { description: 'Unchanged.' },
      403: { description: 'This page may not embed it.' },
      404: { description: 'No such service.' },
    },
    async handle(call) {
      const view = viewService(
        call.live(),
        call.query('lang'),
        call.header('accept-language'),
        call.now,
        call.web,
        call.adapters.messages,
        call.adapters.signIns,
      )
      const text = JSON.stringify(view)
      countView(call, call.live(), 'opened', view.language)
      call.c.header('Content-Language', view.language)
      call.c.header('Vary', 'Accept-Language', { append: true })
      return serveText(call.c, text, json, entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/time-limits',
    id: 'getTimeLimits',
    tag: 'services',
    summary: 'What ends while somebody fills in, so that the page can warn them, whatever their own clock says.',
    access: 'service',
    params: service,
    answers: { 200: { description: 'The time here, and what ends when.', schema: schemas.timeLimits } },
    handle: (call) => {
      call.c.header('Cache-Control', 'no-store')
      return call.c.json(timeLimits(call.live(), call.now, call.config))
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/submission-schema.json',
    id: 'getSubmissionSchema',
    tag: 'services',
    summary: 'JSON Schema 2020-12 of the stored answers of the latest version.',
    access: 'service',
    params: service,
    answers: { 200: { description: 'The schema.', type: 'application/schema+json', schema: { type: 'object' } }, 404: { description: 'No such service.' } },
    async handle(call) {
      const text = JSON.stringify(call.live().version.submissionSchema)
      return serveText(call.c, text, 'application/schema+json; charset=utf-8', entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/versions/{version}',
    id: 'getVersion',
    tag: 'services',
    summary: 'The whole definition of a version, in all its languages.',
    access: 'service',
    params: { ...service, version: 'Number of the version.' },
    answers: { 200: { description: 'The definition.', schema: { $ref: '#/components/schemas/serviceDefinition' } }, 404: { description: 'No such version.' } },
    handle: async (call) => forever(call, (await versionOf(call)).definition),
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/versions/{version}/options/{field}',
    id: 'getOptions',
    tag: 'services',
    summary: 'Options of a field whose list stays here: those that a query finds, without regard to case, accents and forms of letters.',
    access: 'service',
    params: { ...service, version: 'Number of the version.', field: 'Path of the field, such as members.street.' },
    query: {
      ...lang,
      q: { description: 'A part of the words, or of the value.', schema: { type: 'string', maxLength: longestQuery } },
      from: { description: 'How many of those found are left out at the front.', schema: { type: 'integer', minimum: 0, maximum: 20_000 } },
      value: { description: 'The value of one option, instead of a query.', schema: { type: 'string', maxLength: longestQuery } },
    },
    answers: {
      200: { description: `At most ${pageOfList} options, and how many are found in all.`, schema: schemas.listPage },
      404: { description: 'No such version, or the list of the field comes with the service.' },
      503: { description: 'The list is kept at an address that does not answer now.', schema: schemas.problem },
    },
    async handle(call) {
      const { agency, version } = call.live()
      const number = call.param('version')
      const live = /^[1-9]\d{0,8}$/.test(number) ? await call.adapters.live.find(agency.id, version.service, Number(number)) : null
      const language = live && chooseLanguage(call.query('lang'), undefined, live.version.definition.languages)
      const [value, from = '0'] = [call.query('value'), call.query('from')]
      const query = (call.query('q') ?? '').slice(0, longestQuery)
      const asked = value === undefined ? { query, from: /^\d{1,5}$/.test(from) ? Number(from) : 0 } : { value }
      const remote = live && (await remoteList(call, live))
      const page = live && listPage(live, call.param('field'), language as string, asked, remote)
      if (!page) throw new Refused(404, 'not-found')
      if (!remote) return forever(call, page)
      // Of a list that is kept elsewhere the next answer may be another.
      call.c.header('Cache-Control', 'no-store')
      return call.c.json(page)
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/versions/{version}/pictures/{document}',
    id: 'getExamplePicture',
    tag: 'services',
    summary: 'A picture of what a good document looks like, as a page shows it.',
    access: 'service',
    params: { ...service, version: 'Number of the version.', document: 'Id of the document.' },
    answers: { 200: { description: 'The picture.', type: 'image/*', schema: { type: 'string' } }, 404: { description: 'No such version, or no picture.' } },
    async handle(call) {
      const picture = pictureOf((await versionOf(call)).definition as ServiceDefinition, call.param('document'))
      if (!picture) throw new Refused(404, 'not-found')
      return call.c.body(picture.bytes, 200, { 'Content-Type': picture.type, 'Cache-Control': immutable })
    },
  },
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/versions/{version}/submission-schema.json',
    id: 'getVersionSubmissionSchema',
    tag: 'services',
    summary: 'JSON Schema 2020-12 of the stored answers of a version.',
    access: 'service',
    params: { ...service, version: 'Number of the version.' },
    answers: { 200: { description: 'The schema.', type: 'application/schema+json', schema: { type: 'object' } }, 404: { description: 'No such version.' } },
    handle: async (call) => forever(call, (await versionOf(call)).submissionSchema),
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/submissions',
    id: 'submit',
    tag: 'submissions',
    summary: 'Sends in. The answer means that the submission is on disk.',
    access: 'service',
    params: service,
    headers: {
      'Idempotency-Key': {
        description: 'Random, the same for each try to send the same thing: sending twice makes one submission and gives the same answer.',
        required: true,
        schema: { type: 'string', minLength: 8, maxLength: 200 },
      },
      'Guichet-Proof': {
        description: 'Where the service asks for it: base64url of JSON `{challenge, solution}`.',
        schema: { type: 'string', maxLength: 4000 },
      },
      'Guichet-Trap': {
        description: 'Where the service asks for it: `untouched`, which says that the field that nobody sees was left alone.',
        schema: { type: 'string', maxLength: 20 },
      },
    },
    body: { stream: 'application/json', schema: { $ref: '#/components/schemas/submission' } },
    answers: {
      201: { description: 'Received.', schema: schemas.confirmation },
      400: { description: 'No idempotency key, or no submission.' },
      401: { description: 'Not signed in, or no longer.' },
      403: { description: 'Not open, not from this page, or not signed in well enough.' },
      409: { description: 'The same key is being worked on, or the version is no longer taken.' },
      413: { description: 'Too large.' },
      428: { description: 'A proof of work is asked for, and none that counts came along.' },
      422: { description: 'Answers to correct, or the key was used for another body.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      if (!/^application\/json(;|$)/i.test(call.header('content-type') ?? '')) throw new Refused(415, 'content-type')
      const answer = await submit({ ...(await sender(call)), service: call.live(), body: requestBody(call.c), idempotencyKey: call.header('idempotency-key') })
      return wholeAnswer(call.c, 201, json, answer)
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/challenge',
    id: 'newChallenge',
    tag: 'submissions',
    summary: 'A calculation to do before sending, where the service asks for one.',
    access: 'service',
    params: service,
    answers: {
      200: {
        description: 'The challenge, as altcha has them. Its solution is sent with the submission, once.',
        schema: {
          type: 'object',
          required: ['challenge', 'seconds'],
          properties: { challenge: { type: 'object' }, seconds: { type: 'integer', description: 'For how long it counts.' } },
        },
      },
      204: { description: 'The service asks for none.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const wait = await call.adapters.challenges.take(clientAddress(call.c, call.config) ?? '', call.now.getTime())
      if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
      const made = await newChallenge(call.adapters, call.live(), call.now)
      return made ? call.c.json(made) : call.c.body(null, 204)
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/submissions/withdrawal',
    id: 'withdrawAttempt',
    tag: 'submissions',
    summary: 'Before something else is sent instead of what got no answer: from now on nothing is recorded under that key.',
    access: 'service',
    params: service,
    headers: { 'Idempotency-Key': { description: 'The key that it was sent with.', required: true, schema: { type: 'string', minLength: 8, maxLength: 200 } } },
    answers: {
      200: { description: 'It had been received: this is the answer.', schema: schemas.confirmation },
      204: { description: 'Nothing had been received, and nothing will be.' },
      400: { description: 'No idempotency key.' },
      403: { description: 'Not from this page.' },
      409: { description: 'It is being worked on: ask again in a moment.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const from = asker(call)
      const refusal = await call.live().policy.admit(evidenceOf('submit', { ...from, service: call.live() }, null), ['origins', 'rate'])
      if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
      const answer = await withdraw({ ...from, service: call.live(), idempotencyKey: call.header('idempotency-key') })
      return answer ? call.c.body(new Uint8Array(answer), 200, { 'Content-Type': json }) : call.c.body(null, 204)
    },
  },
  {
    method: 'POST',
    path: '/v1/status',
    id: 'followCase',
    tag: 'status',
    summary: 'Where a case stands, for whoever has its tracking code.',
    access: 'some-service',
    query: lang,
    body: { schema: schemas.reference, limit: 1024 },
    answers: { 200: { description: 'The case.', schema: schemas.status }, 404: { description: 'No case with this code.' }, 429: { description: 'Too many.' } },
    async handle(call) {
      const from = asker(call)
      await guessing(call)
      const found = await findCase(call.adapters, call.body<{ reference: string }>().reference)
      // A page that may not embed the service may not follow its cases either, nor learn that there is one.
      if (await found.live.policy.admit(evidenceOf('view', { ...from, service: found.live }, null), ['origins'])) throw new Refused(404, 'code-unknown')
      countView(call, found.live, 'looked_up', '')
      return call.c.json(await statusView(call.adapters, found, call.query('lang'), call.header('accept-language'), call.now))
    },
  },
  {
    method: 'POST',
    path: '/v1/receipt',
    id: 'receiptOfCase',
    tag: 'status',
    summary: 'The receipt of a case with its proof, for whoever has its tracking code.',
    access: 'some-service',
    body: { schema: schemas.reference, limit: 1024 },
    answers: {
      200: { description: 'A file to keep.', schema: schemas.receiptFile },
      404: { description: 'No case with this code.' },
      410: { description: 'Its key was destroyed.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const from = asker(call)
      await guessing(call)
      const { live, submission } = await findCase(call.adapters, call.body<{ reference: string }>().reference)
      if (await live.policy.admit(evidenceOf('view', { ...from, service: live }, null), ['origins'])) throw new Refused(404, 'code-unknown')
      return call.c.json(await receiptFile(call.adapters, live.agency, submission))
    },
  },
]

/** Nobody finds one of 2^130 codes by trying, but whoever tries is slowed down all the same. @throws Refused */
export async function guessing({ c, adapters, config, now }: Call) {
  const wait = await adapters.lookUps.take(clientAddress(c, config) ?? '', now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}
