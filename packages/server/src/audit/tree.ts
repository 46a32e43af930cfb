/**
 * The hash tree of RFC 6962 over an audit log, kept as tiles of 256 hashes (c2sp.org/tlog-tiles). Whatever is asked of it
 * costs a handful of tiles, however long the log is: what is needed is planned first, fetched at once, and put together.
 */
import { hash } from 'node:crypto'
import type { LogTile } from '../store/audit-log.ts'

export const tileWidth = 256
const tileHeight = 8
const hashBytes = 32

const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer')
const prefixed = (prefix: number, ...parts: readonly Uint8Array[]) => sha256(Buffer.concat([Uint8Array.of(prefix), ...parts]))
export const leafHash = (entry: string): Buffer => prefixed(0, Buffer.from(entry))
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => prefixed(1, left, right)

type Place = Pick<LogTile, 'level' | 'number'>
export type ReadTiles = (places: readonly Place[]) => Promise<(Uint8Array | null)[]>

/** A tile that should be there is not, or is too short. */
export class TreeBroken extends Error {}

/** Leaves from `from`, `count` of them. */
interface Range {
  from: number
  count: number
}

/** The largest power of two below `n`, which is at least 2. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
const isPowerOfTwo = (n: number) => Number.isInteger(Math.log2(n))

/** The whole subtrees that a range is made of, left to right. */
function wholeParts({ from, count }: Range): Range[] {
  if (isPowerOfTwo(count)) return [{ from, count }]
  const k = splitOf(count)
  return [{ from, count: k }, ...wholeParts({ from: from + k, count: count - k })]
}

/** Where the hashes stand that a whole subtree is made of. */
function placeOf({ from, count }: Range): Place & { at: number; width: number } {
  const level = Math.floor(Math.log2(count) / tileHeight)
  const unit = tileWidth ** level
  const first = from / unit
  return { level, number: Math.floor(first / tileWidth), at: first % tileWidth, width: count / unit }
}

/** Ranges whose hashes prove that a leaf is in the tree, from the leaf up (RFC 6962, 2.1.1). */
function pathOf(index: number, { from, count }: Range): Range[] {
  if (count === 1) return []
  const k = splitOf(count)
  const [left, right] = [
    { from, count: k },
    { from: from + k, count: count - k },
  ]
  return index < from + k ? [...pathOf(index, left), right] : [...pathOf(index, right), left]
}

/** Ranges whose hashes prove that the tree of `first` leaves is the beginning of this one (RFC 6962, 2.1.2). */
function growthOf(first: number, { from, count }: Range, known: boolean): Range[] {
  if (first === count) return known ? [] : [{ from, count }]
  const k = splitOf(count)
  if (first <= k) return [...growthOf(first, { from, count: k }, known), { from: from + k, count: count - k }]
  return [...growthOf(first - k, { from: from + k, count: count - k }, false), { from, count: k }]
}

function fold(hashes: readonly Uint8Array[]): Buffer {
  if (hashes.length === 1) return Buffer.from(hashes[0] as Uint8Array)
  const above: Buffer[] = []
  for (let i = 0; i < hashes.length; i += 2) above.push(nodeHash(hashes[i] as Uint8Array, hashes[i + 1] as Uint8Array))
  return fold(above)
}

const slices = (bytes: Uint8Array, at: number, width: number): Uint8Array[] =>
  Array.from({ length: width }, (_, i) => bytes.subarray((at + i) * hashBytes, (at + i + 1) * hashBytes))

/** The hash of each range. @throws TreeBroken */
async function hashesOf(ranges: readonly Range[], read: ReadTiles): Promise<Buffer[]> {
  const parts = ranges.map((range) => wholeParts(range).map(placeOf))
  const places = [...new Map(parts.flat().map(({ level, number }) => [`${level}/${number}`, { level, number }])).values()]
  const tiles = await read(places)
  const found = new Map(places.map(({ level, number }, i) => [`${level}/${number}`, tiles[i]]))
  return parts.map((whole) => {
    const hashes = whole.map(({ level, number, at, width }) => {
      const tile = found.get(`${level}/${number}`)
      if (!tile || tile.length < (at + width) * hashBytes) throw new TreeBroken(`tile ${level}/${number} does not reach to ${at + width}`)
      return fold(slices(tile, at, width))
    })
    // What is to the right hangs lower.
    return hashes.reduceRight((right, left) => nodeHash(left, right))
  })
}

export async function rootOf(size: number, read: ReadTiles): Promise<Buffer> {
  if (size === 0) return sha256(new Uint8Array())
  const [root] = await hashesOf([{ from: 0, count: size }], read)
  return root as Buffer
}

/** @throws RangeError for a leaf that is not in the tree */
export async function inclusionProof(index: number, size: number, read: ReadTiles): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('no such leaf')
  return hashesOf(pathOf(index, { from: 0, count: size }), read)
}

/** @throws RangeError where the first is larger */
export async function consistencyProof(first: number, size: number, read: ReadTiles): Promise<Buffer[]> {
  if (!(first >= 0 && first <= size)) throw new RangeError('no such tree')
  return first === 0 ? [] : hashesOf(growthOf(first, { from: 0, count: size }, true), read)
}

/** The tiles that change when leaves are added to a tree of `from`: those at its right edge, and new ones. @throws TreeBroken */
export async function grow(from: number, leaves: readonly Uint8Array[], read: ReadTiles): Promise<LogTile[]> {
  const changed: LogTile[] = []
  let added = leaves
  for (let level = 0, before = from; added.length > 0; level++, before = Math.floor(before / tileWidth)) {
    const first = Math.floor(before / tileWidth)
    const kept = before % tileWidth
    const [edge] = kept === 0 ? [new Uint8Array()] : await read([{ level, number: first }])
    if (edge?.length !== kept * hashBytes) throw new TreeBroken(`tile ${level}/${first} does not end at ${kept}`)
    const all = Buffer.concat([edge, ...added])
    const next: Buffer[] = []
    for (let at = 0, number = first; at < all.length; at += tileWidth * hashBytes, number++) {
      const hashes = all.subarray(at, at + tileWidth * hashBytes)
      changed.push({ level, number, hashes })
      if (hashes.length === tileWidth * hashBytes) next.push(fold(slices(hashes, 0, tileWidth)))
    }
    added = next
  }
  return changed
}
