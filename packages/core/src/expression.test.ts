import type { Expression, Json } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { dayNumber, type Environment, evaluate, operations, reads, roundTo, type Scope } from './expression.ts'

/** A scope that declares the keys of `data`, and nothing else. */
const scope = (data: Record<string, Json>, outer?: Scope): Scope => ({ read: (name) => (Object.hasOwn(data, name) ? data[name] : undefined), outer })

const answers: Record<string, Json> = {
  yes: true,
  no: false,
  unknown: null,
  zero: 0,
  three: 3,
  word: 'summer',
  empty: '',
  picked: ['food', 'stage'],
  nothing: [],
  street: { city: 'Athens', lines: ['a', 'b'] },
  born: '2004-02-29',
  members: [
    { name: 'Ann', age: 8, fee: 250, relation: 'child' },
    { name: 'Bob', age: 41, fee: 1250, relation: 'spouse' },
    { name: 'Cem', age: null, fee: null, relation: 'child' },
  ],
}
const environment: Environment = {
  today: '2026-01-05',
  tables: { zone: { A: { k: 0.8, name: 'Coast' }, B: { k: 1 } } },
}
const value = (expression: unknown, data = answers, env = environment) => evaluate(expression as Expression, scope(data), env)
/** [expression, value] pairs, each its own test. */
const gives = (rows: [unknown, Json][]) =>
  test.each(rows.map(([rule, is]) => [JSON.stringify(rule), is, rule]))('%s is %j', (_, is, rule) => expect(value(rule)).toEqual(is))
const v = (name: string) => ({ var: name })

describe('literals and names', () => {
  gives([
    [null, null],
    [true, true],
    [1.5, 1.5],
    ['a', 'a'],
    [
      ['a', v('three')],
      ['a', 3],
    ],
    [v('word'), 'summer'],
    [{ var: ['word'] }, 'summer'],
    [v('unknown'), null],
    [v('nobody'), null],
    [{ var: ['unknown', 7] }, 7],
    [{ var: ['nobody', v('three')] }, 3],
    [{ var: ['zero', 7] }, 0],
    [{ var: ['no', true] }, false],
    [v('street.city'), 'Athens'],
    [v('street.lines.1'), 'b'],
    [v('street.nowhere'), null],
    [v('street.city.deeper'), null],
    [v('word.length'), null],
    [v('members.1.name'), 'Bob'],
    [{ var: { cat: ['wo', 'rd'] } }, 'summer'],
    [{ var: v('yes') }, null],
    [{}, null],
    [{ shout: ['a'] }, null],
  ])
})

describe('conditions know true, false and unknown', () => {
  const [t, f, u] = [true, false, v('unknown')]
  gives([
    [{ and: [t, t] }, true],
    [{ and: [t, f] }, false],
    [{ and: [u, f] }, false],
    [{ and: [f, u] }, false],
    [{ and: [u, t] }, null],
    [{ and: [] }, true],
    [{ and: [t, 1] }, null],
    [{ and: ['x', f] }, false],
    [{ or: [f, f] }, false],
    [{ or: [u, t] }, true],
    [{ or: [t, u] }, true],
    [{ or: [u, f] }, null],
    [{ or: [] }, false],
    [{ or: ['x', f] }, null],
    [{ '!': t }, false],
    [{ '!': [f] }, true],
    [{ '!': u }, null],
    [{ '!': 0 }, null],
    [{ '!': [] }, null],
    [{ if: [t, 'a', 'b'] }, 'a'],
    [{ if: [f, 'a', 'b'] }, 'b'],
    [{ if: [u, 'a', 'b'] }, 'b'],
    [{ if: [1, 'a', 'b'] }, 'b'],
    [{ if: [f, 'a', t, 'b', 'c'] }, 'b'],
    [{ if: [f, 'a', f, 'b'] }, null],
    [{ if: [] }, null],
  ])
})

