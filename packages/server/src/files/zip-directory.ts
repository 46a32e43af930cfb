/**
 * The list of what is in a zip, from its central directory: nothing is unpacked. APPNOTE 6.3.10, 4.3.12 and 4.3.16. What
 * is unusual there is refused, because two programs would see two different archives in it.
 */
export interface ZipEntry {
  name: string
  packed: number
  unpacked: number
  isLink: boolean
}

const endMark = 0x06054b50
const entryMark = 0x02014b50
const localMark = 0x04034b50
const endSize = 22
const symbolicLink = 0o120000

/** @returns null where it is not one plain archive from the first byte to the last; at most `most` entries are read */
export function zipDirectory(bytes: Uint8Array, most: number): ZipEntry[] | 'too-many' | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (data.length < endSize || data.readUInt32LE(0) !== localMark) return null
  // A comment could hide a second end: there must be none.
  const end = data.length - endSize
  if (data.readUInt32LE(end) !== endMark || data.readUInt16LE(end + 20) !== 0) return null
  const [disk, count, here] = [data.readUInt32LE(end + 4), data.readUInt16LE(end + 10), data.readUInt16LE(end + 8)]
  const [size, start] = [data.readUInt32LE(end + 12), data.readUInt32LE(end + 16)]
  // 64-bit archives say so by these; no document of an office is one.
  if (disk !== 0 || count !== here || count === 0xffff || start + size !== end) return null
  if (count > most) return 'too-many'
  const entries: ZipEntry[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || data.readUInt32LE(at) !== entryMark) return null
    const [packed, unpacked] = [data.readUInt32LE(at + 20), data.readUInt32LE(at + 24)]
    const [nameLength, extraLength, commentLength] = [data.readUInt16LE(at + 28), data.readUInt16LE(at + 30), data.readUInt16LE(at + 32)]
    const local = data.readUInt32LE(at + 42)
    const name = data.toString('utf8', at + 46, at + 46 + nameLength)
    if (local + 30 > start || data.readUInt32LE(local) !== localMark) return null
    // The name beside the content must be the one in the list.
    if (data.readUInt16LE(local + 26) !== nameLength || data.compare(data, at + 46, at + 46 + nameLength, local + 30, local + 30 + nameLength) !== 0)
      return null
    entries.push({ name, packed, unpacked, isLink: ((data.readUInt32LE(at + 38) >>> 16) & 0o170000) === symbolicLink })
    at += 46 + nameLength + extraLength + commentLength
  }
  return at === end ? entries : null
}
