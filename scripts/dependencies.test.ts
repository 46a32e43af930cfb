import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
/** Dependency to the packages that have it. */
const used = new Map<string, string[]>()
const versions = new Map<string, Set<string>>()
for (const file of globSync(['package.json', 'schemas/package.json', 'packages/*/package.json', 'examples/*/package.json'], { cwd: root })) {
  const content = JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>
  for (const kind of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])
    for (const [name, version] of Object.entries(content[kind] ?? {})) {
      if (version.startsWith('workspace:')) continue
      used.set(name, [...(used.get(name) ?? []), file])
      versions.set(name, (versions.get(name) ?? new Set()).add(version))
    }
}
const rows = [...read('docs/decisions/0004-dependencies.md').matchAll(/^\| `([^`]+)`\s*\|(.*)\|$/gm)].map(([, name, cells]) => ({
  name: name as string,
  cells: (cells as string).split('|').map((cell) => cell.trim()),
}))

test('every dependency has its reasons written down, and nothing has them that is gone', () => {
  expect(used.size).toBeGreaterThan(20)
  expect(rows.map(({ name }) => name).sort()).toEqual([...used.keys()].sort())
  for (const { name, cells } of rows) {
    expect(cells, name).toHaveLength(4)
    for (const cell of cells) expect(cell, name).not.toBe('')
  }
})

test('packages are held against the Node that is brought', () => {
  const brought = (JSON.parse(read('package.json')) as { devDependencies: { node: string } }).devDependencies.node
  expect(/^nodeVersion: (.*)$/m.exec(read('pnpm-workspace.yaml'))?.[1]).toBe(brought)
})

test('every dependency is pinned to one version throughout the workspace', () => {
  for (const [name, pinned] of versions) {
    expect([...pinned], `${name} in ${used.get(name)?.join(', ')}`).toHaveLength(1)
    // Types follow the Node that is installed.
    if (name !== '@types/node') expect([...pinned][0], name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
  }
})

test('only the packages that are named there run a script at install', () => {
  const [, allowed = ''] = /^allowBuilds:\n((?: {2}.+\n)+)/m.exec(read('pnpm-workspace.yaml')) ?? []
  const names = [...allowed.matchAll(/^ {2}'?([^':]+)'?: true$/gm)].map(([, name]) => name)
  expect(names).toEqual(rows.filter(({ cells }) => cells[2]?.includes('script')).map(({ name }) => name))
})
