import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { newAttachmentId } from '../codes.ts'
import { openBox } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'
import { openDiskFiles } from './disk-files.ts'
import { allOf, contentOf, filesSuite, streamOf } from './files-suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const raw = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n')

filesSuite('files in a folder', () => ({ files: openDiskFiles(folder), raw }), [0, 1, 262_132, 262_143, 262_144, 262_145, 600_000])

it('says that a folder is none', async () => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  await expect(openDiskFiles(join(file, 'below')).check()).rejects.toThrow()
})

it('takes a file that comes in crumbs', async () => {
  const [files, content, id] = [openDiskFiles(folder), contentOf(10_001), newAttachmentId()]
  await files.put('city' as AgencyId, id, streamOf(content, 3), content.length, openBox)
  expect((await allOf(files.read('city' as AgencyId, id, openBox))).equals(content)).toBe(true)
})

it('keeps a file whose folder was taken away meanwhile', async () => {
  const [files, id] = [openDiskFiles(folder), newAttachmentId()]
  await files.put('gone' as AgencyId, id, streamOf(contentOf(10)), 10, openBox)
  rmSync(join(folder, 'gone'), { recursive: true })
  await files.put('gone' as AgencyId, id, streamOf(contentOf(10)), 10, openBox)
  expect(await files.has('gone' as AgencyId, id)).toBe(true)
})
