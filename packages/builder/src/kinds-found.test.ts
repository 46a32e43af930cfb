import { expect, test } from 'vitest'
import { kindsFound } from './kinds-found.ts'

const kinds = [
  { type: 'checkboxes', title: 'Check boxes', help: 'Any number of options.' },
  { type: 'checkbox', title: 'Single check box', help: 'Yes when ticked.' },
  { type: 'number', title: 'Number', help: 'In any digits.' },
  { type: 'phone', title: 'Phone number', help: 'With its country code.' },
  { type: 'date', title: 'Date', help: 'A day.' },
]
const found = (typed: string) => kindsFound(kinds, typed, 'en').map(({ type }) => type)

test('what is called so comes before what only mentions it', () => {
  expect(found('number')).toEqual(['number', 'phone', 'checkboxes'])
  expect(found('checkbox')).toEqual(['checkbox', 'checkboxes'])
  expect(found('Check boxes')).toEqual(['checkboxes'])
  expect(found('date')[0]).toBe('date')
})

test('without a word all are there, by name; with an unknown one, none', () => {
  expect(found('  ')).toEqual(['checkboxes', 'date', 'number', 'phone', 'checkbox'])
  expect(found('spaceship')).toEqual([])
})
