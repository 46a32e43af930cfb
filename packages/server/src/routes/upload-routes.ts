/** Files of citizens: in one request, or in parts that can be gone on with after a break. */
import { upload } from '../files/upload.ts'
import { appendToUpload, beginUpload, cancelUpload, limitField, lookAtUpload, type UploadAsk, type UploadState } from '../files/upload-in-parts.ts'
import { Refused } from '../problem.ts'
import { requestBody } from './request-body.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'
import { sender } from './service-routes.ts'

const partial = 'application/partial-upload'
const service = { agency: 'Name of the agency.', service: 'Name of the service.' }
const path = '/v1/services/{agency}/{service}/uploads/{upload}'
const params = { ...service, upload: 'From the address that its beginning answered with: 43 characters of base64url.' }

const whole = { type: 'integer', minimum: 0 }
const flag = { type: 'string', enum: ['?0', '?1'] }
const lengthHeader = { description: 'Bytes of the whole file.', schema: whole }
const completeHeader = { description: '`?1` with the last part, or without any once all parts are there; else `?0`.', required: true, schema: flag }
const digestHeader = (of: string) => ({ description: `Of ${of}, as \`sha-256=:…:\` (RFC 9530): compared before it is kept.`, schema: { type: 'string' } })

/** A structured field (RFC 9651); what is no such value counts as not being there. */
const integerOf = (field: string | undefined) => (field !== undefined && /^\d{1,15}$/.test(field.trim()) ? Number(field) : null)
const booleanOf = (field: string | undefined) => (field === undefined ? null : ({ '?0': false, '?1': true }[field.trim()] ?? null))
/** Of RFC 9530: other algorithms are left out. */
const digestIn = (field: string | undefined) => {
  const found = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(field ?? '')?.[1]
  return found ? `sha256-${Buffer.from(found, 'base64').toString('base64url')}` : null
}

/** Null: none comes. A request that says neither how long it is nor that it comes in chunks has none (RFC 9112, 6.3). */
function bodyOf({ c }: Call): ReadableStream<Uint8Array> | null {
  const { declared } = requestBody(c)
  const none = declared === 0 || (declared === null && c.env?.incoming !== undefined && c.req.header('transfer-encoding') === undefined)
  return none ? null : (c.req.raw.body as ReadableStream<Uint8Array> | null)
}

const askOf = async (call: Call): Promise<UploadAsk> => ({ ...(await sender(call)), service: call.live(), id: call.param('upload') })

function tell(call: Call, { offset, size, maxAge, attachment }: UploadState) {
  call.c.header('Upload-Offset', String(offset))
  call.c.header('Upload-Length', String(size))
  call.c.header('Upload-Complete', attachment ? '?1' : '?0')
  call.c.header('Upload-Limit', limitField(maxAge))
}

/** Takes one file, or begins one. `rules`: those of the policy that are asked; absent: all. */
export async function takeAttachment(call: Call, rules?: readonly string[]): Promise<Response> {
  const target = call.query('target') ?? ''
  const name = call.query('name') ?? ''
  if (target === '' || target.length > 200 || name.length > 1000) throw new Refused(422, 'target')
  const { declared } = requestBody(call.c)
  const given = { ...(await sender(call)), service: call.live(), target, name, declared: call.header('content-type') ?? '', rules }
  if (booleanOf(call.header('upload-complete')) !== false)
    return call.c.json(await upload({ ...given, declaredSize: declared, content: call.c.req.raw.body as ReadableStream<Uint8Array> | null }), 201)
  const begun = await beginUpload({ ...given, declaredSize: integerOf(call.header('upload-length')) })
  call.c.header('Location', `/v1/services/${call.param('agency')}/${call.param('service')}/uploads/${begun.id}`)
  // What came along is its first part.
  const first = { offset: 0, complete: false, contentDigest: digestIn(call.header('content-digest')), reprDigest: null, declaredSize: declared }
  const content = bodyOf(call)
  tell(call, content ? await appendToUpload({ ...given, id: begun.id }, { ...first, content }) : begun)
  call.c.header('Upload-Limit', limitField(begun.maxAge, begun.limit))
  return call.c.body(null, 201)
}

