import type { Json } from '@guichet/schemas'
import type { Validate } from '@guichet/schemas/validators'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrastWithWhite } from './lint/colour-contrast.ts'
import { patternFault } from './lint/refused-patterns.ts'
import { lint, lintText } from './lint.ts'
import { nearest } from './nearest.ts'
import right from './wrong/right.json' with { type: 'json' }
import { settingsWith, types } from './wrong/types.test-helper.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false })
const settings = settingsWith((schema) => ajv.compile(schema) as unknown as Validate)

describe('lint never throws', () => {
  test('on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(lint(value, types, settings).length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })

  /** JSON pointers, as lists of keys, of everything in a value. */
  const placesOf = (value: unknown, at: string[] = []): string[][] =>
    typeof value === 'object' && value !== null ? [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))] : [at]
  const places = placesOf(right).filter((at) => at.length > 0)
  const junk = fc.oneof(
    fc.constantFrom<Json>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      '',
      'x',
      'name',
      '2026-01-01',
      '__proto__',
      [],
      {},
      [null],
      [[]],
      { en: 'x' },
      { var: 'age' },
      { var: [] },
      { constructor: 1 },
      { valueOf: 1 },
      [{ toString: 1 }, { toString: 1 }],
    ),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  )

  test('wherever a right definition is broken, and its findings point into it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...places), fc.option(junk, { nil: undefined })), { minLength: 1, maxLength: 3 }), (edits) => {
        const definition = structuredClone(right) as unknown as Record<string, unknown>
        for (const [at, value] of edits) {
          let parent: Record<string, unknown> | undefined = definition
          for (const key of at.slice(0, -1)) parent = typeof parent === 'object' && parent !== null ? (parent[key] as typeof parent) : undefined
          const last = at.at(-1) as string
          if (typeof parent !== 'object' || parent === null) continue
          if (value === undefined && !Array.isArray(parent)) delete parent[last]
          else parent[last] = structuredClone(value ?? null)
        }
        for (const { pointer, severity } of lint(JSON.parse(JSON.stringify(definition)), types, settings)) {
          expect(pointer === '' || pointer.startsWith('/')).toBe(true)
          expect(['error', 'warning']).toContain(severity)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test.each(['valueOf', 'toString'])('a key %s, which comparing and printing would call, is named and nothing else is looked at', (property) => {
  const definition = { ...structuredClone(right), languages: [{ [property]: 1 }, { [property]: 1 }] }
  expect(lint(definition, types, settings).map(({ code, pointer }) => [code, pointer])).toEqual([
    ['shape.unknown', `/languages/0/${property}`],
    ['shape.unknown', `/languages/1/${property}`],
  ])
})

test.each(['nonsense', '__proto__'])('of a field of the unknown type %s, what every field has is looked at all the same', (type) => {
  const definition = structuredClone(right) as unknown as { pages: { fields: Record<string, Json>[] }[] }
  Object.assign(definition.pages[0]?.fields[2] as object, { type, label: { en: null } })
  expect(lint(definition, types, settings).map(({ code, pointer }) => [code, pointer])).toContainEqual(['shape.kind', '/pages/0/fields/2/label/en'])
})

test('a finding of settings keeps neither the other findings nor those of other fields away', () => {
  const definition = structuredClone(right) as unknown as { pages: { fields: Record<string, Json>[] }[]; routes: Json[] }
  ;(definition.pages[0]?.fields[4] as Record<string, Json>).options = 'red, blue'
  definition.routes = [{ when: { var: 'nobody' }, to: 'nowhere' }]
  expect(lint(definition, types, settings).map(({ code }) => code)).toEqual(['shape.kind', 'reference.target', 'expression.unknownField', 'route.noDefault'])
})

test.each([
  ['^\\d{9}$', null],
  ['^[1-9]\\d{9}$', null],
  ['^PS-\\d{6}$', null],
  ['^(ab+)?c*$', null],
  ['^([a-z]{1,3}-)+$', null],
  ['[(?=]+', null],
  ['\\(?!', null],
  ['(a+)+', 'nestedRepeat'],
  ['((a*)b)*', 'nestedRepeat'],
  ['(a{2,})*', 'nestedRepeat'],
  ['(?:x+){3,}', 'nestedRepeat'],
  ['(?=a)', 'lookAround'],
  ['a(?<!b)', 'lookAround'],
  ['(?<year>\\d+)-\\k<year>', 'backReference'],
  ['(a)\\1', 'backReference'],
  ['(', 'invalid'],
  ['\\p{Nope}', 'invalid'],
] as const)('the pattern %s: %s', (pattern, fault) => expect(patternFault(pattern)).toBe(fault))

test('contrast is what WCAG says', () => {
  expect(contrastWithWhite('#000000')).toBeCloseTo(21)
  expect(contrastWithWhite('#ffffff')).toBeCloseTo(1)
  expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2)
})

test('names are suggested where one is close', () => {
  expect(nearest('maxLenght', ['minLength', 'maxLength', 'pattern'])).toBe('maxLength')
  expect(nearest('Tenure', ['tenure', 'building'])).toBe('tenure')
  expect(nearest('income', ['outcome_of_it', 'zone'])).toBeUndefined()
  expect(nearest('x', [])).toBeUndefined()
})

test('a sentence lists alternatives, directions and suggestions', () => {
  const messages = {
    'lint.cycle': 'Circle: {fields}.',
    'lint.shape.oneOf': 'One of: {options}.',
    'lint.suggestion': 'Perhaps {suggestion}?',
    'lint.k': '{wanted}',
    'lint.kind.number': 'a number',
    'lint.kind.date': 'a date',
  }
  const say = (code: string, params: Record<string, Json>) => lintText({ code, params }, messages, 'en')
  expect(say('cycle', { fields: ['a', 'b', 'a'] })).toBe('Circle: a → b → a.')
  expect(say('shape.oneOf', { options: ['a', 'b'], suggestion: 'b' })).toBe('One of: a, b. Perhaps b?')
  expect(say('shape.oneOf', { options: Array.from({ length: 30 }, (_, i) => `o${i}`) })).toContain('o11, …')
  expect(say('k', { wanted: ['number', 'date'] })).toBe('a number or a date')
})
