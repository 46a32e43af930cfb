import { describe, expect, it } from 'vitest'
import { emptyRoot, isConsistent, leafHash, nodeHash, rootOfInclusion } from './merkle.ts'
import { plainGrowth, plainLeaf, plainLeaves, plainPath, plainRoot } from './plain-tree.test-helper.ts'

const most = 33
const roots = Array.from({ length: most + 1 }, (_, size) => plainRoot(plainLeaves(size)))
const rootOf = (size: number) => roots[size] as Buffer
const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')
const sizes = Array.from({ length: most }, (_, i) => i + 1)
const changed = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === 31 ? byte ^ 1 : byte))

it('hashes leaves, nodes and the empty tree as RFC 6962 says', async () => {
  expect(hex(await leafHash(Buffer.from('leaf 7')))).toBe(hex(plainLeaf(7)))
  expect(hex(await nodeHash(plainLeaf(0), plainLeaf(1)))).toBe(hex(rootOf(2)))
  expect(hex(await emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

describe.each(sizes)('in a tree of %i', (size) => {
  const leaves = plainLeaves(size)

  it('each leaf leads to the root by its proof, and by no other', async () => {
    for (let index = 0; index < size; index++) {
      const proof = plainPath(index, leaves)
      const at = (leaf: Uint8Array, i: number, n: number, hashes: readonly Uint8Array[]) => rootOfInclusion(leaf, i, n, hashes).then(hex)
      expect(await at(plainLeaf(index), index, size, proof)).toBe(hex(rootOf(size)))
      expect(await at(plainLeaf(index + 1), index, size, proof)).not.toBe(hex(rootOf(size)))
      // Too long, too short, a hash of another length: no proof at all.
      expect(await at(plainLeaf(index), index, size, [...proof, plainLeaf(0)])).toBeNull()
      if (proof.length > 0) {
        expect(await at(plainLeaf(index), index, size, proof.slice(1))).not.toBe(hex(rootOf(size)))
        expect(await at(plainLeaf(index), index, size, proof.slice(0, -1))).toBeNull()
        expect(await at(plainLeaf(index), index, size, [...proof.slice(0, -1), (proof.at(-1) as Buffer).subarray(1)])).toBeNull()
        expect(await at(plainLeaf(index), index, size, [...proof.slice(0, -1), changed(proof.at(-1) as Buffer)])).not.toBe(hex(rootOf(size)))
      }
      // The same hashes prove no other place, unless it is one where they are put together in the same way.
      for (const other of [index - 1, index + 1])
        if (other >= 0 && other < size) expect(await at(plainLeaf(index), other, size, proof)).not.toBe(hex(rootOf(size)))
    }
  })

  it('every smaller tree is its beginning, and no other one is', async () => {
    for (let first = 0; first <= size; first++) {
      const growth = plainGrowth(first, leaves)
      const [small, large] = [
        { size: first, root: rootOf(first) },
        { size, root: rootOf(size) },
      ]
      expect(await isConsistent(small, large, growth), `${first}`).toBe(true)
      expect(await isConsistent({ size: first, root: changed(rootOf(first)) }, large, growth), `${first}`).toBe(false)
      // Of a first tree that stands for itself a change of the second is seen as well.
      expect(await isConsistent(small, { size, root: changed(rootOf(size)) }, growth), `${first}`).toBe(first === 0)
      expect(await isConsistent(small, large, [...growth, plainLeaf(0)]), `${first}`).toBe(false)
      if (growth.length > 0) {
        expect(await isConsistent(small, large, growth.slice(1))).toBe(false)
        expect(await isConsistent(small, large, growth.slice(0, -1))).toBe(false)
        expect(await isConsistent(small, large, [...growth.slice(0, -1), changed(growth.at(-1) as Buffer)])).toBe(false)
        expect(await isConsistent(small, large, [...growth.slice(0, -1), (growth.at(-1) as Buffer).subarray(1)])).toBe(false)
      }
      if (first < size) expect(await isConsistent(large, small, growth)).toBe(false)
    }
  })
})

it('a tree that shrank is none that grew, though whoever signs it chose its root for the proof', async () => {
  const root = rootOf(5)
  const [one, two] = [plainLeaf(0), plainLeaf(1)]
  for (const proof of [[root], [root, one], [root, one, two]]) {
    let grown: Uint8Array = root
    for (const other of proof.slice(1)) grown = await nodeHash(grown, other)
    for (const size of [1, 2, 3, 4]) expect(await isConsistent({ size: 5, root }, { size, root: grown }, proof), `${size}`).toBe(false)
  }
})

it('nothing is shown by no hashes where some are needed', async () => {
  expect(await isConsistent({ size: 3, root: rootOf(3) }, { size: 5, root: rootOf(5) }, [])).toBe(false)
  expect(await isConsistent({ size: 4, root: rootOf(4) }, { size: 5, root: rootOf(5) }, [])).toBe(false)
  expect(await rootOfInclusion(plainLeaf(0), 0, 2, [])).toBeNull()
})

it('there is no leaf and no tree of a size that is no whole number', async () => {
  const [leaf, root] = [plainLeaf(0), rootOf(1)]
  for (const size of [-1, 0.5, Number.NaN, 2 ** 53]) {
    expect(await rootOfInclusion(leaf, size, 1, [])).toBeNull()
    expect(await rootOfInclusion(leaf, 0, size, [])).toBeNull()
    expect(await isConsistent({ size, root }, { size: 1, root }, [])).toBe(false)
    expect(await isConsistent({ size: 1, root }, { size, root }, [])).toBe(false)
    expect(await isConsistent({ size, root }, { size, root }, [])).toBe(false)
  }
  expect(await rootOfInclusion(leaf, 1, 1, [])).toBeNull()
  expect(await rootOfInclusion(leaf, 0, 0, [])).toBeNull()
})

it('places beyond 2^31 are found like all others', async () => {
  // The last leaf of a tree of 2^40 + 1 hangs right under its root.
  const [leaf, left] = [plainLeaf(1), plainLeaf(2)]
  expect(hex(await rootOfInclusion(leaf, 2 ** 40, 2 ** 40 + 1, [left]))).toBe(hex(await nodeHash(left, leaf)))
  expect(await isConsistent({ size: 2 ** 40, root: left }, { size: 2 ** 40 + 1, root: await nodeHash(left, leaf) }, [leaf])).toBe(true)
})
