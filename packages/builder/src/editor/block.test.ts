import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { expect, test } from 'vitest'
import { findingsOf } from '../lint-now.ts'
import { type BlockContent, blockContent, blockOf, blockUses, detachBlock, inBlockTerms, insertBlock, markBlock, updateBlock, useAt } from './block.ts'
import type { Definition, Edit } from './edit.ts'
import { mergeDrafts } from './merge-drafts.ts'
import { permit } from './permit.test-helper.ts'

const text = (id: string, en: string, more: object = {}) => ({ id, type: 'text', label: { en }, ...more })
/** Who somebody is, and how to reach them: a name, and a group with a rule that reads within it. */
const content = (...parts: object[]): BlockContent =>
  ({ guichet: 'part', kind: 'field', parts, tables: {}, languages: ['en', 'el'], description: { en: 'To reach people' } }) as unknown as BlockContent
const home = (...more: object[]) => ({
  id: 'home',
  type: 'group',
  label: { en: 'Home', el: 'Σπίτι' },
  fields: [text('street', 'Street'), text('flat', 'Flat', { when: { has: { var: 'street' } } }), ...more],
})
const first = () => content(text('name', 'Name'), home())

const done = (edit: Edit, definition: Definition): Definition => {
  const outcome = edit(definition)
  if ('refused' in outcome) throw new Error(outcome.refused)
  expect(serviceDefinition(outcome.definition), JSON.stringify(serviceDefinition.errors)).toBe(true)
  return outcome.definition
}
const inserted = (definition = permit()) => done(insertBlock({ content: first(), block: 'person', version: 1, parent: '/pages/0', settings }), definition)
type Node = { id: string; label?: Record<string, string>; fields?: Node[]; when?: unknown }
const fieldsOf = (definition: Definition) => definition.pages[0].fields as unknown as Node[]
const shape = (fields: readonly Node[]): string => fields.map(({ id, fields: inner }) => (inner ? `${id}(${shape(inner)})` : id)).join(' ')
const changed = (definition: Definition, change: (fields: Node[]) => void): Definition => {
  const copy = structuredClone(definition)
  change(fieldsOf(copy))
  return copy
}
function updated(definition: Definition, next: BlockContent, old = first()) {
  const update = updateBlock(definition, {
    block: 'person',
    versions: new Map([
      [1, old],
      [2, next],
    ]),
    to: 2,
    settings,
  })
  if (!update) throw new Error('nothing to update')
  for (const side of Object.values(update)) expect(serviceDefinition(side)).toBe(true)
  const as = (one: Definition) => ({ definition: one, policy: null })
  return mergeDrafts(as(update.base), as(update.ours), as(update.theirs), { settings, lint: findingsOf, language: 'en' })
}

test('a block is put in with ids of its own, and each part says what it is in it', () => {
  const definition = inserted()
  expect(shape(fieldsOf(definition))).toBe('name name_2 home(street flat)')
  expect(fieldsOf(definition).map(blockOf)).toEqual([
    null,
    { block: 'person', version: 1, use: 1, part: 'name' },
    { block: 'person', version: 1, use: 1, part: 'home' },
  ])
  expect(fieldsOf(definition)[2]?.label).toEqual({ en: 'Home' })
  const twice = inserted(definition)
  expect(shape(fieldsOf(twice))).toBe('name name_2 home(street flat) name_3 home_2(street_2 flat_2)')
  expect(blockUses(twice)).toEqual([
    { block: 'person', use: 1, version: 1, parts: ['/pages/0/fields/1', '/pages/0/fields/2'] },
    { block: 'person', use: 2, version: 1, parts: ['/pages/0/fields/3', '/pages/0/fields/4'] },
  ])
  expect(fieldsOf(twice)[4]?.fields?.[1]?.when).toEqual({ has: { var: 'street_2' } })
  expect(useAt(twice, '/pages/0/fields/4/fields/0')?.use).toBe(2)
  expect(useAt(twice, '/pages/0/fields/0')).toBeNull()
})

test('a new version brings what is new, keeps what the service made of the old one, and asks about both', () => {
  const ours = changed(inserted(), (fields) => {
    // Reworded, and a question of its own among them; the flat is not asked here.
    ;(fields[1] as Node).label = { en: 'Applicant', fa: 'متقاضی' }
    ;(fields[2] as Node).fields = [fields[2]?.fields?.[0] as Node, text('bell', 'Bell') as Node]
    fields.splice(2, 0, text('own', 'Own') as Node)
  })
  const next = content(text('name', 'Name', { hint: { en: 'In full' } }), home(text('town', 'Town')), text('phone', 'Phone'))
  const { draft, conflicts } = updated(ours, next)
  expect(conflicts).toEqual([])
  expect(shape(fieldsOf(draft.definition))).toBe('name name_2 own home(street bell town) phone')
  expect(fieldsOf(draft.definition)[1]).toMatchObject({ label: { en: 'Applicant', fa: 'متقاضی' }, hint: { en: 'In full' } })
  expect(blockUses(draft.definition)).toMatchObject([{ version: 2, parts: ['/pages/0/fields/1', '/pages/0/fields/3', '/pages/0/fields/4'] }])

  const other = content(text('name', 'Full name'), home())
  expect(updated(ours, other).conflicts).toMatchObject([{ kind: 'changed', base: 'Name', ours: 'Applicant', theirs: 'Full name' }])
  // What the block no longer has goes, unless it was changed here.
  expect(shape(fieldsOf(updated(inserted(), content(text('name', 'Name'))).draft.definition))).toBe('name name_2')
  expect(
    updated(
      changed(inserted(), (fields) => void ((fields[1] as Node).label = { en: 'Applicant' })),
      content(home()),
    ).conflicts,
  ).toMatchObject([{ kind: 'removed' }])
})

