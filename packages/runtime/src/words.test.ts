import type { ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { wordsOf } from './words.ts'

const service = (language: string, locale: Partial<ServiceDefinition['locale']> = {}, messages = {}) =>
  wordsOf({
    language,
    messages,
    definition: {
      languages: ['el', 'en'],
      locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2, ...locale },
    } as unknown as ServiceDefinition,
  })
const plain = (text: string) => text.replace(/[\u200e\u200f\u061c]/g, '').replace(/[\u00a0\u202f]/g, ' ')

describe('money', () => {
  test('is whole minor units, with the decimals the service uses', () => {
    expect(service('en').money(123450)).toBe('€1,234.50')
    expect(plain(service('hu', { currency: 'HUF', decimals: 0 }).money(123450))).toBe('123 450 Ft')
  })
  test('is shown in the customary unit as well, where that comes out even', () => {
    const locale = { currency: 'IRR', decimals: 0, shownUnit: { name: { en: 'tomans' }, factor: 10 } }
    const words = service('en', locale, { 'money.alsoShown': '{amount} ({other} {unit})' })
    expect(plain(words.money(12000))).toBe('IRR 12,000 (1,200 tomans)')
    expect(plain(words.money(12003))).toBe('IRR 12,003')
  })
  test('and numbers are written in the reader’s digits', () => {
    expect(service('fa').number(1234)).toBe('۱٬۲۳۴')
    expect(plain(service('fa').money(100))).toContain('۱٫۰۰')
  })
})

describe('dates', () => {
  test('follow the service’s calendar', () => {
    expect(service('en').date('2026-03-21')).toBe('March 21, 2026')
    expect(service('fa', { calendar: 'persian' }).date('2026-03-21')).toContain('۱۴۰۵')
  })
  test('keep the hour that is written, whatever the reader’s own time zone', () => {
    expect(plain(service('en').date('2026-03-21T08:30'))).toContain('8:30')
  })
})

describe('texts', () => {
  test('come in the reader’s language, else in the first the service is offered in', () => {
    expect(service('en').text({ en: 'Name', el: 'Όνομα' })).toEqual({ text: 'Name', language: 'en' })
    expect(service('vi').text({ en: 'Name', el: 'Όνομα' })).toEqual({ text: 'Όνομα', language: 'el' })
    expect(service('en').text(undefined).text).toBe('')
  })
  test('of problems: the author’s own sentence, or the interface’s', () => {
    const words = service('en', {}, { required: 'Answer {label}' })
    expect(words.problem({ pointer: '/a', code: 'required' }, 'Name')).toEqual({ text: 'Answer Name', language: 'en' })
    expect(words.problem({ pointer: '/a', code: 'rule', message: { el: 'Λάθος' } }, 'Name')).toEqual({ text: 'Λάθος', language: 'el' })
  })
  test('that come later do not replace what the server says', () => {
    const words = service('en', {}, { send: 'Submit' })
    words.learn({ send: 'Send', retry: 'Again' })
    expect([words.message('send'), words.message('retry')]).toEqual(['Submit', 'Again'])
  })
  test('name languages as their speakers do, and run in their direction', () => {
    expect(service('fa').languageName('el')).toBe('Ελληνικά')
    expect([service('fa').direction, service('el').direction]).toEqual(['rtl', 'ltr'])
  })
})
