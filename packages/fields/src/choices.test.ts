import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { choiceSchema, chosen, labelOf, optionsOf, valuesOf } from './choices.ts'

const tables = { course: { MAT101: { title: 'Analízis I.', title_en: 'Calculus I' }, NYE210: { title: 'Üzleti angol' } } }
const fromTable = { optionsFrom: { table: 'course', label: 'title' } }

test('a table gives its rows as options, in the language of the column that fits', () => {
  const [calculus, english] = optionsOf(fromTable, { tables })
  if (!calculus || !english) throw new Error('no options')
  expect(labelOf(calculus, 'en', ['hu']).text).toBe('Calculus I')
  expect(labelOf(calculus, 'hu', ['en']).text).toBe('Analízis I.')
  expect(labelOf(english, 'en', ['hu']).text).toBe('Üzleti angol')
})

test('options that are missing are none, and make a schema that nothing is valid against', () => {
  for (const settings of [{}, { optionsFrom: { table: 'nowhere', label: 'title' } }, { optionsFrom: { table: 'constructor', label: 'title' } }]) {
    expect(valuesOf(settings, { tables })).toEqual([])
    expect(new Ajv2020({ strict: true }).compile(choiceSchema(settings, { tables }))('a')).toBe(false)
  }
})

test('an option written twice is offered to the schema once', () => {
  const options = ['a', 'b', 'a'].map((value) => ({ value, label: { en: value } }))
  expect(valuesOf({ options: options as [(typeof options)[0]] }, { tables })).toEqual(['a', 'b'])
})

test('a chosen value is found as typed, or with its digits in ASCII', () => {
  expect(chosen('۲', ['1', '2'])).toBe('2')
  expect(chosen('۲', ['۲', '2'])).toBe('۲')
  expect(chosen('3', ['1', '2'])).toBe(null)
})
