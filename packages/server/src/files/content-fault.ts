/**
 * What may be wrong inside a file of a kind that is taken: that it is a second file as well, explodes when it is unpacked,
 * or carries a program. Pure, and linear in the file's length.
 */
import { inflateRawSync } from 'node:zlib'
import { endOfJpeg } from './jpeg-end.ts'
import { runsProgram } from './pdf-program.ts'
import { type ZipEntry, zipDirectory } from './zip-directory.ts'

/** `two-files`: other programs would take it for something else. `bomb`: larger unpacked than anybody wants. */
export type ContentFault = 'two-files' | 'bomb' | 'program' | 'name'

const archives = new Set(['docx', 'xlsx', 'odt'])
const mostEntries = 5000
/** Bytes of all of an archive's content. */
const mostUnpacked = 256 * 2 ** 20
/** Times as large as it is packed. Text packs a hundredfold at best. */
const mostTimes = 200
const smallArchive = 2 ** 20

/** Endings that a file of the kind may have. */
const endings: Readonly<Record<string, readonly string[]>> = {
  jpg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  heic: ['heic', 'heif', 'hif'],
  txt: ['txt', 'text', 'md', 'log'],
}
/** Endings that a program, a page or a shortcut has: not before the last one either. */
const dangerous =
  /\.(?:exe|scr|pif|bat|cmd|ps1|psm1|vbs?|vbe|jse|mjs|wsf|wsh|hta|msi|msp|jar|lnk|dll|cpl|html?|xhtml|shtml|mht(?:ml)?|svgz?|xml|xsl|php\d?|aspx?|jsp|docm|xlsm|dotm|apk)(?:\.|$)/i
/** Those that stand inside honest names as well, such as that of a site that a page was printed from: only as the last one. */
const dangerousAtTheEnd = /\.(?:com|js|url|reg|sh|iso|img|app|desktop)$/i

/** What a browser takes for a page or a script, whatever stands before it. */
const markup = /<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|meta\s|\?xml|!entity|img\s|a\s+href)/i

const latin1 = (bytes: Uint8Array, from = 0, to = bytes.length) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)
const find = (bytes: Uint8Array, text: string, from = 0) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(text, from, 'latin1')

/** Null: nothing was found. */
export function contentFault(bytes: Uint8Array, kind: string, name: string): ContentFault | null {
  // Marks that nobody sees stand between an ending and the next.
  if (nameFault(name.replace(/[\p{Cf}\p{Cc}\s]/gu, ''), kind)) return 'name'
  if (archives.has(kind)) return archiveFault(bytes, kind)
  if (kind === 'txt' || kind === 'csv') return markup.test(latin1(bytes)) ? 'two-files' : null
  if (find(bytes, 'PK\x05\x06') >= 0 && zipEnds(bytes)) return 'two-files'
  // Browsers look for a page at the beginning, and one can be hidden in what a picture says of itself.
  if (markup.test(latin1(bytes, 0, 4096)) && kind === 'pdf') return 'two-files'
  if (kind === 'pdf') return pdfFault(bytes)
  const behind = behindPicture(bytes, kind)
  return /<script|<html|<\?php|%PDF-/i.test(latin1(bytes)) || behind.length > 1024 || markup.test(behind) ? 'two-files' : null
}

function nameFault(name: string, kind: string): boolean {
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase()
  return dangerous.test(name) || dangerousAtTheEnd.test(name) || (ending !== undefined && !(endings[kind] ?? [kind]).includes(ending) && known.has(ending))
}
/** Endings that say a kind: a name may end in anything else, such as a date. */
const known = new Set([
  'pdf',
  'jpg',
  'jpeg',
  'jpe',
  'jfif',
  'png',
  'gif',
  'webp',
  'heic',
  'heif',
  'docx',
  'doc',
  'xlsx',
  'xls',
  'odt',
  'ods',
  'odp',
  'pptx',
  'ppt',
  'csv',
  'txt',
  'rtf',
  'zip',
  'rar',
  '7z',
  'gz',
  'tar',
  'tif',
  'tiff',
  'bmp',
  'mp3',
  'mp4',
  'mov',
  'eml',
  'msg',
])

