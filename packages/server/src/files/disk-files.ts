import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ReadableStream as Stream } from 'node:stream/web'
import { makeFolderDurably, syncFolderOf, writeAll } from '../durable.ts'
import { ivBytes, type SealBox, tagBytes } from '../keys/seal-box.ts'
import { type Files, FileTooLarge, filePath } from './files.ts'

const part = 'content'
/** What is read or written at once: each time is a trip to a thread of the pool, and the disk needs no more to be busy. */
const pieceBytes = 262_144
/** A slow line sends it in crumbs; so many at most are held until they are written. */
const mostPieces = 64
/** Folders that are remembered to have their names on disk. */
const mostNamed = 5_000

/** Files in a folder, by agency; the names are random and say nothing. */
export function openDiskFiles(folder: string): Files {
  const pathOf = (...file: Parameters<typeof filePath>) => join(folder, filePath(...file))
  const named = new Set<string>()

  /** A new file, in a folder that is made if it is the first one there. */
  const create = async (path: string): Promise<FileHandle> => {
    const into = dirname(path)
    try {
      return await open(path, 'wx', 0o600)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    named.delete(into)
    makeFolderDurably(dirname(into))
    await mkdir(into, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    return open(path, 'wx', 0o600)
  }
  /** The name of the file is on disk, and so are those of the folders that it lies in, whoever made them. */
  const nameDurably = async (path: string) => {
    const into = dirname(path)
    await syncFolderOf(path)
    if (named.has(into)) return
    await syncFolderOf(into)
    await syncFolderOf(dirname(into))
    if (named.size >= mostNamed) named.clear()
    named.add(into)
  }

  return {
    async put(agency, id, content, limit, box) {
      const path = pathOf(agency, id)
      const hash = createHash('sha256')
      let size = 0
      const file = await create(path)
      try {
        const sealer = box.sealer(part)
        let held = [sealer.head]
        let heldBytes = 0
        for await (const piece of content) {
          size += piece.byteLength
          if (size > limit) throw new FileTooLarge()
          hash.update(piece)
          held.push(sealer.update(piece))
          heldBytes += piece.byteLength
          if (heldBytes < pieceBytes && held.length < mostPieces) continue
          await writeAll(file, held)
          held = []
          heldBytes = 0
        }
        await writeAll(file, [...held, sealer.close()])
        await file.sync()
      } catch (error) {
        await file.close()
        await rm(path, { force: true })
        throw error
      }
      await file.close()
      await nameDurably(path)
      return { size, digest: `sha256-${hash.digest('base64url')}` }
    },

    read: (agency, id, box) => Stream.from(pieces(pathOf(agency, id), box)) as unknown as ReadableStream<Uint8Array>,

    async remove(agency, id) {
      await rm(pathOf(agency, id), { force: true })
    },

    has: (agency, id) =>
      stat(pathOf(agency, id)).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return false
          throw error
        },
      ),

    async *putBefore(agency, time) {
      for (const entry of await readdir(join(folder, agency), { recursive: true, withFileTypes: true }).catch(() => [])) {
        if (!entry.isFile()) continue
        // Someone else may have removed it in the meantime.
        const found = await stat(join(entry.parentPath, entry.name)).catch(() => null)
        if (found && found.mtime < time) yield entry.name
      }
    },

    async check() {
      makeFolderDurably(folder)
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    },
  }
}

/** The content in pieces, opened if it is sealed. The last piece fails if a single bit was changed. */
async function* pieces(path: string, box: SealBox): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const sealed = box.sealing !== null
    const end = (await file.stat()).size - (sealed ? tagBytes : 0)
    let position = sealed ? ivBytes : 0
    const at = async (from: number, length: number) => (await file.read(Buffer.alloc(length), 0, length, from)).buffer
    const opener = sealed ? box.opener(part, await at(0, ivBytes), await at(end, tagBytes)) : box.opener(part, Buffer.alloc(0), Buffer.alloc(0))
    const buffer = () => Buffer.allocUnsafeSlow(Math.min(pieceBytes, end - position))
    // What is opened is a copy of what was read.
    const shared = sealed ? buffer() : null
    while (position < end) {
      const into = shared ?? buffer()
      const { bytesRead } = await file.read(into, 0, Math.min(into.length, end - position), position)
      if (bytesRead === 0) throw new Error('file is shorter than it was')
      position += bytesRead
      yield opener.update(into.subarray(0, bytesRead))
    }
    const last = opener.close()
    if (last.length > 0) yield last
  } finally {
    await file.close()
  }
}
