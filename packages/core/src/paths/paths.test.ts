import type { Expression } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definitionOf, fakeTypes } from '../fake-types.test-helper.ts'
import { compile } from '../program.ts'
import { createSession } from '../session.ts'
import { validate } from '../validate.ts'
import { findPaths, searchPaths } from './find-paths.ts'
import { fromSchema } from './from-schema.ts'
import { matchingText } from './matching-text.ts'
import { randomFrom } from './random.ts'

const today = '2026-01-05'
const v = (name: string): Expression => ({ var: name })
const look = (pages: object[][], more: object = {}) => findPaths(compile(definitionOf(pages, more), fakeTypes), { today })
const missing = (found: ReturnType<typeof findPaths>) => found.missing.map(({ decision, outcome }) => `${decision.pointer} ${outcome}`)

describe('texts that match a pattern', () => {
  it.each(['^[0-9]{9}$', '[A-Z]{2}\\d{4}', '(?:AB|CD)-\\w+', '^\\+?[1-9]\\d{0,3}x*$', '[^a-z]{3}', 'a.c', '^(a|bc){2,3}$', '\\.\\-\\/'])('of %s', (pattern) => {
    const random = randomFrom(7)
    for (let i = 0; i < 50; i++) expect(matchingText(pattern, random)).toMatch(new RegExp(pattern))
  })
  it.each(['(?=a)b', '\\p{L}+', '(a', '\\1', '[z-a]'])('of %s there are none', (pattern) => expect(matchingText(pattern, randomFrom(7))).toBeNull())
  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (pattern) => {
        const text = matchingText(pattern, randomFrom(1))
        expect(text === null || typeof text === 'string').toBe(true)
      }),
    )
  })
})

it('makes values that a schema asks for', () => {
  const schema = {
    type: 'object',
    required: ['kind', 'lines'],
    properties: {
      kind: { enum: ['a', 'b'] },
      lines: { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'integer', minimum: 3, maximum: 9 } },
      rest: { type: 'string' },
    },
  }
  const value = fromSchema(schema, randomFrom(3), today, 'Sample') as { kind: string; lines: number[] }
  expect(Object.keys(value)).toEqual(['kind', 'lines'])
  expect(new Set(value.lines).size).toBe(2)
  expect(fromSchema({ not: {} }, randomFrom(3), today, 'Sample')).toBeUndefined()
})

