import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
  for (const { description, attributes, events } of declarations) {
    expect(description.length).toBeGreaterThan(20)
    expect(attributes.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['lang', 'base']))
    expect(events.map(({ name }: { name: string }) => name)).toContain('guichet-failed')
  }
})

test('the custom properties in it are those of the style sheet', () => {
  const { modules } = JSON.parse(files['generated/custom-elements.json'] as string)
  const documented = modules[0].declarations[0].cssProperties.map(({ name }: { name: string }) => name)
  expect([...documented].sort()).toEqual([...new Set(styles.match(/--guichet-[\w-]+/g))].sort())
})

test('the types are right for a page that listens, and wrong for one that misspells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-types-'))
  try {
    const check = (code: string) => {
      writeFileSync(join(folder, 'elements.d.ts'), files['generated/types/elements.d.ts'] as string)
      writeFileSync(join(folder, 'page.ts'), `import './elements'\n${code}`)
      const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', '']
      return spawnSync(join(root, '../../node_modules/.bin/tsc'), [...options, join(folder, 'page.ts')], { cwd: folder, encoding: 'utf8' })
    }
    const right = check(`document.querySelector('guichet-service')?.show('check')
document.addEventListener('guichet-submitted', ({ detail }) => console.log(detail.reference.length))
document.querySelector('guichet-status')?.addEventListener('guichet-case', ({ detail }) => console.log(detail.stage?.length))`)
    expect(right.stdout).toBe('')
    expect(right.status).toBe(0)
    expect(check(`document.addEventListener('guichet-submitted', ({ detail }) => console.log(detail.referenz))`).status).not.toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
