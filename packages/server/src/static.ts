/** Built files. Small enough to keep: each is read and compressed once, and again when it has changed on disk. */
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { AppContext } from './routes/route.ts'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const compressible = /^(text\/|application\/json)/

interface Held {
  changed: number
  bytes: Uint8Array<ArrayBuffer>
  br?: Uint8Array<ArrayBuffer>
  gzip?: Uint8Array<ArrayBuffer>
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
const held = new Map<string, Held>()

/** Brotli or gzip, whichever the client takes; null: as it is. */
const encodingFor = (c: AppContext, type: string): 'br' | 'gzip' | null => {
  const accepts = c.req.header('accept-encoding') ?? ''
  return !compressible.test(type) ? null : /\bbr\b/.test(accepts) ? 'br' : /\bgzip\b/.test(accepts) ? 'gzip' : null
}

/** A file of `folder`, or null if it has none of that name. */
export async function serveFile(c: AppContext, folder: string, name: string, cacheControl: string): Promise<Response | null> {
  const path = normalize(join(folder, name))
  const type = types[extname(path)]
  if (!type || !path.startsWith(normalize(folder + sep)) || name.split('/').some((part) => part.startsWith('.'))) return null
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) return null
  let file = held.get(path)
  if (!file || file.changed !== found.mtimeMs) held.set(path, (file = { changed: found.mtimeMs, bytes: new Uint8Array(await readFile(path)) }))
  const encoding = encodingFor(c, type)
  if (encoding === 'br') file.br ??= new Uint8Array(await brotli(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  if (encoding === 'gzip') file.gzip ??= new Uint8Array(await zip(file.bytes))
  c.header('Content-Type', type)
  c.header('Cache-Control', cacheControl)
  c.header('Vary', 'Accept-Encoding', { append: true })
  if (encoding) c.header('Content-Encoding', encoding)
  return c.body((encoding && file[encoding]) || file.bytes)
}

/** A text that many read, compressed for the way; with an ETag, so that a reader who has it gets 304. */
export async function serveText(c: AppContext, text: string, type: string, tag: string): Promise<Response> {
  c.header('ETag', tag)
  c.header('Cache-Control', 'no-cache')
  c.header('Vary', 'Accept-Encoding', { append: true })
  if ((c.req.header('if-none-match') ?? '').split(',').some((known) => known.trim() === tag)) return c.body(null, 304)
  c.header('Content-Type', type)
  const encoding = text.length > 1024 ? encodingFor(c, type) : null
  if (!encoding) return c.body(text)
  c.header('Content-Encoding', encoding)
  const bytes = encoding === 'br' ? await brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : await zip(text)
  return c.body(new Uint8Array(bytes))
}
