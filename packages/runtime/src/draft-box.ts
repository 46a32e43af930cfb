/**
 * A draft's lock. The code gives, by HKDF and without a way back: the id that the server finds the draft by, the key that
 * seals it, and the idempotency keys of sending it. So the server, which only ever sees the id, cannot open what it keeps.
 */
import type { Sealed } from './sealed-text.ts'
import { openText, sealText } from './sealed-text.ts'

export interface DraftBox {
  readonly code: string
  readonly id: string
  seal(text: string): Promise<Sealed>
  /** @throws if it was not sealed with this code, for this service */
  open(sealed: Sealed): Promise<string>
  /** The key of sending this body: the same on every device that has the code. */
  attempt(body: string): Promise<string>
}

const utf8 = (text: string) => new TextEncoder().encode(text)

export const base64url = (bytes: Uint8Array): string => {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

/** `service`: `agency/service`; a code says nothing about another service. Needs a secure context. */
export async function draftBox(code: string, service: string): Promise<DraftBox> {
  const { subtle } = crypto
  const root = await subtle.importKey('raw', utf8(code), 'HKDF', false, ['deriveBits', 'deriveKey'])
  const use = (name: string) => ({ name: 'HKDF', hash: 'SHA-256', salt: utf8(`guichet draft|${service}`), info: utf8(name) })
  const id = base64url(new Uint8Array(await subtle.deriveBits(use('id'), root, 256)))
  const key = await subtle.deriveKey(use('content'), root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const attempts = await subtle.deriveKey(use('attempt'), root, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
  return {
    code,
    id,
    seal: (text) => sealText(key, text, service),
    open: (sealed) => openText(key, sealed, service),
    attempt: async (body) => base64url(new Uint8Array(await subtle.sign('HMAC', attempts, utf8(body)))),
  }
}
