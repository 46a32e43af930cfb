/** The tree of RFC 6962, section 2.1, word for word, with all its leaves in memory: what everything faster is held against. */
import { createHash } from 'node:crypto'

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const node = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right)
export const plainLeaf = (i: number) => sha256(Uint8Array.of(0), Buffer.from(`leaf ${i}`))
export const plainLeaves = (size: number) => Array.from({ length: size }, (_, i) => plainLeaf(i))

function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** MTH(D[n]) */
export function plainRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return Buffer.from(leaves[0] as Uint8Array)
  const k = split(leaves.length)
  return node(plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)))
}

/** PATH(m, D[n]) */
export function plainPath(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k ? [...plainPath(m, leaves.slice(0, k)), plainRoot(leaves.slice(k))] : [...plainPath(m - k, leaves.slice(k)), plainRoot(leaves.slice(0, k))]
}

/** SUBPROOF(m, D[n], b) */
function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === leaves.length) return whole ? [] : [plainRoot(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), plainRoot(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), plainRoot(leaves.slice(0, k))]
}
/** PROOF(m, D[n]); nothing is to be proved of an empty tree, or of the same one. */
export const plainGrowth = (m: number, leaves: readonly Uint8Array[]): Buffer[] => (m === 0 || m === leaves.length ? [] : subproof(m, leaves, true))
