/** Copies that are really on disk, and the digest of what was copied. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { makeFolderDurably } from '../durable.ts'

export interface Copied {
  bytes: number
  sha256: string
}

const pieceBytes = 1 << 18

export async function digestFile(path: string): Promise<Copied> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    hash.update(piece)
    bytes += piece.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Copies a file to where none is yet, and syncs it. The digest is of what was read. */
export async function copyDurably(from: string, to: string): Promise<Copied> {
  const source = await open(from, 'r')
  try {
    makeFolderDurably(dirname(to))
    const target = await open(to, 'wx', 0o600)
    try {
      const hash = createHash('sha256')
      const buffer = Buffer.alloc(pieceBytes)
      let bytes = 0
      for (;;) {
        const { bytesRead } = await source.read(buffer, 0, pieceBytes)
        if (bytesRead === 0) break
        const piece = buffer.subarray(0, bytesRead)
        hash.update(piece)
        await target.writeFile(piece)
        bytes += bytesRead
      }
      await target.sync()
      return { bytes, sha256: hash.digest('hex') }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Bytes that may still be written to the disk of a path, which need not exist yet. */
export async function freeBytes(path: string): Promise<number> {
  let at = resolve(path)
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  const { bavail, bsize } = await statfs(at)
  return bavail * bsize
}

/** Runs `work` for each, some at a time; the first failure ends it. */
export async function forEach<Item>(items: AsyncIterable<Item> | Iterable<Item>, atOnce: number, work: (item: Item) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null
  for await (const item of items) {
    const one = work(item)
      .catch((error) => {
        failure ??= { error }
      })
      .finally(() => running.delete(one))
    running.add(one)
    if (running.size >= atOnce) await Promise.race(running)
    if (failure) break
  }
  await Promise.all(running)
  if (failure) throw (failure as { error: unknown }).error
}

export const inWords = (bytes: number): string => {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1]
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}
