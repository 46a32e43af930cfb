/** Files that are really on disk when the call returns: synced, and so is the folder that names them. */
import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Names in the folder are on disk when this returns. */
export function syncFolder(path: string) {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Makes a folder that only we may enter, and those above it that are missing; each is named on disk when this returns. */
export function makeFolderDurably(path: string) {
  const folder = resolve(path)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const above = dirname(folder)
  if (above !== folder) makeFolderDurably(above)
  try {
    // One by one: asked for all at once, Node tries for ever where none can be made (/proc).
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process was as quick.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
  syncFolder(above)
}

/** Writes a small file that only we may read, all of it or nothing. */
export function writeDurably(path: string, content: string | Uint8Array) {
  renameSync(writeDraft(path, content), path)
  syncFolder(dirname(path))
}

/** The same, but what is there already stays: of two processes that share the folder the first counts. False: it was not us. */
export function writeOnceDurably(path: string, content: string | Uint8Array): boolean {
  const draft = writeDraft(path, content)
  let ours = true
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    ours = false
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dirname(path))
  return ours
}

/** Removes a small file that held a secret, and what it held where the disk writes in place. Somebody else may have done so. */
export function removeDurably(path: string) {
  let file: number
  try {
    file = openSync(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return
  }
  try {
    const { size } = fstatSync(file)
    rmSync(path, { force: true })
    writeSync(file, Buffer.alloc(size), 0, size, 0)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  syncFolder(dirname(path))
}

function writeDraft(path: string, content: string | Uint8Array): string {
  makeFolderDurably(dirname(path))
  const draft = `${path}.${randomUUID()}.new`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return draft
}

export async function syncFolderOf(path: string) {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Writes all of it. A disk that is nearly full takes a part, says so, and may have room again for what comes next. */
export async function writeAll(file: Pick<FileHandle, 'writev'>, pieces: readonly Uint8Array[]) {
  let left = pieces.filter((piece) => piece.length > 0)
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left)
    if (bytesWritten === 0) throw new Error('nothing was written')
    left = left.flatMap((piece) => {
      const done = Math.min(bytesWritten, piece.length)
      bytesWritten -= done
      return done === piece.length ? [] : [piece.subarray(done)]
    })
  }
}