describe('laziness', () => {
  // A branch that is taken costs a step a literal: with none left, asking for it throws.
  const endless: Expression = { and: Array.from({ length: 50 }, () => true) }
  const run = (expression: Expression, steps = 10) => value(expression, answers, { ...environment, steps })

  test('if asks for the branch it takes alone', () => {
    expect(run({ if: [true, 'a', endless] })).toBe('a')
    expect(run({ if: [false, endless, 'b'] })).toBe('b')
    expect(() => run({ if: [false, 'a', endless] })).toThrow(RangeError)
  })
  test('and stops at false, or at true', () => {
    expect(run({ and: [false, endless] })).toBe(false)
    expect(run({ or: [true, endless] })).toBe(true)
    expect(() => run({ and: [v('unknown'), endless] })).toThrow(RangeError)
  })
  test('a fallback is asked for only where the value is absent', () => {
    expect(run({ var: ['three', endless] })).toBe(3)
    expect(() => run({ var: ['unknown', endless] })).toThrow(RangeError)
  })
  test('all and none stop at the first item that decides', () => {
    const data = { many: Array.from({ length: 1000 }, () => 1) }
    expect(value({ all: [v('many'), { '>': [v(''), 1] }] }, data, { ...environment, steps: 10 })).toBe(false)
    expect(value({ some: [v('many'), { '==': [v(''), 1] }] }, data, { ...environment, steps: 10 })).toBe(true)
  })
})

describe('comparison is strict', () => {
  gives([
    [{ '==': [1, 1] }, true],
    [{ '==': [1, '1'] }, false],
    [{ '==': [0, false] }, false],
    [{ '==': ['', v('unknown')] }, false],
    [{ '==': [v('unknown'), null] }, true],
    [{ '==': [v('unknown'), v('nobody')] }, true],
    [{ '==': [v('picked'), ['food', 'stage']] }, true],
    [{ '==': [v('picked'), ['stage', 'food']] }, false],
    [
      {
        '==': [
          ['a', ['b']],
          ['a', ['b']],
        ],
      },
      true,
    ],
    [{ '!=': [1, '1'] }, true],
    [{ '!=': [v('unknown'), 'a'] }, true],
    [{ '===': [1, 1] }, true],
    [{ '!==': [1, 1] }, false],
    [{ '<': [1, 2] }, true],
    [{ '<': [2, 2] }, false],
    [{ '<=': [2, 2] }, true],
    [{ '>': [2, 1] }, true],
    [{ '>=': [1, 2] }, false],
    [{ '<': [1, v('three'), 10] }, true],
    [{ '<': [1, v('three'), 3] }, false],
    [{ '<': ['2026-01-05', '2026-01-16'] }, true],
    [{ '<': ['2026-01-16T10:00', '2026-01-16T09:59'] }, false],
    [{ '<': [1, '2'] }, null],
    [{ '<': ['1', 2] }, null],
    [{ '<': [v('unknown'), 2] }, null],
    [{ '>': [2, v('unknown')] }, null],
    [{ '>=': [v('yes'), v('no')] }, null],
    [{ '<': [1] }, null],
  ])
})

describe('arithmetic', () => {
  gives([
    [{ '+': [1, 2, 3] }, 6],
    [{ '+': [] }, null],
    [{ '+': [1, v('unknown')] }, null],
    [{ '+': ['1', 1] }, null],
    [{ '-': [5, 2, 1] }, 2],
    [{ '-': 4 }, -4],
    [{ '*': [2, 3, 4] }, 24],
    [{ '*': [2, true] }, null],
    [{ '/': [1, 4] }, 0.25],
    [{ '/': [1, 0] }, null],
    [{ '/': [0, 0] }, null],
    [{ '%': [7, 4] }, 3],
    [{ '%': [-7, 4] }, -3],
    [{ '%': [7, 0] }, null],
    [{ '*': [1e308, 10] }, null],
    [{ min: [3, 1, 2] }, 1],
    [{ max: [3, [9, 1], 2] }, 9],
    [{ max: ['2026-01-05', v('born')] }, '2026-01-05'],
    [{ min: [1, v('unknown')] }, null],
    [{ max: [1, 'a'] }, null],
    [{ min: [] }, null],
  ])
  test('there is no negative zero', () => {
    for (const rule of [{ '-': [0] }, { '*': [0, -1] }, { round: [-0.4] }, { ceil: [-0.4] }, { '%': [-4, 2] }]) expect(Object.is(value(rule), 0)).toBe(true)
  })
})

