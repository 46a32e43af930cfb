import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { headings, themes } from '@guichet/core/themes'
import { expect, test } from 'vitest'
import { styles } from '../src/styles.ts'
import { manifestFiles } from './manifest.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = manifestFiles()

test('the written manifest and types are those that the doc blocks give: run "node packages/runtime/build/manifest.ts"', () => {
  for (const [path, content] of Object.entries(files)) expect(readFileSync(join(root, path), 'utf8'), path).toBe(content)
})

test('all four elements are in it, each with its attributes and events', () => {
  const { modules } = JSON.parse(files['generated/custom-elements.json'] as string)
  const declarations = modules.flatMap((module: { declarations: object[] }) => module.declarations)
  expect(declarations.map(({ tagName }: { tagName: string }) => tagName)).toEqual(['guichet-catalog', 'guichet-guide', 'guichet-service', 'guichet-status'])
  const { members } = declarations.find(({ tagName }: { tagName: string }) => tagName === 'guichet-service')
  expect(members).toMatchObject([{ name: 'view' }, { name: 'transport' }, { name: 'visit', readonly: true }, { kind: 'method', name: 'show' }])
  for (const { description, attributes, events } of declarations) {
    expect(description.length).toBeGreaterThan(20)
    expect(attributes.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['lang', 'base']))
    expect(events.map(({ name }: { name: string }) => name)).toContain('guichet-failed')
  }
})

test('the custom properties in it are those of the style sheets and of the themes, and the documentation has the same', () => {
  const source = (path: string) => readFileSync(join(root, path), 'utf8')
  const sheets = [styles, headings, source('src/more-styles.ts'), source('src/error-summary.ts'), ...Object.values(themes).map(({ css }) => css)].join('')
  const used = [...new Set(sheets.match(/--guichet-[\w-]+/g))].sort()
  const { modules } = JSON.parse(files['generated/custom-elements.json'] as string)
  const documented = modules[0].declarations[0].cssProperties.map(({ name }: { name: string }) => name)
  expect([...documented].sort()).toEqual(used)
  // In a table there, those of a family share their beginning.
  const table = source('../../docs/embedding.md').replace(/`(--guichet-\w+-)\w+`(?:, `-\w+`)+/g, (line, family) => line.replace(/`-(\w+)`/g, `\`${family}$1\``))
  expect([...new Set(table.match(/--guichet-[\w-]*\w/g))].sort()).toEqual(used)
})

// The pages hold both: what must compile, and lines that must not, each marked so that the compiler objects if it does.
test('the types are right for applications in plain TypeScript, React and Vue, and wrong for what is misspelt', () => {
  const { stdout, status } = spawnSync(join(root, '../../node_modules/.bin/tsc'), ['-p', join(root, '../../examples/pages')], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
