/** Saving what is not finished, and coming back to it. All that is taken and given is sealed in the browser. */
import { deleteDraft, largestDraft, mostAttachments, openDraft, saveDraft } from '../drafts/drafts.ts'
import { canMailDrafts, codePattern, type LinkAsked, mailDraftLink } from '../drafts/mail-link.ts'
import { chooseLanguage } from '../language.ts'
import { Refused } from '../problem.ts'
import { longestReturn } from '../sign-in/road.ts'
import { clientAddress } from './client.ts'
import type { Call, Route, Schema } from './route.ts'
import { asker } from './service-routes.ts'

const path = '/v1/services/{agency}/{service}/drafts/{id}'
const params = { agency: 'Name of the agency.', service: 'Name of the service.', id: 'Made from the citizen’s code: 43 characters of base64url.' }

const base64 = (bytes: number) => Math.ceil((bytes * 4) / 3)
const content: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]*$', minLength: 1, maxLength: base64(largestDraft), description: 'Sealed bytes, base64url.' }
const version: Schema = { type: 'integer', minimum: 1, description: 'Version of the service that was being filled in.' }
const revision: Schema = { type: 'integer', minimum: 1, description: 'For If-Match, when it is saved again.' }
const expiresAt: Schema = { type: 'string', format: 'date-time' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })

const given = object({
  version,
  content,
  attachments: {
    type: 'array',
    maxItems: mostAttachments,
    items: { type: 'string', pattern: '^[0-9a-z]{26}$' },
    description: 'Ids of the files it refers to: they are kept for as long as it is.',
  },
})
const kept: Schema = {
  ...object({ revision, expiresAt, mail: { type: 'boolean', description: 'A link to it can be mailed.' } }),
  required: ['revision', 'expiresAt'],
}
const opened = object({ version, revision, expiresAt, content })

function placeOf(call: Call) {
  const id = call.param('id')
  // What is no id at all gets the answer of one that is not known.
  if (!/^[A-Za-z0-9_-]{43}$/.test(id)) throw new Refused(404, 'draft-unknown')
  return { adapters: call.adapters, live: call.live(), id, client: clientAddress(call.c, call.config), now: call.now }
}

/** Null: a new one is wanted. @throws Refused */
function revisionOf(call: Call): number | null {
  const [match, none] = [call.header('if-match'), call.header('if-none-match')]
  if (none === '*' && match === undefined) return null
  if (match === undefined) throw new Refused(428, 'precondition-missing')
  const found = /^"([1-9]\d{0,8})"$/.exec(match)?.[1]
  if (!found) throw new Refused(412, 'stale')
  return Number(found)
}

export const draftRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path,
    id: 'saveApplication',
    tag: 'drafts',
    summary: 'Saves an unfinished application, sealed by the browser. Each save renews its time.',
    access: 'service',
    params,
    headers: {
      'If-Match': { description: 'Revision that was opened, as "3".', schema: { type: 'string' } },
      'If-None-Match': { description: '* for a new one.', schema: { type: 'string' } },
    },
    body: { schema: given, limit: base64(largestDraft) + 16_384 },
    answers: {
      200: { description: 'Saved.', schema: kept },
      412: { description: 'It was saved from somewhere else meanwhile, or has expired.' },
      413: { description: 'Too large.' },
      428: { description: 'Neither If-Match nor If-None-Match: *.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const place = placeOf(call)
      const body = call.body<{ version: number; content: string; attachments: string[] }>()
      const bytes = new Uint8Array(Buffer.from(body.content, 'base64url'))
      const saved = await saveDraft(place, { ...body, content: bytes }, revisionOf(call), call.config.draftDays)
      call.c.header('ETag', `"${saved.revision}"`)
      return call.c.json(canMailDrafts(call.adapters, call.live()) ? { ...saved, mail: true } : saved)
    },
  },
  {
    method: 'GET',
    path,
    id: 'openApplication',
    tag: 'drafts',
    summary: 'A saved application, as it was sealed.',
    access: 'service',
    params,
    answers: { 200: { description: 'The sealed content.', schema: opened }, 404: { description: 'None with this id.' }, 429: { description: 'Too many.' } },
    async handle(call) {
      const found = await openDraft(placeOf(call))
      call.c.header('ETag', `"${found.revision}"`)
      const sealed = Buffer.from(found.content).toString('base64url')
      return call.c.json({ version: found.version, revision: found.revision, expiresAt: found.expiresAt, content: sealed })
    },
  },
  {
    method: 'POST',
    path: `${path}/mail`,
    id: 'mailApplication',
    tag: 'drafts',
    summary: 'Mails a link that opens a saved application on any device. Says the same whether anybody has the address.',
    access: 'service',
    params,
    query: { lang: { description: 'Language of the message.', schema: { type: 'string' } } },
    body: {
      limit: 4096,
      schema: object({
        code: { type: 'string', pattern: codePattern, description: 'The citizen’s code. It is kept, sealed, until the message has arrived.' },
        to: { type: 'string', maxLength: 254, pattern: '^[^\\s<>(),:;"\\\\\\[\\]@]{1,64}@[^\\s<>(),:;"\\\\\\[\\]@]{1,189}$' },
        return: { type: 'string', maxLength: longestReturn, description: 'The page with the service, on the origin that asks.' },
      }),
    },
    answers: {
      202: { description: 'It is on its way.' },
      404: { description: 'None with this id and code, or no mail can be sent of it.' },
      422: { description: 'The page may not be come back to.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const { id } = placeOf(call)
      const language = chooseLanguage(call.query('lang'), call.header('accept-language'), call.live().version.definition.languages)
      await mailDraftLink({ ...asker(call), service: call.live(), id }, call.body<LinkAsked>(), language)
      return call.c.body(null, 202)
    },
  },
  {
    method: 'DELETE',
    path,
    id: 'deleteApplication',
    tag: 'drafts',
    summary: 'Deletes a saved application: it was sent, or is not wanted any more.',
    access: 'service',
    params,
    answers: { 204: { description: 'There is none now.' }, 429: { description: 'Too many.' } },
    async handle(call) {
      await deleteDraft(placeOf(call))
      return call.c.body(null, 204)
    },
  },
]
