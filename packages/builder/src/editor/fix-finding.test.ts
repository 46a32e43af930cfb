/** Every fix that is offered puts its finding right, and brings no error about; core's wrong definitions are what it is tried on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LintFinding } from '@guichet/core/lint/finding'
import { expect, test } from 'vitest'
import { findingsOf } from '../lint-now.ts'
import { type Definition, isRefused } from './edit.ts'
import { fixFor } from './fix-finding.ts'
import { read, write } from './pointer.ts'

const folder = join(import.meta.dirname, '../../../core/src/wrong')
const right = JSON.parse(readFileSync(join(folder, 'right.json'), 'utf8'))
const wrong = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && file !== 'right.json')
  .flatMap((file) => {
    const { definition, set = {}, remove = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, never>
    let made: unknown = definition ?? right
    for (const [pointer, value] of Object.entries(set)) made = write(made, pointer, value)
    for (const pointer of remove as string[]) made = write(made, pointer, undefined)
    return typeof made === 'object' && made !== null && !Array.isArray(made) ? [{ file, definition: made as Definition }] : []
  })

const same = (a: LintFinding, b: LintFinding) => a.code === b.code && a.pointer === b.pointer && JSON.stringify(a.params) === JSON.stringify(b.params)

test('each fix puts its finding right and adds no error', () => {
  const offered = new Map<string, number>()
  for (const { file, definition } of wrong) {
    const before = findingsOf(definition)
    for (const finding of before) {
      const fix = fixFor(definition, finding)
      if (!fix) continue
      const edited = fix.edit(definition)
      if (isRefused(edited)) throw new Error(`${file}: ${finding.code} was refused`)
      const after = findingsOf(edited.definition)
      const count = (list: readonly LintFinding[]) => list.filter((one) => one.severity === 'error').length
      expect(after.filter((one) => same(one, finding)).length, `${file}: ${finding.code}`).toBeLessThan(before.filter((one) => same(one, finding)).length)
      expect(count(after), `${file}: ${finding.code}`).toBeLessThanOrEqual(count(before))
      if (edited.part !== '' && edited.part !== '/documents') expect(read(edited.definition, edited.part), file).toBeDefined()
      offered.set(fix.kind, (offered.get(fix.kind) ?? 0) + 1)
    }
  }
  expect([...offered.keys()].sort()).toEqual(['darken', 'limit', 'protect', 'remove', 'rename', 'suggestion', 'swap', 'table'])
})

test('a table that is named and not there is added with the columns that are named with it', () => {
  const order = { id: 'order', type: 'order-lines', label: { en: 'Order' }, optionsFrom: { table: 'bins', label: 'name' }, price: 'price' }
  const definition = write(right as Definition, '/pages/0/fields', [order])
  const fix = fixFor(definition, { code: 'reference.table', pointer: '/pages/0/fields/0/optionsFrom/table', params: { name: 'bins' } })
  const edited = fix?.edit(definition)
  if (!edited || isRefused(edited)) throw new Error('refused')
  expect(edited.definition.tables?.bins).toEqual({ row_1: { name: 'row_1', price: 0 } })
  expect(edited.part).toBe('/pages/0/fields/0')
  expect(edited.words).toEqual({ key: 'addTable', params: { name: 'bins' } })
})

test('the second of two that are called the same gets a free name, and of what is listed twice one stays', () => {
  const field = (id: string) => ({ id, type: 'text', label: { en: id } })
  const twice = write(right as Definition, '/pages/0/fields', [field('street'), field('street'), field('street_2')])
  const renamed = fixFor(twice, { code: 'duplicate.id', pointer: '/pages/0/fields/1/id', params: { id: 'street' } })?.edit(twice)
  if (!renamed || isRefused(renamed)) throw new Error('refused')
  expect(renamed.definition.pages[0].fields.map(({ id }) => id)).toEqual(['street', 'street_3', 'street_2'])
  const listed = write(right as Definition, '/locale/weekend', [6, 7, 6])
  const once = fixFor(listed, { code: 'shape.repeated', pointer: '/locale/weekend', params: { value: '6' } })?.edit(listed)
  if (!once || isRefused(once)) throw new Error('refused')
  expect(once.definition.locale.weekend).toEqual([6, 7])
})

test('what takes a person gets no button', () => {
  const definition = right as Definition
  const finding = (code: string, pointer: string, params = {}) => ({ code, pointer, params })
  expect(fixFor(definition, finding('question.twice', '/pages/0/fields/0'))).toBeNull()
  expect(fixFor(definition, finding('fee.negative', '/fee'))).toBeNull()
  // The only page stays.
  expect(fixFor(definition, finding('page.neverShown', '/pages/0/when'))).toBeNull()
  // A suggestion for a word within an expression says nothing of the whole.
  expect(fixFor(definition, finding('expression.unknownField', '/computed/0/value', { name: 'fe', suggestion: 'fee' }))).toBeNull()
})
