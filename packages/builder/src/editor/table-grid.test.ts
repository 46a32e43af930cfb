import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Edited, isRefused } from './edit.ts'
import { permit } from './permit.test-helper.ts'
import { renameField } from './rename-field.ts'
import { renameColumn, renameTable } from './rename-table.ts'
import { setTable } from './set-table.ts'
import { cellFrom, cellsIn, gridFrom, gridOf, numberIn, pasted, type Table, tableOf } from './table-grid.ts'

const done = (outcome: object) => {
  expect(isRefused(outcome), JSON.stringify(outcome)).toBe(false)
  return (outcome as Edited).definition
}

test.each([
  ['12', 12],
  ['12.5', 12.5],
  ['12,5', 12.5],
  ['1.234,5', 1234.5],
  ['1,234.5', 1234.5],
  ['1 234,50', 1234.5],
  ['1.234.567', 1234567],
  ['−3', -3],
  ['-0.5', -0.5],
  ['۱۲٫۵', 12.5],
  ['', null],
  ['-', null],
  ['12 m', null],
  ['1e5', null],
])('%j is the number %j', (typed, number) => {
  expect(numberIn(typed)).toBe(number)
})

test('cells of a spreadsheet, with quotes, tabs and line ends inside them', () => {
  expect(cellsIn('a\tb\r\n"x\ty"\t"say ""hi""\nagain"\n')).toEqual([
    ['a', 'b'],
    ['x\ty', 'say "hi"\nagain'],
  ])
  const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', ' ', 'é') })
  const quoted = (text: string) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (rows) => {
      expect(cellsIn(`${rows.map((row) => row.map(quoted).join('\t')).join('\n')}\n`)).toEqual(rows)
    }),
  )
})

test('a whole table is taken with its kinds of cells', () => {
  expect(gridFrom('zone\tPrice a day\tBusy\tCode\nA\t12,50\tyes\t007\nB\t8\tno\t010\nA\t9\t\t1')).toEqual({
    columns: ['price_a_day', 'busy', 'code'],
    rows: [
      { key: 'A', cells: { price_a_day: 12.5, busy: true, code: '007' } },
      { key: 'B', cells: { price_a_day: 8, busy: false, code: '010' } },
      { key: 'A_2', cells: { price_a_day: 9, code: '1' } },
    ],
  })
  expect(gridFrom('only a line\tand no row')).toBeNull()
})

test('cells laid over a grid grow it, and keep the kinds of its columns', () => {
  const grid = gridOf({ a: { k: 1, name: 'A' } })
  expect(
    tableOf(
      pasted(grid, 0, 0, [
        ['2', 'B'],
        ['3', 'C', 'x'],
      ]),
    ),
  ).toEqual({ a: { k: 2, name: 'B' }, row_2: { k: 3, name: 'C', column_3: 'x' } })
  expect(tableOf(pasted(grid, 0, 0, [['', '']]))).toEqual({ a: {} })
  expect(cellFrom('nein', 'boolean')).toBeNull()
})

test('grid and table are the same', () => {
  const name = fc.stringMatching(/^[a-z]{1,3}$/)
  const table = fc.dictionary(name, fc.dictionary(name, fc.oneof(fc.integer(), fc.boolean(), fc.string())))
  fc.assert(
    fc.property(table, (given) => {
      expect(tableOf(gridOf(given as Table))).toEqual(given)
    }),
  )
})

