/** The history in words: every step has its sentence in every language, which names what was changed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { addDocument } from './editor/add-document.ts'
import { addField } from './editor/add-field.ts'
import { addLanguage } from './editor/add-language.ts'
import { addPage } from './editor/add-page.ts'
import { type BlockContent, detachBlock, insertBlock, markBlock } from './editor/block.ts'
import { changeFieldType } from './editor/change-field-type.ts'
import { copyParts } from './editor/copied-part.ts'
import { duplicateField } from './editor/duplicate-field.ts'
import { duplicateParts } from './editor/duplicate-parts.ts'
import { type Definition, type Edit, isRefused, type Words } from './editor/edit.ts'
import { editPart } from './editor/edit-part.ts'
import { editParts } from './editor/edit-parts.ts'
import { keepExample } from './editor/keep-example.ts'
import { moveDocument } from './editor/move-document.ts'
import { moveField } from './editor/move-field.ts'
import { movePage } from './editor/move-page.ts'
import { moveParts } from './editor/move-parts.ts'
import { pastePart } from './editor/paste-part.ts'
import { permit } from './editor/permit.test-helper.ts'
import { removeDocument } from './editor/remove-document.ts'
import { removeExample } from './editor/remove-example.ts'
import { removeField } from './editor/remove-field.ts'
import { removeLanguage } from './editor/remove-language.ts'
import { removePage } from './editor/remove-page.ts'
import { removeParts } from './editor/remove-parts.ts'
import { renameExample } from './editor/rename-example.ts'
import { renameField } from './editor/rename-field.ts'
import { renewExample } from './editor/renew-example.ts'
import { setTable } from './editor/set-table.ts'
import { translate } from './editor/translate.ts'
import { languages, useLanguage } from './language.ts'
import { sentenceOfStep } from './step-words.ts'

const text = (id: string, en: string) => ({ id, type: 'text', label: { en } })
const start = (): Definition => ({
  ...permit(),
  pages: [
    { id: 'you', title: { en: 'About you' }, fields: [text('name', 'Full name'), text('town', 'Home town')] },
    { id: 'end', title: { en: 'At the end' }, fields: [] },
  ] as never,
  documents: [
    { id: 'proof', label: { en: 'Proof of age' } },
    { id: 'photo', label: { en: 'Photograph' } },
  ],
  tables: { rates: { a: { day: 1 } } },
})
const [first, second] = ['/pages/0/fields/0', '/pages/0/fields/1']
const both = [first, second] as const
const copied = (...pointers: string[]) => copyParts(start(), pointers) as NonNullable<ReturnType<typeof copyParts>>
const block = { guichet: 'part', kind: 'field', parts: [text('street', 'Street')], tables: {}, languages: ['en'] } as unknown as BlockContent
const keep = keepExample({ name: 'Two of us', answers: {}, today: '2026-01-05', types: fieldTypes })
const keptFirst = (edit: Edit): readonly Edit[] => [keep, edit]
const insert = insertBlock({ content: block, block: 'person', version: 1, parent: '/pages/0', settings })

/** What the author did, what the history says of it in English, and what of it is a name in every language. */
const steps: readonly (readonly [done: Edit | readonly Edit[], sentence: string, ...names: string[]])[] = [
  [addPage({ title: 'Payment' }), 'Added page “Payment”', 'Payment'],
  [removePage({ pointer: '/pages/0' }), 'Removed page “About you”', 'About you'],
  [movePage({ pointer: '/pages/0', index: 1 }), 'Moved page “About you”', 'About you'],
  [addField({ parent: '/pages/0', type: 'text', label: 'E-mail' }), 'Added “E-mail”', 'E-mail'],
  [removeField({ pointer: first }), 'Removed “Full name”', 'Full name'],
  [moveField({ pointer: first, parent: '/pages/1' }), 'Moved “Full name”', 'Full name'],
  [duplicateField({ pointer: first, settings }), 'Duplicated “Full name”', 'Full name'],
  [changeFieldType({ pointer: first, type: 'number', settings }), 'Changed the kind of “Full name”', 'Full name'],
  [renameField({ pointer: first, id: 'whole', settings }), 'Renamed name to whole', 'name', 'whole'],
  [addDocument({ label: 'Passport' }), 'Added document “Passport”', 'Passport'],
  [removeDocument({ pointer: '/documents/0' }), 'Removed document “Proof of age”', 'Proof of age'],
  [moveDocument({ pointer: '/documents/0', index: 1 }), 'Moved document “Proof of age”', 'Proof of age'],
  [editPart({ pointer: first, path: '/optional', value: true }), 'Changed “Full name”', 'Full name'],
  [editParts({ pointers: both, path: '/optional', value: true, shown: {} }), 'Changed 2 parts'],
  [removeParts({ pointers: both }), 'Removed 2 parts'],
  [moveParts({ pointers: both, parent: '/pages/1' }), 'Moved 2 parts'],
  [duplicateParts({ pointers: both, settings }), 'Duplicated 2 parts'],
  [pastePart({ copied: copied(first), parent: '/pages/1', settings }), '“Full name” pasted', 'Full name'],
  [pastePart({ copied: copied(...both), parent: '/pages/1', settings }), 'Pasted 2 parts'],
  [addLanguage({ language: 'de' }), 'Added language German'],
  [removeLanguage({ language: 'fa', settings }), 'Removed language Persian'],
  [translate({ language: 'fa', texts: [[`${first}/label`, 'نام']], settings, part: '' }), 'Texts in Persian changed'],
  [setTable({ name: 'zones', table: { a: { day: 1 } } }), 'Table “zones” added', 'zones'],
  [setTable({ name: 'rates', table: { a: { day: 2 } } }), 'Table “rates” changed', 'rates'],
  [setTable({ name: 'rates', table: null }), 'Table “rates” removed', 'rates'],
  [keep, 'Kept example “Two of us”', 'Two of us'],
  [keptFirst(renewExample({ index: 0, types: fieldTypes })), 'Renewed example “Two of us”', 'Two of us'],
  [keptFirst(renameExample({ index: 0, name: 'A pair' })), 'Renamed example to “A pair”', 'A pair'],
  [keptFirst(removeExample({ index: 0 })), 'Removed example “Two of us”', 'Two of us'],
  [insert, 'Put in the shared block “person”', 'person'],
  [markBlock({ block: 'person', version: 1, paths: new Map([[first, 'name']]), of: null }), 'Kept as the shared block “person”', 'person'],
  [[insert, detachBlock({ block: 'person', use: 1 })], 'Detached from the shared block “person”', 'person'],
  [editPart({ pointer: '', path: '/stages', value: [{ id: 'check', label: { en: 'Check' } }] }), 'Changed “Handling”'],
  [editPart({ pointer: '', path: '/fee', value: { lines: [] } }), 'Changed “Fee and payment”'],
]
/** What no command does, but the editor itself. */
const deeds: readonly (readonly [Words, string, ...string[]])[] = [
  [{ key: 'open', params: {} }, 'Opened'],
  [{ key: 'recovered', params: {} }, 'Brought back what was not saved'],
  [{ key: 'merge', params: {} }, 'Merged with what somebody else saved'],
  [{ key: 'takeTheirs', params: {} }, "Took the other person's version"],
  [{ key: 'editPolicy', params: {} }, 'Changed who may use it'],
  [{ key: 'updateBase', params: {} }, 'Updated from the base'],
  [{ key: 'unlinkBase', params: {} }, 'Link to the base removed'],
  [{ key: 'updateBlock', params: { block: 'person' } }, 'Updated the shared block “person”', 'person'],
  [{ key: 'fixPart', params: { name: 'Full name' } }, 'Finding about “Full name” put right', 'Full name'],
  [{ key: 'fixService', params: {} }, 'Finding about the service put right'],
  [{ key: 'revert', params: { version: '3' } }, 'Version 3 brought back'],
]

