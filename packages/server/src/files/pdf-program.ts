/** Whether a PDF carries something that a reader would run or unpack. Linear in the file's length. Names: ISO 32000-2, 12.6.4. */
import { inflateSync } from 'node:zlib'

/** Too long to turn up by chance in what is packed, so looked for everywhere: a file may lie about where its objects are. */
const actions = /\/(?:Launch|EmbeddedFile|RichMedia|JavaScript|Rendition)\b/
/** Three letters do turn up by chance, ten times in a large scan: only with a script behind them, and outside what is packed. */
const script = /\/JS\s*(?:[(<]|\d+\s+\d+\s+R\b)/

/** Bytes that all packed objects of a file may have unpacked; a file with more is looked at no further and refused. */
const mostUnpacked = 64 * 2 ** 20

/** True as well for a file whose packed objects are too many to look at. */
export function runsProgram(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = data.toString('latin1')
  if (actions.test(plainNames(text))) return true
  let left = mostUnpacked
  let at = 0
  for (;;) {
    const start = text.indexOf('stream', at)
    const dictionary = text.slice(at, start < 0 ? undefined : start)
    if (script.test(plainNames(dictionary))) return true
    if (start < 0) return false
    const end = text.indexOf('endstream', start)
    const [from, to] = [start + 'stream'.length, end < 0 ? text.length : end]
    const own = plainNames(dictionary.slice(dictionary.lastIndexOf(' obj')))
    if (!own.includes('/Filter') && script.test(plainNames(text.slice(from, to)))) return true
    // Objects themselves may be packed (7.5.7), and actions are objects.
    if (/\/ObjStm\b/.test(own) && own.includes('/FlateDecode')) {
      const objects = unpack(data.subarray(from, to), left)
      if (objects === null) return true
      left -= objects.length
      const inside = plainNames(objects)
      if (actions.test(inside) || script.test(inside)) return true
    }
    at = end < 0 ? text.length : end + 'endstream'.length
  }
}

/** A name's letters may be written as their numbers (7.3.5). */
const plainNames = (text: string) => text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

/** Null: more than `most`. What is broken or encrypted is nothing that a reader could run. */
function unpack(packed: Buffer, most: number): string | null {
  const from = packed[0] === 13 && packed[1] === 10 ? 2 : packed[0] === 10 || packed[0] === 13 ? 1 : 0
  try {
    // A file cut short still shows what came before; readers mend such files.
    return inflateSync(packed.subarray(from), { maxOutputLength: Math.max(1, most), finishFlush: 2 }).toString('latin1')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? null : ''
  }
}
