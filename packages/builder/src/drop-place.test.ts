import { expect, test } from 'vitest'
import { dropAt } from './drop-place.ts'
import type { OutlineLine } from './outline.ts'

const line = (kind: OutlineLine['kind'], part: string): OutlineLine => ({
  kind,
  part,
  id: part,
  key: part,
  level: 1,
  name: part,
  conditional: false,
  rules: 0,
  position: 1,
  size: 1,
  hasChildren: true,
  parent: null,
})
const field = '/pages/0/fields/3'
const place = (of: OutlineLine, share: number, dragged: readonly string[], isOpen = false) => {
  const drop = dropAt(of, share, dragged, isOpen)
  return drop && [drop.where, drop.place.parent, drop.place.index]
}

test('fields go beside fields, into pages and groups, and over their edges beside groups', () => {
  expect(place(line('field', '/pages/1/fields/2'), 0.2, [field])).toEqual(['before', '/pages/1', 2])
  expect(place(line('field', '/pages/1/fields/2'), 0.8, [field])).toEqual(['after', '/pages/1', 3])
  expect(place(line('page', '/pages/1'), 0.1, [field], true)).toEqual(['inside', '/pages/1', 0])
  expect(place(line('page', '/pages/1'), 0.9, [field])).toEqual(['inside', '/pages/1', undefined])
  const group = line('group', '/pages/0/fields/1')
  expect(place(group, 0.1, [field])).toEqual(['before', '/pages/0', 1])
  expect(place(group, 0.5, [field])).toEqual(['inside', '/pages/0/fields/1', undefined])
  expect(place(group, 0.9, [field])).toEqual(['after', '/pages/0', 2])
  // What is in it shows below it: its lower edge is its first place.
  expect(place(group, 0.9, [field], true)).toEqual(['inside', '/pages/0/fields/1', 0])
})

test('pages and documents go among their like; nothing goes into itself or where it does not belong', () => {
  expect(place(line('page', '/pages/1'), 0.9, ['/pages/0'])).toEqual(['after', '', 2])
  expect(place(line('document', '/documents/1'), 0.1, ['/documents/2'])).toEqual(['before', '', 1])
  expect(place(line('document', '/documents/1'), 0.1, [field])).toBeNull()
  expect(place(line('section', '@fee'), 0.1, [field])).toBeNull()
  expect(place(line('field', field), 0.1, [field])).toBeNull()
  expect(place(line('field', `${field}/fields/0`), 0.1, [field])).toBeNull()
  expect(place(line('field', '/pages/1/fields/2'), 0.1, [field, '/documents/0'])).toBeNull()
})
