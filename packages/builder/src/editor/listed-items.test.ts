import { expect, test } from 'vitest'
import { listedItems } from './listed-items.ts'

const any = () => true

test('each line is an item, without the mark of a list before it', () => {
  expect(listedItems('Own home\n- Rented\n• Other\n3. None of these\n\n', new Set(), any)).toEqual([
    { text: 'Own home', value: 'own_home' },
    { text: 'Rented', value: 'rented' },
    { text: 'Other', value: 'other' },
    { text: 'None of these', value: 'none_of_these' },
  ])
})

test('a second column holds the values; one that is taken or is no value is made anew', () => {
  expect(listedItems('Centre\t1\nInner\t1\nOuter\tnot ok', new Set(['inner']), (value) => /^\w+$/.test(value))).toEqual([
    { text: 'Centre', value: '1' },
    { text: 'Inner', value: 'inner_2' },
    { text: 'Outer', value: 'outer' },
  ])
  expect(listedItems('Centre\t1', new Set(), any)).toEqual([{ text: 'Centre', value: '1' }])
})

test('a text of one line is pasted as it is, and a year at its beginning is no number of a list', () => {
  expect(listedItems('Own home', new Set(), any)).toBeNull()
  expect(listedItems('2026 budget\n5 or more', new Set(), any)?.map(({ text }) => text)).toEqual(['2026 budget', '5 or more'])
})
