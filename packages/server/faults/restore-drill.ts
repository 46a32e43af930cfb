/**
 * T9: backups are made while citizens send, each is restored to an empty place, and everything that was acknowledged before
 * the backup began must be there: row, receipt, file, and an audit log that holds.
 */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { makeBackup } from '../src/backup/backup.ts'
import { digestFile } from '../src/backup/copy.ts'
import { backUpKeys } from '../src/backup/keys.ts'
import { readManifest, writeManifest } from '../src/backup/manifest.ts'
import { restore } from '../src/backup/restore.ts'
import { type Acknowledged, newKey, newSending, post, readAcknowledged, upload } from './citizen.ts'
import { compare } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace } from './server-process.ts'

const clients = 8
const quiet = { progress() {}, path: process.env.PATH ?? '', now: () => new Date() }

export async function restoreDrill(times: number): Promise<Outcome> {
  const place = newPlace()
  const acknowledged: Acknowledged[] = []
  let stopping = false
  let failure: unknown = null
  const at = (name: string) => join(place.folder, name)
  try {
    const server = await place.start()
    const citizen = async (withFiles: boolean) => {
      try {
        while (!stopping) {
          const file = withFiles ? JSON.parse((await upload(server.url)).text).id : null
          acknowledged.push(readAcknowledged(await post(server.url, newSending(newKey(), { file }))))
        }
      } catch (error) {
        failure ??= error
      }
    }
    const citizens = Array.from({ length: clients }, (_, i) => citizen(i % 4 === 0))
    const before: Acknowledged[][] = []
    let came = 0
    for (let i = 0; i < times; i++) {
      // Some come in before each, so that no two backups are of the same.
      for (const enough = acknowledged.length + clients; acknowledged.length < enough && !failure; ) await new Promise((resolve) => setTimeout(resolve, 10))
      if (failure) throw failure
      before.push([...acknowledged])
      await makeBackup({ ...quiet, dataDir: place.data, databaseUrl: null, withFiles: true, to: at(`backup-${i}`) })
      came += acknowledged.length - (before[i]?.length ?? 0)
    }
    await backUpKeys(join(place.data, 'keys'), at('keys'))
    const control = await plainCopyIsRefused(place.data, at)
    stopping = true
    await Promise.all(citizens)
    if (failure) throw failure
    await server.stop()

    let restored = 0
    let [lost, later] = [0, 0]
    for (let i = 0; i < times; i++) {
      const dataDir = at(`restored-${i}`)
      const { keys } = await restore({ ...quiet, from: at(`backup-${i}`), keysFrom: at('keys'), dataDir, ownerUrl: null })
      const { lost: gone, duplicates, damage, chainBreak } = await compare(dataDir, before[i] ?? [])
      lost += gone
      later += duplicates
      if (keys.bad.length === 0 && gone === 0 && damage === null && chainBreak === null) restored++
    }
    return {
      good: restored === times && lost === 0 && came > 0 && control,
      line: `T9 restored from backups under load: ${restored} of ${times}, acknowledged ${before.at(-1)?.length} before the last backup, lost ${lost}, ${came} came in while backups were made (of which ${later} rows are in them); control (a plain copy of the live database): ${control ? 'refused' : 'NOT REFUSED'}`,
    }
  } finally {
    stopping = true
    await place.close()
  }
}

/**
 * The control: what a copy of the file alone holds, without what SQLite keeps beside it, put into a backup in place of the
 * real one and its digest written into the manifest. The rest of the manifest must tell.
 */
async function plainCopyIsRefused(data: string, at: (name: string) => string): Promise<boolean> {
  await makeBackup({ ...quiet, dataDir: data, databaseUrl: null, withFiles: true, to: at('plain') })
  const database = join(at('plain'), 'guichet.db')
  cpSync(join(data, 'guichet.db'), database)
  const manifest = readManifest(at('plain'))
  writeManifest(at('plain'), { ...manifest, database: { name: 'guichet.db', ...(await digestFile(database)) } })
  return restore({ ...quiet, from: at('plain'), keysFrom: null, dataDir: at('of-plain'), ownerUrl: null }).then(
    () => false,
    () => true,
  )
}
