/**
 * An officer's private key, locked with a passphrase that never leaves the browser: scrypt (RFC 7914) and AES-256-GCM. The
 * costs stand beside it, so that they can rise; what a server hands out is never believed below or far above them.
 */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { type Bytes, base64url, fromBase64url, joined, utf8 } from './bytes.ts'
import type { KeyPair } from './hpke.ts'
import { proveKeyPair } from './wrap.ts'

export interface LockedKey {
  format: 1
  kdf: 'scrypt'
  /** Binary logarithm of the cost N. */
  logN: number
  salt: string
  /** Nonce and sealed private key. */
  key: string
}

export class WrongPassphrase extends Error {}

/** 128 MB and about a second on a usual computer. */
export const usualLogN = 17
const leastLogN = 15
const mostLogN = 20

/** Somebody who guesses the words must not have it easy: four random words, or as many letters. */
export const leastLength = 16

export interface Lock {
  agency: string
  /** Id of the user whose key it is. */
  user: string
  passphrase: string
  onProgress?(done: number): void
}

async function secretOf({ passphrase, onProgress }: Lock, salt: Bytes, logN: number) {
  // The same words typed on another keyboard are the same words.
  const secret = await scryptAsync(passphrase.normalize('NFKC').trim(), salt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32, onProgress })
  return crypto.subtle.importKey('raw', new Uint8Array(secret), 'AES-GCM', false, ['encrypt', 'decrypt'])
}
const about = ({ agency, user }: Lock, publicKey: string) => utf8(`guichet officer key 1|${agency}|${user}|${publicKey}`)

export async function lockKey(pair: KeyPair, lock: Lock, logN: number = usualLogN): Promise<LockedKey> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const secret = await secretOf(lock, salt, logN)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: about(lock, pair.public) }, secret, fromBase64url(pair.private))
  return { format: 1, kdf: 'scrypt', logN, salt: base64url(salt), key: base64url(joined(iv, new Uint8Array(sealed))) }
}

/** `least`: lower only in tests. @throws WrongPassphrase, also if the key is somebody else's */
export async function unlockKey(locked: LockedKey, publicKey: string, lock: Lock, least: number = leastLogN): Promise<KeyPair> {
  const { format, kdf, logN, salt, key } = locked
  if (format !== 1 || kdf !== 'scrypt' || !Number.isInteger(logN) || logN < least || logN > mostLogN) throw new Error('locked in an unknown way')
  const secret = await secretOf(lock, fromBase64url(salt), logN)
  const bytes = fromBase64url(key)
  let opened: ArrayBuffer
  try {
    opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData: about(lock, publicKey) }, secret, bytes.subarray(12))
  } catch {
    throw new WrongPassphrase()
  }
  const pair = { public: publicKey, private: base64url(new Uint8Array(opened)) }
  await proveKeyPair(pair)
  return pair
}