export const uploadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/attachments',
    id: 'uploadAttachment',
    tag: 'submissions',
    summary:
      'One file, before the submission that it belongs to. Removed after two days if none claims it. With `Upload-Complete: ?0` it is only begun, and arrives in parts (Resumable Uploads for HTTP).',
    access: 'service',
    params: service,
    query: {
      target: { description: 'Id of the required document, or path of the file field.', required: true, schema: { type: 'string', maxLength: 200 } },
      name: { description: 'Name of the file.', required: true, schema: { type: 'string', maxLength: 1000 } },
    },
    headers: {
      'Upload-Complete': { description: '`?0` begins a file that arrives in parts.', schema: flag },
      'Upload-Length': { ...lengthHeader, description: 'Bytes of the whole file; needed with `Upload-Complete: ?0`.' },
    },
    body: { stream: '*/*', schema: { type: 'string', format: 'binary' } },
    acceptPatch: partial,
    answers: {
      201: { description: 'Kept, and on disk. Of a file that is only begun: `Location` is where its parts go.', schema: schemas.attachment },
      400: { description: 'Begun without its length.' },
      413: { description: 'Too large.' },
      422: { description: 'Not a file that is taken here.' },
      429: { description: 'Too many.' },
      507: { description: 'There is no room.' },
    },
    handle: (call) => takeAttachment(call),
  },
  {
    method: 'GET',
    path,
    id: 'lookAtUpload',
    tag: 'submissions',
    summary: 'How far a file has come that arrives in parts; HEAD says it in its headers.',
    access: 'service',
    params,
    answers: {
      200: {
        description: 'How far it has come, and once it is finished what it has become.',
        schema: {
          type: 'object',
          required: ['offset', 'size', 'complete'],
          properties: { offset: whole, size: whole, complete: { type: 'boolean' }, attachment: schemas.attachment },
        },
      },
      404: { description: 'None with this id, or its time is over.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const state = await lookAtUpload(await askOf(call))
      tell(call, state)
      const { offset, size, attachment } = state
      return call.c.json({ offset, size, complete: attachment !== null, ...(attachment ? { attachment } : {}) })
    },
  },
  {
    method: 'PATCH',
    path,
    id: 'appendToUpload',
    tag: 'submissions',
    summary: 'The next part. The answer means that it is on disk; with the last one, that the file was looked at and kept.',
    access: 'service',
    params,
    headers: {
      'Upload-Offset': { description: 'Where it begins: as far as the file has come.', required: true, schema: whole },
      'Upload-Complete': completeHeader,
      'Content-Digest': digestHeader('this part'),
      'Repr-Digest': digestHeader('the whole file, with the last part'),
    },
    body: { stream: partial, schema: { type: 'string', format: 'binary' } },
    acceptPatch: partial,
    answers: {
      201: { description: 'The file is whole, looked at, and kept.', schema: schemas.attachment },
      204: { description: 'The part is kept.' },
      400: { description: 'Headers are missing, the file is finished already, or another length was declared.' },
      404: { description: 'None with this id, or its time is over.' },
      409: { description: 'The file ends elsewhere: `Upload-Offset` says where.' },
      413: { description: 'The part is too large.' },
      415: { description: `Not ${partial}.` },
      422: { description: 'Not a file that is taken here, or not the bytes that were meant. Nothing of it is left.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      if ((call.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() !== partial) throw new Refused(415, 'content-type')
      const state = await appendToUpload(await askOf(call), {
        offset: integerOf(call.header('upload-offset')),
        complete: booleanOf(call.header('upload-complete')),
        contentDigest: digestIn(call.header('content-digest')),
        reprDigest: digestIn(call.header('repr-digest')),
        declaredSize: requestBody(call.c).declared,
        content: bodyOf(call),
      })
      tell(call, state)
      return state.attachment ? call.c.json(state.attachment, 201) : call.c.body(null, 204)
    },
  },
  {
    method: 'DELETE',
    path,
    id: 'cancelUpload',
    tag: 'submissions',
    summary: 'Gives up a file that arrives in parts: nothing of it is left.',
    access: 'service',
    params,
    answers: { 204: { description: 'There is none now.' }, 404: { description: 'None with this id.' }, 429: { description: 'Too many.' } },
    async handle(call) {
      await cancelUpload(await askOf(call))
      return call.c.body(null, 204)
    },
  },
]
