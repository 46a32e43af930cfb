/** Looks into files in a thread of its own. */
import { parentPort } from 'node:worker_threads'
import { answering } from '../limited-worker.ts'
import { inspectBytes, type Looked } from './inspector.ts'

answering(parentPort, (question: Looked) => inspectBytes(question))
