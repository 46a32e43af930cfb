import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newAttachmentId } from '../codes.ts'
import { move } from '../commands/move.ts'
import { readConfig } from '../config.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { newBox, openBox, reopenBox } from '../keys/seal-box.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { AgencyId } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { s3IsThere, startS3, type TestS3 } from '../testing/s3.ts'
import { CopyDiffers, copyFiles } from './copy-files.ts'
import type { Files } from './files.ts'
import { filePath } from './files.ts'
import { allOf, contentOf, streamOf } from './files-suite.ts'
import { filesFolder, openFiles } from './open-files.ts'

const [city, town] = ['city', 'town'] as [AgencyId, AgencyId]
const kek = testKek(new Uint8Array(32).fill(1))

describe.skipIf(!s3IsThere())('files from the folder to an object store', () => {
  let s3: TestS3
  let folder: string
  let disk: Files
  let store: Files
  let env: Record<string, string>
  const ids: string[] = []
  const box = newBox(kek, 'owner')
  beforeAll(async () => {
    s3 = await startS3()
    folder = mkdtempSync(join(tmpdir(), 'guichet-copy-'))
    const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.place
    env = { DATA_DIR: folder, S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey }
    disk = openFiles(readConfig({ DATA_DIR: folder }), () => new Date())
    store = openFiles(readConfig(env), () => new Date())
    const database = openSqliteStore(join(folder, 'guichet.db'), () => new Date())
    for (const agency of [city, town]) await database.ensureAgency(agency, agency, new Date().toISOString())
    await database.close()
    for (let i = 0; i < 20; i++) {
      ids.push(newAttachmentId())
      await disk.put(i < 15 ? city : town, ids[i] as string, streamOf(contentOf(i * 1000 + 1)), 1e9, i === 0 ? openBox : box)
    }
  })
  beforeEach(() => {
    s3.mischief = () => null
    s3.asked.length = 0
  })
  afterAll(async () => {
    await s3?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const copied = () => copyFiles(disk, store, [city, town], () => {})
  const puts = () => s3.asked.filter(({ method }) => method === 'PUT').length

  it('are the same there, sealed as they were, and are not sent twice', async () => {
    const steps: number[] = []
    const result = await copyFiles(disk, store, [city, town], (done, total) => void steps.push(done / total))
    expect(result.map(({ agency, files }) => [agency, files])).toEqual([
      [city, 15],
      [town, 5],
    ])
    expect(puts()).toBe(20)
    expect([steps.length, steps.at(-1)]).toEqual([20, 1])
    const again = reopenBox(kek, box.sealing!, 'owner')
    for (const [i, id] of ids.entries()) {
      const read = await allOf(store.read(i < 15 ? city : town, id, i === 0 ? openBox : again))
      expect(read.equals(contentOf(i * 1000 + 1))).toBe(true)
    }
    s3.asked.length = 0
    expect(await copied()).toEqual(result)
    expect(puts()).toBe(0)
  })

  it('that differ are named', async () => {
    await copied()
    const id = ids[3] as string
    writeFileSync(join(filesFolder({ dataDir: folder }), filePath(city, id)), contentOf(3029))
    await expect(copied()).rejects.toThrow(CopyDiffers)
    await expect(copied()).rejects.toThrow(id)
    await disk.remove(city, id)
    await copied()
  })

  it('are copied by guichet move --files, when no server uses the folder', async () => {
    const said = { out: '', err: '' }
    const call = (more: Record<string, string> = {}) => ({
      words: [],
      value: () => null,
      flag: (name: string) => name === 'files',
      env: { ...env, ...more },
      out: { write: (text: string) => (said.out += text) },
      err: { write: (text: string) => (said.err += text) },
    })
    expect(await move.run(call())).toBe(0)
    expect(said.out).toMatch(/^city\tfiles\t14\t\d+\ntown\tfiles\t5\t\d+\n$/)
    expect(said.err).toMatch(/19 files are the same in both/)
    await expect(move.run(call({ S3_ENDPOINT: '', S3_BUCKET: '', S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY: '' }))).rejects.toThrow(/S3_ENDPOINT/)
    const lock = lockDataDir(folder)
    await expect(move.run(call())).rejects.toThrow(/in use by another server/)
    lock.release()
  })
})
