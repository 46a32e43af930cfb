import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lines } from './lines.ts'
import { promises, promisesTable } from './promises.ts'

const root = join(import.meta.dirname, '../../..')
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8')

it('are ten, each shown by tests, lines and faults that there are', () => {
  expect(promises).toHaveLength(10)
  const faults = page('faults.md')
  for (const { shown, lines: named = [], faults: broken = [] } of promises) {
    expect(named.length + broken.length).toBeGreaterThan(0)
    for (const name of named) expect(lines.map((line) => line.name)).toContain(name)
    for (const begin of broken) expect(faults).toMatch(new RegExp(`^(?:ok|SLOW) +${begin}`, 'm'))
    for (const [, path = ''] of shown.matchAll(/`([^` ]+\.test\.ts)`/g))
      expect([path, existsSync(join(root, path.startsWith('tests/') ? '' : 'packages/server/src', path))]).toEqual([path, true])
  }
})

it('stand on the page of security, with a place for the figures', () => {
  const security = page('security.md')
  for (const { promise } of promises) expect(security).toContain(promise)
  expect(security).toContain('<!-- promises: begin -->')
})

it('have their figures from the tables, and say where there are none', () => {
  const table = promisesTable(
    ['| T42 | `forged-receipts` | bits | 1012 | 0 of 1000 \\| x | none | c | reached |', '| x | `leaks` | | 1 | wrong |'].join('\n'),
    'ok   T1 killed under load: trials 5, lost 0; control (x): noticed\nFAIL T2 power cut: lost 3\nSLOW T3 PostgreSQL killed: trials 2; control',
  )
  expect(table).toContain('T42 `forged-receipts`, 1012 tried: 0 of 1000 \\| x')
  expect(table).toContain('T1 killed under load: trials 5, lost 0.<br>T2: not run.<br>T3 PostgreSQL killed: trials 2.')
  expect(table).toContain('`leaks`: not run')
})
