import { compile, createSession, requiredDocuments } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { expect, test } from 'vitest'
import { asOnCanvas } from './canvas-definition.ts'
import type { Definition } from './editor/edit.ts'
import { permit } from './editor/permit.test-helper.ts'

const no = { '==': [1, 2] } as never

function hidden(): Definition {
  const definition = permit()
  const street = { id: 'street', type: 'text', label: { en: 'Street' }, when: no }
  definition.pages[0].fields.push({ id: 'homes', type: 'group', label: { en: 'Homes' }, repeat: {}, when: no, fields: [street] } as never)
  definition.pages.push({ id: 'more', title: { en: 'More' }, when: no, fields: [{ id: 'note', type: 'text', label: { en: 'Note' } }] })
  definition.documents = [{ id: 'proof', label: { en: 'Proof' }, when: no, copies: { var: 'nothing' } as never }]
  return definition
}
const seen = (definition: Definition) => {
  const session = createSession(compile(definition, fieldTypes), { today: '2026-01-01' })
  return {
    relevant: [...session.program.nodes.values()].filter((node) => session.isRelevant(node, node.path.includes('.') ? 'homes/0/' : '')).map(({ path }) => path),
    documents: requiredDocuments(session).map(({ document }) => document.id),
  }
}

test('everything that may be asked is shown, and the draft stays as it was', () => {
  const definition = hidden()
  const before = JSON.stringify(definition)
  expect(seen(definition)).toEqual({ relevant: ['name'], documents: [] })
  expect(seen(asOnCanvas(definition))).toEqual({ relevant: ['name', 'homes', 'homes.street', 'note'], documents: ['proof'] })
  expect((asOnCanvas(definition).pages[0].fields[1] as { repeat?: object }).repeat).toEqual({ min: 1 })
  expect(JSON.stringify(definition)).toBe(before)
})

test('a closed list on a page has no options on the canvas, and one among columns keeps them; the draft has all', () => {
  const definition = permit()
  const zone = { id: 'zone', type: 'select', label: { en: 'Zone' }, options: [{ value: 'a', label: { en: 'A' } }] }
  const street = { id: 'street', type: 'select', label: { en: 'Street' }, optionsFrom: { table: 'streets', label: 'name' } }
  const homes = { id: 'homes', type: 'group', label: { en: 'Homes' }, repeat: {}, fields: [{ ...zone, id: 'part' }] }
  definition.pages[0].fields = [zone, street, homes] as never
  const before = JSON.stringify(definition)
  const [drawnZone, drawnStreet, drawnHomes] = asOnCanvas(definition).pages[0].fields as unknown as Record<string, unknown>[]
  expect(drawnZone).toEqual({ ...zone, options: [] })
  expect(drawnStreet).toEqual({ id: 'street', type: 'select', label: { en: 'Street' }, options: [] })
  expect(drawnHomes?.fields).toEqual(homes.fields)
  expect(JSON.stringify(definition)).toBe(before)
})
