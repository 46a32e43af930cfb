/**
 * One server a DATA_DIR. Two would each believe that the rate limits, the purge and the audit chain are theirs alone.
 * The lock is SQLite's on an empty file, so the system lets go of it when the process dies, however it dies: there is no
 * stale lock to judge. A note beside it says who holds it.
 */
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolderDurably } from './durable.ts'

export class DataDirInUse extends Error {}

export interface DataDirLock {
  release(): void
}

/** @throws DataDirInUse */
export function lockDataDir(dataDir: string): DataDirLock {
  makeFolderDurably(dataDir)
  // SQLite would say only that it cannot open a file.
  accessSync(dataDir, constants.W_OK)
  const note = join(dataDir, 'server.json')
  const file = new DatabaseSync(join(dataDir, 'server.lock'), { timeout: 0 })
  try {
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    // SQLITE_BUSY
    if ((error as { errcode?: number }).errcode !== 5) throw error
    throw new DataDirInUse(`DATA_DIR ${dataDir} is in use by another server${holder(note)}. Stop that one first, or set another DATA_DIR.`)
  }
  writeFileSync(note, JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }), { mode: 0o600 })
  return {
    release() {
      if (!file.isOpen) return
      rmSync(note, { force: true })
      file.close()
    },
  }
}

function holder(note: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(note, 'utf8'))
    return ` (process ${pid} on ${host}, since ${since})`
  } catch {
    // It is just starting and has not said so yet.
    return ''
  }
}
