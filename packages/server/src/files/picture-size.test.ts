import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pictureSize } from './picture-size.ts'

/** A disc of 40 by 30 pixels, as Chromium saves it. */
const saved = {
  png: 'iVBORw0KGgoAAAANSUhEUgAAACgAAAAeCAYAAABe3VzdAAACIUlEQVR4AeyVOUgjYRTH/zvq1gsL64Lrsu4Kglss24lYG0URvBVBC41GsbDwakQ8wAvBRonxgHQeeCDehTZipdh4glHwQIMIVqLGa96IMIEZZ94XRYsMecmbd/7y3jeM9PDBLwkf/PID+rog/wTffYI7+8dwDM2jpM6O6KwqRUjvGZ4H+d4N8PrGg9beUSTaGtDSM4K5pTW4zy8UIb3ZMaL42vrG4Lm9E+YUOoNbriMkFDWge3AO9/cPus3JZx+YRUppEzZ2D3TjXnKwAS+vrpV17h+5X6rr5dt0HaK03oEbz62X3cwNG7C9fxwHJ2dmanvFUE6Hc8LLZuaGBbi64YJzfNFMXc0YephW1nc1fXpGFqBzbAHyq1uvlqGdcgenlwzj1AEsQNfhqTpXSOfWYAEeu8+FoNRJe8w/yQL8HBSo7iWkc2uwACPDQ4Wg1EncGjzAP68AyKzBAkyzRIO7IvX0ggIDkBEfozYZ6izA36HfYcuKMyyqF1CWl4RfId/03Jp2FiBVKM6OR9iPYFJZEimv1poRy8qhYDYgrbixLIdyTYskfUJzeS4CJHY78DNkrKh/Edie6VLWLcnNZZPmh3xFmRZsTnXib/hPzRgjoxAgFaUDX5GfjEl7DaoLU2GJ+Y/gr18UIb3Kmqr4KgtSQLGUIyLCgM/NIsJCYE2PRVetDcsDLYqQXiifN/I9x4n++gz41Pjtvv2Avs7WP0FfJ/gIAAD//1ZsYjQAAAAGSURBVAMAjDU1rE4caOMAAAAASUVORK5CYII=',
  jpg: '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAeACgDASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAAUGAQT/xAAnEAABAwMCBQUBAAAAAAAAAAABAAISAwQRBVEGEyFBYRQVMVKRof/EABUBAQEAAAAAAAAAAAAAAAAAAAEC/8QAFxEAAwEAAAAAAAAAAAAAAAAAAAERAv/aAAwDAQACEQMRAD8A0y4SACScAdyuqFxHcvDqds04aRN3nZKVBuFL3SynD1LM/wA/fheoEEAg5B7rDK7w5cvcals45aBNvjdU8wFql1ERQUFK1zT33VNtWiJVGdI7hVUSnAapieTVnDlvl9YnK0Wh6e+0puq1hGo/pHYKoiXqgswIiKSj/9k=',
  lossy:
    'UklGRmwCAABXRUJQVlA4WAoAAAAgAAAAJwAAHQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDggfgAAAHAFAJ0BKigAHgA+/WirUCsmJCK1SAFgH4llAM9HwAPz+u1yqVX4wPI3eW/DPA4dU9skXMAA/vHCa8bCcFRHdO4FTAdvD0G6NxeBhfc/38MZ1HFoRvJUYrc2eTgY3HquHpNdkTVXcVvcuIniFY0S1uCTPrMrNkb00AQHSAAAAA==',
  lossless:
    'UklGRggDAABXRUJQVlA4WAoAAAAgAAAAJwAAHQAASUNDUMgBAAAAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADZWUDhMGgEAAC8nQAcAL6GokaQ4nJ69gR8eUALbRpIUZzWwcGheAO+/okiS2iizgfBCAu6Y//jfDwAGSQCyKjLMllUmySqIiDj36LmYLavOPbIKIDKyShQwvP8xG0B1QRHhYaLcd0kCACBCEkCOJEmRVMvMzOj6y7jYPbsH34j+K3LbtlHmqdPtIwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAdvN+o9Ff7Ip2p3E5IiKiPLkUim0rIuK56WwKxLEZ8c6b53xGEe99nB3rUorSKpdBRMqHubTTdHOppanlUk9Tz6WXppfL+MaHhtpXU1E5ZF/cNMUsXwfnu6zeCutaQFjLp3hR6qaQUC+TVz2PL4Xfx+LxPua7f/+fAA==',
}
const bytesOf = (name: keyof typeof saved) => Buffer.from(saved[name], 'base64')
/** In pieces of a few bytes: where they are cut must not matter. */
const sizeOf = (bytes: Uint8Array, kind: string, piece = 7) =>
  pictureSize(
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += piece) controller.enqueue(bytes.subarray(at, at + piece))
        controller.close()
      },
    }),
    kind,
  )

const chunk = (type: string, data: Uint8Array) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
/** A grey PNG whose header says what it is told to; `rows` is what it really holds. */
function png(width: number, height: number, rows: Uint8Array, { depth = 8, interlaced = 0 } = {}): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([depth, 0, 0, 0, interlaced], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', new Uint8Array())])
}
const box = (name: string, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, content])
}
const numbers = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value])))