function wordsOfAll(edits: readonly Edit[]): Words {
  let [definition, words] = [start(), null as Words | null]
  for (const edit of edits) {
    const outcome = edit(definition)
    if (isRefused(outcome)) throw new Error(`${outcome.refused} ${JSON.stringify(outcome.params)}`)
    ;({ definition, words } = outcome)
  }
  return words as Words
}
const all = () => [...steps.map(([done, ...said]) => [wordsOfAll(typeof done === 'function' ? [done] : done), ...said] as const), ...deeds]

/** What is written in each language, whatever else a sentence has in it. */
const letters: Readonly<Record<string, RegExp>> = { el: /\p{Script=Greek}/u, fa: /\p{Script=Arabic}/u }

describe('the history in words', () => {
  const speaking = async (language: string) => {
    vi.stubGlobal('localStorage', { setItem() {}, getItem: () => null })
    vi.stubGlobal('document', { documentElement: {}, dispatchEvent: () => true })
    await useLanguage(language)
  }
  afterEach(() => void vi.unstubAllGlobals())

  test('says in English what was done, and to what', async () => {
    await speaking('en')
    expect(all().map(([words]) => sentenceOfStep(words))).toEqual(all().map(([, sentence]) => sentence))
  })

  test.each(languages.filter((language) => language !== 'en'))('has a sentence for each step in %s, with its names', async (language) => {
    await speaking(language)
    for (const [words, english, ...names] of all()) {
      const said = sentenceOfStep(words)
      expect(said, english).not.toMatch(/[{}]|undefined/)
      expect(said, english).not.toBe(english)
      expect(said, english).toMatch(letters[language] ?? /\p{L}/u)
      for (const name of names) expect(said, english).toContain(name)
    }
  })

  test('leaves no sentence out', () => {
    const known = readdirSync(import.meta.dirname)
      .filter((file) => file.endsWith('.messages.json'))
      .flatMap((file) => Object.keys(JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))))
      .flatMap((key) => (key.startsWith('done.') ? [key.slice('done.'.length)] : []))
    expect(known.length).toBeGreaterThan(40)
    const told = new Set(all().map(([{ key }]) => key))
    expect(known.filter((key) => !told.has(key))).toEqual([])
  })
})
