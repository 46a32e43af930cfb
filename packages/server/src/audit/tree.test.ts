import { hash } from 'node:crypto'
import { isConsistent, rootOfInclusion } from '@guichet/receipts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogTile } from '../store/audit-log.ts'
import { consistencyProof, grow, inclusionProof, leafHash, nodeHash, type ReadTiles, rootOf, TreeBroken } from './tree.ts'

/** Tiles in memory. */
function forest() {
  const tiles = new Map<string, Uint8Array>()
  const read: ReadTiles = async (places) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) ?? null)
  const put = (changed: readonly LogTile[]) => {
    for (const { level, number, hashes } of changed) tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
  }
  return { tiles, read, put }
}
const hex = (text: string) => Buffer.from(text, 'hex')
/** MTH as RFC 6962 defines it, word for word. */
function plainRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer')
  if (leaves.length === 1) return leaves[0] as Buffer
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)))
}
const leaf = (i: number) => leafHash(`event ${i}`)
async function treeOf(size: number, steps: readonly number[] = [size]) {
  const { put, read, tiles } = forest()
  let from = 0
  for (const step of steps) {
    const count = Math.min(step, size - from)
    put(
      await grow(
        from,
        Array.from({ length: count }, (_, i) => leaf(from + i)),
        read,
      ),
    )
    from += count
  }
  return { read, tiles, size: from }
}

/** Vectors of Certificate Transparency: the eight leaves of its reference implementation, and their roots. */
const known = {
  leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
  roots: [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
}

describe('the tree', () => {
  test('has the roots of the reference implementation, and the empty one', async () => {
    const { put, read } = forest()
    expect((await rootOf(0, read)).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [i, entry] of known.leaves.entries()) {
      put(await grow(i, [hash('sha256', Buffer.concat([Uint8Array.of(0), hex(entry)]), 'buffer')], read))
      expect((await rootOf(i + 1, read)).toString('hex')).toBe(known.roots[i])
    }
    expect((await inclusionProof(5, 8, read)).map((each) => each.toString('hex'))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
    expect((await consistencyProof(6, 8, read)).map((each) => each.toString('hex'))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  test('is the same however it grew, across tiles of three levels', async () => {
    const size = 66_000
    const leaves = Array.from({ length: size }, (_, i) => leaf(i))
    const { read, tiles } = await treeOf(size, [1, 255, 1, 700, 20_000, size])
    for (const each of [1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, size])
      expect((await rootOf(each, read)).toString('hex')).toBe(plainRoot(leaves.slice(0, each)).toString('hex'))
    expect([...tiles.keys()].filter((key) => !key.startsWith('0/')).sort()).toEqual(['1/0', '1/1', '2/0'])
  })

  test('reads a handful of tiles for a proof, however large it is', async () => {
    const { read, size } = await treeOf(66_000)
    let asked = 0
    const counting: ReadTiles = (places) => {
      asked += places.length
      return read(places)
    }
    await inclusionProof(12_345, size, counting)
    expect(asked).toBeLessThanOrEqual(6)
  })

  test('gives proofs that the other implementation of the rule accepts, and no other leaf or root', async () => {
    const { read } = await treeOf(1500)
    const head = async (size: number) => ({ size, root: await rootOf(size, read) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1500 }), fc.nat(), fc.nat(), async (size, a, b) => {
        const [index, first] = [a % size, b % (size + 1)]
        const { root } = await head(size)
        const proof = await inclusionProof(index, size, read)
        expect(Buffer.from((await rootOfInclusion(leaf(index), index, size, proof)) ?? []).equals(root)).toBe(true)
        expect(Buffer.from((await rootOfInclusion(leaf(index + 1), index, size, proof)) ?? []).equals(root)).toBe(false)
        const [small, large, growth] = [await head(first), { size, root }, await consistencyProof(first, size, read)]
        expect(await isConsistent(small, large, growth)).toBe(true)
        if (first > 0) expect(await isConsistent({ size: first, root: leaf(0) }, large, growth)).toBe(first === 1)
        if (growth.length > 0) expect(await isConsistent(small, large, growth.slice(1))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('refuses to go on from an edge that is not where it should be', async () => {
    const { read, tiles } = await treeOf(300)
    tiles.set('0/1', (tiles.get('0/1') as Uint8Array).slice(32))
    await expect(grow(300, [leaf(300)], read)).rejects.toThrow(TreeBroken)
    await expect(rootOf(300, read)).rejects.toThrow(TreeBroken)
    tiles.delete('0/0')
    await expect(inclusionProof(3, 299, read)).rejects.toThrow(TreeBroken)
    await expect(inclusionProof(300, 300, read)).rejects.toThrow(RangeError)
    await expect(consistencyProof(301, 300, read)).rejects.toThrow(RangeError)
  })
})