describe('ways through a service', () => {
  it('show each condition both ways, at the number where it turns', () => {
    const found = look([
      [
        { id: 'income', type: 'number' },
        { id: 'proof', type: 'text', when: { '>': [v('income'), 12_345] } },
      ],
    ])
    expect(missing(found)).toEqual([])
    expect(found.paths.map(({ answers }) => answers.proof !== undefined).sort()).toEqual([false, true])
    const turning = found.paths.map(({ answers }) => answers.income as number)
    expect(Math.max(...turning)).toBeGreaterThan(12_345)
    expect(Math.min(...turning)).toBeLessThanOrEqual(12_345)
  })

  it('reach what stands behind several conditions, computed values, ages and rows', () => {
    const found = look(
      [
        [
          { id: 'kind', type: 'radio', options: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] },
          { id: 'birth', type: 'date', when: { '==': [v('kind'), 'c'] } },
          { id: 'guardian', type: 'text', when: { '<': [{ age: v('birth') }, 18] } },
          {
            id: 'members',
            type: 'group',
            repeat: { min: 0, max: 9 },
            fields: [
              { id: 'amount', type: 'number' },
              { id: 'why', type: 'text', when: { '>': [v('amount'), 500] } },
            ],
            rules: [{ rule: { '<=': [v('total'), 900] }, message: { en: 'Too much' } }],
          },
        ],
        [{ id: 'last', type: 'text' }],
      ],
      {
        computed: [{ id: 'total', label: { en: 'Total' }, type: 'number', value: { sum: [v('members'), v('amount')] } }],
        documents: [{ id: 'paper', title: { en: 'Paper' }, when: { '>=': [{ count: v('members') }, 3] } }],
        routes: [{ when: { '==': [v('kind'), 'b'] }, to: 'fast' }, { when: { has: v('guardian') }, to: 'slow' }, { to: 'desk' }],
      },
    )
    expect(missing(found)).toEqual([])
    expect(found.decisions.map(({ kind }) => kind)).toEqual(['field', 'field', 'rule', 'field', 'document', 'route', 'route', 'route'])
  })

  it.each([
    [['el', 'en'], 'Δείγμα'],
    [['fa'], 'نمونه'],
    [['cy'], 'Sample'],
  ])('are in the language that the service is written in: %s', (languages, word) => {
    const found = look([[{ id: 'name', type: 'text' }]], { languages })
    expect(found.paths.map(({ answers }) => answers.name)).toEqual([word])
  })

  it('tell what never comes out, because nothing can bring it about', () => {
    const found = look([
      [
        { id: 'age', type: 'number' },
        { id: 'never', type: 'text', when: { and: [{ '>': [v('age'), 10] }, { '<': [v('age'), 5] }] } },
        { id: 'always', type: 'text', when: { '!=': [v('age'), 'x'] } },
      ],
    ])
    expect(missing(found)).toEqual(['/pages/0/fields/1/when yes', '/pages/0/fields/2/when no'])
  })

  it('combine any two that read the same answers', () => {
    const found = look([
      [
        { id: 'n', type: 'number' },
        { id: 'yes', type: 'checkbox' },
        { id: 'a', type: 'text', when: { and: [v('yes'), { '>': [v('n'), 3] }] } },
        { id: 'b', type: 'text', when: { or: [v('yes'), { '>': [v('n'), 7] }] } },
      ],
    ])
    const seen = new Set(found.paths.map(({ answers }) => `${'a' in answers} ${'b' in answers}`))
    expect(seen).toEqual(new Set(['true true', 'false true', 'false false']))
  })

  it('break a rule only where that is what they show', () => {
    const rules = [{ rule: { '>=': [v('end'), v('start')] }, message: { en: 'Order' } }]
    const pages = [
      [
        { id: 'start', type: 'number' },
        { id: 'end', type: 'number', rules },
        { id: 'more', type: 'text', when: { '>': [v('start'), 50] } },
      ],
    ]
    const { paths } = look(pages)
    const program = compile(definitionOf(pages), fakeTypes)
    const wrong = paths.filter(({ answers }) => validate(createSession(program, { today, answers })).length > 0)
    // With the other condition either way; the same two there are without a fault.
    expect([wrong.length, paths.length]).toEqual([2, 4])
  })

  it('fit numbers that say who holds them to what stands beside them, and rows to each other', () => {
    const code = {
      ...fakeTypes.code,
      samples: (_: unknown, __: unknown, holder: { birth?: string; gender?: string } = {}) => [
        `${holder.gender ?? 'f'}${(holder.birth ?? '1990').slice(0, 4)}`,
      ],
    }
    const types = { ...fakeTypes, code } as never as typeof fakeTypes
    const program = compile(
      definitionOf([
        [
          { id: 'sex', type: 'radio', options: [{ value: 'm' }, { value: 'f' }] },
          { id: 'code', type: 'code', agreesWith: 'sex' },
          { id: 'x', type: 'text', when: { '==': [v('sex'), 'm'] } },
          { id: 'rows', type: 'group', repeat: { min: 3, max: 3 }, fields: [{ id: 'name', type: 'text', unique: true }] },
        ],
      ]),
      types,
    )
    const { paths } = findPaths(program, { today })
    expect(new Set(paths.map(({ answers }) => answers.sex))).toEqual(new Set(['m', 'f']))
    for (const { answers } of paths) expect(validate(createSession(program, { today, answers }))).toEqual([])
  })

  it('are the same each time, and never more than wanted', () => {
    const pages = [[{ id: 'n', type: 'number' }, ...Array.from({ length: 8 }, (_, i) => ({ id: `f${i}`, type: 'text', when: { '>': [v('n'), i * 10] } }))]]
    const program = compile(definitionOf(pages), fakeTypes)
    const one = findPaths(program, { today })
    expect(one.paths.map(({ answers }) => answers)).toEqual(findPaths(program, { today }).paths.map(({ answers }) => answers))
    expect(findPaths(program, { today, most: 3 }).paths).toHaveLength(3)
    expect(findPaths(program, { today, trials: 1 }).missing.length).toBeGreaterThan(0)
  })

  it('name required fields that no answer was found for', () => {
    const stubborn = { ...fakeTypes.text, parse: () => ({ finding: { code: 'invalid' } }) }
    const program = compile(definitionOf([[{ id: 'wall', type: 'text' }]]), { ...fakeTypes, text: stubborn } as never)
    expect(findPaths(program, { today }).unanswered).toEqual(['wall'])
  })
})

it('gives way between any two tries, also where nothing holds for long, and finds the same as at once', () => {
  const never = { rule: { '>': [v('income'), v('income')] }, message: { en: 'Never' } }
  const program = compile(definitionOf([[{ id: 'income', type: 'number', rules: [never] }]]), fakeTypes)
  const trials = 700
  const search = searchPaths(program, { today, trials })
  let before = 0
  for (let turn = search.next(); ; turn = search.next()) {
    if (turn.done) {
      expect(before).toBeGreaterThan(0.5)
      const atOnce = findPaths(program, { today, trials })
      expect(turn.value.paths).toEqual(atOnce.paths)
      expect(missing(turn.value)).toEqual(missing(atOnce))
      return
    }
    // One session a step at most; the first is what is looked at before any other.
    expect(Math.round((turn.value - before) * trials)).toBeLessThanOrEqual(2)
    before = turn.value
  }
})
