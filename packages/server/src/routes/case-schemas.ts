/** Schemas of what officers' tools send and get. */
import { decisions } from '../cases/graph.ts'
import { caseStatuses } from '../cases/status.ts'
import type { Schema } from './route.ts'
import { fee } from './schemas.ts'

const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer' }
const moment: Schema = { type: 'string', format: 'date-time' }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const list = (items: Schema): Schema => ({ type: 'array', items })
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const status: Schema = { enum: caseStatuses }
const stage = orNull({ type: 'string', description: 'Id of the stage; null if it stands at none.' })
const line = {
  submission: text,
  service: text,
  version: whole,
  language: text,
  receivedAt: moment,
  revision: whole,
  status,
  stage,
  stageEnteredAt: orNull(moment),
  dueAt: orNull({ ...moment, description: 'The last moment of the term of its stage.' }),
  closedAt: orNull(moment),
  decision: orNull({ type: 'string', description: 'What was decided about it; null: nothing yet, or by its route.' }),
  late: { type: 'boolean', description: 'Whether a term has passed at any of its stages.' },
}
const place = object({ status, stage })
const step = { number: { ...whole, description: 'The revision that it made.' }, at: moment, actor: text, decision: text, from: place, to: place }

export const caseLine = object(line)
export const caseList = object({ cases: list(caseLine), next: orNull({ type: 'string', description: 'For `after`; null: there are no more.' }) })
const sealed = object({
  part: { $ref: '#/components/schemas/submission/properties/sealed', description: 'What only an officer’s browser opens.' },
  clear: object({ language: text, answers: { type: 'object' }, documents: { type: 'object' }, atDesk: list(text) }),
  definition: { ...text, description: 'Digest of the definition of its version.' },
})

const opened = {
  ...line,
  offers: list({ enum: decisions }),
  backTo: { ...list(text), description: 'Stages that `send_back` may name.' },
  answers: { type: 'object', description: 'As the submission schema of the version says.' },
  outcome: object({
    documents: list(object({ id: text, copies: whole })),
    computed: { type: 'object' },
    fee,
    route: orNull(text),
    atDesk: list(text),
  }),
  attachments: list(object({ id: text, target: text, name: text, type: text, size: whole, digest: text })),
  history: list(object({ ...step, note: orNull(text) })),
}
export const openedCase = object({ ...opened, sealed }, Object.keys(opened))
export const decision = object(
  {
    decision: { enum: decisions },
    note: { type: 'string', maxLength: 8000, description: 'Why. The citizen reads it. Needed with reject, refuse, send_back and ask_more.' },
    stage: { type: 'string', maxLength: 60, description: 'With send_back: the stage that it goes back to. Without: back to the citizen.' },
  },
  ['decision'],
)
