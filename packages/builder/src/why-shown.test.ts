import { fieldTypes } from '@guichet/fields/field-types'
import { describe, expect, test } from 'vitest'
import { permit } from './editor/permit.test-helper.ts'
import { logicOf } from './logic-list.ts'
import { whyShown } from './why-shown.ts'

const definition = permit()
definition.pages = [
  {
    id: 'you',
    title: { en: 'You' },
    fields: [
      { id: 'name', type: 'text', label: { en: 'Name' } },
      { id: 'size', type: 'number', label: { en: 'Size' }, rules: [{ rule: { '>': [{ var: 'size' }, 0] }, message: { en: 'More than nothing' } }] },
    ],
  },
  {
    id: 'more',
    title: { en: 'More' },
    when: { has: { var: 'name' } },
    fields: [
      { id: 'why', type: 'text', label: { en: 'Why' }, when: { '>': [{ var: 'size' }, 10] } },
      {
        id: 'members',
        type: 'group',
        label: { en: 'Members' },
        repeat: {},
        fields: [
          { id: 'age', type: 'number', label: { en: 'Age' } },
          { id: 'school', type: 'text', label: { en: 'School' }, when: { '<': [{ var: 'age' }, 18] } },
        ],
      } as never,
    ],
  },
]
const why = (pointer: string, inputs: object) => whyShown(definition, fieldTypes, inputs as never, '2026-01-05', pointer)

describe('why a question is shown', () => {
  test('the conditions of its page and its own, with the values they read', () => {
    expect(why('/pages/1/fields/0', { name: 'Ann', size: '12' })).toEqual({
      shown: true,
      noRows: false,
      reasons: [
        { pointer: '/pages/1', row: null, expression: { has: { var: 'name' } }, holds: true, values: [{ name: 'name', value: 'Ann' }] },
        { pointer: '/pages/1/fields/0', row: null, expression: { '>': [{ var: 'size' }, 10] }, holds: true, values: [{ name: 'size', value: 12 }] },
      ],
    })
    expect(why('/pages/1/fields/0', { name: 'Ann', size: '3' })).toMatchObject({ shown: false, reasons: [{ holds: true }, { holds: false }] })
    expect(why('/pages/1/fields/0', { name: 'Ann' })).toMatchObject({
      shown: false,
      reasons: [{ holds: true }, { holds: null, values: [{ name: 'size', value: null }] }],
    })
  })

  test('without conditions it always is', () => {
    expect(why('/pages/0/fields/0', {})).toEqual({ shown: true, noRows: false, reasons: [] })
  })

  test('in each row by itself', () => {
    const members = [{ age: '8' }, { age: '40' }, {}]
    expect(why('/pages/1/fields/1/fields/1', { name: 'Ann', members })).toMatchObject({
      shown: true,
      reasons: [
        { pointer: '/pages/1', row: null, holds: true },
        { row: 0, holds: true, values: [{ name: 'age', value: 8 }] },
        { row: 1, holds: false, values: [{ name: 'age', value: 40 }] },
        { row: 2, holds: null },
      ],
    })
    expect(why('/pages/1/fields/1/fields/1', { members })).toMatchObject({ shown: false })
    expect(why('/pages/1/fields/1/fields/1', { name: 'Ann' })).toMatchObject({ shown: false, noRows: true })
  })
})

test('every expression is in the list, with the part it belongs to', () => {
  const settings = { text: { schema: {} }, number: { schema: {} }, group: { schema: {} } }
  const full = {
    ...definition,
    fee: { lines: [{ id: 'base', label: { en: 'Base' }, amount: { money: 100 }, when: true }] },
    routes: [{ to: 'desk', when: false }],
  }
  expect(logicOf(full as never, settings).map(({ kind, pointer, name, message }) => [kind, pointer, name, message])).toEqual([
    ['rules', '/pages/0/fields/1/rules/0/rule', 'Size', 'More than nothing'],
    ['conditions', '/pages/1/when', 'More', ''],
    ['conditions', '/pages/1/fields/0/when', 'Why', ''],
    ['conditions', '/pages/1/fields/1/fields/1/when', 'School', ''],
    ['values', '/fee/lines/0/amount', 'Base', ''],
    ['conditions', '/fee/lines/0/when', 'Base', ''],
    ['conditions', '/routes/0/when', 'desk', ''],
  ])
})
