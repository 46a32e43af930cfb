/** What a fault needs of a server and no setting of the real one gives: odd-server.ts makes it so. */
import type { OutboxOptions } from '../src/outbox/worker.ts'

export interface Oddities {
  /** False: SQLite acknowledges what is not on disk yet. */
  durable?: boolean
  /** True: a thread writes submissions from the first one on, and not only where many send at once. */
  threaded?: boolean
  /** False: uploaded files are acknowledged before they are on disk. */
  durableFiles?: boolean
  /** True: an error of the disk is an error like any other. */
  carryOn?: boolean
  /** True: what is destroyed is decided by the clock alone. */
  clockAlone?: boolean
  /** True: waits for slow clients as long as Node does by itself. */
  patient?: boolean
  outbox?: OutboxOptions
}

/** The variable in which they are handed over, as JSON. */
export const odditiesIn = 'FAULT_ODDITIES'
