/**
 * Makes a backup while the server runs. First the database, as it is at one moment; then the files that its rows name. A
 * file is there before its row and goes after it, so that what the rows of that moment name is there to be copied, but for
 * what was removed in between, which the manifest notes. Everything is read again before the backup gets its name.
 */
import { existsSync, renameSync, statSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { backup as copyDatabase, DatabaseSync } from 'node:sqlite'
import { CommandFailed } from '../commands/command.ts'
import type { Progress } from '../commands/progress.ts'
import { makeFolderDurably } from '../durable.ts'
import { filePath } from '../files/files.ts'
import { isThere } from '../is-there.ts'
import type { AgencyId } from '../store/store.ts'
import { type Copied, copyDurably, digestFile, forEach, freeBytes, inWords, syncPath } from './copy.ts'
import { databaseNames, listLine, listName, type Manifest, readList, unfinished, writeManifest } from './manifest.ts'
import { openPostgresSnapshot } from './postgres-snapshot.ts'
import { runTool } from './postgres-tools.ts'
import { checkAudit, countRows, type FileOfRow, filesOf, type Snapshot } from './snapshot.ts'
import { openSqliteSnapshot } from './sqlite-snapshot.ts'

export interface BackupRequest {
  dataDir: string
  /** Address of PostgreSQL as a role that reads everything; null: SQLite in dataDir. */
  databaseUrl: string | null
  /** False: the files are kept where they are backed up by other means. */
  withFiles: boolean
  /** Folder to be made. */
  to: string
  now(): Date
  progress: Progress['show']
  /** Where pg_dump is looked for. */
  path: string
}

export interface Backup {
  manifest: Manifest
  /** Names this backup: of its manifest. */
  digest: string
}

const filesAtOnce = 8

/** @throws CommandFailed */
export async function makeBackup(request: BackupRequest): Promise<Backup> {
  const to = resolve(request.to)
  if (existsSync(to)) throw new CommandFailed(`${to} is there already: a backup is made in a folder of its own.`)
  const folder = `${to}${unfinished}`
  if (existsSync(folder)) throw new CommandFailed(`${folder} is left of a backup that did not end. Remove it, and try again.`)
  makeFolderDurably(folder)
  try {
    const made = request.databaseUrl === null ? await backUpSqlite(request, folder) : await backUpPostgres(request, request.databaseUrl, folder)
    await syncPath(folder)
    renameSync(folder, to)
    await syncPath(dirname(to))
    return made
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function backUpSqlite(request: BackupRequest, folder: string): Promise<Backup> {
  const source = join(request.dataDir, databaseNames.sqlite)
  if (!isThere(source)) throw new CommandFailed(`There is no database ${source}. Is DATA_DIR right?`)
  const copy = join(folder, databaseNames.sqlite)
  await roomFor(folder, statSync(source).size)
  const madeAt = request.now().toISOString()
  const live = openSqliteSnapshot(source)
  try {
    // Within its transaction the copy does not begin anew whenever somebody writes.
    await copyDatabase(live.client, copy, {
      rate: 2000,
      progress: ({ totalPages, remainingPages }) => request.progress(totalPages - remainingPages, totalPages, 'database'),
    })
  } finally {
    await live.close()
  }
  const sealing = new DatabaseSync(copy)
  // One file, with nothing beside it that a copy could leave behind.
  sealing.exec('PRAGMA journal_mode = DELETE')
  sealing.close()
  await syncPath(copy)
  const snapshot = openSqliteSnapshot(copy)
  try {
    request.progress(0, 1, 'checking the database')
    const faults = await snapshot.faults(true)
    if (faults.length > 0)
      throw new CommandFailed(`The database is damaged, and so would be its backup: ${faults.slice(0, 3).join('; ')}. Restore the last good backup.`)
    const stillThere = ({ agency, id }: FileOfRow) => {
      const now = openSqliteSnapshot(source)
      try {
        return now.client.prepare('SELECT 1 FROM attachments WHERE agency_id = ? AND id = ?').get(agency, id) !== undefined
      } finally {
        now.client.close()
      }
    }
    return await finish(request, folder, madeAt, snapshot, async (row) => stillThere(row))
  } finally {
    await snapshot.close()
  }
}

async function backUpPostgres(request: BackupRequest, url: string, folder: string): Promise<Backup> {
  const madeAt = request.now().toISOString()
  const snapshot = await openPostgresSnapshot(url)
  try {
    const { rows } = await snapshot.client.query<{ role: string; reads: boolean; bytes: string }>(
      `SELECT current_user::text AS role, rolsuper OR rolbypassrls AS reads, pg_database_size(current_database()) AS bytes
       FROM pg_roles WHERE rolname = current_user`,
    )
    const { role, reads, bytes } = rows[0] as { role: string; reads: boolean; bytes: string }
    if (!reads)
      throw new CommandFailed(
        `Row-level security binds the role "${role}", so that it cannot copy the whole database. Make one that only reads: CREATE ROLE guichet_backup LOGIN PASSWORD ... BYPASSRLS; GRANT pg_read_all_data TO guichet_backup; and put its address into DATABASE_BACKUP_URL.`,
      )
    const copy = join(folder, databaseNames.postgres)
    const watching = setInterval(() => request.progress(existsSync(copy) ? statSync(copy).size : 0, Number(bytes), 'database'), 500)
    try {
      await runTool('pg_dump', ['--format=custom', `--snapshot=${await snapshot.exportId()}`, `--file=${copy}`], { address: url, path: request.path })
    } finally {
      clearInterval(watching)
    }
    await syncPath(copy)
    request.progress(0, 1, 'checking the database')
    // Reads all of it, and writes the statements to nowhere.
    await runTool('pg_restore', ['--file=/dev/null', copy], { address: null, path: request.path })
    const live = async ({ agency, id }: FileOfRow) => {
      const now = await openPostgresSnapshot(url)
      try {
        return (await now.client.query('SELECT 1 FROM attachments WHERE agency_id = $1 AND id = $2', [agency, id])).rowCount !== 0
      } finally {
        await now.close()
      }
    }
    return await finish(request, folder, madeAt, snapshot, live)
  } finally {
    await snapshot.close()
  }
}

/** Files and manifest. `live` says whether a row is still there now. */
async function finish(
  { dataDir, withFiles, progress }: BackupRequest,
  folder: string,
  madeAt: string,
  snapshot: Snapshot,
  live: (row: FileOfRow) => Promise<boolean>,
): Promise<Backup> {
  const rows = await countRows(snapshot)
  const audit = await checkAudit(snapshot, undefined, (events) => progress(events, rows.audit_events ?? 0, 'audit log'))
  const broken = audit.find(({ brokenAt }) => brokenAt !== null)
  if (broken)
    throw new CommandFailed(
      `The audit log of ${broken.agency} is broken at event ${broken.brokenAt}: someone or something changed it. Keep what there is, and find out before you go on.`,
    )
  const removedMeanwhile: FileOfRow[] = []
  const files = withFiles ? await copyFiles({ dataDir, folder, progress, total: rows.attachments ?? 0, snapshot, live, removedMeanwhile }) : null
  const name = databaseNames[snapshot.store]
  const manifest: Manifest = {
    format: 1,
    madeAt,
    store: snapshot.store,
    migrations: await snapshot.migrations(),
    database: { name, ...(await digestFile(join(folder, name))) },
    rows,
    audit: audit.map(({ agency, sequence, digest }) => ({ agency, sequence, digest })),
    files,
    removedMeanwhile,
  }
  return { manifest, digest: writeManifest(folder, manifest) }
}

async function copyFiles(of: {
  dataDir: string
  folder: string
  progress: Progress['show']
  total: number
  snapshot: Snapshot
  live: (row: FileOfRow) => Promise<boolean>
  removedMeanwhile: FileOfRow[]
}): Promise<NonNullable<Manifest['files']>> {
  const list = join(of.folder, listName)
  const folders = new Set<string>()
  let [count, bytes] = [0, 0]
  const lines = await open(list, 'wx', 0o600)
  try {
    await forEach(filesOf(of.snapshot), filesAtOnce, async (row) => {
      const path = join('files', filePath(row.agency as AgencyId, row.id))
      let copied: Copied
      try {
        copied = await copyDurably(join(of.dataDir, path), join(of.folder, path))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        if (await of.live(row))
          throw new CommandFailed(`The file of attachment ${row.id} of ${row.agency} is missing. guichet doctor --deep finds all of them.`)
        of.removedMeanwhile.push(row)
        return
      }
      folders.add(dirname(join(of.folder, path)))
      await lines.appendFile(listLine({ sha256: copied.sha256, path }))
      count++
      bytes += copied.bytes
      of.progress(count, of.total, 'files')
    })
    await lines.sync()
  } finally {
    await lines.close()
  }
  for (const folder of folders) await syncPath(folder)
  // What was written is read again: a disk that does not keep it should be found out today.
  let read = 0
  await forEach(readList(list), filesAtOnce, async ({ sha256, path }) => {
    if ((await digestFile(join(of.folder, path))).sha256 !== sha256)
      throw new CommandFailed(`${path} was not written as it was read. Is the disk of the backup sound?`)
    of.progress(++read, count, 'reading the files again')
  })
  return { count, bytes, listSha256: (await digestFile(list)).sha256 }
}

/** @throws CommandFailed */
async function roomFor(folder: string, bytes: number) {
  const free = await freeBytes(folder)
  if (free < bytes)
    throw new CommandFailed(`There is not enough room: the database has ${inWords(bytes)}, and ${inWords(free)} are free at ${dirname(folder)}.`)
}
