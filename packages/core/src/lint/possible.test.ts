import type { Expression, Json, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { definitionOf, fakeTypes } from '../fake-types.test-helper.ts'
import { compile } from '../program.ts'
import { createSession } from '../session.ts'
import { floorsOf, rangeOf } from './negative-fees.ts'
import { impossible } from './possible.ts'

const definition: ServiceDefinition = definitionOf([
  [
    { id: 'colour', type: 'radio', options: ['red', 'blue', 'green'].map((value) => ({ value, label: { en: value } })) },
    { id: 'age', type: 'number', min: 0, max: 9 },
    { id: 'born', type: 'date' },
    { id: 'sure', type: 'checkbox' },
    { id: 'why', type: 'text', when: { '==': [{ var: 'colour' }, 'red'] } },
  ],
] as object[][])
const program = compile(definition, fakeTypes)

const literals: Record<string, Json[]> = {
  colour: ['red', 'blue', 'green', null],
  age: [0, 3, 9],
  born: ['2000-01-01', '2010-06-01'],
  sure: [true, false],
  why: ['x', null],
}
const name = fc.constantFrom(...Object.keys(literals))
const atom: fc.Arbitrary<Expression> = name.chain((id) =>
  fc.oneof(
    fc
      .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.constantFrom(...(literals[id] as Json[])), fc.boolean())
      .map(([sign, value, turned]) => ({ [sign]: turned ? [value, { var: id }] : [{ var: id }, value] }) as Expression),
    fc.constant({ has: { var: id } } as Expression),
    fc.subarray(literals[id] as Json[], { minLength: 1 }).map((list) => ({ in: [{ var: id }, list] }) as Expression),
    fc.constant({ var: id } as Expression),
  ),
)
const condition = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((and) => ({ and }) as Expression),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((or) => ({ or }) as Expression),
    tie('any').map((inner) => ({ '!': inner }) as Expression),
  ),
})).any

/** Every answer that the conditions can tell apart. */
const worlds = (() => {
  let all: Record<string, Json>[] = [{}]
  for (const [id, values] of Object.entries({
    colour: ['red', 'blue', 'green', null],
    age: [-1, 0, 1, 3, 5, 9, 10, null],
    born: ['1999-01-01', '2000-01-01', '2005-01-01', '2010-06-01', '2011-01-01', null],
    sure: [true, false],
    why: ['x', 'y', null],
  }))
    all = all.flatMap((answers) => values.map((value) => ({ ...answers, [id]: value })))
  return all.map((answers) => createSession(program, { today: '2026-01-05', answers }))
})()

describe('conditions that cannot hold together', () => {
  test('what is called impossible holds for no answers', () => {
    let refuted = 0
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (conditions) => {
        if (
          !impossible(
            program,
            conditions.map((expression) => ({ expression, group: null })),
          )
        )
          return
        refuted++
        expect(worlds.some((session) => conditions.every((expression) => session.evaluate(expression) === true))).toBe(false)
      }),
      { numRuns: 400, seed: 7 },
    )
    // The test looked at something.
    expect(refuted).toBeGreaterThan(40)
  })

  test('what is possible is not refused', () => {
    const says = (...conditions: Json[]) =>
      impossible(
        program,
        conditions.map((expression) => ({ expression: expression as Expression, group: null })),
      )
    expect(says({ '>': [{ var: 'age' }, 3] }, { '<': [{ var: 'age' }, 4] })).toBe(false)
    expect(says({ or: [{ '==': [{ var: 'colour' }, 'red'] }, { '==': [{ var: 'colour' }, 'blue'] }] }, { '!=': [{ var: 'colour' }, 'red'] })).toBe(false)
    // Who answers why is red.
    expect(says({ has: { var: 'why' } }, { '==': [{ var: 'colour' }, 'red'] })).toBe(false)
    expect(says({ has: { var: 'why' } }, { '!=': [{ var: 'colour' }, 'red'] })).toBe(true)
  })

  test('a tangle of alternatives is left undecided, at once', () => {
    const or = { or: Array.from({ length: 8 }, (_, i) => ({ '==': [{ var: 'age' }, i] })) } as Expression
    const tangle = Array.from({ length: 12 }, () => ({ expression: or, group: null }))
    expect(impossible(program, [...tangle, { expression: { '>': [{ var: 'age' }, 100] } as Expression, group: null }])).toBe(true)
    const two = Array.from({ length: 12 }, (_, i) => ({
      expression: { or: [{ '!=': [{ var: 'age' }, i] }, { '!=': [{ var: 'born' }, '2000-01-01'] }] } as Expression,
      group: null,
    }))
    expect(impossible(program, two)).toBe(false)
  })
})

describe('ranges of amounts', () => {
  const number: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.integer({ min: -5, max: 5 }) as fc.Arbitrary<Expression>,
      fc.constant({ var: 'age' } as Expression),
      fc.tuple(fc.constantFrom('+', '-', '*', '/', 'min', 'max'), tie('any'), tie('any')).map(([sign, a, b]) => ({ [sign]: [a, b] }) as unknown as Expression),
      fc.tuple(tie('any'), tie('any')).map(([a, b]) => ({ if: [{ var: 'sure' }, a, b] }) as unknown as Expression),
      tie('any').map((a) => ({ floor: [a] }) as unknown as Expression),
    ),
  })).any

  test('hold whatever comes out', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 9 }), fc.boolean(), (expression, age, sure) => {
        const value = createSession(program, { today: '2026-01-05', answers: { age, sure } }).evaluate(expression)
        if (typeof value !== 'number') return
        const [least, most] = rangeOf(program, new Map(), expression)
        expect(value).toBeGreaterThanOrEqual(least - 1e-9)
        expect(value).toBeLessThanOrEqual(most + 1e-9)
      }),
      { numRuns: 800, seed: 7 },
    )
  })

  test('are narrowed by rules that keep something from falling', () => {
    const kept = { days: [{ var: 'born' }, { today: [] }] } as unknown as Expression
    const rule = { '>=': [kept, 0] } as unknown as Expression
    const fields = [{ field: { id: 'born', type: 'date', rules: [{ rule, message: { en: 'x' } }] }, node: null, pointer: '' }]
    expect(rangeOf(program, new Map(), kept)[0]).toBe(Number.NEGATIVE_INFINITY)
    expect(rangeOf(program, floorsOf({ definition, fields } as never), kept)[0]).toBe(0)
  })
})
