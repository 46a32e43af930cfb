import { compile, createSession } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { type DraftContent, draftContent, moveDraft } from './draft-content.ts'

const definition = (fields: unknown[], documents: unknown[] = []): ServiceDefinition =>
  ({
    format: 1,
    id: 's',
    languages: ['en'],
    title: { en: 'S' },
    agency: { name: { en: 'A' } },
    locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: [{ id: 'p', title: { en: 'P' }, fields }],
    documents,
  }) as unknown as ServiceDefinition
const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: `Label of ${id}` }, ...more })

const sessionOf = (now: ServiceDefinition, answers: object) =>
  createSession(compile(now, fieldTypes as never), { today: '2026-01-05', answers: answers as never })
const draft = (inputs: object, more: Partial<DraftContent> = {}): DraftContent => ({
  format: 1,
  version: 1,
  language: 'en',
  step: 'p',
  inputs: inputs as never,
  documents: {},
  atDesk: [],
  files: [],
  ...more,
})
const move = (before: ServiceDefinition | null, now: ServiceDefinition, held: DraftContent) => moveDraft(held, before, sessionOf(now, held.inputs))
const labels = (texts: readonly { en?: string }[]) => texts.map(({ en }) => en)

describe('a draft that is moved to another version', () => {
  test('keeps every answer that fits, and half-typed input of what is as it was', () => {
    const before = definition([text('a'), { id: 'n', type: 'number', label: { en: 'N' } }])
    const now = definition([text('a', { label: { en: 'New words' }, hint: { en: 'New hint' } }), { id: 'n', type: 'number', label: { en: 'N' } }])
    const { inputs, changes } = move(before, now, draft({ a: 'Ana', n: '12x' }))
    expect(inputs).toEqual({ a: 'Ana', n: '12x' })
    expect(changes).toEqual({ changed: [], gone: [], added: [] })
  })

  test('drops what the new type refuses, lists what is gone and what is new', () => {
    const before = definition([text('a'), text('b'), text('c')], [{ id: 'old', label: { en: 'Old paper' } }])
    const now = definition([
      { id: 'a', type: 'number', label: { en: 'How many' } },
      text('c'),
      text('d'),
      { id: 'x', type: 'computed', label: { en: 'X' }, value: 1 },
    ])
    const { inputs, documents, changes } = move(before, now, draft({ a: 'many', b: 'Bee', c: '' }, { documents: { old: ['f1'] } }))
    expect(inputs).toEqual({ c: '' })
    expect(documents).toEqual({})
    expect(labels(changes.changed)).toEqual(['How many'])
    expect(labels(changes.gone)).toEqual(['Label of b', 'Old paper'])
    expect(labels(changes.added)).toEqual(['Label of d'])
  })

  test('keeps what fits another type too', () => {
    const { inputs, changes } = move(definition([text('a')]), definition([{ id: 'a', type: 'number', label: { en: 'N' } }]), draft({ a: '41' }))
    expect(inputs).toEqual({ a: '41' })
    expect(changes.changed).toEqual([])
  })

  test('lists what stays typed but keeps a new limit no more', () => {
    const { inputs, changes } = move(definition([text('a')]), definition([text('a', { maxLength: 3 })]), draft({ a: 'too long' }))
    expect(inputs).toEqual({ a: 'too long' })
    expect(labels(changes.changed)).toEqual(['Label of a'])
  })

  test('goes into rows, and through groups that only arrange', () => {
    const rows = (fields: unknown[]) => ({ id: 'rows', type: 'group', label: { en: 'Rows' }, repeat: { min: 0, max: 5 }, fields })
    const before = definition([rows([text('a'), text('b')])])
    const now = definition([{ id: 'box', type: 'group', label: { en: 'Box' }, fields: [rows([text('a')])] }])
    const { inputs, changes } = move(before, now, draft({ rows: [{ a: '1', b: '2' }, { a: '3' }] }))
    expect(inputs).toEqual({ rows: [{ a: '1' }, { a: '3' }] })
    expect(changes).toMatchObject({ changed: [], added: [] })
    expect(labels(changes.gone)).toEqual(['Label of b'])
    // Rows where there are none any more, and none where there are rows now.
    expect(move(before, definition([text('rows')]), draft({ rows: [{ a: '1' }] })).changes.changed).toHaveLength(1)
    expect(labels(move(definition([text('rows')]), before, draft({ rows: 'x' })).changes.changed)).toEqual(['Rows'])
  })

  test('does without the version it was filled in with', () => {
    const { inputs, changes } = move(null, definition([text('a')]), draft({ a: 'Ana', gone: 'x' }))
    expect(inputs).toEqual({ a: 'Ana' })
    expect(labels(changes.gone)).toEqual(['gone'])
    expect(changes.added).toEqual([])
  })
})

test('a draft holds the facts of the files that it names, and of no others', () => {
  const session = sessionOf(definition([text('a')]), { a: 'Ana' })
  session.documents = { paper: ['id-of-one'] }
  const file = (id: string) => [id, { id, name: `${id}.pdf`, size: 1, type: 'application/pdf' }] as const
  const content = draftContent({ session, files: new Map([file('id-of-one'), file('id-of-two')]), view: { version: 3, language: 'en' } }, 'p')
  expect(content).toEqual({
    format: 1,
    version: 3,
    language: 'en',
    step: 'p',
    inputs: { a: 'Ana' },
    documents: { paper: ['id-of-one'] },
    atDesk: [],
    files: [{ id: 'id-of-one', name: 'id-of-one.pdf', size: 1, type: 'application/pdf' }],
  })
})
