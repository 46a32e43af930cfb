/**
 * Sealing to a public key: HPKE (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. The
 * name of the suite stands in every envelope, so that another can follow.
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { type Bytes, base64url, fromBase64url, utf8 } from './bytes.ts'

export const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** Both 32 bytes in base64url. */
export interface KeyPair {
  public: string
  private: string
}

/** What was sealed to one key: the encapsulated key (32 bytes) and the sealed bytes, in base64url. */
export interface SealedTo {
  enc: string
  key: string
}

/** Whether this browser can: X25519 came to all of them between 2023 and 2025. */
export async function canSeal(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits'])
    return true
  } catch {
    return false
  }
}

export async function newKeyPair(): Promise<KeyPair> {
  const pair = await suite.kem.generateKeyPair()
  return {
    public: base64url(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))),
    private: base64url(new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey))),
  }
}

/** `info` says what it is for: opened for anything else it stays shut. `about` is bound to it, and not kept in it. */
export async function sealTo(publicKey: string, info: string, about: Bytes, content: Bytes): Promise<SealedTo> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64url(publicKey))
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: utf8(info) }, content, about)
  return { enc: base64url(new Uint8Array(enc)), key: base64url(new Uint8Array(ct)) }
}

/** @throws if the key, `info` or `about` is another, or a bit was changed */
export async function openFrom(privateKey: string, info: string, about: Bytes, { enc, key }: SealedTo): Promise<Bytes> {
  const recipientKey = await suite.kem.deserializePrivateKey(fromBase64url(privateKey))
  return new Uint8Array(await suite.open({ recipientKey, enc: fromBase64url(enc), info: utf8(info) }, fromBase64url(key), about))
}
