/** Says what a file is and what is wrong with it, in a worker: a file that takes for ever to read is refused, and holds nobody up. */
import { createLimitedWorker, Overrun, type WorkerLimits } from '../limited-worker.ts'
import { type ContentFault, contentFault } from './content-fault.ts'
import { fileKind } from './file-kind.ts'
import { createSlots } from './slots.ts'

export interface Looked {
  bytes: Uint8Array
  /** Whether there is more than these bytes. */
  cut: boolean
  declared: string
  name: string
}

export interface Inspected {
  /** Null: none of the kinds we know. */
  kind: string | null
  fault: ContentFault | 'too-heavy' | null
}

/** `of`: the agency that it is handed to. */
export type Inspect = (open: () => ReadableStream<Uint8Array>, declared: string, name: string, of?: string) => Promise<Inspected>

export const inspectorLimits: WorkerLimits = { cpu: 500, wall: 10_000, memory: 96 }
/** Of larger files only so much is looked at; archives are not taken then. */
const mostBytes = 32 * 2 ** 20
/** Files that are held in memory at once for being looked at. */
const atOnce = 2

export async function inspectBytes({ bytes, cut, declared, name }: Looked): Promise<Inspected> {
  const kind = await fileKind(bytes, declared, name)
  if (kind === null) return { kind, fault: null }
  return { kind, fault: contentFault(bytes, kind, name) ?? (cut && /^(?:docx|xlsx|odt)$/.test(kind) ? 'bomb' : null) }
}

/** In memory of its own, which can be handed over to a thread. */
async function taken(content: ReadableStream<Uint8Array>): Promise<{ bytes: Uint8Array<ArrayBuffer>; cut: boolean }> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of content) {
    pieces.push(piece.subarray(0, mostBytes - size))
    size += piece.length
    if (size > mostBytes) break
  }
  const bytes = new Uint8Array(Math.min(size, mostBytes))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return { bytes, cut: size > mostBytes }
}

/** In this thread, where the caller bears what it takes. For tests. */
export const inspectHere: Inspect = async (open, declared, name) => inspectBytes({ ...(await taken(open())), declared, name })

export function createInspector(limits: WorkerLimits = inspectorLimits, script = new URL('./inspection-worker.ts', import.meta.url)): Inspect {
  const ask = createLimitedWorker<Looked, Inspected>(script, limits)
  const slots = createSlots(atOnce)
  return async (open, declared, name, of = '') => {
    const giveBack = await slots.take(of)
    try {
      const { bytes, cut } = await taken(open())
      return await ask({ bytes, cut, declared, name }, of, [bytes.buffer])
    } catch (error) {
      if (error instanceof Overrun) return { kind: null, fault: 'too-heavy' }
      throw error
    } finally {
      giveBack()
    }
  }
}
