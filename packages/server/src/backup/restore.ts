/**
 * Puts a backup into an empty place. Everything that can be checked before is; then all of it is copied beside where it
 * belongs, checked again, and moved there in one step.
 */
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { checkLog } from '../audit/check-log.ts'
import { CommandFailed } from '../commands/command.ts'
import type { Progress } from '../commands/progress.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { makeFolderDurably } from '../durable.ts'
import { filePath } from '../files/files.ts'
import type { AgencyId } from '../store/store.ts'
import { copyDurably, digestFile, forEach, freeBytes, inWords, syncPath } from './copy.ts'
import { checkKeys, type KeyCheck, restoreKeys } from './keys.ts'
import { databaseNames, listName, type Manifest, readList, readManifest, unfinished } from './manifest.ts'
import { openPostgresSnapshot } from './postgres-snapshot.ts'
import { runTool } from './postgres-tools.ts'
import { checkAudit, countRows, filesOf, logIn, type Snapshot } from './snapshot.ts'
import { openSqliteSnapshot } from './sqlite-snapshot.ts'

export interface RestoreRequest {
  /** A folder that a backup made. */
  from: string
  /** A folder that a backup of keys made; null: keys are brought by other means. */
  keysFrom: string | null
  dataDir: string
  /** Address of an empty PostgreSQL as the role that shall own the tables; null: SQLite in dataDir. */
  ownerUrl: string | null
  /** ROOT_KEYS. */
  rootKeys?: string | null
  progress: Progress['show']
  /** Where pg_restore is looked for. */
  path: string
  now(): Date
}

export interface Restored {
  manifest: Manifest
  keys: KeyCheck
}

const filesAtOnce = 8

/** @throws CommandFailed with what is wrong; the place is then as it was, but for a PostgreSQL that was filled already */
export async function restore(request: RestoreRequest): Promise<Restored> {
  const from = resolve(request.from)
  const { dataDir, ownerUrl, progress } = request
  if (from.endsWith(unfinished)) throw new CommandFailed(`${from} did not end: it is no backup.`)
  const manifest = readManifest(from)
  checkStore(manifest, ownerUrl)
  const empty = [...(ownerUrl === null ? [databaseNames.sqlite] : []), ...(manifest.files ? ['files'] : []), ...(request.keysFrom ? ['keys'] : [])]
  for (const name of empty)
    if (holdsSomething(join(dataDir, name)))
      throw new CommandFailed(`${join(dataDir, name)} is there already. A restore needs an empty place: set DATA_DIR to another folder, or move that one away.`)
  await checkBackup(from, manifest, progress)
  const needed = (ownerUrl === null ? manifest.database.bytes : 0) + (manifest.files?.bytes ?? 0)
  const free = await freeBytes(dataDir)
  if (free < needed) throw new CommandFailed(`There is not enough room: ${inWords(needed)} are needed, and ${inWords(free)} are free at ${dataDir}.`)

  makeFolderDurably(dataDir)
  const lock = lockDataDir(dataDir)
  const place = join(dataDir, `restore${unfinished}`)
  try {
    if (existsSync(place)) throw new CommandFailed(`${place} is left of a restore that did not end. Remove it, and try again.`)
    makeFolderDurably(place)
    try {
      if (manifest.files) await copyFiles(from, place, manifest, progress)
      if (request.keysFrom) await restoreKeys(request.keysFrom, join(place, 'keys'))
      const keysFolder = join(request.keysFrom ? place : dataDir, 'keys')
      const keys =
        ownerUrl === null
          ? await fillSqlite(from, place, manifest, keysFolder, request)
          : await fillPostgres(from, place, manifest, keysFolder, ownerUrl, request)
      for (const name of ['files', 'keys', databaseNames.sqlite]) if (existsSync(join(place, name))) await moveInto(join(place, name), join(dataDir, name))
      await syncPath(dataDir)
      return { manifest, keys }
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  } finally {
    lock.release()
  }
}

const holdsSomething = (path: string) => existsSync(path) && (statSync(path).isFile() || readdirSync(path).length > 0)

async function moveInto(from: string, to: string) {
  // An empty folder may stand there already.
  await rm(to, { recursive: true, force: true })
  renameSync(from, to)
}

function checkStore({ store }: Manifest, ownerUrl: string | null) {
  if (store === 'postgres' && ownerUrl === null)
    throw new CommandFailed('This is a backup of a PostgreSQL. Set DATABASE_URL and DATABASE_OWNER_URL to those of an empty one.')
  if (store === 'sqlite' && ownerUrl !== null)
    throw new CommandFailed('This is a backup of SQLite. Restore it without DATABASE_URL; guichet move takes it to PostgreSQL from there.')
}

/** What the manifest says, held against what is there, before anything is written. */
async function checkBackup(from: string, manifest: Manifest, progress: Progress['show']) {
  const database = join(from, manifest.database.name)
  if (manifest.database.name !== databaseNames[manifest.store] || !existsSync(database)) throw new CommandFailed(`${database} is missing. Use another backup.`)
  progress(0, 1, 'checking the backup')
  const { bytes, sha256 } = await digestFile(database)
  if (bytes !== manifest.database.bytes || sha256 !== manifest.database.sha256)
    throw new CommandFailed(`${database} is damaged: its digest is not the one in the manifest. Use another backup.`)
  if (!manifest.files) return
  const list = join(from, listName)
  if (!existsSync(list) || (await digestFile(list)).sha256 !== manifest.files.listSha256)
    throw new CommandFailed(`${list} is missing or damaged: its digest is not the one in the manifest. Use another backup.`)
  for await (const { path } of readList(list)) if (!existsSync(join(from, path))) throw new CommandFailed(`${join(from, path)} is missing. Use another backup.`)
}

async function copyFiles(from: string, place: string, { files }: Manifest, progress: Progress['show']) {
  let copied = 0
  const folders = new Set<string>()
  await forEach(readList(join(from, listName)), filesAtOnce, async ({ sha256, path }) => {
    if ((await copyDurably(join(from, path), join(place, path))).sha256 !== sha256)
      throw new CommandFailed(`${join(from, path)} is damaged: its digest is not the one in ${listName}. Use another backup.`)
    folders.add(dirname(join(place, path)))
    progress(++copied, files?.count ?? 0, 'files')
  })
  for (const folder of folders) await syncPath(folder)
}

async function fillSqlite(from: string, place: string, manifest: Manifest, keysFolder: string, { progress, rootKeys }: RestoreRequest): Promise<KeyCheck> {
  progress(0, 1, 'database')
  const path = join(place, databaseNames.sqlite)
  await copyDurably(join(from, databaseNames.sqlite), path)
  const filled = openSqliteSnapshot(path)
  try {
    await checkFilled(filled, manifest, progress)
  } finally {
    await filled.close()
  }
  if (manifest.removedMeanwhile.length > 0) {
    const client = new DatabaseSync(path)
    try {
      for (const { agency, id } of manifest.removedMeanwhile) client.prepare('DELETE FROM attachments WHERE agency_id = ? AND id = ?').run(agency, id)
    } finally {
      client.close()
    }
    await syncPath(path)
  }
  const snapshot = openSqliteSnapshot(path)
  try {
    await checkFiles(snapshot, place, manifest)
    return await checkKeys(snapshot, keysFolder, rootKeys ?? null, true)
  } finally {
    await snapshot.close()
  }
}

async function fillPostgres(
  from: string,
  place: string,
  manifest: Manifest,
  keysFolder: string,
  ownerUrl: string,
  { path, progress, rootKeys }: RestoreRequest,
) {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const there = await client.query("SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') LIMIT 1")
    if (there.rowCount)
      throw new CommandFailed(
        `The database of DATABASE_OWNER_URL has tables already. A restore needs an empty one: CREATE DATABASE guichet OWNER guichet_owner.`,
      )
    progress(0, 1, 'database')
    await runTool('pg_restore', ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', join(from, databaseNames.postgres)], {
      address: ownerUrl,
      path,
    })
    const filled = await openPostgresSnapshot(ownerUrl)
    try {
      await checkFilled(filled, manifest, progress)
    } finally {
      await filled.close()
    }
    for (const { agency, id } of manifest.removedMeanwhile) {
      await client.query('BEGIN')
      await client.query("SELECT set_config('app.agency', $1, true)", [agency])
      await client.query('DELETE FROM attachments WHERE agency_id = $1 AND id = $2', [agency, id])
      await client.query('COMMIT')
    }
  } finally {
    await client.end().catch(() => {})
  }
  const snapshot = await openPostgresSnapshot(ownerUrl)
  try {
    await checkFiles(snapshot, place, manifest)
    return await checkKeys(snapshot, keysFolder, rootKeys ?? null, true)
  } finally {
    await snapshot.close()
  }
}

