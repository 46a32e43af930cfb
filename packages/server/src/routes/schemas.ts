/** Schemas of bodies and answers that are no part of the public contract in schemas/. */
import { caseStatuses } from '../cases/status.ts'
import type { Schema } from './route.ts'

const text = (maxLength: number, more: Schema = {}): Schema => ({ type: 'string', minLength: 1, maxLength, ...more })
const object = (properties: Record<string, Schema>, required: string[] = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const list = (items: Schema): Schema => ({ type: 'array', items })
const whole: Schema = { type: 'integer' }

export const problem: Schema = {
  type: 'object',
  title: 'Problem',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: whole,
    errors: list(object({ pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } })),
    findings: list({ type: 'object' }),
  },
}
export const money: Schema = { type: 'integer', description: 'Minor units.' }
export const fee = object({ lines: list(object({ id: { type: 'string' }, amount: money, refundable: { type: 'boolean' } })), total: money })
const textMap: Schema = { type: 'object', additionalProperties: { type: 'string' } }

export const catalogue = object({
  services: list(
    object({
      agency: { type: 'string' },
      service: { type: 'string' },
      title: { type: 'string' },
      summary: { type: 'string' },
      language: { type: 'string' },
      languages: list({ type: 'string' }),
      lifeEvents: list({ type: 'string' }),
      url: { type: 'string', format: 'uri' },
    }),
  ),
  lifeEvents: list(object({ code: { type: 'string' }, kind: { enum: ['life', 'business'] }, label: { type: 'string' } })),
})
export const timeLimits = object(
  {
    now: { type: 'string', format: 'date-time' },
    closes: { type: 'string', format: 'date-time', description: 'When the service takes nothing more; absent where it goes on.' },
    filesHours: { ...whole, description: 'For how long files are kept that are neither sent nor saved.' },
  },
  ['now', 'filesHours'],
)
export const serviceView = object(
  {
    agency: { type: 'string' },
    service: { type: 'string' },
    version: whole,
    digest: { type: 'string' },
    language: { type: 'string' },
    languages: list({ type: 'string' }),
    today: { type: 'string', format: 'date' },
    open: object({ state: { enum: ['open', 'not-yet', 'closed'] }, opens: { type: 'string' }, closes: { type: 'string' } }, ['state']),
    asks: {
      type: 'object',
      description:
        'What the policy wants to come along with a submission; absent where it wants nothing. `signIn`: the demand, the level, who one may sign in with, and the fields that the sign-in fills. `codes`: some fields ask for a code.',
    },
    definition: { type: 'object', description: 'A service definition with each text in one language.' },
    messages: { type: 'object', description: 'Strings of the interface: a sentence, or one for each plural form.' },
  },
  ['agency', 'service', 'version', 'digest', 'language', 'languages', 'today', 'open', 'definition', 'messages'],
)
export const listPage = object({ options: list(object({ value: { type: 'string' }, label: textMap }, ['value', 'label'])), count: whole }, ['options', 'count'])
export const attachment = object({ id: { type: 'string' }, name: { type: 'string' }, type: { type: 'string' }, size: whole, digest: { type: 'string' } })
export const confirmation = object({
  reference: { type: 'string', description: 'Tracking code. Shown once: the server keeps only its digest.' },
  submission: { type: 'string' },
  receivedAt: { type: 'string', format: 'date-time' },
  documents: list(object({ id: { type: 'string' }, copies: whole })),
  computed: { type: 'object' },
  fee,
  route: { anyOf: [{ type: 'null' }, object({ to: { type: 'string' }, reason: textMap, remedy: textMap }, ['to'])] },
  receipt: object({ payload: { $ref: '#/components/schemas/receipt' }, jws: { type: 'string' }, checkpoint: { type: 'string' } }, ['payload', 'jws']),
})
export const addition = object({
  number: { ...whole, description: 'Goes along with the answer.' },
  view: { type: 'object', description: 'As a service is shown: its pages are what is asked for.' },
  answers: { type: 'object', description: 'Earlier answers that the policy lets whoever has the code read.' },
})
export const added = object({
  submission: { type: 'string' },
  amendment: { ...whole, description: 'Revision that it made.' },
  receivedAt: { type: 'string', format: 'date-time' },
  receipt: object({ payload: { $ref: '#/components/schemas/receipt' }, jws: { type: 'string' }, checkpoint: { type: 'string' } }, ['payload', 'jws']),
})
export const reference = object({ reference: text(200, { description: 'Tracking code, in any grouping and case.' }) })
export const status = object(
  {
    agency: { type: 'string' },
    service: { type: 'string' },
    title: { type: 'string' },
    language: { type: 'string' },
    submission: { type: 'string' },
    receivedAt: { type: 'string', format: 'date-time' },
    status: { enum: caseStatuses },
    stage: object({ id: { type: 'string' }, label: { type: 'string' }, unit: { type: 'string' } }, ['id', 'label']),
    stages: list(object({ id: { type: 'string' }, label: { type: 'string' }, state: { enum: ['done', 'current', 'ahead', 'skipped'] } })),
    fee,
    dueAt: { type: 'string', format: 'date-time', description: 'The last moment of the term of its stage.' },
    closedAt: { type: 'string', format: 'date-time' },
    decision: object(
      {
        id: { type: 'string', description: 'Missing where its route decided.' },
        at: { type: 'string', format: 'date-time' },
        reason: { type: 'string', description: 'In the words of whoever decided.' },
        remedy: { type: 'string', description: 'What can be done against it.' },
      },
      ['at'],
    ),
    ask: object(
      {
        until: { type: 'string', description: 'The day until which it is asked for.' },
        online: { type: 'boolean', description: 'Whether it can be answered with the code.' },
        what: { ...list({ type: 'string' }), description: 'Labels of the fields and documents.' },
      },
      ['online', 'what'],
    ),
    answeredAt: { type: 'string', format: 'date-time', description: 'When the citizen last added what they were asked for.' },
    locale: object({ timeZone: { type: 'string' }, calendar: { type: 'string' }, currency: { type: 'string' }, decimals: whole }),
  },
  ['agency', 'service', 'title', 'language', 'submission', 'receivedAt', 'status', 'stages', 'locale'],
)

