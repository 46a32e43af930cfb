/** Prints papers in a thread of its own. */
import { parentPort } from 'node:worker_threads'
import { answering } from '../limited-worker.ts'
import type { Paper } from './paper.ts'
import { printPaper, TooManyPages } from './pdf/print.ts'
import type { Printed } from './print-case.ts'

answering(parentPort, (paper: Paper): Printed => {
  try {
    return new Uint8Array(printPaper(paper))
  } catch (error) {
    if (error instanceof TooManyPages) return null
    throw error
  }
})
