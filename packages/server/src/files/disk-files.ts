import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { makeFolderDurably, syncFolderOf } from '../durable.ts'
import { ivBytes, type SealBox, tagBytes } from '../keys/seal-box.ts'
import { type Files, FileTooLarge, filePath } from './files.ts'

const part = 'content'
const pieceBytes = 65_536

/** Files in a folder, by agency; the names are random and say nothing. */
export function openDiskFiles(folder: string): Files {
  const pathOf = (...file: Parameters<typeof filePath>) => join(folder, filePath(...file))

  return {
    async put(agency, id, content, limit, box) {
      const path = pathOf(agency, id)
      makeFolderDurably(dirname(path))
      const hash = createHash('sha256')
      let size = 0
      const file = await open(path, 'wx', 0o600)
      try {
        const sealer = box.sealer(part)
        await file.write(sealer.head)
        for await (const piece of content) {
          size += piece.byteLength
          if (size > limit) throw new FileTooLarge()
          hash.update(piece)
          await file.write(sealer.update(piece))
        }
        await file.write(sealer.close())
        await file.sync()
      } catch (error) {
        await file.close()
        await rm(path, { force: true })
        throw error
      }
      await file.close()
      await syncFolderOf(path)
      await syncFolderOf(dirname(path))
      await syncFolderOf(dirname(dirname(path)))
      return { size, digest: `sha256-${hash.digest('base64url')}` }
    },

    read: (agency, id, box) => Readable.toWeb(Readable.from(pieces(pathOf(agency, id), box))) as unknown as ReadableStream<Uint8Array>,

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
    while (position < end) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(pieceBytes, end - position)), 0, undefined, position)
      if (bytesRead === 0) throw new Error('file is shorter than it was')
      position += bytesRead
      yield opener.update(buffer.subarray(0, bytesRead))
    }
    const last = opener.close()
    if (last.length > 0) yield last
  } finally {
    await file.close()
  }
}
