/** What a citizen calls when an officer has asked for more: what is asked for, files, and the answer. */
import { type Addition, addToCase, rulesAskedOfFiles } from '../additions/add.ts'
import { caseOf, openAddition } from '../additions/open-addition.ts'
import { viewAddition } from '../additions/view-addition.ts'
import { wholeAnswer } from '../headers.ts'
import { evidenceOf } from '../intake/admit.ts'
import { Refused } from '../problem.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'
import { asker, guessing } from './service-routes.ts'
import { takeAttachment } from './upload-routes.ts'

const params = { agency: 'Name of the agency.', service: 'Name of the service.', submission: 'Number of the submission.' }
const code = { type: 'string', maxLength: 200, description: 'Tracking code, in any grouping and case.' }
const ids = { type: 'array', maxItems: 50, items: { type: 'string', maxLength: 60 } }
const sent = {
  type: 'object',
  required: ['reference', 'number', 'answers'],
  properties: {
    reference: code,
    number: { type: 'integer', minimum: 1, description: 'As it was asked with.' },
    version: { type: 'integer' },
    language: { type: 'string', maxLength: 60 },
    answers: { type: 'object', description: 'Of the fields that were asked for, and of those that have to be given again.' },
    documents: { type: 'object', additionalProperties: ids, description: 'Id of the document to ids of attachments.' },
    atDesk: ids,
  },
  additionalProperties: false,
}

/** Pages that may not embed the service learn nothing of its cases. @throws Refused */
async function admitted(call: Call) {
  const refusal = await call.live().policy.admit(evidenceOf('view', { ...asker(call), service: call.live() }, null), ['origins'])
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  await guessing(call)
}

export const additionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/cases/{submission}/attachments',
    id: 'uploadAddition',
    tag: 'status',
    summary: 'One file that a citizen was asked for, also of a service that has closed. As the files of a submission, but for where it goes.',
    access: 'service',
    params,
    query: {
      target: { description: 'Id of the document, or path of the file field.', required: true, schema: { type: 'string', maxLength: 200 } },
      name: { description: 'Name of the file.', required: true, schema: { type: 'string', maxLength: 1000 } },
    },
    headers: {
      'Upload-Complete': { description: '`?0` begins a file that arrives in parts.', schema: { type: 'string', enum: ['?0', '?1'] } },
      'Upload-Length': { description: 'Bytes of the whole file; needed with `Upload-Complete: ?0`.', schema: { type: 'integer', minimum: 0 } },
    },
    body: { stream: '*/*', schema: { type: 'string', format: 'binary' } },
    acceptPatch: 'application/partial-upload',
    answers: {
      201: { description: 'Kept, and on disk. Of a file that is only begun: `Location` is where its parts go.', schema: schemas.attachment },
      404: { description: 'No such case, or it asks for no such file.' },
      413: { description: 'Too large.' },
      422: { description: 'Not a file that is taken here.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const from = await call.live().agency.submission(call.param('submission'))
      const open = from?.service === call.live().version.service ? await openAddition(call.adapters, call.live(), from, call.now) : null
      const [target = ''] = (call.query('target') ?? '').split(/[/.]/)
      // The same of a case that there is not: numbers of cases are tried in vain.
      if (!open?.part.documents.has(target) && !open?.part.fields.has(target)) throw new Refused(404, 'not-found')
      return takeAttachment(call, rulesAskedOfFiles)
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/cases/{submission}/asked',
    id: 'openAddition',
    tag: 'status',
    summary:
      'What an officer asks the citizen for, as a small service of its own, for whoever has the tracking code. It holds no earlier answers but those that the policy names.',
    access: 'service',
    params,
    query: { lang: { description: 'Language to answer in.', schema: { type: 'string' } } },
    body: { schema: { type: 'object', required: ['reference'], properties: { reference: code }, additionalProperties: false }, limit: 1024 },
    answers: {
      200: { description: 'What is asked for.', schema: schemas.addition },
      404: { description: 'No case with this code.' },
      409: { description: 'Nothing is asked for that could be answered here.' },
      410: { description: 'Its key was destroyed.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      await admitted(call)
      const from = await caseOf(call.live(), call.body<{ reference: string }>().reference, call.param('submission'))
      const open = await openAddition(call.adapters, call.live(), from, call.now)
      if (!open) throw new Refused(409, 'addition-over')
      const language = { asked: call.query('lang'), accepts: call.header('accept-language') }
      return call.c.json(viewAddition(call.adapters, call.live(), open, language, call.now, call.web))
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/cases/{submission}/submissions',
    id: 'addToCase',
    tag: 'status',
    summary: 'The citizen answers what they were asked. The answer means that it is on disk; the version before is kept beside it.',
    access: 'service',
    params,
    headers: {
      'Idempotency-Key': {
        description: 'Random, the same for each try to send the same thing.',
        required: true,
        schema: { type: 'string', minLength: 8, maxLength: 200 },
      },
    },
    body: { schema: sent, limit: 262_144 },
    answers: {
      201: { description: 'Received.', schema: schemas.added },
      400: { description: 'No idempotency key.' },
      404: { description: 'No case with this code.' },
      409: { description: 'Nothing is asked for any more.' },
      410: { description: 'Its key was destroyed.' },
      422: { description: 'Answers to correct, or the key was used for another body.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      await guessing(call)
      const addition = call.body<Addition>()
      const request = { ...asker(call), service: call.live(), submission: call.param('submission'), addition, idempotencyKey: call.header('idempotency-key') }
      return wholeAnswer(call.c, 201, 'application/json; charset=utf-8', await addToCase(request))
    },
  },
]
