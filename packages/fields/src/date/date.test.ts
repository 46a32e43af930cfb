import { type FieldContext, formatMessage, type Json } from '@guichet/core'
import { describe, expect, test } from 'vitest'
import type { DateField } from '../../generated/settings.ts'
import { listeners } from '../listeners.test-helper.ts'
import messages from './date.messages.json' with { type: 'json' }
import { date } from './date.ts'
import { view } from './date.view.ts'
import { boxesOf } from './date-text.ts'

const context: FieldContext = { locale: { timeZone: 'Asia/Tehran', calendar: 'persian', currency: 'IRR', decimals: 0 }, today: '2026-01-05', tables: {} }
const field: DateField = { id: 'd', type: 'date', label: { en: 'Day' } }
const read = (input: Json, settings = field, at = context) => {
  const parsed = date.parse(input, settings, at)
  return 'value' in parsed ? parsed.value : parsed.finding
}

/** What the view makes of typing into one of its boxes while it shows `input`. */
const typing = (input: Json, part: string, text: string, language = 'fa'): Json => {
  let taken: Json = null
  const drawn = view.render({
    id: 'd',
    name: 'd',
    field,
    input,
    value: null,
    describedBy: undefined,
    invalid: false,
    required: true,
    language,
    context,
    text: () => ({ text: '', language }),
    message: (key) => key,
    onInput: (next) => {
      taken = next
    },
    redraw: () => {},
  })
  const listener = listeners(drawn).find(({ event, before }) => event === 'input' && before.includes(`name="d-${part}"`))
  listener?.call({ target: { value: text } })
  return taken
}

describe('the three boxes', () => {
  test('keep what was typed, part by part, until it is a date', () => {
    expect(typing(null, 'day', '۲۲')).toBe('//۲۲')
    expect(typing('//۲۲', 'year', '۱۳۵۹')).toBe('۱۳۵۹//۲۲')
    expect(typing('۱۳۵۹//۲۲', 'month', '۲')).toBe('۱۳۵۹/۲/۲۲')
    expect(read('۱۳۵۹/۲/۲۲')).toBe('1980-05-12')
    expect(typing('۱۳۵۹/۲/۲۲', 'month', 'x')).toBe('۱۳۵۹/x/۲۲')
    expect(boxesOf('۱۳۵۹/x/۲۲', 'persian', 'fa')).toEqual({ year: '۱۳۵۹', month: 'x', day: '۲۲' })
    expect(typing('//۲۲', 'day', '')).toBe('')
  })
  test('take a whole date that is pasted into one of them', () => {
    expect(typing(null, 'day', '۱۳۵۹/۰۲/۲۲')).toBe('1359/02/22')
    expect(typing('1/2/3', 'year', '22.2.1359')).toBe('1359/2/22')
    expect(typing('1/2/3', 'year', '13/')).toBe('13/2/3')
  })
  test('show a stored date in the calendar and the digits of the reader', () => {
    expect(boxesOf('1980-05-12', 'persian', 'fa')).toEqual({ year: '۱۳۵۹', month: '۲', day: '۲۲' })
    expect(boxesOf('1980-05-12', 'persian', 'en')).toEqual({ year: '1359', month: '2', day: '22' })
    expect(boxesOf('1980-05-12', 'gregory', 'el')).toEqual({ year: '1980', month: '5', day: '12' })
  })
  test('stand in the order of the language', () => {
    const order = (language: string) => {
      const names: string[] = []
      for (const part of ['day', 'month', 'year']) expect(typing(null, part, '1', language)).not.toBeNull()
      const drawn = view.render({ ...props(language) })
      for (const { event, before } of listeners(drawn)) if (event === 'input') names.push(/name="d-(\w+)"/.exec(before)?.[1] ?? '')
      return names.join(' ')
    }
    expect(['en', 'el', 'vi', 'fa'].map(order)).toEqual(Array(4).fill('day month year'))
    expect(order('hu')).toBe('year month day')
    expect(order('en-US')).toBe('month day year')
  })
})

const props = (language: string): Parameters<typeof view.render>[0] => ({
  id: 'd',
  name: 'd',
  field,
  input: null,
  value: null,
  describedBy: undefined,
  invalid: false,
  required: true,
  language,
  context: { ...context, locale: { ...context.locale, calendar: 'gregory' } },
  text: () => ({ text: '', language }),
  message: (key) => key,
  onInput: () => {},
  redraw: () => {},
})

test('a limit is named in the calendar of the field and the language of the reader', () => {
  const limited: DateField = { ...field, min: '2025-03-20' }
  const finding = date.check?.('2025-03-19', limited, context)
  expect(formatMessage(messages.tooEarly.fa, finding?.params ?? {}, 'fa')).toContain('۳۰ اسفند ۱۴۰۳')
  const gregorian = date.check?.('2025-03-19', { ...limited, calendar: 'gregory' }, context)
  expect(formatMessage(messages.tooEarly.hu, gregorian?.params ?? {}, 'hu')).toContain('2025. március 20.')
})

test('a day that does not exist says how long its month is', () => {
  expect(read('1404/12/30')).toEqual({ code: 'day', params: { count: 29 } })
  expect(formatMessage(messages.day.fa, { count: 29 }, 'fa')).toContain('۲۹')
  expect(read('2025/2/30')).toEqual({ code: 'day', params: { count: 28 } })
})

test('a stored date stays what it is in either calendar', () => {
  for (const calendar of ['gregory', 'persian'] as const)
    for (const iso of ['1700-01-01', '1721-03-20', '1980-05-12', '2025-03-20', '2320-12-31', '9999-12-31'])
      expect(read(iso, { ...field, calendar }), `${iso} ${calendar}`).toBe(iso)
})
