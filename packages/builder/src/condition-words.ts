/**
 * When parts are asked, in words, for all that are drawn. A sentence is made again only where the condition is another, or what
 * one of the things it reads is called.
 */
import { reads } from '@guichet/core'
import type { Expression } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import type { ReadableName } from './editor/readable-names.ts'
import { language } from './language.ts'
import { readerAt } from './words-of.ts'

interface Said {
  /** What it was made of. */
  from: readonly (ReadableName | string | undefined)[]
  sentence: string
}

const said = new WeakMap<object, Said>()

/** By part; parts without a condition are left out. */
export function conditionsIn(definition: Definition, parts: readonly { part: string; when?: Expression | undefined }[]): ReadonlyMap<string, string> {
  const readers = new Map<string, ReturnType<typeof readerAt>>()
  const words = new Map<string, string>()
  for (const { part, when } of parts) {
    if (when === undefined) continue
    // Questions of one list read the same names.
    const list = part.slice(0, part.lastIndexOf('/'))
    const reader = readers.get(list) ?? readerAt(definition, part)
    readers.set(list, reader)
    if (typeof when !== 'object' || when === null) {
      words.set(part, reader.condition(when))
      continue
    }
    const read = reads(when)
    // What is read in the rows of a list has no name of its own here.
    const from = read.some(({ inside }) => inside.length > 0)
      ? null
      : [language(), definition.languages[0], definition.locale.currency, ...read.map(({ name }) => reader.named(name))]
    const last = said.get(when)
    if (from && last?.from.length === from.length && last.from.every((one, i) => one === from[i])) {
      words.set(part, last.sentence)
      continue
    }
    const sentence = reader.condition(when)
    if (from) said.set(when, { from, sentence })
    words.set(part, sentence)
  }
  return words
}
