/**
 * Copies all files from one place to another, as they are stored: what is sealed stays sealed, and no key is needed. Each is
 * read again where it was put and compared by digest. What is there already is compared and not sent again, so that a
 * copy that was broken off goes on.
 */
import { createHash } from 'node:crypto'
import { openBox } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'
import type { Files } from './files.ts'

export interface CopiedFiles {
  agency: AgencyId
  files: number
  /** As they are stored. */
  bytes: number
}

/** The copy is not what it was made from; the message says which file. */
export class CopyDiffers extends Error {}

/** An object store answers several about as fast as one. */
const atOnce = 8

/** `progress` is called after each file. @throws CopyDiffers */
export async function copyFiles(
  from: Files,
  to: Files,
  agencies: readonly AgencyId[],
  progress: (done: number, total: number, what: string) => void,
): Promise<CopiedFiles[]> {
  const ids = new Map<AgencyId, string[]>()
  for (const agency of agencies) {
    const found: string[] = []
    for await (const id of from.putBefore(agency, new Date(8.64e15))) found.push(id)
    ids.set(agency, found)
  }
  const total = [...ids.values()].reduce((sum, { length }) => sum + length, 0)
  let done = 0
  const copied: CopiedFiles[] = []
  for (const [agency, found] of ids) {
    let bytes = 0
    const rest = found.values()
    const work = async () => {
      for (const id of rest) {
        const size = await copyOne(from, to, agency, id)
        bytes += size
        progress(++done, total, `files of ${agency}`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    copied.push({ agency, files: found.length, bytes })
  }
  return copied
}

async function copyOne(from: Files, to: Files, agency: AgencyId, id: string): Promise<number> {
  const there = await to.has(agency, id)
  const source = there
    ? await summaryOf(from.read(agency, id, openBox))
    : await to.put(agency, id, from.read(agency, id, openBox), Number.POSITIVE_INFINITY, openBox)
  const copy = await summaryOf(to.read(agency, id, openBox))
  if (copy.size !== source.size || copy.digest !== source.digest)
    throw new CopyDiffers(`The copy of the file ${agency}/${id} differs: ${source.size} bytes ${source.digest} became ${copy.size} bytes ${copy.digest}.`)
  return source.size
}

async function summaryOf(stream: ReadableStream<Uint8Array>): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of stream) {
    size += piece.byteLength
    hash.update(piece)
  }
  return { size, digest: `sha256-${hash.digest('base64url')}` }
}
