/**
 * The library is held to the RFC's vector (A.1.1), and what we make of it to a second implementation, written from the RFC's
 * pseudocode over node:crypto and held to the same vector.
 */
import { createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { describe, expect, it } from 'vitest'
import { fromBase64url, utf8 } from './bytes.ts'
import { newKeyPair, sealTo } from './hpke.ts'

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const vector = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  private: hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'),
  public: hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
  enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
  text: hex('4265617574792069732074727574682c20747275746820626561757479'),
  sealed: [
    { aad: hex('436f756e742d30'), ct: hex('f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a') },
    { aad: hex('436f756e742d31'), ct: hex('af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84') },
  ],
}

/** RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256; opens the first message. */
function openBySpecification(
  bits: 128 | 256,
  { secret, enc, info, aad, ct }: { secret: Uint8Array; enc: Uint8Array; info: Uint8Array; aad: Uint8Array; ct: Uint8Array },
): Uint8Array {
  const bytes = (...parts: (Uint8Array | string)[]) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  const extract = (suite: Uint8Array, salt: Uint8Array, label: string, content: Uint8Array) =>
    createHmac('sha256', salt)
      .update(bytes('HPKE-v1', suite, label, content))
      .digest()
  const expand = (suite: Uint8Array, key: Uint8Array, label: string, content: Uint8Array, length: number) =>
    createHmac('sha256', key)
      .update(bytes(Uint8Array.of(length >> 8, length & 255), 'HPKE-v1', suite, label, content, Uint8Array.of(1)))
      .digest()
      .subarray(0, length)
  const none = new Uint8Array()

  const own = createPrivateKey({ key: bytes(hex('302e020100300506032b656e04220420'), secret), format: 'der', type: 'pkcs8' })
  const theirs = createPublicKey({ key: bytes(hex('302a300506032b656e032100'), enc), format: 'der', type: 'spki' })
  const ownPublic = createPublicKey(own).export({ format: 'der', type: 'spki' }).subarray(12)
  const kem = bytes('KEM', Uint8Array.of(0, 0x20))
  const prk = extract(kem, none, 'eae_prk', diffieHellman({ privateKey: own, publicKey: theirs }))
  const shared = expand(kem, prk, 'shared_secret', bytes(enc, ownPublic), 32)

  const suite = bytes('HPKE', Uint8Array.of(0, 0x20, 0, 1, 0, bits === 128 ? 1 : 2))
  const context = bytes(Uint8Array.of(0), extract(suite, none, 'psk_id_hash', none), extract(suite, none, 'info_hash', info))
  const schedule = extract(suite, shared, 'secret', none)
  const key = expand(suite, schedule, 'key', context, bits / 8)
  const nonce = expand(suite, schedule, 'base_nonce', context, 12)
  const cipher = createDecipheriv(`aes-${bits}-gcm`, key, nonce).setAAD(aad).setAuthTag(ct.slice(-16))
  return new Uint8Array(Buffer.concat([cipher.update(ct.slice(0, -16)), cipher.final()]))
}

describe('HPKE', () => {
  it('opens the vector of the RFC, message after message', async () => {
    const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })
    const recipientKey = await suite.kem.deserializePrivateKey(vector.private)
    const context = await suite.createRecipientContext({ recipientKey, enc: vector.enc, info: vector.info })
    for (const { aad, ct } of vector.sealed) expect(new Uint8Array(await context.open(ct, aad))).toEqual(vector.text)
    const [first] = vector.sealed
    expect(openBySpecification(128, { secret: vector.private, enc: vector.enc, info: vector.info, ...first! })).toEqual(vector.text)
  })

  it('as we use it is what the RFC says it is', async () => {
    const pair = await newKeyPair()
    const { enc, key } = await sealTo(pair.public, 'for this', utf8('about that'), utf8('what nobody may read'))
    const asked = { secret: fromBase64url(pair.private), enc: fromBase64url(enc), info: utf8('for this'), aad: utf8('about that'), ct: fromBase64url(key) }
    expect(openBySpecification(256, asked)).toEqual(utf8('what nobody may read'))
    expect(() => openBySpecification(256, { ...asked, info: utf8('for that') })).toThrow()
    expect(() => openBySpecification(256, { ...asked, aad: utf8('about this') })).toThrow()
    expect(() => openBySpecification(128, asked)).toThrow()
  })
})
