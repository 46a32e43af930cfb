/**
 * Width and height of a picture, as people will see it, without decoding it. A header is not taken at its word: a PNG
 * must hold that many pixels once unpacked, a JPEG at least a bit for each of its blocks, and the two sizes that a WebP
 * may state must agree. Where a format goes by its header alone (lossy WebP, HEIC), so does whoever looks at it.
 */
import { crc32, createInflate } from 'node:zlib'
import { type ByteReader, byteReader, Ended } from './byte-reader.ts'

export type Pixels = readonly [width: number, height: number]

/** More than any camera or scanner makes: unpacking it would hurt whoever opens the file. */
const mostPixels = 250_000_000

const readers: Readonly<Record<string, (bytes: ByteReader) => Promise<Pixels | null>>> = { png, jpg, webp, heic }

export const isPicture = (kind: string) => Object.hasOwn(readers, kind)

/** Null: it cannot be read, or is not what it says. */
export async function pictureSize(content: ReadableStream<Uint8Array>, kind: string): Promise<Pixels | null> {
  const bytes = byteReader(content)
  try {
    const size = (await readers[kind]?.(bytes)) ?? null
    return size && size[0] > 0 && size[1] > 0 && size[0] * size[1] <= mostPixels ? size : null
  } catch (error) {
    if (error instanceof Ended || error instanceof RangeError) return null
    throw error
  } finally {
    await bytes.close()
  }
}

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

async function png(bytes: ByteReader): Promise<Pixels | null> {
  await bytes.skip(8)
  const head = await bytes.take(25)
  const [width, height, depth] = [head.readUInt32BE(8), head.readUInt32BE(12), head.readUInt8(16)]
  const samples = channels[head.readUInt8(17)]
  const interlaced = head.readUInt8(20) === 1
  if (head.readUInt32BE(0) !== 13 || head.toString('latin1', 4, 8) !== 'IHDR' || crc32(head.subarray(4, 21)) !== head.readUInt32BE(21)) return null
  if (!samples || ![1, 2, 4, 8, 16].includes(depth) || width * height > mostPixels) return null
  const rows = (w: number, h: number) => (w > 0 ? h * (1 + Math.ceil((w * samples * depth) / 8)) : 0)
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  const needed = interlaced
    ? passes.reduce((sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)), 0)
    : rows(width, height)
  return (await unpacks(bytes, needed)) ? [width, height] : null
}

/** Whether the IDAT chunks that follow hold that many bytes. What is unpacked is counted and dropped. */
async function unpacks(bytes: ByteReader, needed: number): Promise<boolean> {
  const inflate = createInflate()
  let found = 0
  const failed = new Promise<boolean>((resolve) => inflate.on('error', () => resolve(false)))
  const ended = new Promise<boolean>((resolve) => inflate.on('end', () => resolve(true)))
  inflate.on('data', (piece: Buffer) => (found += piece.length))
  try {
    for (;;) {
      const head = await bytes.take(8)
      const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4)]
      if (type === 'IEND') {
        inflate.end()
        return (await Promise.race([ended, failed])) && found >= needed
      }
      if (type !== 'IDAT') await bytes.skip(length)
      else
        for await (const piece of bytes.pieces(length)) {
          const went = new Promise<boolean>((resolve) => inflate.write(piece, (error) => resolve(!error)))
          if (!(await Promise.race([went, failed]))) return false
          if (found >= needed) return true
        }
      await bytes.skip(4)
    }
  } finally {
    inflate.destroy()
  }
}

async function jpg(bytes: ByteReader): Promise<Pixels | null> {
  await bytes.skip(2)
  let size: Pixels | null = null
  let turned = false
  let coded = 0
  let marker = await nextMarker(bytes)
  while (marker !== 0xd9) {
    const length = (await bytes.take(2)).readUInt16BE(0) - 2
    if (length < 0) return null
    const segment = await bytes.take(length)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      // Baseline, extended, progressive: the others no browser shows. A second frame is a trick.
      if (size || marker > 0xc2) return null
      size = [segment.readUInt16BE(3), segment.readUInt16BE(1)]
    } else if (marker === 0xe1 && segment.toString('latin1', 0, 6) === 'Exif\0\0') turned = isTurned(segment.subarray(6))
    if (marker === 0xda) {
      const scan = await scanOf(bytes)
      coded += scan.length
      marker = scan.marker
    } else marker = await nextMarker(bytes)
  }
  if (!size || coded * 8 < Math.ceil(size[0] / 8) * Math.ceil(size[1] / 8)) return null
  return turned ? [size[1], size[0]] : size
}

