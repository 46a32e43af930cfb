/**
 * Every wrong definition is a file of this folder: whole, or a patch over one that is right, and the findings it must give.
 * `set`: JSON pointer to value (a last "-" appends); `remove`: pointers.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '@guichet/schemas'
import type { Validate } from '@guichet/schemas/validators'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import languages from '../languages.json' with { type: 'json' }
import messages from '../lint.messages.json' with { type: 'json' }
import { lint, lintText } from '../lint.ts'
import type { Message } from '../text.ts'
import { settingsWith, types } from './types.test-helper.ts'

const ajv = new Ajv2020({ allErrors: true, strict: false })
const settings = settingsWith((schema) => ajv.compile(schema) as unknown as Validate)

interface Fixture {
  definition?: Json
  set?: Record<string, Json>
  remove?: string[]
  expects: { code: string; pointer: string }[]
}

const here = import.meta.dirname
const read = (file: string) => JSON.parse(readFileSync(join(here, file), 'utf8'))
const fixtures = readdirSync(here)
  .filter((file) => file.endsWith('.json') && file !== 'right.json')
  .map((file) => ({ file, fixture: read(file) as Fixture }))

type Container = Record<string, unknown>

function patched({ definition = read('right.json'), set = {}, remove = [] }: Fixture): Json {
  const parentOf = (pointer: string) => {
    const keys = pointer.split('/').slice(1)
    const key = keys.pop() as string
    let parent = definition as Container
    for (const name of keys) parent = parent[name] as Container
    return { parent, key }
  }
  for (const [pointer, value] of Object.entries(set)) {
    const { parent, key } = parentOf(pointer)
    if (Array.isArray(parent) && key === '-') parent.push(value)
    else parent[key] = value
  }
  for (const pointer of remove) {
    const { parent, key } = parentOf(pointer)
    if (Array.isArray(parent)) parent.splice(Number(key), 1)
    else delete parent[key]
  }
  return definition
}

const inLanguage = (language: string) =>
  Object.fromEntries(Object.entries(messages as Record<string, Record<string, Message>>).map(([key, texts]) => [key, texts[language] as Message]))
const sentenceOf = (key: string) => (messages as Record<string, Record<string, Message>>)[key]
const codes = Object.keys(messages)
  .map((key) => key.slice('lint.'.length))
  .filter((key) => !key.startsWith('kind.') && key !== 'suggestion')

describe('wrong definitions', () => {
  test('the definition they are made of is right', () => {
    expect(lint(read('right.json'), types, settings)).toEqual([])
  })

  test.each(fixtures.map(({ file, fixture }) => [file, fixture] as const))('%s', (_file, fixture) => {
    const found = lint(patched(fixture), types, settings)
    const sorted = (list: readonly { code: string; pointer: string }[]) => list.map(({ code, pointer }) => `${code} ${pointer}`).sort()
    expect(sorted(found)).toEqual(sorted(fixture.expects))
    for (const finding of found) {
      for (const language of languages.languages) {
        const message = sentenceOf(`lint.${finding.code}`)?.[language]
        expect(message, `${finding.code} in ${language}`).toBeTruthy()
        for (const [, name] of JSON.stringify(message).matchAll(/\{(\w+)\}/g))
          expect(Object.keys(finding.params), `${finding.code} in ${language}`).toContain(name)
        const sentence = lintText(finding, inLanguage(language), language)
        expect(sentence).not.toMatch(/undefined|null|\[object|lint\.|json-/)
      }
    }
  })

  test('there is one for every finding', () => {
    const covered = new Set(fixtures.flatMap(({ fixture }) => fixture.expects.map(({ code }) => code)))
    expect(codes.filter((code) => !covered.has(code))).toEqual([])
  })

  test('every finding named in the code has a sentence', () => {
    const folder = join(here, '..')
    const files = [
      ...readdirSync(join(folder, 'lint')).map((file) => join('lint', file)),
      ...readdirSync(folder).filter((file) => file.startsWith('expression-check')),
    ]
    const named = files
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => {
        const code = readFileSync(join(folder, file), 'utf8')
        const plain = [...code.matchAll(/(?:\berror|\bwarning|oneOf)\((?:[^()'`]*, )?'([a-zA-Z]+\.[a-zA-Z]+)'/g)].map(([, name]) => name as string)
        const inExpressions = [...code.matchAll(/\breport\('([a-zA-Z]+)'/g)].map(([, name]) => `expression.${name}`)
        return [...plain, ...inExpressions]
      })
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((code) => !codes.includes(code))).toEqual([])
  })
})
