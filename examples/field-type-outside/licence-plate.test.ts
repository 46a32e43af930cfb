import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, createSession, type FieldTypes, feeOf, submissionSchema, validate } from '@guichet/core'
import { fieldTypeSuite } from '@guichet/fields/field-type-suite'
import { fieldTypes } from '@guichet/fields/field-types'
import type { ServiceDefinition } from '@guichet/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { openRoad } from '../server-road.ts'
import { buildForPages } from './build.ts'
import examples from './licence-plate.examples.json' with { type: 'json' }
import messages from './licence-plate.messages.json' with { type: 'json' }
import { licencePlate } from './licence-plate.ts'
import { view } from './licence-plate.view.ts'
import permit from './parking-permit.json' with { type: 'json' }
import settings from './schema.json' with { type: 'json' }
import { validateSettings } from './validate-settings.ts'

const ajv = new Ajv2020({ strict: false, allErrors: true })

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

test('a server that is handed the type publishes the service and takes submissions', async () => {
  const types: FieldTypes = { ...fieldTypes, [licencePlate.name]: licencePlate }
  const folder = mkdtempSync(join(tmpdir(), 'guichet-plate-'))
  await buildForPages(folder)
  const road = await openRoad(types, { outsideTypes: [{ type: licencePlate, schema: settings, messages, module: join(folder, 'licence-plate.js') }] })
  try {
    const definition = permit as unknown as ServiceDefinition
    await road.publish(definition, {})
    const taken = await road.send('parking-permit', '2026-01-05', { plate: 'χυζ ۹۸۷۶', old_town: true }, 'el')
    expect(taken.outcome).toMatchObject({ errors: [], fee: 4000, stored: { plate: 'XYZ-9876', old_town: true } })
    const refused = await road.send('parking-permit', '2026-01-05', { plate: 'ABC-1234', old_town: false }, 'el')
    expect(refused.problems).toEqual([{ pointer: '/plate', code: 'licence-plate.car', detail: messages.car.el }])
    // The page that embeds the service says the same; a language that the type does not speak falls back to English.
    const said = (await road.view('parking-permit', 'el')).messages
    expect(said).toMatchObject({ 'licence-plate.format': messages.format.el, 'licence-plate.car': messages.car.el })
    expect(Object.keys(said)).not.toContain('email.format')
    const boat = structuredClone(definition)
    Object.assign(boat, { id: 'boat' })
    Object.assign(boat.pages[0]?.fields[0] ?? {}, { vehicle: 'boat' })
    await expect(road.publish(boat, {})).rejects.toThrow(/findings/)
  } finally {
    await road.close()
    rmSync(folder, { recursive: true, force: true })
  }
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
    'validate-settings.ts',
    'licence-plate.embed.ts',
    'build.ts',
  ])
  for (const [, file = '', code] of blocks) expect(code, file).toBe(readFileSync(join(import.meta.dirname, file), 'utf8'))
})