describe('rounding works on the digits a person sees', () => {
  gives([
    [{ round: [1.005, 2] }, 1.01],
    [{ round: [-1.005, 2] }, -1.01],
    [{ round: 2.5 }, 3],
    [{ round: [-2.5] }, -3],
    [{ round: [{ '*': [1250, 0.29] }] }, 363],
    [{ round: [1234, -2] }, 1200],
    [{ round: [1250, -2] }, 1300],
    [{ round: [0.0000001, 2] }, 0],
    [{ round: [123456789012.345, 2] }, 123456789012.35],
    [{ round: [9007199254740991, 0] }, 9007199254740991],
    [{ round: [1e21, 2] }, 1e21],
    [{ round: [v('unknown')] }, null],
    [{ round: [1.5, v('unknown')] }, null],
    [{ round: ['1.5'] }, null],
    [{ round: [1.5, 0.5] }, null],
    [{ floor: [1.15, 2] }, 1.15],
    [{ floor: [1.159, 2] }, 1.15],
    [{ floor: -1.5 }, -2],
    [{ ceil: [0.28, 2] }, 0.28],
    [{ ceil: [{ '+': [0.1, 0.2] }, 1] }, 0.3],
    [{ ceil: [{ '/': [150, 100] }] }, 2],
    [{ ceil: -1.5 }, -1],
  ])
  test('half goes away from zero on either side', () => {
    for (let cents = 1; cents < 2000; cents += 2) {
      const half = cents / 2
      expect(roundTo(half, 0)).toBe(Math.ceil(half))
      expect(roundTo(-half, 0)).toBe(-Math.ceil(half))
      expect(roundTo(half / 100, 2)).toBe(Number((Math.ceil(half) / 100).toFixed(2)))
    }
  })
})

describe('text', () => {
  gives([
    [{ cat: ['a', 1, v('unknown'), 'b'] }, 'a1b'],
    [{ cat: [] }, ''],
    [{ substr: ['summer', 3] }, 'mer'],
    [{ substr: ['summer', -3, 2] }, 'me'],
    [{ substr: ['summer', 1, -1] }, 'umme'],
    [{ substr: [v('unknown'), 1] }, null],
    [{ substr: ['summer', 1, v('unknown')] }, null],
    [{ substr: [12, 1] }, null],
    [{ in: ['mm', v('word')] }, true],
    [{ in: ['x', v('word')] }, false],
    [{ in: ['food', v('picked')] }, true],
    [{ in: ['food', v('nothing')] }, false],
    [{ in: ['food', v('unknown')] }, false],
    [{ in: [v('unknown'), ['a', null]] }, true],
    [{ in: [v('unknown'), v('word')] }, false],
    [{ in: [1, ['1', 2]] }, false],
    [{ in: [3, 'a3'] }, false],
  ])
})

