import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import { asNamed, namedRows } from './named-rows.ts'
import { compile, type FieldNode } from './program.ts'
import { createSession } from './session.ts'
import { submissionSchema } from './submission-schema.ts'
import { validate } from './validate.ts'

const options = ['wages', 'rent'].map((value) => ({ value, label: { en: value } }))
const table = {
  id: 'income',
  type: 'group',
  repeat: { as: 'table', each: 'kind', totals: ['amount'] },
  fields: [
    { id: 'kind', type: 'radio', label: { en: 'Income' }, options },
    { id: 'amount', type: 'money', label: { en: 'Amount' }, optional: true },
    { id: 'since', type: 'text', label: { en: 'Since' }, when: { '==': [{ var: 'kind' }, 'rent'] } },
  ],
}
const list = { ...table, repeat: { max: 3 } }
const of = (field: object, answers: object) => {
  const program = compile(definitionOf([[field]]), fakeTypes)
  return { program, session: createSession(program, { today: '2026-01-05', answers: answers as never }), node: program.nodes.get('income') as FieldNode }
}
const whole = [
  { kind: 'wages', amount: 500 },
  { kind: 'rent', amount: 20, since: '2020' },
]
const problems = (rows: unknown) => validate(of(table, { income: rows }).session).map(({ code, pointer }) => `${pointer} ${code}`)

describe('rows that the author names', () => {
  test('are there once each, in the order of the options', () => {
    expect(problems(whole)).toEqual([])
    for (const rows of [null, [], whole.slice(1), whole.toReversed(), [...whole, { kind: 'rent' }], [whole[0], { kind: 'gifts' }], [{}, {}], 'rows'])
      expect(problems(rows)[0], JSON.stringify(rows)).toBe('/income group.named')
    // The control: without named rows, the same rows in another order are right.
    expect(validate(of(list, { income: whole.toReversed() }).session)).toEqual([])
  })

  test('have problems of their own, at row and column', () => {
    expect(problems([whole[0], { kind: 'rent', amount: 'much' }])).toEqual(['/income/1/amount money.invalid', '/income/1/since required'])
  })

  test('are read by conditions, sums and counts like any other rows', () => {
    const { session } = of(table, { income: whole })
    expect(session.evaluate({ sum: [{ var: 'income' }, { var: 'amount' }] })).toBe(520)
    expect(session.evaluate({ sum: [{ filter: [{ var: 'income' }, { '==': [{ var: 'kind' }, 'rent'] }] }, { var: 'amount' }] })).toBe(20)
  })

  test('come to stand as they are named, with what was answered in them', () => {
    const { node, session } = of(table, {})
    const named = namedRows(node, session.context)
    expect(named && asNamed([{ kind: 'rent', amount: 3 }, { kind: 'gifts' }, 7], named)).toEqual([{ kind: 'wages' }, { kind: 'rent', amount: 3 }])
    expect(named && asNamed(null, named)).toEqual([{ kind: 'wages' }, { kind: 'rent' }])
    expect(namedRows(of(list, {}).node, session.context)).toBeNull()
  })

  test('are so in the schema of what is sent in, too', () => {
    const valid = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false }).compile(submissionSchema(of(table, {}).program))
    expect(valid({ income: whole })).toBe(true)
    for (const rows of [[], whole.slice(1), whole.toReversed(), [...whole, whole[0]]]) expect(valid({ income: rows }), JSON.stringify(rows)).toBe(false)
  })
})
