import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, createSession, type FieldTypes, feeOf, submissionSchema, validate } from '@guichet/core'
import { fieldTypeSuite } from '@guichet/fields/field-type-suite'
import { fieldTypes } from '@guichet/fields/field-types'
import type { ServiceDefinition } from '@guichet/schemas'
import base from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import examples from './licence-plate.examples.json' with { type: 'json' }
import messages from './licence-plate.messages.json' with { type: 'json' }
import { licencePlate } from './licence-plate.ts'
import { view } from './licence-plate.view.ts'
import permit from './parking-permit.json' with { type: 'json' }
import settings from './schema.json' with { type: 'json' }

const shared = base.$defs['field-text'].properties
const ajv = new Ajv2020({ strict: false, allErrors: true })
const validateSettings = ajv.compile({
  type: 'object',
  required: ['id', 'type', ...settings.required],
  properties: {
    ...Object.fromEntries(['id', 'label', 'hint', 'when', 'optional'].map((name) => [name, shared[name as keyof typeof shared]])),
    ...settings.properties,
    type: { const: 'licence-plate' },
  },
  patternProperties: { '^x-': true },
  unevaluatedProperties: false,
  $defs: { id: base.$defs.id, text: base.$defs.text, language: base.$defs.language, expression: base.$defs.expression },
})

fieldTypeSuite({ type: licencePlate, view: async () => view, examples: examples as never, messages, validateSettings: validateSettings as never })

describe('a service with a field type of its own', () => {
  const types: FieldTypes = { ...fieldTypes, [licencePlate.name]: licencePlate }
  const open = (plate: string) =>
    createSession(compile(permit as unknown as ServiceDefinition, types), { today: '2026-01-05', answers: { plate, old_town: true } })

  test('stores the plate as it stands in registers, and reads it in expressions', () => {
    const session = open('χυζ ۹۸۷۶')
    expect(validate(session)).toEqual([])
    expect(session.stored()).toEqual({ plate: 'XYZ-9876', old_town: true })
    expect(feeOf(session).total).toBe(4000)
    expect(open('abe1000').stored()).toEqual({ plate: 'ABE-1000' })
  })

  test('refuses what is no plate with its own message', () => {
    expect(validate(open('ABC-1234'))).toEqual([{ pointer: '/plate', code: 'licence-plate.car' }])
    expect(validate(open(''))).toEqual([{ pointer: '/plate', code: 'required' }])
  })

  test('puts its schema into the submission schema', () => {
    const isStored = ajv.compile(submissionSchema(open('').program))
    expect(isStored({ plate: 'XYZ-9876', old_town: true })).toBe(true)
    expect(isStored({ plate: 'xyz 9876', old_town: true })).toBe(false)
  })
})

test('the written page shows these very files', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/extend/field-type.md'), 'utf8')
  const blocks = [...page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)]
  expect(blocks.map(([, file]) => file)).toEqual([
    'schema.json',
    'licence-plate.ts',
    'licence-plate.view.ts',
    'licence-plate.messages.json',
    'licence-plate.examples.json',
  ])
  for (const [, file = '', code] of blocks) expect(code, file).toBe(readFileSync(join(import.meta.dirname, file), 'utf8'))
})