test('a version that says the same changes nothing but which it is, and there is no update to an older one', () => {
  const ours = inserted(inserted())
  const { draft, conflicts } = updated(ours, first())
  expect(conflicts).toEqual([])
  expect(JSON.stringify(draft.definition)).toBe(JSON.stringify(ours).replaceAll('"version":1', '"version":2'))
  expect(updateBlock(draft.definition, { block: 'person', versions: new Map([[2, first()]]), to: 2, settings })).toBeNull()
  expect(updateBlock(ours, { block: 'person', versions: new Map([[2, first()]]), to: 2, settings })).toBeNull()
})

test('the service’s own table of a name stays; the block’s own is brought up to date', () => {
  const tabled = (rows: object) => ({ ...first(), tables: { rate: rows } }) as unknown as BlockContent
  const own = { ...permit(), tables: { rate: { mine: { k: 9 } } } } as unknown as Definition
  expect(updated(inserted(own), tabled({ a: { k: 1 } })).draft.definition.tables).toEqual(own.tables)
  const old = tabled({ a: { k: 1 } })
  const ours = done(insertBlock({ content: old, block: 'person', version: 1, parent: '/pages/0', settings }), permit())
  expect(updated(ours, tabled({ a: { k: 2 } }), old).draft.definition.tables).toEqual({ rate: { a: { k: 2 } } })
})

test('parts become a block in its terms: what came from it has its ids back, and what is new has free ones', () => {
  const ours = changed(inserted(), (fields) => {
    // Its own question took the name that the block has for another one.
    ;(fields[2] as Node).fields?.push(text('name', 'Name of the house', { when: { has: { var: 'name_2' } } }) as Node)
  })
  fieldsOf(ours).splice(0, 1)
  const use = useAt(ours, '/pages/0/fields/0')
  const terms = inBlockTerms(ours, ['/pages/0/fields/0', '/pages/0/fields/1'], use, settings)
  if (!terms || !use) throw new Error('no block')
  expect(shape(terms.content.parts as unknown as Node[])).toBe('name home(street flat name_2)')
  expect((terms.content.parts[1] as unknown as Node).fields?.[2]?.when).toEqual({ has: { var: 'name' } })
  expect(JSON.stringify(terms.content)).not.toContain('x-block')
  expect([...terms.paths]).toEqual([
    ['/pages/0/fields/0', 'name'],
    ['/pages/0/fields/1', 'home'],
    ['/pages/0/fields/1/fields/0', 'home/street'],
    ['/pages/0/fields/1/fields/1', 'home/flat'],
    ['/pages/0/fields/1/fields/2', 'home/name_2'],
  ])
  // Kept as the next version, the service has it, and other services get what was added.
  const kept = done(markBlock({ block: 'person', version: 2, paths: terms.paths, of: use }), ours)
  expect(blockUses(kept)).toMatchObject([{ use: 1, version: 2 }])
  expect(shape(fieldsOf(updated(inserted(), terms.content as BlockContent).draft.definition))).toBe('name name_2 home(street flat name_3)')
  expect(inBlockTerms(ours, ['/pages/0', '/pages/0/fields/0'], null, settings)?.content.kind).toBe('page')
  expect(inBlockTerms(ours, [], null, settings)).toBeNull()
})

test('pages and documents are blocks too', () => {
  const source = permit()
  source.documents = [{ id: 'lease', label: { en: 'Lease' } }]
  for (const [pointer, list] of [
    ['/pages/0', 'pages'],
    ['/documents/0', 'documents'],
  ] as const) {
    const terms = inBlockTerms(source, [pointer], null, settings)?.content as BlockContent
    const ours = done(insertBlock({ content: terms, block: 'person', version: 1, parent: '', settings }), source)
    const next = structuredClone(terms)
    Object.assign(next.parts[0] as object, { title: { en: 'Next' }, label: { en: 'Next' } })
    if (list === 'pages') delete (next.parts[0] as { label?: unknown }).label
    else delete (next.parts[0] as { title?: unknown }).title
    const { draft, conflicts } = updated(ours, next, terms)
    expect(conflicts).toEqual([])
    expect((draft.definition[list] as unknown as Node[]).map(({ id }) => id)).toEqual((ours[list] as unknown as Node[]).map(({ id }) => id))
    expect(JSON.stringify(draft.definition[list]?.[1])).toContain('Next')
    expect(JSON.stringify(draft.definition[list]?.[0])).not.toContain('Next')
  }
})

test('detached, it is the service’s own; a copy is that from the start', () => {
  const twice = inserted(inserted())
  const one = done(detachBlock({ block: 'person', use: 1 }), twice)
  expect(blockUses(one)).toMatchObject([{ use: 2 }])
  expect(JSON.stringify(done(detachBlock({ block: 'person', use: 2 }), one))).not.toContain('x-block')
  expect(detachBlock({ block: 'person', use: 3 })(twice)).toMatchObject({ refused: 'noSuchPart' })
  const copied = changed(inserted(), (fields) => void fields.push({ ...(fields[1] as Node), id: 'copy' }))
  const { draft } = updated(copied, content(text('name', 'Full name'), home()))
  expect(fieldsOf(draft.definition).map(({ label }) => label?.en)).toEqual(['Name', 'Full name', 'Home', 'Name'])
})

test('what is no block is none', () => {
  expect(blockContent(first())?.kind).toBe('field')
  for (const given of [null, {}, { ...first(), parts: [] }, { ...first(), kind: 'x' }, { ...first(), parts: [{ type: 'text' }] }])
    expect(blockContent(given)).toBeNull()
})