/** The database as it was filled: sound, whole, and with the audit log that it had. */
async function checkFilled(snapshot: Snapshot, manifest: Manifest, progress: Progress['show']) {
  progress(0, 1, 'checking the database')
  const faults = await snapshot.faults(true)
  if (faults.length > 0) throw new CommandFailed(`The restored database is damaged: ${faults.slice(0, 3).join('; ')}. Use another backup.`)
  const rows = await countRows(snapshot)
  for (const [table, count] of Object.entries(manifest.rows))
    if (rows[table] !== count)
      throw new CommandFailed(`The restored database is not whole: ${table} has ${rows[table] ?? 'no'} rows, and should have ${count}. Use another backup.`)
  const audit = await checkAudit(snapshot, undefined, (events) => progress(events, manifest.rows.audit_events ?? 0, 'audit log'))
  for (const { agency, brokenAt } of audit)
    if (brokenAt !== null) throw new CommandFailed(`The audit log of ${agency} is broken at event ${brokenAt}. Use another backup.`)
  for (const { agency, sequence, digest } of manifest.audit) {
    const found = audit.find((each) => each.agency === agency)
    if (found?.sequence !== sequence || found.digest !== digest)
      throw new CommandFailed(`The audit log of ${agency} ends with another event than when the backup was made. Use another backup.`)
  }
  // Who signed the checkpoints is looked at with the keys, which may come later.
  for (const { agency } of audit) {
    const log = await logIn(snapshot, agency)
    const [first] = log ? await checkLog(log, null) : []
    if (first) throw new CommandFailed(`The audit log of ${agency} is not what was signed: ${first}. Use another backup.`)
  }
}

/** Every row of an attachment has its file. */
async function checkFiles(snapshot: Snapshot, place: string, manifest: Manifest) {
  if (!manifest.files) return
  for await (const { agency, id } of filesOf(snapshot))
    if (!existsSync(join(place, 'files', filePath(agency as AgencyId, id))))
      throw new CommandFailed(`The backup has no file for attachment ${id} of ${agency}. Use another backup.`)
}
