import type { ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { dataSheet, sheetChanges } from './data-sheet.ts'

const text = (en: string) => ({ en })
const definition = (change: (definition: ServiceDefinition) => void = () => {}): ServiceDefinition => {
  const made = {
    format: 1,
    id: 'card',
    languages: ['en'],
    title: text('Card'),
    agency: { name: text('City') },
    locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    guide: { legalBasis: text('Act 1') },
    pages: [
      {
        id: 'p',
        title: text('You'),
        fields: [
          { id: 'name', type: 'text', label: text('Name'), personalData: 'ordinary', purpose: text('To know who asks') },
          { id: 'colour', type: 'text', label: text('Colour'), personalData: 'none' },
          {
            id: 'box',
            type: 'group',
            label: text('Box'),
            fields: [{ id: 'health', type: 'text', label: text('Health'), personalData: 'special', legalBasis: text('Act 9') }],
          },
          {
            id: 'members',
            type: 'group',
            label: text('Members'),
            repeat: { min: 0, max: 3 },
            fields: [{ id: 'age', type: 'number', label: text('Age'), personalData: 'child' }],
          },
        ],
      },
    ],
    documents: [{ id: 'passport', label: text('Passport'), personalData: 'identifier' }],
    dataProtection: { purpose: text('To give a card'), keptMonths: 24, recipients: [{ name: text('Printer') }] },
  } as unknown as ServiceDefinition
  change(made)
  return made
}

describe('the sheet of a service', () => {
  test('has every field and document with personal data, with the nearest purpose and basis', () => {
    const sheet = dataSheet(definition())
    expect(sheet.items.map(({ id, kind, purpose, legalBasis }) => [id, kind, purpose?.en, legalBasis?.en])).toEqual([
      ['name', 'ordinary', 'To know who asks', 'Act 1'],
      ['health', 'special', 'To give a card', 'Act 9'],
      ['members.age', 'child', 'To give a card', 'Act 1'],
      ['passport', 'identifier', 'To give a card', 'Act 1'],
    ])
    expect(sheet.kinds).toEqual(['ordinary', 'identifier', 'child', 'special'])
    expect(sheet.purposes.map(({ en }) => en)).toEqual(['To give a card', 'To know who asks'])
    expect(sheet.legalBases.map(({ en }) => en)).toEqual(['Act 1', 'Act 9'])
    expect([sheet.keptMonths, sheet.recipients.length, sheet.officer]).toEqual([24, 1, null])
  })

  test('says what changed, and nothing of what did not', () => {
    const after = definition((changed) => {
      const [name, colour] = changed.pages[0]!.fields as unknown as Record<string, unknown>[]
      Object.assign(name!, { purpose: text('To write to you') })
      Object.assign(colour!, { personalData: 'special' })
      delete changed.documents
      changed.dataProtection = { ...changed.dataProtection, keptMonths: 36, people: text('Applicants') }
      changed.title = text('Another title')
    })
    expect(sheetChanges(dataSheet(definition()), dataSheet(after)).map(({ code, label }) => [code, label?.en])).toEqual([
      ['purpose', 'Name'],
      ['added', 'Colour'],
      ['removed', 'Passport'],
      ['people', undefined],
      ['kept', undefined],
    ])
    expect(sheetChanges(dataSheet(after), dataSheet(after))).toEqual([])
  })
})
