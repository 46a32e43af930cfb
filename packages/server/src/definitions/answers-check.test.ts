/** The second wall says what Ajv would say of the schema in one piece. */
import { compile, type FieldTypes, submissionSchema } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { definitionOf } from '../testing/world.ts'
import { answersCheck } from './answers-check.ts'

const types = fieldTypes as unknown as FieldTypes
const definition = definitionOf(({ pages }) => {
  const label = { en: 'x', el: 'x' }
  pages[0]?.fields.push(
    { id: 'code', type: 'text', label, pattern: '[A-Z]{2}\\d+', optional: true } as never,
    {
      id: 'people',
      type: 'group',
      label,
      repeat: { min: 0, max: 3 },
      fields: [
        { id: 'first', type: 'text', label },
        { id: 'born', type: 'date', label, optional: true },
      ],
    } as never,
  )
})
const schema = submissionSchema(compile(definition, types))

it('agrees with the whole schema, whatever is sent', async () => {
  const ajv = new Ajv2020({ strict: false, ownProperties: true })
  formats.default(ajv)
  const whole = ajv.compile(schema)
  const fits = answersCheck(schema)
  const value = fc.oneof(fc.constantFrom<unknown>('AB12', 'ab', 'Sam', true, false, null, 5, [], {}, '2020-01-01'), fc.jsonValue({ maxDepth: 2 }))
  const row = fc.dictionary(fc.constantFrom('first', 'born', 'other', '__proto__'), value, { maxKeys: 3 })
  const answers = fc.oneof(
    fc.record(
      {
        name: fc.constantFrom<unknown>('Sam', '', 5),
        student: fc.constantFrom<unknown>(true, 'no'),
        cards: fc.constantFrom<unknown>([], 5),
        people: fc.oneof(fc.array(row, { maxLength: 5 }), value),
        code: value,
      },
      { requiredKeys: ['name', 'student', 'cards'] },
    ),
    fc.dictionary(fc.constantFrom('name', 'student', 'cards', 'people', 'code', 'x'), value),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const seen = { good: 0, bad: 0 }
  await fc.assert(
    fc.asyncProperty(answers, async (sent) => {
      const good = whole(sent)
      seen[good ? 'good' : 'bad']++
      expect((await fits(sent)) === null, JSON.stringify(sent)).toBe(good)
    }),
    { numRuns: 1500 },
  )
  expect(seen.bad).toBeGreaterThan(100)
  const right = { name: 'Sam', student: false, cards: [], people: [{ first: 'Ada' }], code: 'AB1' }
  expect([whole(right), await fits(right)]).toEqual([true, null])
  expect(await fits({ ...right, people: [{ first: 'Ada', born: 'x' }] })).toEqual({ instancePath: '/people/0/born', keyword: 'format' })
  expect(await fits({ ...right, code: 'x' })).toEqual({ instancePath: '/code', keyword: 'pattern' })
})

it('CVE-2025-69873: no answer brings a pattern of its own', async () => {
  const asking = {
    type: 'object',
    properties: { a: { type: 'string', pattern: { $data: '1/b' } }, b: { type: 'string' } },
    required: [],
    additionalProperties: false,
  }
  await expect(answersCheck(asking)({ a: `${'a'.repeat(40)}!`, b: '^(a+)+$' })).rejects.toThrow()
})

it('counts characters and not their units, as Ajv does, near a limit and far from it', async () => {
  const text = { type: 'string', minLength: 2, maxLength: 4 }
  const whole = new Ajv2020().compile(text)
  const fits = answersCheck({ type: 'object', properties: { text }, required: [], additionalProperties: false })
  const seen = new Set<boolean>()
  for (const one of ['a', '\u{1f511}', '\ud800', 'a\u{1f511}', '\u{1f511}\u{1f511}a'])
    for (let times = 0; times < 12; times++) {
      const sent = one.repeat(times)
      seen.add(whole(sent))
      expect(await fits({ text: sent }), JSON.stringify(sent)).toEqual(whole(sent) ? null : { instancePath: '/text', keyword: whole.errors?.[0]?.keyword })
    }
  expect(seen.size).toBe(2)
})