describe('names', () => {
  const settings = { radio: { schema: { title: 'Radio', properties: { optionsFrom: { $ref: '#/$defs/optionsFrom' } } } } }
  const start = permit()
  start.pages[0].fields.push({ id: 'zone', type: 'radio', label: { en: 'Zone' }, optionsFrom: { table: 'rate', label: 'name' } } as never)
  start.tables = { rate: { a: { day: 1, name: 'A' } }, other: { a: { day: 2 } } }
  start.computed = [{ id: 'price', type: 'number', value: { '*': [2, { row: ['rate', { var: 'zone' }, 'day'] }, { row: ['other', 'a', 'day'] }] } }]
  const zone = (definition: typeof start) => definition.pages[0].fields.at(-1)

  test('of tables are followed', () => {
    const next = done(renameTable({ name: 'rate', to: 'prices', settings })(start))
    expect(Object.keys(next.tables ?? {})).toEqual(['prices', 'other'])
    expect(zone(next)).toMatchObject({ optionsFrom: { table: 'prices', label: 'name' } })
    expect(next.computed?.[0]?.value).toEqual({ '*': [2, { row: ['prices', { var: 'zone' }, 'day'] }, { row: ['other', 'a', 'day'] }] })
    expect(renameTable({ name: 'rate', to: 'other', settings })(start)).toMatchObject({ refused: 'idTaken' })
    expect(renameTable({ name: 'rate', to: 'No', settings })(start)).toMatchObject({ refused: 'idForm' })
  })

  test('of columns are followed, in this table alone', () => {
    const day = done(renameColumn({ table: 'rate', column: 'day', to: 'daily', settings })(start))
    expect(day.tables).toEqual({ rate: { a: { daily: 1, name: 'A' } }, other: { a: { day: 2 } } })
    expect(day.computed?.[0]?.value).toEqual({ '*': [2, { row: ['rate', { var: 'zone' }, 'daily'] }, { row: ['other', 'a', 'day'] }] })
    expect(zone(done(renameColumn({ table: 'rate', column: 'name', to: 'title', settings })(start)))).toMatchObject({ optionsFrom: { label: 'title' } })
    expect(renameColumn({ table: 'rate', column: 'day', to: 'name', settings })(start)).toMatchObject({ refused: 'idTaken' })
  })

  test('of columns are columns also where options from a table have a name of their own', () => {
    const named = { radio: { schema: { title: 'Radio', properties: { optionsFrom: { $ref: '#/$defs/optionsFrom', title: 'Catalogue' } } } } }
    expect(zone(done(renameColumn({ table: 'rate', column: 'name', to: 'title', settings: named })(start)))).toMatchObject({ optionsFrom: { label: 'title' } })
    const withQuestion = structuredClone(start)
    withQuestion.pages[0].fields.unshift({ id: 'name', type: 'text', label: { en: 'Name' } } as never)
    const renamed = done(renameField({ pointer: '/pages/0/fields/0', id: 'full_name', settings: named })(withQuestion))
    expect(renamed.pages[0].fields[0]).toMatchObject({ id: 'full_name' })
    expect(zone(renamed)).toMatchObject({ optionsFrom: { table: 'rate', label: 'name' } })
  })

  test('of columns are followed by a question that reads another column of the table it takes its options from', () => {
    const order = {
      ...settings,
      order: { schema: { title: 'Order', properties: { optionsFrom: { $ref: '#/$defs/optionsFrom' }, price: { $ref: '#/$defs/column' } } } },
    }
    const ordered = structuredClone(start)
    // A question of the same name is another thing.
    ordered.pages[0].fields.push(
      { id: 'day', type: 'text', label: { en: 'Day' } } as never,
      { id: 'bins', type: 'order', label: { en: 'Bins' }, optionsFrom: { table: 'rate', label: 'name' }, price: 'day' } as never,
    )
    const bins = (definition: typeof start) => definition.pages[0].fields.at(-1)
    expect(bins(done(renameColumn({ table: 'rate', column: 'day', to: 'daily', settings: order })(ordered)))).toMatchObject({ price: 'daily' })
    expect(bins(done(renameColumn({ table: 'other', column: 'day', to: 'daily', settings: order })(ordered)))).toMatchObject({ price: 'day' })
    const pointer = `/pages/0/fields/${ordered.pages[0].fields.length - 2}`
    expect(bins(done(renameField({ pointer, id: 'weekday', settings: order })(ordered)))).toMatchObject({ price: 'day' })
  })

  test('tables are added and removed', () => {
    const more = done(setTable({ name: 'zones', table: { a: { k: 1 } } })(start))
    expect(Object.keys(more.tables ?? {})).toEqual(['rate', 'other', 'zones'])
    const none = ['rate', 'other', 'zones'].reduce((definition, name) => done(setTable({ name, table: null })(definition)), more)
    expect(none).not.toHaveProperty('tables')
    expect(setTable({ name: 'rate', table: { ['x'.repeat(61)]: {} } })(start)).toMatchObject({ refused: 'rowKey' })
  })
})
