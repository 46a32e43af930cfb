import { compile, createSession, type FieldTypes, feeOf, lint } from '@guichet/core'
import { expect, test } from 'vitest'
import { fieldSettings } from '../../generated/settings-schemas.ts'
import { fieldTypes } from '../field-types.ts'

const types = fieldTypes as unknown as FieldTypes
const definition = {
  format: 1,
  id: 'bins',
  languages: ['en'],
  title: { en: 'Order a bin' },
  agency: { name: { en: 'Waste office' } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  tables: { bins: { small: { name: 'Small', price: 2450 }, large: { name: 'Large', price: 5990 } } },
  pages: [
    {
      id: 'order',
      title: { en: 'Your order' },
      fields: [
        {
          id: 'order',
          type: 'order-lines',
          label: { en: 'What do you order?' },
          optionsFrom: { table: 'bins', label: 'name' },
          price: 'price',
          purpose: { en: 'To deliver it' },
        },
      ],
    },
  ],
  fee: {
    lines: [
      {
        id: 'bins',
        label: { en: 'Bins' },
        amount: { money: { sum: [{ var: 'order' }, { '*': [{ row: ['bins', { var: 'item' }, 'price'] }, { var: 'quantity' }] }] } },
      },
    ],
  },
} as unknown as Parameters<typeof compile>[0]

test('the fee is computed from the lines and the prices in the table', () => {
  expect(lint(definition, types, fieldSettings as never)).toEqual([])
  const session = createSession(compile(definition, types), { today: '2026-01-05', answers: { order: { small: '۲', large: '1' } } })
  expect(session.stored()).toEqual({
    order: [
      { item: 'small', quantity: 2 },
      { item: 'large', quantity: 1 },
    ],
  })
  expect(feeOf(session).total).toBe(2 * 2450 + 5990)
})
