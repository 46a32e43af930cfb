/** Unpacks everything in a zip, as a careless program does, and counts it. */
import { inflateRawSync } from 'node:zlib'

export function unzippedSize(bytes: Uint8Array): number {
  const data = Buffer.from(bytes)
  let size = 0
  for (let at = 0; at + 30 < data.length && data.readUInt32LE(at) === 0x04034b50; ) {
    const from = at + 30 + data.readUInt16LE(at + 26) + data.readUInt16LE(at + 28)
    const to = from + data.readUInt32LE(at + 18)
    size += inflateRawSync(data.subarray(from, to)).length
    at = to
  }
  return size
}
