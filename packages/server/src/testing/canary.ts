/** Looks for a word wherever bytes are, in the forms that programs make of words. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { constants, inflateRawSync } from 'node:zlib'

/** Base64 of a word depends on where in three bytes it begins; what is the same each time is its middle. */
const base64Forms = (word: string) =>
  [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + word)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  )

/** Raw, hexadecimal, base64 (both alphabets), percent-encoded, UTF-16. */
export function formsOf(word: string): Buffer[] {
  const hex = Buffer.from(word).toString('hex')
  const percent = [...Buffer.from(word)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const texts = [word, hex, hex.toUpperCase(), percent, percent.toUpperCase(), encodeURIComponent(word), ...base64Forms(word)]
  texts.push(...base64Forms(word).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')))
  const utf16 = Buffer.from(word, 'utf16le')
  return [...new Set(texts)].map((text) => Buffer.from(text)).concat([utf16, Buffer.from(utf16).swap16()])
}

/** Where the packed bytes of gzip begin (RFC 1952): it may have a name. What follows them does not matter. */
const behindHead = (bytes: Buffer, at: number) => ((bytes[at + 3] as number) & 8 ? bytes.indexOf(0, at + 10) + 1 : at + 10)

/** How many forms of the word are in these bytes, or in what is packed (gzip) in them. */
export function findings(bytes: Buffer, word: string): number {
  const forms = formsOf(word)
  const count = (where: Buffer) => forms.filter((form) => where.includes(form)).length
  let found = count(bytes)
  for (let at = bytes.indexOf('\x1f\x8b\x08', 0, 'latin1'); at >= 0; at = bytes.indexOf('\x1f\x8b\x08', at + 1, 'latin1')) {
    try {
      found += count(inflateRawSync(bytes.subarray(behindHead(bytes, at)), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 50_000_000 }))
    } catch {
      // Three bytes that look like the beginning of something packed.
    }
  }
  return found
}

/** All files below a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

export const findingsBelow = (folder: string, word: string): number =>
  filesBelow(folder).reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false }) ? findings(readFileSync(path), word) : 0), 0)