/** Whether an archive's end is there and points to a list before it: programs read archives from their end. */
function zipEnds(bytes: Uint8Array): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = data.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0; at = at === 0 ? -1 : data.lastIndexOf('PK\x05\x06', at - 1, 'latin1'))
    if (at + 22 <= data.length && data.indexOf('PK\x01\x02', 0, 'latin1') >= 0 && data.readUInt16LE(at + 10) > 0) return true
  return false
}

function pdfFault(bytes: Uint8Array): ContentFault | null {
  // Readers look for the mark in the first kilobyte; what stands before it is another file.
  return find(bytes, '%PDF-') !== 0 ? 'two-files' : runsProgram(bytes) ? 'program' : null
}

/** What stands behind the end of a picture, where a second file would be. */
function behindPicture(bytes: Uint8Array, kind: string): string {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (kind === 'png') {
    const end = data.indexOf('IEND', 0, 'latin1')
    return end < 0 ? '' : latin1(bytes, end + 8)
  }
  if (kind === 'webp') return latin1(bytes, data.readUInt32LE(4) + 8)
  if (kind === 'jpg') return latin1(bytes, endOfJpeg(data) ?? data.lastIndexOf('\xff\xd9', undefined, 'latin1') + 2)
  return ''
}

function archiveFault(bytes: Uint8Array, kind: string): ContentFault | null {
  const entries = zipDirectory(bytes, mostEntries)
  if (entries === null) return 'two-files'
  if (entries === 'too-many') return 'bomb'
  let unpacked = 0
  for (const entry of entries) {
    unpacked += entry.unpacked
    if (unpacked > mostUnpacked || (entry.unpacked > smallArchive && entry.unpacked > mostTimes * Math.max(1, entry.packed))) return 'bomb'
    if (entry.isLink || /(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\0/.test(entry.name)) return 'name'
    if (/\.(?:zip|docx|xlsx|pptx|odt|ods|jar|gz|7z|rar)$/i.test(entry.name)) return 'bomb'
    if (isProgram(entry)) return 'program'
  }
  // The list may say less than there is: what is unpacked is counted, as far as the limit.
  return countsMore(bytes, unpacked) ? 'bomb' : kind === 'odt' || !saysMacro(bytes) ? null : 'program'
}

/** Macros, programs and controls that an office program would run. */
const isProgram = ({ name }: ZipEntry) =>
  /(?:^|\/)(?:vbaProject\.bin|vbaData\.xml|activeX\/|embeddings\/.*\.(?:bin|exe)|Basic\/|Scripts\/|attachedToolbars\.bin)/i.test(name) ||
  [dangerous, dangerousAtTheEnd].some((endings) => endings.test(name.replace(/\.(?:xml|rels|vml)$/i, '')))

const saysMacro = (bytes: Uint8Array) => find(bytes, 'macroEnabled') >= 0

/** Whether the parts, unpacked one after the other, are more than the list says. Stops at the limit of each. */
function countsMore(bytes: Uint8Array, told: number): boolean {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let counted = 0
  for (let at = 0; at + 30 < data.length && data.readUInt32LE(at) === localMark; ) {
    const [method, flags, packed] = [data.readUInt16LE(at + 8), data.readUInt16LE(at + 6), data.readUInt32LE(at + 18)]
    const from = at + 30 + data.readUInt16LE(at + 26) + data.readUInt16LE(at + 28)
    // Sizes that follow the content: the list has them, and it was looked at.
    if (flags & 8) return false
    if (method === 8) {
      try {
        counted += inflateRawSync(data.subarray(from, from + packed), { maxOutputLength: Math.min(mostUnpacked, told - counted + 1) }).length
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      }
    } else counted += packed
    if (counted > told) return true
    at = from + packed
  }
  return false
}
const localMark = 0x04034b50
