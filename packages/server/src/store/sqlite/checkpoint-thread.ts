/**
 * The thread that copies what has been written from the log into the database (checkpoints.ts), over a connection of its own.
 * PASSIVE waits for nobody and stops nobody: whoever writes goes on writing.
 */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** An error's code is its own property, which a message between threads would leave behind. */
export interface Told {
  failed: { message: string; errcode: number | undefined } | null
}

const port = parentPort
if (!port) throw new Error('to be run as a thread')
let client: DatabaseSync | null = null

/** Opened for each copy that finds it closed: what is wrong with a file is said like what is wrong with a copy, and may pass. */
function open(): DatabaseSync {
  const opened = new DatabaseSync(workerData.path, { timeout: 5000 })
  try {
    opened.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0')
    return opened
  } catch (error) {
    opened.close()
    throw error
  }
}

port.on('message', (message: 'copy' | 'end') => {
  if (message === 'end') {
    client?.close()
    port.close()
    return
  }
  let failed: Told['failed'] = null
  try {
    client ??= open()
    client.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
  } catch (error) {
    failed = { message: String((error as Error).message), errcode: (error as { errcode?: number }).errcode }
  }
  port.postMessage({ failed } satisfies Told)
})
