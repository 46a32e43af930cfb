/** A new question names what there is: the table and the columns that its options, and their prices, come from. */
import { fieldSchemas } from '@guichet/fields/field-schemas'
import { expect, test } from 'vitest'
import { permit } from './editor/permit.test-helper.ts'
import { startSettings } from './start-settings.ts'

const tables = { rates: { a: { day: 1, busy: true } }, bins: { small: { name: 'Small', price: 250 } } }

test('the first table, and columns of it that are not taken yet', () => {
  expect(startSettings('order-lines', fieldSchemas, { ...permit(), tables })).toEqual({ optionsFrom: { table: 'rates', label: 'day' }, price: 'busy' })
})

test('where there is no table yet, names that the checks offer to make a table of', () => {
  const { tables: _, ...without } = { ...permit(), tables }
  expect(startSettings('order-lines', fieldSchemas, without)).toEqual({
    optionsFrom: { table: 'options_from_a_table', label: 'options_from_a_table' },
    price: 'order_lines',
  })
})

test('a choice begins with a choice, whatever tables there are', () => {
  expect(startSettings('radio', fieldSchemas, { ...permit(), tables })).toEqual({ options: [{ value: 'option', label: { en: '' } }] })
})