describe('lists and repeated groups', () => {
  const members = v('members')
  const child = { '==': [v('relation'), 'child'] }
  gives([
    [{ count: [members] }, 3],
    [{ count: [members, child] }, 2],
    [{ count: [members, { '>': [v('age'), 3] }] }, 2],
    [{ count: [v('unknown')] }, 0],
    [{ count: [v('picked')] }, 2],
    [{ sum: [members, v('fee')] }, 1500],
    [{ sum: [members, { if: [child, v('fee'), 0] }] }, 250],
    [{ sum: [[1, 2, v('three')]] }, 6],
    [{ sum: [v('unknown'), v('fee')] }, 0],
    [{ all: [members, { has: v('name') }] }, true],
    [{ all: [v('nothing'), true] }, false],
    [{ some: [members, { '>=': [v('age'), 18] }] }, true],
    [{ some: [v('unknown'), true] }, false],
    [{ none: [members, { '>': [v('age'), 60] }] }, true],
    [{ none: [v('nothing'), true] }, true],
    [{ map: [members, v('age')] }, [8, 41, null]],
    [{ map: [{ filter: [members, child] }, v('name')] }, ['Ann', 'Cem']],
    [{ max: { map: [{ filter: [members, { has: v('age') }] }, v('age')] } }, 41],
    [{ filter: [v('picked'), { '!=': [v(''), 'food'] }] }, ['stage']],
    [{ map: [members, { '+': [v('age'), v('three')] }] }, [11, 44, null]],
    [{ overlap: [['Mon 08:00-10:00', 'Mon 09:00-11:00']] }, true],
    [{ overlap: [['Mon 08:00-10:00', 'Mon 10:00-11:00']] }, false],
    [{ overlap: [['Mon 08:00-10:00', 'Tue 09:00-11:00']] }, false],
    [{ overlap: [['Mon 08:00-10:00', 'sometimes', null]] }, false],
    [{ overlap: [['Mon 08:00-10:00', 'Mon 08:00-10:00']] }, true],
    [{ overlap: [v('unknown')] }, false],
  ])

  test('a row sees its own fields first, also where they are absent, then those outside', () => {
    const data: Record<string, Json> = { age: 99, rows: [{ age: 1 }, { age: null }, {}] }
    expect(value({ map: [v('rows'), v('age')] }, data)).toEqual([1, null, 99])
    expect(value({ map: [v('rows'), { var: ['age', -1] }] }, data)).toEqual([1, -1, 99])
  })
  test('scopes nest', () => {
    const data: Record<string, Json> = { factor: 10, rows: [{ n: 1, cells: [{ n: 2 }, { m: 3 }] }] }
    expect(value({ map: [v('rows'), { map: [v('cells'), { '*': [v('n'), v('factor')] }] }] }, data)).toEqual([[20, 10]])
    const inner = scope({ n: null }, scope({ n: 5, m: 6 }))
    expect(evaluate(v('n'), inner, environment)).toBeNull()
    expect(evaluate(v('m'), inner, environment)).toBe(6)
  })
})

describe('presence, dates, money and tables', () => {
  gives([
    [{ has: v('word') }, true],
    [{ has: v('zero') }, true],
    [{ has: v('no') }, true],
    [{ has: v('empty') }, false],
    [{ has: v('nothing') }, false],
    [{ has: v('unknown') }, false],
    [{ has: v('nobody') }, false],
    [{ today: [] }, '2026-01-05'],
    [{ age: ['2008-01-05'] }, 18],
    [{ age: ['2008-01-06'] }, 17],
    [{ age: ['2008-01-06', '2008-01-05'] }, -1],
    [{ age: [v('unknown')] }, null],
    [{ age: ['2008-13-01'] }, null],
    [{ age: ['2008-01-06', v('unknown')] }, null],
    // Born on 29 February: a year older on 1 March in common years, on the day itself in leap years.
    [{ age: [v('born'), '2022-02-28'] }, 17],
    [{ age: [v('born'), '2022-03-01'] }, 18],
    [{ age: [v('born'), '2024-02-28'] }, 19],
    [{ age: [v('born'), '2024-02-29'] }, 20],
    [{ days: ['2026-01-05', '2026-01-06'] }, 1],
    [{ days: ['2026-01-06', '2026-01-05'] }, -1],
    // Clocks change on 29 March and 25 October in Europe: a day is a day.
    [{ days: ['2026-03-28', '2026-03-30'] }, 2],
    [{ days: ['2026-10-24', '2026-10-26'] }, 2],
    [{ days: ['2024-02-28', '2024-03-01'] }, 2],
    [{ days: ['2026-01-05T23:00', '2026-01-06'] }, 1],
    [{ days: [{ today: [] }, v('unknown')] }, null],
    [{ days: ['2026-02-30', '2026-03-01'] }, null],
    [{ days: ['soon', '2026-03-01'] }, null],
    [{ money: 1250 }, 1250],
    [{ money: [v('three')] }, 3],
    [{ money: v('unknown') }, null],
    [{ row: ['zone', 'A', 'k'] }, 0.8],
    [{ row: ['zone', { substr: ['xB', 1] }, 'k'] }, 1],
    [{ row: ['zone', 'B', 'name'] }, null],
    [{ row: ['zone', 'Z', 'k'] }, null],
    [{ row: ['zone', v('unknown'), 'k'] }, null],
    [{ row: ['street', 'A', 'k'] }, null],
  ])
  test('a day must exist, and nothing may follow it but a time', () => {
    expect(dayNumber('1970-01-02')).toBe(1)
    expect(dayNumber('2026-02-29')).toBeNull()
    expect(dayNumber('2026-01-05 or so')).toBeNull()
    expect(dayNumber(20260105)).toBeNull()
  })
})

