import { fieldSettings } from '@guichet/fields/settings-schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { expect, test } from 'vitest'
import { choicesOf, controlOf, controlsOf, initialOf, isRequired, itemOf, parseEither, parseNumber, parseString } from './control.ts'
import { definitionSchema, fieldSchema, type Schema, serviceSchema } from './editor/references.ts'

const meter = {
  title: 'Water meter',
  required: ['steps'],
  properties: {
    unit: { $ref: '#/$defs/text' },
    limit: { $ref: '#/$defs/expression' },
    readFrom: { $ref: '#/$defs/id' },
    tariff: { $ref: '#/$defs/column' },
    digits: { type: 'integer', minimum: 3, maximum: 8 },
    precise: { type: 'boolean' },
    brand: { enum: ['a', 'b'] },
    sides: { type: 'array', uniqueItems: true, items: { enum: ['left', 'right'] } },
    steps: { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } },
    size: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'integer' }] },
    names: { type: 'object', additionalProperties: { $ref: '#/$defs/text' } },
    since: { oneOf: [{ type: 'integer', minimum: 1000 }, { const: 'today' }] },
    odd: { anyOf: [{ type: 'object' }, { type: 'null' }] },
  },
  $defs: {
    step: {
      title: 'Step',
      type: 'object',
      required: ['id', 'at', 'label'],
      properties: { id: { $ref: '#/$defs/id' }, at: { type: 'number', minimum: 1 }, label: { $ref: '#/$defs/text' } },
    },
  },
}
const settings = { meter: { schema: meter } }
const schema = fieldSchema('meter', settings)
const root = controlOf(schema, '', '', schema.$defs as Record<string, Schema>)

test("an integrator's type gets its panel from its schema", () => {
  const own = controlsOf(root, Object.keys(meter.properties))
  expect(Object.fromEntries(own.map(({ property, kind }) => [property, kind]))).toEqual({
    unit: 'text',
    limit: 'expression',
    readFrom: 'reference',
    tariff: 'column',
    digits: 'number',
    precise: 'boolean',
    brand: 'choice',
    sides: 'choices',
    steps: 'list',
    size: 'tuple',
    names: 'map',
    since: 'either',
    odd: 'json',
  })
  const steps = own.find(({ property }) => property === 'steps')!
  expect(controlsOf(itemOf(steps)).map(({ property, kind }) => [property, kind])).toEqual([
    ['id', 'id'],
    ['at', 'number'],
    ['label', 'text'],
  ])
  expect(isRequired(root, 'steps')).toBe(true)
  expect(initialOf(steps, 'hu', new Set(['step']))).toEqual([{ id: 'step_2', at: 1, label: { hu: '' } }])
  expect(choicesOf(own.find(({ property }) => property === 'sides')!)).toEqual(['left', 'right'])
})

test('every setting of every built-in type has a control of its own', () => {
  for (const [name, { schema: own }] of Object.entries(fieldSettings)) {
    const whole = fieldSchema(name, fieldSettings)
    const control = controlOf(whole, '', '', (whole.$defs ?? {}) as Record<string, Schema>)
    for (const inner of controlsOf(control, Object.keys(own.properties))) {
      if (name === 'group' && inner.property === 'fields') continue
      expect(inner.kind, `${name}.${inner.property}`).not.toBe('json')
    }
  }
})

test('first values keep the shape of the definition', () => {
  const service = controlOf(serviceSchema, '', '', {})
  const definition = initialOf(service, 'en', new Set()) as Record<string, unknown>
  Object.assign(definition, { languages: ['en'], id: 'x', format: 1, locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 } })
  expect(serviceDefinition(definition), JSON.stringify(serviceDefinition.errors)).toBe(true)
  for (const name of ['documents', 'fee', 'routes', 'stages', 'computed', 'outputs', 'slots', 'payout', 'window', 'guide', 'signIn', 'dataProtection']) {
    const control = controlsOf(service, [name])[0]!
    const value = control.kind === 'list' ? [initialOf(itemOf(control), 'en', new Set())] : initialOf(control, 'en', new Set())
    expect(serviceDefinition({ ...definition, [name]: value }), `${name} ${JSON.stringify(value)} ${JSON.stringify(serviceDefinition.errors)}`).toBe(true)
  }
  expect(controlOf({ $ref: '#/$defs/table' }, 'tables', '', {}).kind).toBe('json')
  expect(definitionSchema('option').title).toBe('Option')
})

test('what is typed is a value, or a reason', () => {
  const digits = { type: 'integer', minimum: 3, maximum: 8 }
  expect(parseNumber(digits, ' 5 ')).toEqual({ value: 5 })
  expect(parseNumber(digits, '')).toEqual({ value: undefined })
  expect(parseNumber(digits, '2')).toEqual({ wrong: 'least', limit: 3 })
  expect(parseNumber(digits, '9')).toEqual({ wrong: 'greatest', limit: 8 })
  expect(parseNumber(digits, '3.5')).toEqual({ wrong: 'whole' })
  expect(parseNumber({ type: 'number' }, '3,5')).toEqual({ value: 3.5 })
  expect(parseNumber(digits, 'many')).toEqual({ wrong: 'number' })
  const since = { oneOf: [{ type: 'integer', minimum: 1000 }, { const: 'today' }] }
  expect(['1990', 'today', '7', 'never', ''].map((raw) => parseEither(since, raw))).toEqual([
    { value: 1990 },
    { value: 'today' },
    { wrong: 'form' },
    { wrong: 'form' },
    { value: undefined },
  ])
  expect(parseString({ type: 'string', pattern: '^[A-Z]{3}$' }, 'eur')).toEqual({ wrong: 'form' })
  expect(parseString({ type: 'string', maxLength: 2 }, 'eur')).toEqual({ wrong: 'long', limit: 2 })
})
