/**
 * The key of an agency's month, from which each data key's wrapping key comes: a tree (key-tree.ts) from which single ones
 * can be taken out. Keys of earlier versions of the server wrapped directly; what they sealed opens as long as the key is
 * whole, and after the first erasure by the data keys themselves, which then stand here.
 */
import { createHmac, createSecretKey } from 'node:crypto'
import { keepOnly, leafAt, type Nodes, placeOf, takeOut } from './key-tree.ts'
import { type KeyEncryptionKey, KeyGone, openBytes, type Sealing, wrapAbout } from './seal-box.ts'

export interface MonthKey {
  /** By which it is known again, before and after erasures, and from which it cannot be told. */
  mark: string
  nodes: Nodes
  /** The key of an earlier version, as long as it is whole. */
  direct: Buffer | null
  /** Data keys, by place, of what an earlier version sealed. */
  dataKeys: Map<string, Buffer>
}

/** What a box is bound to, and how it was sealed. */
export interface SealedOwner {
  owner: string
  sealing: Sealing
}

export const markOf = (secret: Uint8Array) => createHmac('sha256', secret).update('guichet mark of a key').digest('base64url')

export const newMonthKey = (root: Buffer): MonthKey => ({ mark: markOf(root), nodes: new Map([['', root]]), direct: null, dataKeys: new Map() })

/** The key that an earlier version made; the tree's root follows from it. */
export const earlierMonthKey = (direct: Buffer): MonthKey => ({
  mark: markOf(direct),
  nodes: new Map([['', createHmac('sha256', direct).update('guichet root of a tree').digest()]]),
  direct,
  dataKeys: new Map(),
})

export const isDestroyed = ({ nodes, dataKeys, direct }: MonthKey) => nodes.size === 0 && dataKeys.size === 0 && direct === null

/** How much it is made of: 1 for a whole one. */
export const sizeOf = ({ nodes, dataKeys }: MonthKey) => nodes.size + dataKeys.size

/** What a box is opened and made with. */
export function kekOf(bucket: string, key: MonthKey): KeyEncryptionKey {
  return {
    bucket,
    wrapping(owner) {
      const leaf = leafAt(key.nodes, placeOf(owner))
      if (!leaf) throw new KeyGone(bucket)
      return leaf
    },
    dataKey(owner, wrapped) {
      if (key.direct) return openBytes(createSecretKey(key.direct), wrapAbout(owner, bucket), wrapped)
      const found = key.dataKeys.get(placeOf(owner))
      if (!found) throw new KeyGone(bucket)
      return Buffer.from(found)
    },
  }
}

/**
 * Takes the keys of these owners out for good. Gives how many were still there. `rest`: everybody else in the bucket,
 * asked for only where an earlier version has sealed for them.
 */
export function erase(bucket: string, key: MonthKey, gone: readonly string[], rest: readonly SealedOwner[]): number {
  const places = new Set(gone.map(placeOf))
  let count = 0
  const { direct } = key
  if (direct) {
    const kek = kekOf(bucket, key)
    for (const { owner, sealing } of rest)
      if (sealing.suite === undefined && !places.has(placeOf(owner)))
        key.dataKeys.set(placeOf(owner), Buffer.from(kek.dataKey(owner, Buffer.from(sealing.key, 'base64url'))))
    direct.fill(0)
    key.direct = null
  }
  for (const place of places) {
    const was = key.dataKeys.get(place)
    was?.fill(0)
    const earlier = key.dataKeys.delete(place)
    if (takeOut(key.nodes, place) || earlier) count++
  }
  return count
}

/** Keeps the keys of these owners and no others. */
export function reduce(bucket: string, key: MonthKey, rest: readonly SealedOwner[]): void {
  if (key.direct) erase(bucket, key, [], rest)
  const places = new Set(rest.map(({ owner }) => placeOf(owner)))
  keepOnly(
    key.nodes,
    rest.filter(({ sealing }) => sealing.suite !== undefined).map(({ owner }) => placeOf(owner)),
  )
  for (const [place, dataKey] of key.dataKeys)
    if (!places.has(place)) {
      dataKey.fill(0)
      key.dataKeys.delete(place)
    }
}

export function destroy(key: MonthKey): void {
  for (const bytes of [...key.nodes.values(), ...key.dataKeys.values(), ...(key.direct ? [key.direct] : [])]) bytes.fill(0)
  key.nodes.clear()
  key.dataKeys.clear()
  key.direct = null
}

const entryBytes = 41
const ofDataKey = 0xff
const ofDirect = 0xfe

/** Each entry is a byte that says what it is (how far down a node is, or a data key), eight for its place, and the key. */
export function encodeMonthKey({ nodes, dataKeys, direct }: MonthKey): Buffer {
  const bytes = Buffer.alloc(entryBytes * (nodes.size + dataKeys.size + (direct ? 1 : 0)))
  let at = 0
  const put = (kind: number, way: string, key: Uint8Array) => {
    bytes[at] = kind
    bytes.write(way.padEnd(16, '0'), at + 1, 'hex')
    bytes.set(key, at + 9)
    at += entryBytes
  }
  for (const [way, node] of nodes) put(way.length, way, node)
  for (const [place, key] of dataKeys) put(ofDataKey, place, key)
  if (direct) put(ofDirect, '', direct)
  return bytes
}

/** @throws if the bytes are none */
export function decodeMonthKey(mark: string, bytes: Buffer): MonthKey {
  if (bytes.length % entryBytes !== 0) throw new Error('these bytes are no month key')
  const key: MonthKey = { mark, nodes: new Map(), direct: null, dataKeys: new Map() }
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const kind = bytes[at] as number
    const place = bytes.toString('hex', at + 1, at + 9)
    const value = Buffer.from(bytes.subarray(at + 9, at + entryBytes))
    if (kind === ofDirect) key.direct = value
    else if (kind === ofDataKey) key.dataKeys.set(place, value)
    else if (kind <= 16) key.nodes.set(place.slice(0, kind), value)
    else throw new Error('these bytes are no month key')
  }
  return key
}
