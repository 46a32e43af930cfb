import { readdirSync, readFileSync } from 'node:fs'
import type { Field, Json } from '@guichet/core'
import { expect, test } from 'vitest'
import type { FieldView } from './field-view.ts'
import './date/persian-day.view.ts'
import { saidLater, usualTypes } from './usual.ts'

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const context = { locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2, weekStart: 1 }, today: '2026-01-05', tables: {} }

/** Every key of a type's strings that its view asks for, over settings and inputs of all kinds. */
async function drawnWith(type: string): Promise<Set<string>> {
  const module = Object.values((await import(`./${type}/${type}.view.ts`)) as Record<string, FieldView<never>>)
  const view = module.find((each) => typeof each?.render === 'function') as FieldView<never>
  const settings: Field[] = [{ id: 'a', type, label: { en: 'A' } } as Field, ...read(`./${type}/schema.json`).examples]
  const inputs: Json[] = [null, '', 'x', '2020-02-03', '12', ['a'], true, { day: '3', month: '2', year: '2020' }]
  const keys = new Set<string>()
  for (const field of settings)
    for (const input of inputs)
      for (const invalid of [false, true])
        for (const calendar of ['gregory', 'persian'])
          try {
            view.render({
              id: 'f',
              name: 'a',
              field,
              input,
              value: input,
              describedBy: undefined,
              invalid,
              required: true,
              language: 'en',
              context: { ...context, locale: { ...context.locale, calendar } },
              text: () => ({ text: '', language: 'en' }),
              message: (key: string) => {
                keys.add(`${type}.${key}`)
                return ''
              },
              onInput: () => {},
              redraw: () => {},
            } as never)
          } catch {
            // An input that no person can make here.
          }
  return keys
}

test('what a usual type draws with comes with the service; the rest with the checking', async () => {
  for (const type of usualTypes) {
    const drawn = await drawnWith(type)
    const strings = Object.keys(read(`./${type}/${type}.messages.json`)).map((key) => `${type}.${key}`)
    expect([...drawn].filter(saidLater), type).toEqual([])
    for (const key of drawn) expect(strings, type).toContain(key)
    // Nothing comes early for no reason.
    expect(strings.filter((key) => !saidLater(key)).sort(), type).toEqual([...drawn].sort())
  }
})

test('strings of other types always come with the service', () => {
  const others = readdirSync(new URL('.', import.meta.url)).filter((name) => !usualTypes.has(name))
  for (const type of others) expect(saidLater(`${type}.any`)).toBe(false)
})
