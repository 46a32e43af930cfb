/** Small field types for core's own tests: core never imports the real ones. */
import type { Json, ServiceDefinition } from '@guichet/schemas'
import type { FieldType, FieldTypes, ValueKind } from './field-type.ts'

const type = (name: string, kind: ValueKind, accepts: (value: Json) => boolean, more: Partial<FieldType> = {}): FieldType => ({
  name,
  kind: () => kind,
  parse: (input) => (input === null || input === '' ? { value: null } : accepts(input) ? { value: input } : { finding: { code: 'invalid' } }),
  show: (value) => String(value),
  schema: () => ({}),
  ...more,
})
const isText = (value: Json) => typeof value === 'string'
const isNumber = (value: Json) => typeof value === 'number'

export const fakeTypes = {
  text: type('text', 'text', isText, {
    check: (value, field) =>
      typeof field.maxLength === 'number' && String(value).length > field.maxLength ? { code: 'tooLong', params: { max: field.maxLength } } : null,
    schema: () => ({ type: 'string' }),
  }),
  number: type('number', 'number', isNumber, { schema: () => ({ type: 'number' }) }),
  money: type('money', 'money', isNumber, { schema: () => ({ type: 'integer' }) }),
  date: type('date', 'date', isText, { schema: () => ({ type: 'string' }) }),
  checkbox: type('checkbox', 'boolean', (value) => typeof value === 'boolean', {
    parse: (input) => ({ value: input === true }),
    schema: () => ({ type: 'boolean' }),
  }),
  radio: type('radio', 'choice', isText, {
    choices: (field) => ((field.options ?? []) as { value: string }[]).map((option) => option.value),
    schema: () => ({ type: 'string' }),
  }),
  code: type('code', 'text', isText, {
    facts: (value) => ({ gender: String(value).startsWith('m') ? 'm' : 'f', birth: (iso) => iso.slice(0, 4) === String(value).slice(1) }),
  }),
  content: type('content', 'none', () => false, { answers: false }),
  computed: type('computed', 'number', () => false),
  group: type('group', 'rows', () => true),
} as unknown as FieldTypes

/** A definition with the given pages' fields, one page a list. */
export const definitionOf = (pages: object[][], more: Partial<ServiceDefinition> = {}): ServiceDefinition =>
  ({
    format: 1,
    id: 'test',
    languages: ['en'],
    title: { en: 'Test' },
    agency: { name: { en: 'Agency' } },
    locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: pages.map((fields, i) => ({
      id: `p${i + 1}`,
      title: { en: `Page ${i + 1}` },
      fields: fields.map((field) => ({ label: { en: 'Label' }, ...field })),
    })),
    ...more,
  }) as ServiceDefinition
