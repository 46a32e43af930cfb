import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { leafAt, type Nodes, placeOf, takeOut } from './key-tree.ts'
import { decodeMonthKey, destroy, earlierMonthKey, encodeMonthKey, erase, isDestroyed, kekOf, newMonthKey, reduce, sizeOf } from './month-key.ts'
import { KeyGone, newBox, reopenBox, type Sealing, sealBytes, wrapAbout } from './seal-box.ts'

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')
const owners = Array.from({ length: 300 }, (_, i) => `city|card|${i}`)
const word = new TextEncoder().encode('what nobody may read')

describe('the tree', () => {
  const tree = (): Nodes => new Map([['', Buffer.alloc(32, 7)]])

  it('gives each owner a key of its own, always the same', () => {
    const keys = owners.map((owner) => hex(leafAt(tree(), placeOf(owner))))
    expect(new Set(keys).size).toBe(owners.length)
    // Held here, because what is sealed today has to open in ten years.
    expect(placeOf('city|card|0')).toBe('edfa97700bc88a1d')
    expect(keys[0]).toBe('f7999073eec406c838c73208c14a7eb58333881dc7cbd5b17e017c8e1aefe0c0')
  })

  it('loses one key and no other, in whatever order they are taken out', () => {
    const whole = new Map(owners.map((owner) => [owner, hex(leafAt(tree(), placeOf(owner)))]))
    const nodes = tree()
    const gone = new Set<string>()
    for (const owner of [...owners].sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1)).slice(0, 100)) {
      expect(takeOut(nodes, placeOf(owner))).toBe(true)
      gone.add(owner)
    }
    for (const owner of owners) expect(hex(leafAt(nodes, placeOf(owner)))).toBe(gone.has(owner) ? null : whole.get(owner))
    for (const owner of gone) expect(takeOut(nodes, placeOf(owner))).toBe(false)
  })

  it('keeps neighbours that share all but the last step', () => {
    const nodes = tree()
    const place = '0123456789abcdef'
    const others = [...'0123456789abcde'].map((branch) => place.slice(0, 15) + branch)
    const before = others.map((other) => hex(leafAt(nodes, other)))
    takeOut(nodes, place)
    expect(others.map((other) => hex(leafAt(nodes, other)))).toEqual(before)
    for (const other of others) takeOut(nodes, other)
    expect([...nodes.keys()].filter((way) => way.length === 16)).toEqual([])
  })

  it('keeps no node above one that was taken out', () => {
    const nodes = tree()
    takeOut(nodes, placeOf('city|card|0'))
    for (let depth = 0; depth <= 16; depth++) expect(nodes.has(placeOf('city|card|0').slice(0, depth))).toBe(false)
    expect(nodes.size).toBe(15 * 16)
  })
})

