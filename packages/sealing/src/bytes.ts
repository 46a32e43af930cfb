/** Bytes as text and back, and digests of them. WebCrypto alone, so that it runs in browsers and in Node. */
import canonicalize from 'canonicalize'

export type Bytes = Uint8Array<ArrayBuffer>

/** In pieces, because a call takes only so many arguments. */
export function base64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @throws if it is no base64url */
export function fromBase64url(text: string): Bytes {
  if (!/^[\w-]*$/.test(text)) throw new TypeError('no base64url')
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)
/** @throws if the bytes are no UTF-8 */
export const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)

export function joined(...parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** RFC 8785. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

export const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

/** `sha256-` and base64url, as digests are written everywhere here. */
export const digestOf = async (content: Bytes | string): Promise<string> =>
  `sha256-${base64url(await sha256(typeof content === 'string' ? utf8(content) : content))}`
