/** What auditors' tools call: the audit log, found in and taken away with its proofs. First party, signed in. */
import { reachOf } from '../access/may.ts'
import { exportEvents } from '../audit/export-events.ts'
import { listEvents, mostAtOnce } from '../audit/list-events.ts'
import { Refused } from '../problem.ts'
import type { AuditFilter } from '../store/audit-log.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'

const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }
const text = { type: 'string', maxLength: 200 }

const malformed = (pointer: string): never => {
  throw new Refused(400, 'shape', { errors: [{ pointer, code: 'shape.invalid' }] })
}

/** A whole number from 1; null where it is not given. @throws Refused */
function wholeOf(call: Call, name: string, most = Number.MAX_SAFE_INTEGER): number | null {
  const given = call.query(name)
  if (given === undefined) return null
  const value = /^[1-9]\d{0,15}$/.test(given) ? Number(given) : Number.NaN
  return value <= most ? value : malformed(`/${name}`)
}

/** A day or a moment, as the log writes moments. @throws Refused */
function momentOf(call: Call, name: 'from' | 'to'): string | undefined {
  const given = call.query(name)
  if (given === undefined) return undefined
  const day = /^\d{4}-\d{2}-\d{2}$/.test(given)
  const moment = Date.parse(day ? `${given}T${name === 'from' ? '00:00:00.000' : '23:59:59.999'}Z` : given)
  return (day || /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(given)) && !Number.isNaN(moment) ? new Date(moment).toISOString() : malformed(`/${name}`)
}

function filterOf(call: Call): AuditFilter {
  const words = Object.fromEntries(
    (['action', 'actor', 'object'] as const).flatMap((name) => {
      const given = call.query(name)
      return given === undefined || given === '' ? [] : [[name, given.length <= text.maxLength ? given : malformed(`/${name}`)]]
    }),
  )
  return { ...words, from: momentOf(call, 'from'), to: momentOf(call, 'to') }
}

/** The log is the whole agency's: whoever sees only a part of that does not see it. @throws Refused */
function agencyOf(call: Call) {
  const actor = call.actor()
  if (reachOf(actor, 'audit.read') !== 'everything') throw new Refused(403, 'not-allowed')
  return actor.agency
}

export const auditRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/admin/audit',
    id: 'listAuditEvents',
    tag: 'cases',
    summary: 'The audit log, newest first. Looks through a stretch of it at a time: a page may have few events, or none, and not be the last.',
    access: 'user',
    permission: 'audit.read',
    query: {
      action: { description: 'What was done, such as submission.read.', schema: text },
      actor: { description: 'Who did it, such as user:01j….', schema: text },
      object: { description: 'To what, such as submission:01j….', schema: text },
      from: { description: 'From this day (in UTC) or moment on.', schema: text },
      to: { description: 'Until this day or moment, included.', schema: text },
      before: { description: 'What the page before said in `next`.', schema: { type: 'integer', minimum: 1 } },
      limit: { description: 'How many.', schema: { type: 'integer', minimum: 1, maximum: mostAtOnce, default: 50 } },
    },
    answers: { 200: { description: 'A page of them.', schema: schemas.auditPage }, 400: { description: 'A filter that means nothing.' }, ...signedOut },
    async handle(call) {
      const page = await listEvents(call.adapters, call.actor().agency, filterOf(call), wholeOf(call, 'before'), wholeOf(call, 'limit', mostAtOnce) ?? 50)
      return call.c.json(page)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/audit/export.jsonl',
    id: 'exportAudit',
    tag: 'cases',
    summary: 'Audit events with the proof that each is in the log: first the signed checkpoint, then an event a line.',
    access: 'user',
    permission: 'audit.read',
    query: {
      from: { description: 'Number of the first event. Default: 1.', schema: { type: 'integer', minimum: 1 } },
      to: { description: 'Number of the last one. Default: the last that the checkpoint covers.', schema: { type: 'integer', minimum: 1 } },
    },
    answers: {
      200: { description: 'The events, in order.', type: 'application/jsonl', schema: { type: 'string' } },
      400: { description: 'Numbers that are none.' },
      409: { description: 'No checkpoint was signed yet.' },
      ...signedOut,
    },
    async handle(call) {
      const stretch = { from: wholeOf(call, 'from') ?? 1, to: wholeOf(call, 'to') }
      const stream = await exportEvents(call.adapters, agencyOf(call), stretch, call.deed())
      return call.c.body(stream, 200, { 'Content-Type': 'application/jsonl; charset=utf-8', 'Content-Disposition': 'attachment; filename="audit.jsonl"' })
    },
  },
]