const email = text(254, { pattern: '^[^\\s@]+@[^\\s@]+$' })
export const setUp = object({ token: text(200), email, name: text(200), password: text(200, { minLength: 12 }) })
export const credentials = object(
  {
    email,
    password: text(200),
    code: text(60, { description: 'Of the second factor, where there is one.' }),
    agency: text(60, { description: 'Of which agency, where several know the address.' }),
  },
  ['email', 'password'],
)
export const account = object({
  user: object({ id: { type: 'string' }, name: { type: 'string' }, email: { type: 'string' } }),
  agency: object({ id: { type: 'string' }, name: { type: 'string' } }),
})
const slug = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,59}$' }
/** A draft may be unfinished: of its definition only the shape that the builder needs to open it is asked for. */
const draftDefinition = { type: 'object', required: ['id'], properties: { id: slug } }
export const newDraft = object({ definition: draftDefinition })
export const draft = object({ definition: draftDefinition, policy: { anyOf: [{ type: 'null' }, { $ref: 'https://guichet.dev/schemas/policy/1.json' }] } }, [
  'definition',
])
export const nothingAsked = object({})
export const made = object({ id: { type: 'string' }, revision: whole })
export const saved = object({ revision: whole })
export const published = object({ version: whole, findings: list({ type: 'object' }) })
export const drafts = object({
  services: list(
    object({ id: { type: 'string' }, title: textMap, revision: whole, publishedVersion: { type: ['integer', 'null'] }, savedAt: { type: 'string' } }),
  ),
})
export const openedDraft = object({
  definition: { type: 'object' },
  policy: { type: 'object' },
  revision: whole,
  publishedVersion: { type: ['integer', 'null'] },
})
export const acknowledged = {
  anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }],
  description: 'Codes of the warnings that it was published with; null: nobody was asked then.',
}
export const versions = object({ versions: list(object({ version: whole, publishedAt: { type: 'string' }, digest: { type: 'string' }, acknowledged })) })
export const publishOrder = object(
  {
    acknowledged: { type: 'array', items: { type: 'string', maxLength: 80 }, maxItems: 200, description: 'Codes of the warnings that it is published with.' },
    from: { type: 'string', maxLength: 40, description: 'RFC 3339: when it is to go live; at once if absent or past.' },
  },
  [],
)
export const keySet = object(
  { keys: list({ type: 'object', required: ['kty', 'crv', 'x', 'kid'] }), statements: list({ type: 'string' }), revocations: list({ type: 'string' }) },
  ['keys'],
)
export const health = object({ status: { const: 'ok' } })
export const readiness = object(
  {
    status: { const: 'ok' },
    parts: { type: 'object', description: 'What a submission needs, part by part.', additionalProperties: { enum: ['ok', 'failed', 'stopping'] } },
    clockApartSeconds: {
      type: 'integer',
      description: 'There if the clock has jumped: so far it is ahead of (below 0: behind) the time that the server has run. What is to be destroyed waits.',
    },
  },
  ['status'],
)

const auditEvent: Schema = {
  type: 'object',
  description: 'As in audit-event.schema.json; `note`: the words that its details hold a commitment to, null where their key was destroyed.',
}
export const auditPage = object({
  events: list(auditEvent),
  next: { anyOf: [whole, { type: 'null' }], description: 'For `before`; null: there is nothing further back.' },
})

export const receiptFile = object(
  {
    format: { const: 'guichet-receipt/1' },
    jws: { type: 'string' },
    payload: { $ref: '#/components/schemas/receipt' },
    keys: keySet,
    event: auditEvent,
    proof: { type: 'string', description: 'c2sp.org/tlog-proof@v1. Missing while no checkpoint covers the event.' },
    checkpoint: { type: 'string', description: 'The newest signed checkpoint (c2sp.org/tlog-checkpoint).' },
  },
  ['format', 'jws', 'payload', 'keys'],
)
export const growth = object({ first: whole, second: whole, proof: list({ type: 'string' }) })
