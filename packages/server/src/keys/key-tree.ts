/**
 * The keys of a month as a tree (Goldreich, Goldwasser, Micali 1986): each key is a leaf, found by going down from the root
 * a hash at a time. Whoever has a node has all leaves under it and no others, so a leaf can be taken out for good: the
 * nodes above it are given up, and those beside its way kept instead. No other leaf changes, and nothing that is wrapped
 * with them has to be wrapped anew.
 *
 * 16 branches, 16 levels: a place is 64 bits, so that two of a hundred thousand owners share one with a probability of
 * 3 in 10,000,000,000. A step is SHA-256 of one block, always of the same length, which holds the node and the branch.
 */
import { hash } from 'node:crypto'

const levels = 16
const nodeBytes = 32
const branches = '0123456789abcdef'
const label = Buffer.from('gk2')
const branchAt = label.length + nodeBytes

/** Nodes that are left, by the way to them in hexadecimal digits: the root is ''. None is under another. */
export type Nodes = Map<string, Buffer>

/** Where the key of an owner is. It follows from the owner alone, so that nothing in a database leads to another's key. */
export const placeOf = (owner: string): string => hash('sha256', `guichet place|${owner}`, 'hex').slice(0, levels)

const block = Buffer.alloc(branchAt + 1)
label.copy(block)

/** The node at `way` under a node. */
function below(node: Uint8Array, way: string): Buffer {
  block.set(node, label.length)
  for (let i = 0; i < way.length; i++) {
    block[branchAt] = way.charCodeAt(i)
    block.write(hash('sha256', block, 'binary'), label.length, nodeBytes, 'latin1')
  }
  const found = Buffer.from(block.subarray(label.length, branchAt))
  block.fill(0, label.length)
  return found
}

/** How far down the node is under which a place lies; null: it was taken out. */
function depthAbove(nodes: Nodes, place: string): number | null {
  for (let depth = 0; depth <= levels; depth++) if (nodes.has(place.slice(0, depth))) return depth
  return null
}

/** The key at a place; null: it was taken out. */
export function leafAt(nodes: Nodes, place: string): Buffer | null {
  const depth = depthAbove(nodes, place)
  return depth === null ? null : below(nodes.get(place.slice(0, depth)) as Buffer, place.slice(depth))
}

/** Takes a key out for good. False: it was out already. */
export function takeOut(nodes: Nodes, place: string): boolean {
  const depth = depthAbove(nodes, place)
  if (depth === null) return false
  let node = nodes.get(place.slice(0, depth)) as Buffer
  nodes.delete(place.slice(0, depth))
  for (let at = depth; at < levels; at++) {
    for (const branch of branches) if (branch !== place[at]) nodes.set(place.slice(0, at) + branch, below(node, branch))
    const next = below(node, place[at] as string)
    node.fill(0)
    node = next
  }
  node.fill(0)
  return true
}

/** Keeps the keys at these places and gives up all others: what is left needs as much room as there are places. */
export function keepOnly(nodes: Nodes, places: Iterable<string>): void {
  const kept = new Map<string, Buffer>()
  for (const place of places) {
    const leaf = leafAt(nodes, place)
    if (leaf) kept.set(place, leaf)
  }
  for (const node of nodes.values()) node.fill(0)
  nodes.clear()
  for (const [place, leaf] of kept) nodes.set(place, leaf)
}
