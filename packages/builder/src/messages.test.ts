import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { operatorsOf } from './editor/condition-rows.ts'
import { sections } from './outline.ts'

const folder = import.meta.dirname
/** All but the names of settings, which schemas ask for. */
const messages: Record<string, Record<string, unknown>> = Object.assign(
  {},
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.messages.json') && !file.startsWith('settings.'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))

test('every edit is told in words, every part and operator has a name', () => {
  const keys = sources.flatMap((source) => [...source.matchAll(/\bkey: '(\w+)', params/g)].map(([, key]) => `done.${key}`))
  expect(new Set(keys).size).toBeGreaterThan(15)
  const wanted = [
    ...keys,
    ...sections.map((section) => `part.${section.slice(1)}`),
    'part.documents',
    ...Object.values(operatorsOf).flatMap((list) => list.map((name) => `operator.${name}`)),
  ]
  expect(wanted.filter((key) => !Object.hasOwn(messages, key))).toEqual([])
})

test('every kind of warning that can be published with has a name', () => {
  const lint = join(import.meta.dirname, '../../core/src/lint')
  const codes = readdirSync(lint).flatMap((file) => [...readFileSync(join(lint, file), 'utf8').matchAll(/\bwarning\(\s*'([\w.]+)'/g)].map(([, code]) => code))
  expect(new Set(codes).size).toBeGreaterThan(15)
  expect([...codes, 'policy.weak'].filter((code) => !Object.hasOwn(messages, `warning.${code}`))).toEqual([])
})

test('no string is left that nothing says', () => {
  const all = sources.join('\n')
  const composed = [
    'done.',
    'refused.',
    'save.',
    'part.',
    'operator.',
    'form.wrong.',
    'branding.',
    'findings.',
    'name.',
    'settings.',
    'editor.',
    'view.',
    'formula.',
    'paths.',
    'logic.',
    'why.',
    'tables.type.',
    'policy.preset.',
    'translation.',
    'exchange.',
    'embed.',
    'pageCheck.',
    'map.',
    'canvas.text.',
    'jump.',
    'fix.',
    'release.state.',
    'shadow.rule.',
    'warning.',
    'preview.when.',
    'logo.',
    'example.',
    'picture.fault.',
  ]
  const unused = Object.keys(messages).filter((key) => !all.includes(`'${key}'`) && !composed.some((prefix) => key.startsWith(prefix)))
  expect(unused).toEqual([])
})

test('places for values are the same in every language', () => {
  const placesOf = (message: unknown) => [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
  for (const [key, byLanguage] of Object.entries(messages)) {
    const wanted = placesOf(byLanguage.en)
    for (const message of Object.values(byLanguage)) expect(placesOf(message), key).toEqual(wanted)
  }
})
