import { expect, test } from 'vitest'
import { keepUnfinished, putUnfinished, takeUnfinished, unfinishedAt } from './unfinished.ts'
import strings from './upload-strings.json' with { type: 'json' }
import { teller } from './upload-told.ts'
import { wordsOf } from './words.ts'

const wordsIn = (language: string) =>
  wordsOf({ language, messages: {}, definition: { languages: ['en'], locale: { calendar: 'gregory' } } as never }) as Parameters<typeof teller>[0]

/** Seconds. */
function told(language = 'en') {
  let time = 0
  const tell = teller(wordsIn(language), 'a.pdf', true, () => time * 1000)
  return (seconds: number, done: number, waiting = false) => {
    time = seconds
    return tell(done, waiting)
  }
}

test('every string is there in each language, with the same places', () => {
  for (const texts of Object.values(strings)) {
    expect(Object.keys(texts)).toEqual(['en', 'el', 'vi', 'hu', 'fa'])
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    for (const text of Object.values(texts)) expect(places(text)).toEqual(places(texts.en))
  }
})

test('what is left is told once there is something to reckon with, in steps that do not flicker', () => {
  const tell = told()
  expect(tell(0, 0).note).toBe('0%')
  expect(tell(1, 0.05).note).toBe('5%')
  expect(tell(10, 0.1).note).toBe('10% · about 90 seconds left')
  expect(tell(11, 0.105).note).toBe('11% · about 2 minutes left')
  expect(tell(99, 0.99).note).toBe('99% · about 10 seconds left')
  expect(tell(100, 1).note).toBe('100%')
  const fa = told('fa')
  fa(0, 0)
  expect(fa(10, 0.5).note).toBe('۵۰٪ · حدود ۱۰ ثانیه مانده')
})

test('each quarter is said once, the line’s coming and going too, and nothing else', () => {
  const tell = told()
  const said: string[] = []
  const steps: [number, number, boolean?][] = []
  for (let i = 0; i <= 200; i++) {
    steps.push([i, i / 200])
    if (i === 60) for (let j = 0; j < 5; j++) steps.push([i, i / 200, true])
  }
  for (const step of steps) {
    const { said: one } = tell(...step)
    if (one !== undefined) said.push(one)
  }
  expect(said).toEqual([
    'a.pdf: 25% uploaded. about 3 minutes left',
    'The connection is gone. The upload of a.pdf goes on by itself when it is back.',
    'The connection is back. The upload of a.pdf goes on.',
    'a.pdf: 50% uploaded. about 2 minutes left',
    'a.pdf: 75% uploaded. about 50 seconds left',
  ])
})

test('only the very same file goes on where it stopped, and from there once', () => {
  const file = { name: 'a.pdf', size: 5, lastModified: 7 }
  const one = { target: 't', name: 'a.pdf', size: 5, modified: 7, place: 'https://x/1', done: 0.1 }
  keepUnfinished('s/', one)
  keepUnfinished('s/', { ...one, done: 0.5 })
  expect(unfinishedAt('s/')).toEqual([{ ...one, done: 0.5 }])
  for (const other of [{ name: 'b.pdf' }, { size: 6 }, { lastModified: 8 }]) expect(takeUnfinished('s/', 't', { ...file, ...other })).toBeNull()
  expect(takeUnfinished('s/', 'u', file)).toBeNull()
  expect(takeUnfinished('other/', 't', file)).toBeNull()
  expect(takeUnfinished('s/', 't', file)).toBe('https://x/1')
  expect(takeUnfinished('s/', 't', file)).toBeNull()
  putUnfinished('s/', [one])
  expect(unfinishedAt('s/')).toEqual([one])
})
