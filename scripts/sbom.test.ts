import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockedPackages } from './locked-packages.ts'
import { billOfMaterials } from './sbom.ts'

const lockfile = readFileSync(join(import.meta.dirname, '../pnpm-lock.yaml'), 'utf8')

test('the bill of materials names every package of the lockfile, with its digest', () => {
  const { components } = billOfMaterials(lockfile, { name: 'guichet', version: '0.1.0' })
  const snapshots = [...lockfile.slice(lockfile.indexOf('\npackages:\n'), lockfile.indexOf('\nsnapshots:\n')).matchAll(/^ {2}\S.*:$/gm)]
  expect(components).toHaveLength(snapshots.length)
  expect(components.find(({ name }) => name === 'hono')?.purl).toMatch(/^pkg:npm\/hono@\d/)
  for (const { name, hashes } of components) expect(hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/)
  expect(JSON.stringify(billOfMaterials(lockfile, { name: 'guichet', version: '0.1.0' }).components)).toBe(JSON.stringify(components))
})

test('a lockfile of another kind is refused', () => {
  expect(() => lockedPackages('lockfileVersion: 5')).toThrow()
})
