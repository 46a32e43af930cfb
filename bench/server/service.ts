/** The service that is sent in while measuring: 30 questions, a condition, a fee, a route, and answers of about 4 KB. */
import type { Field, Policy, ServiceDefinition } from '@guichet/schemas'
import { words } from './words.ts'

/** What each kind of field is to a backend that only knows columns. */
export type Column = 'string' | 'text' | 'integer' | 'boolean' | 'date'

const lines = [
  'applicant',
  'father_name',
  'mother_name',
  'birthplace',
  'street',
  'town',
  'district',
  'postcode',
  'owner',
  'owner_street',
  'owner_town',
  'architect',
  'engineer',
  'contractor',
  'insurer',
  'plot',
] as const
const paragraphs = ['description', 'materials', 'neighbours', 'waste', 'schedule'] as const
const numbers = ['area', 'floors', 'height', 'dwellings'] as const
const days = ['born', 'begins'] as const
const kinds = ['new', 'extension', 'repair'] as const

const english = (en: string) => ({ en })
const label = (id: string) => english(`${id.replaceAll('_', ' ')} of the works`)
const fields: Field[] = [
  { id: 'kind', type: 'radio', label: label('kind'), options: kinds.map((value) => ({ value, label: english(value) })) },
  ...lines.map((id) => ({ id, type: 'text', label: label(id), maxLength: 120 })),
  ...numbers.map((id) => ({ id, type: 'number', label: label(id), integer: true, min: 0, max: 100_000 })),
  ...days.map((id) => ({ id, type: 'date', label: label(id) })),
  { id: 'listed', type: 'checkbox', label: label('listed') },
  { id: 'permit', type: 'text', label: label('permit'), maxLength: 120, when: { var: 'listed' } },
  ...paragraphs.map((id) => ({ id, type: 'textarea', label: label(id), maxLength: 2000 })),
] as Field[]

export const serviceId = 'building-works'
/** Its address is AGENCY/SERVICE. */
export const agencyId = 'demo'

export const definition = {
  format: 1,
  id: serviceId,
  languages: ['en'],
  title: english('Notice of building works'),
  summary: english('Before works on a building begin'),
  agency: { name: english('City Works Department'), units: { desk: english('Front desk') } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [0, 1, 2].map((page) => ({ id: `page_${page + 1}`, title: english(`Part ${page + 1}`), fields: fields.slice(page * 10, page * 10 + 10) })),
  fee: { lines: [{ id: 'notice', label: english('Notice'), amount: { '*': [{ money: 250 }, { var: 'floors' }] } }] },
  routes: [{ when: { '==': [{ var: 'listed' }, true] }, to: 'heritage', reason: english('The building is listed') }, { to: 'intake' }],
  stages: [
    { id: 'intake', label: english('Intake'), unit: 'desk' },
    { id: 'heritage', label: english('Heritage'), unit: 'desk' },
  ],
} as unknown as ServiceDefinition

/**
 * The strict preset, every rule of it at work. Only the figure of the rate is higher: all of the load comes from one
 * machine. It is counted for each submission all the same.
 */
export const policy: Policy = { preset: 'standard', rules: { rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1000 } } }

export const columns: Readonly<Record<string, Column>> = Object.fromEntries(
  fields.map(({ id, type }) => [
    id,
    type === 'textarea' ? 'text' : type === 'number' ? 'integer' : type === 'checkbox' ? 'boolean' : type === 'date' ? 'date' : 'string',
  ]),
)

/** The same service with a drawing that may be handed in. */
export const drawingId = 'drawing'
export const definitionWithDrawing = {
  ...definition,
  documents: [{ id: drawingId, label: english('Drawing of the works'), accept: ['pdf'], optional: true }],
} as unknown as ServiceDefinition

/** The `i`th citizen's answers, always the same: about 4,100 bytes of JSON, and the paragraphs 3,000 of them, unless they are of another length. */
export function answersOf(i: number, paragraph = 590): Record<string, string | number | boolean> {
  const listed = i % 5 === 0
  return {
    kind: kinds[i % kinds.length] as string,
    ...Object.fromEntries(lines.map((id, n) => [id, words(i * 31 + n, 30)])),
    ...Object.fromEntries(numbers.map((id, n) => [id, 1 + ((i * 7 + n) % 40)])),
    ...Object.fromEntries(days.map((id, n) => [id, `20${10 + ((i + n) % 15)}-0${1 + (i % 9)}-1${i % 10}`])),
    listed,
    ...(listed ? { permit: words(i, 20) } : {}),
    ...Object.fromEntries(paragraphs.map((id, n) => [id, words(i * 17 + n + 1000, paragraph)])),
  }
}

export const bodyOf = (i: number) => JSON.stringify({ version: 1, language: 'en', answers: answersOf(i) })
