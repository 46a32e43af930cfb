/** Files that are really on disk when the call returns: synced, and so is the folder that names them. */
import { randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

function syncFolder(path: string) {
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
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) syncFolder(dirname(made))
}

/** Writes a small file that only we may read, all of it or nothing. */
export function writeDurably(path: string, content: string | Uint8Array) {
  renameSync(writeDraft(path, content), path)
  syncFolder(dirname(path))
}

/** The same, but what is there already stays: of two processes that share the folder the first counts. */
export function writeOnceDurably(path: string, content: string | Uint8Array) {
  const draft = writeDraft(path, content)
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dirname(path))
}

function writeDraft(path: string, content: string | Uint8Array): string {
  makeFolderDurably(dirname(path))
  const draft = `${path}.${randomUUID()}.new`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, typeof content === 'string' ? Buffer.from(content) : content)
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