describe('the size of a picture', () => {
  it.each([
    ['png', 'png'],
    ['jpg', 'jpg'],
    ['webp', 'lossy'],
    ['webp', 'lossless'],
  ] as const)('is read from %s as a browser saves it (%s), wherever the pieces are cut', async (kind, name) => {
    for (const piece of [1, 7, 64, 10_000]) expect(await sizeOf(bytesOf(name), kind, piece)).toEqual([40, 30])
  })

  it('is what people see: a picture that its camera held upright is higher than wide', async () => {
    const exif = (order: 'II' | 'MM', orientation: number) => {
      const little = order === 'II'
      const tiff = Buffer.alloc(26)
      const short = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at))
      tiff.write(order, 'latin1')
      short(42, 2)
      if (little) tiff.writeUInt32LE(8, 4)
      else tiff.writeUInt32BE(8, 4)
      short(1, 8)
      short(0x0112, 10)
      short(3, 12)
      if (little) tiff.writeUInt32LE(1, 14)
      else tiff.writeUInt32BE(1, 14)
      short(orientation, 18)
      const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
      const jpg = bytesOf('jpg')
      return Buffer.concat([jpg.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, content.length + 2]), content, jpg.subarray(2)])
    }
    for (const order of ['II', 'MM'] as const) {
      expect(await sizeOf(exif(order, 6), 'jpg')).toEqual([30, 40])
      expect(await sizeOf(exif(order, 8), 'jpg')).toEqual([30, 40])
      expect(await sizeOf(exif(order, 3), 'jpg')).toEqual([40, 30])
    }
    const image = (...more: Uint8Array[]) =>
      Buffer.concat([
        box('ftyp', Buffer.from('heic')),
        box(
          'meta',
          numbers(0),
          box('iprp', box('ipco', box('ispe', numbers(0, 512, 512)), box('ispe', numbers(0, 4032, 3024)), box('ispe', numbers(0, 320, 240)), ...more)),
        ),
        box('mdat', Buffer.alloc(50)),
      ])
    expect(await sizeOf(image(), 'heic')).toEqual([4032, 3024])
    expect(await sizeOf(image(box('irot', Buffer.from([1]))), 'heic')).toEqual([3024, 4032])
  })

  it('is read from PNGs of any depth, interlaced or not', async () => {
    expect(await sizeOf(png(9, 3, new Uint8Array(3 * 3), { depth: 1 }), 'png')).toEqual([9, 3])
    // 3 by 2 in passes of one byte a pixel and one a row: (0,0), (2,0), (1,0), and the second row.
    expect(await sizeOf(png(3, 2, new Uint8Array(2 + 2 + 2 + 4), { interlaced: 1 }), 'png')).toEqual([3, 2])
    expect(await sizeOf(png(3, 2, new Uint8Array(2 + 2 + 2 + 3), { interlaced: 1 }), 'png')).toBeNull()
  })
})

describe('a header that lies', () => {
  const changed = (bytes: Buffer, change: (bytes: Buffer) => void) => {
    change(bytes)
    return bytes
  }
  it('about more pixels than a PNG holds', async () => {
    expect(await sizeOf(png(300, 400, new Uint8Array(301 * 400)), 'png')).toEqual([300, 400])
    expect(await sizeOf(png(300, 400, new Uint8Array(301 * 400 - 1)), 'png')).toBeNull()
    expect(await sizeOf(png(300, 400, new Uint8Array(2)), 'png')).toBeNull()
    expect(
      await sizeOf(
        changed(bytesOf('png'), (bytes) => bytes.writeUInt32BE(3000, 16)),
        'png',
      ),
    ).toBeNull()
    // A bomb is not even unpacked.
    expect(await sizeOf(png(100_000, 100_000, new Uint8Array(2)), 'png')).toBeNull()
  })

  it('about more blocks than a JPEG has bits for', async () => {
    const at = bytesOf('jpg').indexOf(Buffer.from([0xff, 0xc0])) + 5
    expect(bytesOf('jpg').readUInt16BE(at)).toBe(30)
    const bigger = changed(bytesOf('jpg'), (bytes) => {
      bytes.writeUInt16BE(3000, at)
      bytes.writeUInt16BE(4000, at + 2)
    })
    expect(await sizeOf(bigger, 'jpg')).toBeNull()
    // Nor does it help to add bytes behind the picture, or a second frame.
    expect(await sizeOf(Buffer.concat([bigger, Buffer.alloc(1_000_000, 1)]), 'jpg')).toBeNull()
    const frame = bytesOf('jpg').subarray(at - 5, at - 5 + 19)
    expect(await sizeOf(Buffer.concat([bytesOf('jpg').subarray(0, at - 5), frame, bytesOf('jpg').subarray(at - 5)]), 'jpg')).toBeNull()
  })

  it('about a canvas that is not the WebP’s picture', async () => {
    const bytes = bytesOf('lossy')
    const at = bytes.indexOf('VP8X') + 12
    expect(bytes.readUIntLE(at, 3)).toBe(39)
    expect(
      await sizeOf(
        changed(bytes, () => bytes.writeUIntLE(2999, at, 3)),
        'webp',
      ),
    ).toBeNull()
  })

  it('or that is cut short or no picture at all, whatever the kind', async () => {
    for (const [kind, name] of [
      ['png', 'png'],
      ['jpg', 'jpg'],
      ['webp', 'lossy'],
    ] as const) {
      for (const length of [0, 1, 10, 25, 40]) expect(await sizeOf(bytesOf(name).subarray(0, length), kind), `${kind} ${length}`).toBeNull()
      expect(await sizeOf(Buffer.alloc(500, 0xff), kind)).toBeNull()
    }
    expect(await sizeOf(Buffer.alloc(500), 'heic')).toBeNull()
    expect(await sizeOf(bytesOf('png'), 'pdf')).toBeNull()
  })
})