async function nextMarker(bytes: ByteReader): Promise<number> {
  if ((await bytes.take(1))[0] !== 0xff) throw new Ended()
  return markerAfterMark(bytes)
}

async function markerAfterMark(bytes: ByteReader): Promise<number> {
  for (;;) {
    const marker = (await bytes.take(1))[0] as number
    if (marker !== 0xff) return marker
  }
}

/** How long the coded data is, and the marker that ends it. Cameras add things after the end, and some leave the end out. */
async function scanOf(bytes: ByteReader): Promise<{ length: number; marker: number }> {
  for (let length = 0; ; ) {
    const { passed, found } = await bytes.passTo(0xff)
    length += passed
    if (!found) return { length, marker: 0xd9 }
    const marker = await markerAfterMark(bytes)
    // Not marks of segments: a 0xff that is data, and the counters that help to find the way after damage.
    if (marker !== 0 && (marker < 0xd0 || marker > 0xd7)) return { length, marker }
    length++
  }
}

/** Whether the orientation in EXIF lays the picture on its side: what is stored as width is seen as height. */
function isTurned(tiff: Buffer): boolean {
  try {
    const little = tiff.toString('latin1', 0, 2) === 'II'
    const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
    const start = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
    for (let i = 0; i < short(start); i++) {
      const entry = start + 2 + i * 12
      if (short(entry) === 0x0112) return short(entry + 8) >= 5 && short(entry + 8) <= 8
    }
    return false
  } catch {
    // A camera that writes EXIF nobody can read says nothing about the orientation.
    return false
  }
}

async function webp(bytes: ByteReader): Promise<Pixels | null> {
  await bytes.skip(12)
  let canvas: Pixels | null = null
  for (;;) {
    const head = await bytes.take(8)
    const [type, length] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)]
    if (type === 'VP8X') {
      const about = await bytes.take(length + (length & 1))
      // A moving picture is no photograph.
      if ((about.readUInt8(0) & 2) !== 0) return null
      canvas = [about.readUIntLE(4, 3) + 1, about.readUIntLE(7, 3) + 1]
    } else if (type === 'VP8 ' || type === 'VP8L') {
      const start = await bytes.take(10)
      const size = type === 'VP8 ' ? lossy(start) : lossless(start)
      await bytes.skip(length - start.length)
      return size && (!canvas || (canvas[0] === size[0] && canvas[1] === size[1])) ? size : null
    } else await bytes.skip(length + (length & 1))
  }
}

const lossy = (frame: Buffer): Pixels | null =>
  (frame.readUInt8(0) & 1) === 0 && frame.readUIntBE(3, 3) === 0x9d012a ? [frame.readUInt16LE(6) & 0x3fff, frame.readUInt16LE(8) & 0x3fff] : null

function lossless(frame: Buffer): Pixels | null {
  if (frame.readUInt8(0) !== 0x2f) return null
  const bits = frame.readUInt32LE(1)
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1]
}

const mostMeta = 1_048_576

/** The largest picture in the file: the others are its tiles and its thumbnail. */
async function heic(bytes: ByteReader): Promise<Pixels | null> {
  for (;;) {
    const head = await bytes.take(8)
    const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4)]
    if (length < 8 || (type === 'meta' && length > mostMeta)) return null
    if (type !== 'meta') {
      await bytes.skip(length - 8)
      continue
    }
    const properties = boxIn(boxIn((await bytes.take(length - 8)).subarray(4), 'iprp'), 'ipco')
    let largest: Pixels = [0, 0]
    let turned = false
    for (const [name, content] of boxes(properties)) {
      if (name === 'ispe') {
        const size: Pixels = [content.readUInt32BE(4), content.readUInt32BE(8)]
        if (size[0] * size[1] > largest[0] * largest[1]) largest = size
      }
      if (name === 'irot') turned = (content.readUInt8(0) & 1) === 1
    }
    return turned ? [largest[1], largest[0]] : largest
  }
}

function* boxes(content: Buffer): Generator<[name: string, content: Buffer]> {
  for (let at = 0; at + 8 <= content.length; ) {
    const length = content.readUInt32BE(at)
    if (length < 8) return
    yield [content.toString('latin1', at + 4, at + 8), content.subarray(at + 8, at + length)]
    at += length
  }
}

function boxIn(content: Buffer, wanted: string): Buffer {
  for (const [name, inside] of boxes(content)) if (name === wanted) return inside
  return Buffer.alloc(0)
}
