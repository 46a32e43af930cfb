/** Pictures of the screens: each is shown in docs/screens.md with what is seen on it, and each that a document shows is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const docs = join(import.meta.dirname, '../docs')
const there = readdirSync(join(docs, 'screenshots')).filter((file) => file.endsWith('.png'))
const shownIn = (text: string) =>
  [...text.matchAll(/!\[([^\]]+)\]\((?:docs\/)?screenshots\/([\w-]+\.png)\)/g)].map(([, words, file]) => ({ words, file: file as string }))

test('every picture is on the page of screens, once, with words', () => {
  const shown = shownIn(readFileSync(join(docs, 'screens.md'), 'utf8'))
  expect(shown.map(({ file }) => file).sort()).toEqual([...there].sort())
})

test('every picture that a document shows is there', () => {
  const texts = [
    join(docs, '../README.md'),
    ...readdirSync(docs)
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(docs, file)),
  ]
  const missing = texts.flatMap((file) => shownIn(readFileSync(file, 'utf8'))).filter(({ file }) => !there.includes(file))
  expect(missing).toEqual([])
})
