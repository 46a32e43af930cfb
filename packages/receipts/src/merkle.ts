/**
 * The hash tree of RFC 6962, section 2.1, as whoever checks it sees it: a proof and the roots that it has to lead to. Sizes
 * and indexes are whole numbers below 2^53, so halves are taken by division: bit operations end at 2^31.
 */
import { type Bytes, concat, equal, sha256 } from './bytes.ts'

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)

export const leafHash = (entry: Uint8Array): Promise<Bytes> => sha256(leafPrefix, entry)
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(nodePrefix, left, right)
/** The root of a tree without leaves. */
export const emptyRoot = (): Promise<Bytes> => sha256()

const half = (n: number) => Math.floor(n / 2)
const odd = (n: number) => n % 2 === 1
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0

/** The root that a leaf and its proof lead to (RFC 9162, section 2.1.3.2); null for a proof of the wrong shape. */
export async function rootOfInclusion(leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[]): Promise<Bytes | null> {
  if (!isSize(index) || !isSize(size) || index >= size) return null
  let [at, last] = [index, size - 1]
  let root = concat(leaf)
  for (const other of proof) {
    if (other.length !== 32 || last === 0) return null
    if (odd(at) || at === last) {
      root = await nodeHash(other, root)
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else root = await nodeHash(root, other)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 ? root : null
}

export interface TreeHead {
  size: number
  root: Uint8Array
}

/** Whether the second tree begins with the whole of the first (RFC 9162, section 2.1.4.2): nothing changed, nothing taken out. */
export async function isConsistent(first: TreeHead, second: TreeHead, proof: readonly Uint8Array[]): Promise<boolean> {
  if (!isSize(first.size) || !isSize(second.size) || first.size > second.size) return false
  if (first.size === second.size) return proof.length === 0 && equal(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && equal(first.root, await emptyRoot())
  let [at, last] = [first.size - 1, second.size - 1]
  while (odd(at)) [at, last] = [half(at), half(last)]
  // A first tree that is a whole subtree of the second stands for itself.
  const path = at === 0 ? [first.root, ...proof] : [...proof]
  const [start, ...rest] = path
  if (!start) return false
  let [before, after] = [concat(start), concat(start)]
  for (const other of rest) {
    if (other.length !== 32 || last === 0) return false
    if (odd(at) || at === last) {
      before = await nodeHash(other, before)
      after = await nodeHash(other, after)
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else after = await nodeHash(after, other)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && equal(before, first.root) && equal(after, second.root)
}
