import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openDiskFiles } from './disk-files.ts'
import { filesSuite } from './files-suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const raw = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

filesSuite('files in a folder', () => ({ files: openDiskFiles(folder), raw }), [0, 1, 65_535, 65_537, 300_000])

it('says that a folder is none', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  await expect(openDiskFiles(join(file, 'below')).check()).rejects.toThrow()
})
