import type { ServiceDefinition } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import { clearPartOf } from './clear-part.ts'
import { fakeTypes } from './fake-types.test-helper.ts'
import { compile } from './program.ts'
import { createSession } from './session.ts'

const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: id }, ...more })
const definitionOf = (more: object = {}) =>
  ({
    format: 1,
    id: 'report',
    languages: ['en'],
    title: { en: 'Report' },
    locale: { timeZone: 'UTC', calendar: 'gregorian' },
    pages: [
      { id: 'where', title: { en: 'Where' }, fields: [text('district'), { id: 'box', type: 'group', fields: [text('street'), text('floor')] }] },
      {
        id: 'what',
        title: { en: 'What' },
        fields: [text('story'), { id: 'people', type: 'group', repeat: {}, fields: [text('name'), text('role')] }],
        checks: [
          { id: 'c1', rule: { has: { var: 'district' } }, message: { en: '' } },
          { id: 'c2', rule: { has: { var: 'story' } }, message: { en: '' } },
        ],
      },
    ],
    computed: [
      { id: 'near', type: 'text', value: { var: 'district' } },
      { id: 'nearer', type: 'text', value: { cat: [{ var: 'near' }, '!'] } },
      { id: 'told', type: 'text', value: { var: 'story' } },
      { id: 'retold', type: 'text', value: { var: 'told' } },
    ],
    ...more,
  }) as unknown as ServiceDefinition
const part = (clear: string[], more: object = {}) => clearPartOf(compile(definitionOf(more), fakeTypes), clear)

describe('the clear part of a definition', () => {
  it('has the clear fields, and what follows from them alone', () => {
    const { definition, needs, unknown } = part(['district', 'street', 'nothing', 'name'])
    expect(definition.pages.map(({ id, fields }) => [id, fields.map((field) => field.id)])).toEqual([
      ['where', ['district', 'box']],
      ['what', []],
    ])
    const [, box] = definition.pages[0]?.fields ?? []
    expect(box?.fields).toEqual([text('street')])
    expect(definition.pages[1]?.checks?.map(({ id }) => id)).toEqual(['c1'])
    expect(definition.computed?.map(({ id }) => id)).toEqual(['near', 'nearer'])
    expect(needs).toEqual([])
    // A field inside a repeated group is none by itself.
    expect(unknown).toEqual(['nothing', 'name'])
    const session = createSession(compile(definition, fakeTypes), { today: '2026-01-05', answers: { district: 'north', street: 'a', floor: '2', story: 'x' } })
    expect(session.stored()).toEqual({ district: 'north', street: 'a' })
  })

  it('of nothing has no page', () => {
    expect(part([]).definition.pages).toEqual([])
    expect(part(['people']).definition.pages[0]?.fields.map(({ id }) => id)).toEqual(['people'])
  })

  it('tells each thing that the server would need a sealed field for', () => {
    const reads = { has: { var: 'story' } }
    const { needs } = part(['district'], {
      documents: [{ id: 'paper', label: { en: '' }, when: { has: { var: 'retold' } }, copies: { count: { var: 'people' } } }],
      fee: { lines: [{ id: 'base', label: { en: '' }, amount: { sum: [{ var: 'people' }, { var: 'role' }] }, when: reads }] },
      routes: [{ to: 'a', when: reads }, { to: 'b' }],
      stages: [{ id: 'a', label: { en: '' }, units: [{ unit: 'u', when: reads }], term: { value: 1, unit: 'days', after: 'story' } }],
      pages: [
        {
          id: 'where',
          title: { en: '' },
          when: reads,
          fields: [text('district', { when: reads, rules: [{ rule: { '!=': [{ var: 'district' }, { var: 'story' }] }, message: { en: '' } }] })],
        },
        { id: 'what', title: { en: '' }, fields: [text('story'), { id: 'people', type: 'group', repeat: {}, fields: [text('role')] }] },
      ],
    })
    expect(needs).toEqual([
      { pointer: '/pages/0/when', field: 'story' },
      { pointer: '/pages/0/fields/district/when', field: 'story' },
      { pointer: '/pages/0/fields/district/rules', field: 'story' },
      { pointer: '/documents/0/when', field: 'retold' },
      { pointer: '/documents/0/copies', field: 'people' },
      { pointer: '/fee/lines/0/when', field: 'story' },
      { pointer: '/fee/lines/0/amount', field: 'people' },
      { pointer: '/fee/lines/0/amount', field: 'people.role' },
      { pointer: '/routes/0/when', field: 'story' },
      { pointer: '/stages/0/units/0/when', field: 'story' },
      { pointer: '/stages/0/term/after', field: 'story' },
    ])
    // With the fields in the clear nothing is missing.
    expect(part(['district', 'story', 'people'], { routes: [{ to: 'a', when: reads }] }).needs).toEqual([])
  })
})
