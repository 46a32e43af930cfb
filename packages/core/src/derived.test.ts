import { describe, expect, it } from 'vitest'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import { guideOf } from './guide.ts'
import { guideSoFar } from './guide-so-far.ts'
import { localise } from './localise.ts'
import { compile } from './program.ts'
import { createSession } from './session.ts'
import { isConstant, submissionSchema } from './submission-schema.ts'
import { asciiDigits, directionOf, formatMessage, pickText } from './text.ts'

const v = (name: string) => ({ var: name })

describe('localise', () => {
  const definition = definitionOf([[{ id: 'a', type: 'radio', label: { en: 'A', fa: 'الف' }, options: [{ value: 'x', label: { en: 'Only English' } }] }]], {
    languages: ['fa', 'en', 'to'],
    tables: { names: { row: { en: 'stays', fa: 'stays too' } } },
    routes: [{ to: 'desk' }],
    'x-vendor': { en: 'stays' },
  } as never)

  it('keeps one language, the first offered where a translation is missing, and nothing else changes', () => {
    const one = localise(definition, 'en')
    expect(one.pages[0]?.fields[0]?.label).toEqual({ en: 'A' })
    expect(localise(definition, 'fa').pages[0]?.fields[0]?.label).toEqual({ fa: 'الف' })
    expect(localise(definition, 'fa').pages[0]?.fields[0]).toMatchObject({ options: [{ value: 'x', label: { en: 'Only English' } }] })
    expect(one.tables).toEqual(definition.tables)
    expect(one.routes).toEqual([{ to: 'desk' }])
    expect(one['x-vendor' as never]).toEqual({ en: 'stays' })
    expect(localise(one, 'en')).toEqual(one)
  })
})

describe('guide', () => {
  const definition = definitionOf(
    [
      [
        { id: 'rent', type: 'checkbox' },
        { id: 'name', type: 'text' },
      ],
    ],
    {
      agency: { name: { en: 'Agency' }, units: { desk: { en: 'Front desk' } } },
      documents: [
        { id: 'id', label: { en: 'Identity card' } },
        { id: 'lease', label: { en: 'Lease' }, when: v('rent') },
      ],
      fee: {
        lines: [
          { id: 'base', label: { en: 'Base' }, amount: { money: 1000 } },
          { id: 'extra', label: { en: 'Extra' }, amount: { if: [v('rent'), { money: 1 }, { money: 0 }] } },
        ],
      },
      stages: [
        { id: 's', label: { en: 'Check' }, unit: 'desk', term: { value: 3, unit: 'workingDays' } },
        { id: 't', label: { en: 'Pay' }, term: { value: 2, unit: 'workingDays' } },
      ],
    },
  )

  it('is derived: documents, steps, cost and time', () => {
    const guide = guideOf(compile(definition, fakeTypes))
    expect(guide.documents.map((item) => [item.document.id, item.certain])).toEqual([
      ['id', true],
      ['lease', false],
    ])
    expect(guide.steps.map((step) => step.units)).toEqual([[{ en: 'Front desk' }], []])
    expect(guide.cost).toMatchObject({ kind: 'depends', total: 1000 })
    expect(guide.time).toEqual({ minutes: 5, handling: { hours: 0, days: 0, workingDays: 5 } })
  })

  it('narrows with the answers', () => {
    const session = createSession(compile(definition, fakeTypes), { today: '2026-01-05', answers: { rent: true } })
    expect(guideSoFar(session).documents.map((item) => item.document.id)).toEqual(['id', 'lease'])
    expect(guideSoFar(session).total).toBe(1001)
  })

  it('knows what is constant: the day and an age are not', () => {
    expect(isConstant({ '+': [1, { money: 2 }] })).toBe(true)
    expect(isConstant({ age: ['2000-01-01'] })).toBe(false)
    expect(isConstant({ if: [{ '>': [{ today: [] }, '2026-01-01'] }, 1, 2] })).toBe(false)
  })
})

describe('submission schema', () => {
  it('requires what is always asked for, closes every object, leaves out what is never stored', () => {
    const definition = definitionOf([
      [
        { id: 'a', type: 'text' },
        { id: 'b', type: 'text', optional: true },
        { id: 'c', type: 'text', when: { has: v('a') } },
        { id: 'note', type: 'content' },
        { id: 'sum', type: 'computed', value: 1 },
        { id: 'rows', type: 'group', repeat: { min: 1, max: 4 }, fields: [{ id: 'd', type: 'number' }] },
        { id: 'box', type: 'group', fields: [{ id: 'e', type: 'checkbox' }] },
      ],
    ])
    expect(submissionSchema(compile(definition, fakeTypes))).toMatchObject({
      required: ['a', 'rows', 'e'],
      additionalProperties: false,
      properties: {
        a: { type: 'string', title: 'Label' },
        b: { type: 'string' },
        c: { type: 'string' },
        rows: { type: 'array', minItems: 1, maxItems: 4, items: { required: ['d'], additionalProperties: false } },
        e: { type: 'boolean' },
      },
    })
  })
})

describe('text', () => {
  it('picks the first language there is', () => {
    expect(pickText({ en: 'a', fa: 'b' }, ['hu', 'fa'])).toEqual({ text: 'b', language: 'fa' })
    expect(pickText({ en: 'a' }, ['hu'])).toEqual({ text: 'a', language: 'en' })
    expect(pickText(undefined, ['hu'])).toEqual({ text: '', language: 'hu' })
  })

  it('formats numbers and plurals as the language does', () => {
    const files = { one: '{count} file', other: '{count} files' }
    expect(formatMessage(files, { count: 1 }, 'en')).toBe('1 file')
    expect(formatMessage(files, { count: 1200 }, 'en')).toBe('1,200 files')
    expect(formatMessage('{count} پرونده', { count: 12 }, 'fa')).toBe('۱۲ پرونده')
    expect(formatMessage('{name}?', { name: '{count}', count: 3 }, 'en')).toBe('{count}?')
  })

  it('reads digits of any script', () => {
    expect(asciiDigits('۰۹۱۲ ٣٤٥٫٦ ７')).toBe('0912 345.6 7')
    expect(asciiDigits('\u202a12\u202c')).toBe('12')
  })

  it('knows directions', () => {
    expect([directionOf('fa-IR'), directionOf('el'), directionOf('fax')]).toEqual(['rtl', 'ltr', 'ltr'])
  })
})