describe('the key of a month', () => {
  const sealed = (key = newMonthKey(randomBytes(32))) => {
    const kek = kekOf('2026-01', key)
    return {
      key,
      boxes: owners
        .map((owner) => ({ owner, box: newBox(kek, owner) }))
        .map(({ owner, box }) => ({ owner, sealing: box.sealing as Sealing, bytes: box.seal('answers', word) })),
    }
  }
  const opens = (key: Parameters<typeof kekOf>[1], { owner, sealing, bytes }: { owner: string; sealing: Sealing; bytes: Uint8Array }) => {
    try {
      return Buffer.from(reopenBox(kekOf('2026-01', key), sealing, owner).open('answers', bytes)).equals(word)
    } catch (error) {
      expect(error).toBeInstanceOf(KeyGone)
      return false
    }
  }

  it('erases some, and the others open, also after it was written and read', () => {
    const { key, boxes } = sealed()
    expect(boxes.every((box) => opens(key, box))).toBe(true)
    expect(erase('2026-01', key, [owners[3] as string, owners[5] as string], [])).toBe(2)
    expect(erase('2026-01', key, [owners[3] as string], [])).toBe(0)
    const again = decodeMonthKey(key.mark, encodeMonthKey(key))
    expect(again.mark).toBe(key.mark)
    expect(boxes.map((box) => opens(again, box))).toEqual(owners.map((_, i) => i !== 3 && i !== 5))
  })

  it('keeps what is left, in as much room as it needs, and can erase of that', () => {
    const { key, boxes } = sealed()
    const rest = boxes.slice(0, 40)
    reduce('2026-01', key, rest)
    expect(sizeOf(key)).toBe(40)
    erase('2026-01', key, [owners[0] as string], [])
    expect(boxes.map((box) => opens(key, box))).toEqual(owners.map((_, i) => i > 0 && i < 40))
    destroy(key)
    expect(isDestroyed(key)).toBe(true)
    expect(boxes.some((box) => opens(key, box))).toBe(false)
  })

  /** As an earlier version wrapped: the month's key itself. */
  const earlier = () => {
    const direct = randomBytes(32)
    const key = earlierMonthKey(Buffer.from(direct))
    const boxes = owners.slice(0, 20).map((owner) => {
      const dataKey = randomBytes(32)
      const sealing: Sealing = { mode: 'at-rest', bucket: '2026-01', key: sealBytes(direct, wrapAbout(owner, '2026-01'), dataKey).toString('base64url') }
      return { owner, sealing, bytes: reopenBox(kekOf('2026-01', key), sealing, owner).seal('answers', word) }
    })
    return { key, direct, boxes }
  }

  it('opens what an earlier version wrapped, and what was wrapped since with the same key', () => {
    const { key, boxes } = earlier()
    const box = newBox(kekOf('2026-01', key), 'city|card|new')
    expect(boxes.every((one) => opens(key, one))).toBe(true)
    expect(
      opens(decodeMonthKey(key.mark, encodeMonthKey(key)), { owner: 'city|card|new', sealing: box.sealing as Sealing, bytes: box.seal('answers', word) }),
    ).toBe(true)
  })

  it('erases one of those too, for which the old key itself has to go', () => {
    const { key, direct, boxes } = earlier()
    const since = newBox(kekOf('2026-01', key), 'city|card|new')
    const newer = { owner: 'city|card|new', sealing: since.sealing as Sealing, bytes: since.seal('answers', word) }
    expect(erase('2026-01', key, [owners[3] as string], [...boxes, newer])).toBe(1)
    const written = encodeMonthKey(key)
    expect(written.includes(direct)).toBe(false)
    const again = decodeMonthKey(key.mark, written)
    expect(boxes.map((box) => opens(again, box))).toEqual(boxes.map((_, i) => i !== 3))
    expect(opens(again, newer)).toBe(true)
    expect(erase('2026-01', again, ['city|card|new', owners[4] as string], [])).toBe(2)
    expect(opens(again, newer)).toBe(false)
    expect(boxes.map((box) => opens(again, box))).toEqual(boxes.map((_, i) => i !== 3 && i !== 4))
  })

  it('refuses bytes that are none', () => {
    expect(() => decodeMonthKey('m', Buffer.alloc(40))).toThrow()
    expect(() => decodeMonthKey('m', Buffer.alloc(41, 0x20))).toThrow()
  })
})

describe('a whole key of a month', () => {
  it('is known by the same mark, and grows the same tree, in ten years too', () => {
    const key = earlierMonthKey(Buffer.alloc(32, 9))
    expect(key.mark).toBe('DLGOQ-z1JZB5vDlzu1hEcgiIFFVhxOOdZo60C7_nCMc')
    expect(newMonthKey(Buffer.alloc(32, 9)).mark).toBe(key.mark)
    expect(hex(key.nodes.get('') as Uint8Array)).toBe('e9c2ff61ab48f558742db952f452c2cdcb3dc27d3c3f972b75cedfe5305b726d')
  })

  it('leaves nothing in memory when it is destroyed', () => {
    const key = { ...earlierMonthKey(Buffer.alloc(32, 9)), dataKeys: new Map([['0123456789abcdef', Buffer.alloc(32, 8)]]) }
    const secrets = [key.direct as Buffer, key.nodes.get('') as Uint8Array, key.dataKeys.get('0123456789abcdef') as Buffer]
    expect(secrets.some((secret) => secret.every((byte) => byte === 0))).toBe(false)
    destroy(key)
    expect(secrets.map(hex)).toEqual(Array(3).fill('00'.repeat(32)))
    expect([isDestroyed(key), key.dataKeys.size]).toEqual([true, 0])
  })

  it('is not destroyed as long as anything of it is left', () => {
    const empty = { mark: '', nodes: new Map(), direct: null, dataKeys: new Map() }
    expect(isDestroyed(empty)).toBe(true)
    expect(isDestroyed({ ...empty, direct: Buffer.alloc(32) })).toBe(false)
    expect(isDestroyed({ ...empty, dataKeys: new Map([['0', Buffer.alloc(32)]]) })).toBe(false)
    expect(isDestroyed({ ...empty, nodes: new Map([['', Buffer.alloc(32)]]) })).toBe(false)
  })
})