describe('names of the language itself are only names', () => {
  const traps = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']
  test.each(traps)('%s is no operation, no variable, no table', (name) => {
    const rule = JSON.parse(`{"${name}": [1, 2]}`)
    expect(value(rule)).toBeNull()
    expect(value(v(name))).toBeNull()
    expect(value(v(`street.${name}`))).toBeNull()
    expect(value(v(`members.0.${name}`))).toBeNull()
    expect(value({ map: [v('members'), v(name)] })).toEqual([null, null, null])
    expect(value({ row: [name, 'A', 'k'] })).toBeNull()
    expect(value({ row: ['zone', name, 'name'] })).toBeNull()
    expect(value({ row: ['zone', 'A', name] })).toBeNull()
  })
  test('an answer called __proto__ stays where it is', () => {
    const data = JSON.parse('{"rows": [{"__proto__": {"polluted": true}}]}')
    expect(value({ map: [v('rows'), v('polluted')] }, data)).toEqual([null])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('bounds', () => {
  test('an evaluation that needs too many steps ends with a RangeError', () => {
    const data = { rows: Array.from({ length: 400 }, (_, i) => ({ n: i })) }
    const nested = { sum: [v('rows'), { sum: [v('rows'), v('n')] }] }
    expect(() => value(nested, data)).toThrow(RangeError)
    expect(value(nested, data, { ...environment, steps: 1_000_000 })).toBe(400 * 79_800)
  })
  test('steps count for one evaluation, not for all', () => {
    const env = { ...environment, steps: 3 }
    for (let i = 0; i < 5; i++) expect(value({ '+': [1, 2] }, answers, env)).toBe(3)
  })
  test('every operation is total: any operands give a value, none throws', () => {
    const samples: Json[] = [null, true, -1, 2.5, '', 'word', '2026-01-05', [], ['a', 1, null], { k: 1 }, [[{ n: 1 }]]]
    for (const name of Object.keys(operations)) {
      expect(value({ [name]: [] }), name).not.toBeUndefined()
      for (const a of samples)
        for (const b of samples) {
          const data = { a, b }
          expect(value({ [name]: [v('a'), v('b'), v('a')] }, data), name).not.toBeUndefined()
          expect(value({ [name]: v('a') }, data), name).not.toBeUndefined()
        }
    }
  })
})

describe('what an expression reads is known without evaluating', () => {
  test('names, and the lists they are inside of', () => {
    const rule: Expression = { and: [{ '>': [v('a.b'), 1] }, { if: [false, v('never'), true] }] }
    expect(reads(rule)).toEqual([
      { name: 'a', inside: [] },
      { name: 'never', inside: [] },
    ])
    expect(reads({ sum: [v('lines'), { '*': [v('qty'), { count: [v('parts'), v('broken')] }] }] })).toEqual([
      { name: 'lines', inside: [] },
      { name: 'qty', inside: ['lines'] },
      { name: 'parts', inside: ['lines'] },
      { name: 'broken', inside: ['lines', 'parts'] },
    ])
    expect(reads({ sum: [{ filter: [v('lines'), v('sent')] }, v('qty')] })).toEqual([
      { name: 'lines', inside: [] },
      { name: 'sent', inside: ['lines'] },
      { name: 'qty', inside: ['lines'] },
    ])
    expect(reads({ var: ['a', v('b')] }).map(({ name }) => name)).toEqual(['a', 'b'])
    expect(reads(undefined)).toEqual([])
    expect(reads('text')).toEqual([])
  })
})
