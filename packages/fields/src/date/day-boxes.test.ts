import languageList from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import { partsInOrder } from './day-boxes.view.ts'

const orderOf = (language: string, calendar: string) =>
  new Intl.DateTimeFormat(language, { calendar, dateStyle: 'long' })
    .formatToParts(0)
    .map(({ type }) => type)
    .filter((type) => ['day', 'month', 'year'].includes(type))

test.each(['gregory', 'persian'] as const)('boxes stand in the order that Intl writes a date in (%s)', (calendar) => {
  for (const language of [...languageList.languages, 'de', 'ja', 'en-US', 'en-GB']) {
    // What is only "en" is not American.
    expect([language, ...partsInOrder(language, calendar)]).toEqual([language, ...orderOf(language === 'en' ? 'en-GB' : language, calendar)])
    // Asked twice, as it is kept.
    expect(partsInOrder(language, calendar)).toEqual(partsInOrder(language, calendar))
  }
})
