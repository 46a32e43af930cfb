import { compile, createSession, type FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Expression, Json, ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { deciderOf } from './decided.ts'

const definition = {
  format: 1,
  id: 'x',
  languages: ['en'],
  title: { en: 'X' },
  agency: { name: { en: 'A' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  computed: [{ id: 'double', type: 'number', value: { '*': [{ var: 'rooms' }, 2] } }],
  pages: [
    {
      id: 'p',
      title: { en: 'P' },
      fields: [
        {
          id: 'tenure',
          type: 'radio',
          label: { en: 'T' },
          options: [
            { value: 'own', label: { en: 'Own' } },
            { value: 'rent', label: { en: 'Rent' } },
          ],
        },
        { id: 'central', type: 'checkbox', label: { en: 'C' } },
        { id: 'later', type: 'checkbox', label: { en: 'L' } },
        { id: 'rooms', type: 'number', label: { en: 'R' }, when: { '==': [{ var: 'tenure' }, 'rent'] } },
        {
          id: 'members',
          type: 'group',
          label: { en: 'M' },
          repeat: {},
          fields: [{ id: 'age', type: 'number', label: { en: 'A' } }],
        },
      ],
    },
  ],
} as unknown as ServiceDefinition

const decider = (answers: Record<string, Json>) =>
  deciderOf(createSession(compile(definition, fieldTypes as unknown as FieldTypes), { today: '2026-01-05', answers }), ['tenure', 'central'])
const rent: Expression = { '==': [{ var: 'tenure' }, 'rent'] }

describe('a condition', () => {
  test('without anything to read is settled', () => {
    expect(decider({}).decide(undefined)).toBe('yes')
    expect(decider({}).decide({ '==': [1, 1] })).toBe('yes')
    expect(decider({}).decide(false)).toBe('no')
  })
  test('is open until what it reads is answered', () => {
    expect(decider({}).decide(rent)).toBe('open')
    expect(decider({ tenure: 'rent' }).decide(rent)).toBe('yes')
    expect(decider({ tenure: 'own' }).decide(rent)).toBe('no')
  })
  test('counts an untouched box as empty where it is asked, and as open where it comes later', () => {
    expect(decider({}).decide({ var: 'central' })).toBe('no')
    expect(decider({ central: true }).decide({ var: 'central' })).toBe('yes')
    expect(decider({}).decide({ var: 'later' })).toBe('open')
    expect(decider({ later: true }).decide({ var: 'later' })).toBe('yes')
  })
  test('is settled by the part that is known', () => {
    const { decide } = decider({ tenure: 'own' })
    expect(decide({ and: [rent, { var: 'later' }] })).toBe('no')
    expect(decide({ and: [{ '!': rent }, { var: 'later' }] })).toBe('open')
    expect(decide({ or: [{ '!': [rent] }, { var: 'later' }] })).toBe('yes')
    expect(decide({ or: [rent, { var: 'later' }] })).toBe('open')
    expect(decide({ '!': [{ var: 'later' }] })).toBe('open')
  })
  test('knows that a question which is out stays unanswered', () => {
    const many: Expression = { '>': [{ var: 'rooms' }, 3] }
    expect(decider({ tenure: 'rent' }).decide(many)).toBe('open')
    expect(decider({ tenure: 'own' }).decide(many)).toBe('no')
    expect(decider({ tenure: 'rent', rooms: 4 }).decide(many)).toBe('yes')
  })
  test('follows computed values, and never guesses at rows', () => {
    const wide: Expression = { '>': [{ var: 'double' }, 6] }
    expect(decider({ tenure: 'rent' }).decide(wide)).toBe('open')
    expect(decider({ tenure: 'rent', rooms: 4 }).decide(wide)).toBe('yes')
    expect(decider({ tenure: 'rent' }).decide({ some: [{ var: 'members' }, { '>': [{ var: 'age' }, 3] }] })).toBe('open')
  })
})

test('an amount is known once all that it reads is', () => {
  const amount: Expression = { '*': [{ var: 'rooms' }, 150] }
  expect(decider({}).amount(2000)).toBe(2000)
  expect(decider({ tenure: 'rent' }).amount(amount)).toBe(null)
  expect(decider({ tenure: 'rent', rooms: 2 }).amount(amount)).toBe(300)
})
