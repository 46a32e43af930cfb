/**
 * The wait for the disk, taken off the thread that answers. SQLite syncs its log (`-wal`) inside of COMMIT where `synchronous` is
 * FULL, and the whole server stands still for it: half of the time of a small group. Here a group is committed without that
 * sync, which a thread of Node's pool does instead, on a handle of its own to the same file. What FULL promises is kept: it
 * syncs the log after the commit's frames and before COMMIT returns; we do before anybody is told (commits.ts).
 */
import { close, closeSync, fdatasync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from '../../durable.ts'

export interface LogSync {
  /** All that the log held when it was called is on disk. @throws what `isDiskFailure` (disk-failure.ts) knows: no sync after it shows anything */
  sync(): Promise<void>
  close(): void
}

/** `path`: of the database. Its log has to be there, and stays until the last connection is closed. */
export function syncLogOf(path: string): LogSync {
  const log = openSync(`${path}-wal`, 'r')
  try {
    // SQLite does so at its own first sync, which may never come.
    syncFolder(dirname(path))
  } catch (error) {
    closeSync(log)
    throw error
  }
  return {
    sync: () => new Promise((resolve, reject) => fdatasync(log, (error) => (error ? reject(unsynced(error)) : resolve()))),
    // No lock of SQLite's lies on this file: closing a handle would drop it (fcntl).
    close: () => close(log, () => {}),
  }
}

/** Whatever the system says (a full disk, where room is found at the sync only), it is what SQLite says of its own syncs: SQLITE_IOERR_FSYNC. */
const unsynced = (error: Error) => Object.assign(new Error(`the log is not on disk: ${error.message}`), { errcode: 1034 })
