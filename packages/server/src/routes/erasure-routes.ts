/** Erasing cases and keeping them: what takes two people, legal holds, and certificates. First party, signed in. */
import { askAboutCase, askToRead, mayList } from '../cases/reading.ts'
import { askErasure, askExport, askRelease, decideApproval, listApprovals, longestReason } from '../erasure/approvals.ts'
import { holdOf, setHold } from '../erasure/holds.ts'
import { Refused } from '../problem.ts'
import type { CertificateRecord } from '../store/erasure.ts'
import type { AgencyStore } from '../store/store.ts'
import type { Call, Route, Schema } from './route.ts'

const text: Schema = { type: 'string' }
const moment: Schema = { type: 'string', format: 'date-time' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const reason = { type: 'string', maxLength: longestReason, description: 'Why. It is sealed with the case, and goes with it.' }
const body = { schema: object({ reason }), limit: 16_384 }
const approval = object(
  {
    id: text,
    kind: { enum: ['erasure', 'hold.lift', 'export'] },
    submission: text,
    service: text,
    state: { enum: ['open', 'approved', 'refused', 'done', 'expired'], description: 'approved: it may still be used.' },
    reason: orNull(text),
    requestedBy: text,
    requestedAt: moment,
    expiresAt: moment,
    decidedBy: orNull(text),
    decidedAt: orNull(moment),
  },
  ['id', 'kind', 'state', 'reason', 'requestedBy', 'requestedAt', 'expiresAt', 'decidedBy', 'decidedAt'],
)
const hold = object({ reason: text, setBy: text, setAt: moment })
const certificate = object({
  id: text,
  kind: { enum: ['case', 'retention'] },
  at: moment,
  cases: { type: 'integer' },
  details: { type: 'object' },
  ready: { type: 'boolean', description: 'False: keys or files are still to be destroyed.' },
})
/** To erase a case or to keep it is a decision about it, in which the policy of its service has a say: officers' networks among others. */
const askPolicy = (call: Call) => askAboutCase(call.adapters, call.actor().agency, call.param('id'), 'decide', call.reading(), call.deed())

/** The service that something was asked for about; null: of a case that is gone. */
async function serviceOf(agency: AgencyStore, { submission, service }: { submission?: string; service?: string }): Promise<string | null> {
  return service ?? (await agency.submission(submission as string))?.service ?? null
}

const certificateView = ({ jws, ...row }: CertificateRecord) => ({ ...row, ready: jws !== null })

const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages, or not allowed to them.' } }
const noCase = { 404: { description: 'The agency has no such case.' } }
const id = { id: 'Number of the submission.' }

export const erasureRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/admin/cases/{id}/erasure',
    id: 'askErasure',
    tag: 'cases',
    summary: 'Asks for a case to be erased. It is when somebody else allows it, within a week; at once where the policy asks for nobody else.',
    access: 'user',
    permission: 'case.erase',
    fresh: true,
    params: id,
    body,
    answers: {
      202: {
        description: 'What was asked for, and of what was done at once the id of its certificate.',
        schema: object({ approval, certificate: orNull(text) }),
      },
      409: { description: 'It is held, or asked for already.' },
      ...noCase,
      ...signedOut,
    },
    async handle(call) {
      await askPolicy(call)
      const { reason: why } = call.body<{ reason: string }>()
      return call.c.json(await askErasure(call.adapters, call.config, call.actor().agency, call.param('id'), why, call.deed()), 202)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/cases/{id}/hold',
    id: 'readHold',
    tag: 'cases',
    summary: 'The legal hold of a case.',
    access: 'user',
    permission: 'case.erase',
    params: id,
    answers: { 200: { description: 'It, or null.', schema: object({ hold: orNull(hold) }) }, ...noCase, ...signedOut },
    async handle(call) {
      await askPolicy(call)
      return call.c.json({ hold: await holdOf(call.adapters, call.actor().agency, call.param('id')) })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/{id}/hold',
    id: 'setHold',
    tag: 'cases',
    summary: 'Holds a case: nothing erases it until two people lift that. Ends what was asked for to erase it.',
    access: 'user',
    permission: 'case.erase',
    params: id,
    body,
    answers: { 201: { description: 'The hold.', schema: object({ hold }) }, 409: { description: 'It is held already.' }, ...noCase, ...signedOut },
    async handle(call) {
      await askPolicy(call)
      const { reason: why } = call.body<{ reason: string }>()
      return call.c.json({ hold: await setHold(call.adapters, call.actor().agency, call.param('id'), why, call.deed()) }, 201)
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/cases/{id}/hold/release',
    id: 'askRelease',
    tag: 'cases',
    summary: 'Asks for the hold of a case to be lifted. It is when somebody else allows it, within a week.',
    access: 'user',
    permission: 'case.erase',
    fresh: true,
    params: id,
    body,
    answers: { 202: { description: 'What was asked for.', schema: approval }, 409: { description: 'It is asked for already.' }, ...noCase, ...signedOut },
    async handle(call) {
      await askPolicy(call)
      const { reason: why } = call.body<{ reason: string }>()
      return call.c.json(await askRelease(call.adapters, call.actor().agency, call.param('id'), why, call.deed()), 202)
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/export-approval',
    id: 'askExport',
    tag: 'cases',
    summary: 'Asks for an export, where the policy of the service wants two people for one.',
    access: 'user',
    permission: 'case.export',
    params: { id: 'Name of the service.' },
    body: {
      schema: object({ purpose: { type: 'string', maxLength: longestReason, description: 'What for, in a few words without names.' } }),
      limit: 16_384,
    },
    answers: {
      202: { description: 'What was asked for.', schema: approval },
      404: { description: 'No such service was ever published.' },
      409: { description: 'It is asked for already.' },
      ...signedOut,
    },
    async handle(call) {
      await askToRead(call.adapters, call.actor().agency, call.param('id'), 'decide', call.reading(), call.deed())
      const { purpose } = call.body<{ purpose: string }>()
      return call.c.json(await askExport(call.adapters, call.actor().agency, call.param('id'), purpose, call.deed()), 202)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/approvals',
    id: 'listApprovals',
    tag: 'cases',
    summary: 'What was asked of other eyes, newest first.',
    access: 'user',
    permission: 'case.erase',
    answers: { 200: { description: 'At most 200.', schema: object({ approvals: { type: 'array', items: approval } }) }, ...signedOut },
    async handle(call) {
      const { agency } = call.actor()
      const approvals = []
      for (const one of await listApprovals(call.adapters, agency, call.now)) {
        const service = await serviceOf(agency, one)
        if (service === null || (await mayList(call.adapters, agency, service, call.reading(), call.deed()))) approvals.push(one)
      }
      return call.c.json({ approvals })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/approvals/{id}/decision',
    id: 'decideApproval',
    tag: 'cases',
    summary: 'Allows or refuses what somebody else has asked for. What is allowed is done.',
    access: 'user',
    permission: 'case.erase',
    fresh: true,
    params: { id: 'Id of the approval.' },
    body: { schema: object({ decision: { enum: ['approve', 'refuse'] } }), limit: 1024 },
    answers: {
      200: {
        description: 'It, and of an erasure the id of its certificate.',
        schema: object({ approval, certificate: orNull(text) }),
      },
      403: { description: 'Not from this server’s own pages, or by who asked for it.' },
      404: { description: 'Nothing of that id was asked for.' },
      409: { description: 'Nothing is to be decided about it any more, or the case is held.' },
      401: signedOut[401],
    },
    async handle(call) {
      const { decision } = call.body<{ decision: 'approve' | 'refuse' }>()
      const { agency } = call.actor()
      const asked = await agency.approval(call.param('id'))
      const [kind, name] = asked?.object.split(':') ?? []
      const service = asked && (await serviceOf(agency, kind === 'service' ? { service: name } : { submission: name }))
      if (service) await askToRead(call.adapters, agency, service, 'decide', call.reading(), call.deed())
      return call.c.json(await decideApproval(call.adapters, call.config, agency, call.param('id'), decision === 'approve', call.deed()))
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/certificates',
    id: 'listCertificates',
    tag: 'cases',
    summary: 'Certificates of destruction, newest first.',
    access: 'user',
    permission: 'audit.read',
    answers: { 200: { description: 'At most 200.', schema: object({ certificates: { type: 'array', items: certificate } }) }, ...signedOut },
    async handle(call) {
      return call.c.json({ certificates: (await call.actor().agency.certificates(200)).map(certificateView) })
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/certificates/{id}',
    id: 'readCertificate',
    tag: 'cases',
    summary: 'A certificate of destruction: a JWS that anyone checks with the keys of receipts.',
    access: 'user',
    permission: 'audit.read',
    params: { id: 'Id of the certificate.' },
    answers: {
      200: { description: 'The certificate, to be saved.', type: 'application/jose', schema: text },
      404: { description: 'There is none of that id yet.' },
      ...signedOut,
    },
    async handle(call) {
      const found = await call.actor().agency.certificate(call.param('id'))
      if (!found?.jws) throw new Refused(404, 'not-found')
      return call.c.body(found.jws, 200, { 'Content-Type': 'application/jose', 'Content-Disposition': `attachment; filename="destruction-${found.id}.jws"` })
    },
  },
]
