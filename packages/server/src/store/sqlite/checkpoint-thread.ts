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
const client = new DatabaseSync(workerData.path, { timeout: 5000 })
client.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0')
const copy = client.prepare('PRAGMA wal_checkpoint(PASSIVE)')

port.on('message', (message: 'copy' | 'end') => {
  if (message === 'end') {
    client.close()
    port.close()
    return
  }
  let failed: Told['failed'] = null
  try {
    copy.get()
  } catch (error) {
    failed = { message: String((error as Error).message), errcode: (error as { errcode?: number }).errcode }
  }
  port.postMessage({ failed } satisfies Told)
})
