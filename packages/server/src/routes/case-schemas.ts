/** Schemas of what officers' tools send and get. */
import { mostTogether } from '../cases/decide-together.ts'
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
  amended: { ...whole, description: 'Revision by which the citizen last changed what was sent in; 0: none.' },
  late: { type: 'boolean', description: 'Whether a term has passed at any of its stages.' },
}
const place = object({ status, stage })
const step = { number: { ...whole, description: 'The revision that it made.' }, at: moment, actor: text, decision: text, from: place, to: place }

const person = object({ id: text, name: text })
const assignee = orNull({ ...person, description: 'Who works on it; null: nobody.' })
const localised: Schema = { type: 'object', additionalProperties: text }
export const caseLine = object(line)
const note = object({ id: text, at: moment, actor: text, text })
export const caseNote = note
export const noteText = object({ text: { type: 'string', minLength: 1, maxLength: 8000 } })
export const assignment = object({
  to: orNull({ type: 'string', maxLength: 60, description: 'Id of the user; null: nobody.' }),
  from: orNull({ type: 'string', maxLength: 60, description: 'Whose it was when it was looked at.' }),
})
export const assigned = object({ assignee })
export const sought = object({ text: { type: 'string', minLength: 1, maxLength: 200, description: 'Number of the case, or a tracking code.' } })
export const found = object({ submission: text })
export const counts = object({
  open: whole,
  mine: whole,
  free: whole,
  overdue: whole,
  soon: { ...whole, description: 'Due within three days.' },
  most: { ...whole, description: 'Where counting ends: so many, or more.' },
})
export const desk = object({
  services: list(
    object({ id: text, title: localised, languages: list(text), stages: list(object({ id: text, label: localised })), locale: { type: 'object' } }),
  ),
  colleagues: { ...list(person), description: 'To whom cases may be given.' },
  needNote: { ...list({ enum: decisions }), description: 'Decisions whose reason the citizen has to be told.' },
  statistics: { type: 'boolean', description: 'Whether the agency publishes statistics.' },
  now: { ...moment, description: 'The server’s time.' },
})
export const caseList = object({
  cases: list(object({ ...line, assignee, offers: { ...list({ enum: decisions }), description: 'What may be decided about it with others, unopened.' } })),
  next: orNull({ type: 'string', description: 'For `after`; null: there are no more.' }),
})
const sealed = object({
  part: { $ref: '#/components/schemas/submission/properties/sealed', description: 'What only an officer’s browser opens.' },
  clear: object({ language: text, answers: { type: 'object' }, documents: { type: 'object' }, atDesk: list(text) }),
  definition: { ...text, description: 'Digest of the definition of its version.' },
})

const opened = {
  ...line,
  offers: list({ enum: decisions }),
  needNote: { ...list({ enum: decisions }), description: 'Those of them whose reason the citizen has to be told.' },
  backTo: { ...list(text), description: 'Stages that `send_back` may name.' },
  answers: { type: 'object', description: 'As the submission schema of the version says.' },
  outcome: object({
    documents: list(object({ id: text, copies: whole })),
    computed: { type: 'object' },
    fee,
    route: orNull(text),
    atDesk: list(text),
  }),
  askable: object({
    fields: { ...list(text), description: 'Paths that the citizen may be asked for online.' },
    documents: list(text),
    otherwise: orNull({ enum: ['sealed', 'policy', 'sign-in'], description: 'Why nothing can be asked for online.' }),
  }),
  asked: orNull(object({ fields: list(text), documents: list(text), until: text }, ['fields', 'documents'])),
  earlier: {
    ...list(
      object({
        number: { ...whole, description: 'Revision that put another version in its place.' },
        at: moment,
        answers: { type: 'object' },
        outcome: { type: 'object' },
      }),
    ),
    description: 'Versions of what was sent in before the citizen added to it, the first one first.',
  },
  hidden: { ...list(text), description: 'Definition paths of what the policy does not show to whoever asks.' },
  attachments: list(object({ id: text, target: text, name: text, type: text, size: whole, digest: text })),
  history: list(object({ ...step, note: orNull(text) })),
  notes: { ...list(note), description: 'What colleagues noted; the citizen does not see it.' },
  assignee,
  names: { type: 'object', additionalProperties: text, description: 'Names of those who did something here, by actor.' },
  place: { ...text, description: 'Where a list goes on after it, for `after`.' },
}
export const openedCase = object({ ...opened, sealed }, Object.keys(opened))
export const decision = object(
  {
    decision: { enum: decisions },
    note: { type: 'string', maxLength: 8000, description: 'Why. The citizen reads it. Needed with reject, refuse, send_back and ask_more.' },
    ask: {
      ...object(
        {
          fields: { ...list({ type: 'string', maxLength: 200 }), maxItems: 200, uniqueItems: true },
          documents: { ...list({ type: 'string', maxLength: 60 }), maxItems: 100, uniqueItems: true },
          until: { type: 'string', maxLength: 10, description: 'Until the end of this day (ISO date), where the service is.' },
        },
        ['fields', 'documents'],
      ),
      description: 'With ask_more, and send_back to the citizen: what they may answer online, of what `askable` names.',
    },
    stage: { type: 'string', maxLength: 60, description: 'With send_back: the stage that it goes back to. Without: back to the citizen.' },
  },
  ['decision'],
)

export const together = object(
  {
    cases: {
      ...list(
        object({
          submission: { type: 'string', maxLength: 60 },
          revision: { type: 'integer', minimum: 1, description: 'As it was seen; what If-Match says of a single case.' },
        }),
      ),
      minItems: 1,
      maxItems: mostTogether,
    },
    decision: { enum: decisions },
    note: { type: 'string', maxLength: 8000, description: 'Why. Each citizen reads it. Needed with reject, refuse, send_back and ask_more.' },
  },
  ['cases', 'decision'],
)
const problem: Schema = { type: 'object', description: 'As problem+json has it: `type`, `title`, `status`, and more.' }
export const togetherResults = object({
  results: {
    ...list({ oneOf: [object({ decided: caseLine }), object({ refused: problem })] }),
    description: 'What became of each, in the order in which they were named.',
  },
})
