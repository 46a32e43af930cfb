/** Field types and settings' validators for lint's tests: small, but with a keyword of every sort that types may use. */
import type { Field } from '@guichet/schemas'
import schema from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import type { Validate } from '@guichet/schemas/validators'
import { fakeTypes } from '../fake-types.test-helper.ts'
import type { FieldType, FieldTypes, ValueKind } from '../field-type.ts'
import type { FieldSettings } from '../lint/finding.ts'

const base = fakeTypes as unknown as Record<string, FieldType>
export const types = {
  ...base,
  text: { ...base.text, faults: (field: Field) => (field.pattern === '\\p{scx=Greek}' ? [{ code: 'pattern.unsupported', property: 'pattern' }] : []) },
  'search-select': {
    ...base.radio,
    name: 'search-select',
    faults: (field: Field) => (field.paged && !field.optionsFrom ? [{ code: 'options.pagedTable', property: 'paged' }] : []),
  },
  location: {
    ...base.text,
    name: 'location',
    kind: () => 'object',
    faults: ({ within }: Field & { within?: { south: number; north: number } }) =>
      within && within.south >= within.north ? [{ code: 'location.bounds', property: 'within' }] : [],
  },
  computed: { ...base.computed, kind: (field: Field) => (field.as ?? 'number') as ValueKind },
  checkboxes: { ...base.radio, name: 'checkboxes', kind: () => 'list' },
  address: { ...base.text, name: 'address', kind: () => 'object', parts: () => ({ city: 'text', postcode: 'text' }) },
  identifier: { ...base.text, name: 'identifier' },
  email: { ...base.text, name: 'email' },
  file: { ...base.text, name: 'file', kind: () => 'list', attachments: () => [] },
  matrix: { ...base.text, name: 'matrix', kind: () => 'object' },
  'order-lines': { ...base.text, name: 'order-lines', kind: () => 'list', parts: () => ({ item: 'text', quantity: 'number' }) },
} as unknown as FieldTypes

const { $defs } = schema as unknown as { $defs: Record<string, { properties: Record<string, unknown> }> }
const shared = $defs['field-content']?.properties ?? {}
const label = ['label']
const options = { type: 'array', items: { $ref: '#/$defs/option' } }
const own: Record<string, { required?: string[]; properties?: Record<string, unknown>; personalData?: unknown }> = {
  text: {
    required: label,
    properties: {
      maxLength: { type: 'integer', minimum: 1 },
      minLength: { type: 'integer' },
      pattern: { type: 'string' },
      code: { pattern: '^Z' },
      tone: { const: 'plain' },
    },
  },
  number: { required: label, properties: { min: { type: 'number' }, max: { type: 'number' }, step: { multipleOf: 2 } } },
  money: { required: label },
  date: {
    required: label,
    properties: { min: { type: 'string' }, max: { type: 'string' }, slots: { $ref: '#/$defs/id' }, minDays: { type: 'integer' }, maxDays: { type: 'integer' } },
  },
  checkbox: { required: label },
  radio: { required: label, properties: { options, optionsFrom: { $ref: '#/$defs/optionsFrom' } } },
  checkboxes: { required: label, properties: { options, minChoices: { type: 'integer' }, maxChoices: { type: 'integer' } } },
  'search-select': {
    required: label,
    properties: { options, optionsAt: { type: 'object' }, paged: { type: 'boolean' }, optionsFrom: { $ref: '#/$defs/optionsFrom' } },
  },
  address: { required: label },
  email: { required: label, personalData: 'contact' },
  file: { required: label, properties: { maxFiles: { type: 'integer' } } },
  identifier: {
    personalData: { setting: 'scheme', of: { 'ir.shenase': 'none' }, otherwise: 'identifier' },
    required: label,
    properties: { scheme: { type: 'string' }, country: { type: 'string' } },
  },
  'order-lines': { required: label, properties: { optionsFrom: { $ref: '#/$defs/optionsFrom' }, price: { $ref: '#/$defs/column' } } },
  location: { required: label, properties: { within: { type: 'object' } } },
  matrix: { required: label, properties: { rows: { type: 'array' }, columns: options } },
  content: { properties: { body: { $ref: '#/$defs/text' } } },
  computed: { required: ['label', 'value'], properties: { value: { $ref: '#/$defs/expression' }, as: { enum: ['number', 'text'] } } },
  group: { required: ['label', 'fields'], properties: { fields: { type: 'array', minItems: 1 }, repeat: { $ref: '#/$defs/repeat' } } },
}
/** `compile` makes a validator of a schema: core itself imports no library. */
export const settingsWith = (compile: (schema: object) => Validate): FieldSettings =>
  Object.fromEntries(
    Object.entries(own).map(([name, { required = [], properties = {}, personalData }]) => {
      const whole = {
        type: 'object',
        required: ['id', 'type', ...required],
        properties: { ...shared, ...properties, type: { const: name } },
        patternProperties: { '^x-': true },
        unevaluatedProperties: false,
        $defs,
      }
      return [name, { validate: compile(whole), schema: { properties, personalData } }]
    }),
  )
