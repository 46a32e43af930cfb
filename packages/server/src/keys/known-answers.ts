/**
 * Whether the primitives that everything here rests on do what they should, at each start: a library that was built wrongly,
 * or a provider that puts something else in their place, is found out before anything is sealed or signed with it.
 */
import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, hash, hkdfSync, sign, verify } from 'node:crypto'

export class WrongPrimitive extends Error {}

export interface Primitives {
  sha256(data: Uint8Array): string
  hmac(key: Uint8Array, data: Uint8Array): string
  hkdf(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): string
  /** Ciphertext and tag. */
  seal(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, data: Uint8Array): string
  /** Throws when the tag does not fit. */
  open(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array): string
  sign(seed: Uint8Array, data: Uint8Array): string
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')
// RFC 8410: what stands before the 32 bytes of a key.
const privateKey = (seed: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([bytes('302e020100300506032b657004220420'), seed]), format: 'der', type: 'pkcs8' })
const publicKey = (key: Uint8Array) => createPublicKey({ key: Buffer.concat([bytes('302a300506032b6570032100'), key]), format: 'der', type: 'spki' })

export const nodePrimitives: Primitives = {
  sha256: (data) => hash('sha256', data, 'hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest('hex'),
  hkdf: (secret, salt, info, length) => Buffer.from(hkdfSync('sha256', secret, salt, info, length)).toString('hex'),
  seal(key, iv, aad, data) {
    const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(aad)
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]).toString('hex')
  },
  open(key, iv, aad, sealed) {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAAD(aad).setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString('hex')
  },
  sign: (seed, data) => sign(null, data, privateKey(seed)).toString('hex'),
  verify: (key, data, signature) => verify(null, data, publicKey(key), signature),
}

const abc = { data: '616263', digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }
/** RFC 4231, test case 2. */
const hmac = {
  key: '4a656665',
  data: '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
  mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
}
/** RFC 5869, test case 1. */
const hkdf = {
  secret: '0b'.repeat(22),
  salt: '000102030405060708090a0b0c',
  info: 'f0f1f2f3f4f5f6f7f8f9',
  key: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
}
/** McGrew and Viega, The Galois/Counter Mode of Operation, test case 16. */
const gcm = {
  key: 'feffe9928665731c6d6a8f9467308308'.repeat(2),
  iv: 'cafebabefacedbaddecaf888',
  aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
  data: 'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  sealed:
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
}
/** RFC 8032, section 7.1, test 2. */
const ed25519 = {
  seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
  public: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
  data: '72',
  signature: '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
}

const throws = (what: () => unknown): boolean => {
  try {
    what()
    return false
  } catch {
    return true
  }
}
/** With its last bit turned over. */
const changed = (hex: string): Buffer => {
  const copy = bytes(hex)
  copy[copy.length - 1] = (copy.at(-1) as number) ^ 1
  return copy
}

/** @throws WrongPrimitive with the name of the first that is wrong */
export function checkPrimitives(primitives: Primitives = nodePrimitives): void {
  const { key, iv, aad } = { key: bytes(gcm.key), iv: bytes(gcm.iv), aad: bytes(gcm.aad) }
  const checks: Record<string, () => boolean> = {
    'SHA-256': () => primitives.sha256(bytes(abc.data)) === abc.digest,
    'HMAC-SHA-256': () => primitives.hmac(bytes(hmac.key), bytes(hmac.data)) === hmac.mac,
    HKDF: () => primitives.hkdf(bytes(hkdf.secret), bytes(hkdf.salt), bytes(hkdf.info), 42) === hkdf.key,
    'AES-256-GCM': () =>
      primitives.seal(key, iv, aad, bytes(gcm.data)) === gcm.sealed &&
      primitives.open(key, iv, aad, bytes(gcm.sealed)) === gcm.data &&
      throws(() => primitives.open(key, iv, aad, changed(gcm.sealed))),
    Ed25519: () =>
      primitives.sign(bytes(ed25519.seed), bytes(ed25519.data)) === ed25519.signature &&
      primitives.verify(bytes(ed25519.public), bytes(ed25519.data), bytes(ed25519.signature)) &&
      !primitives.verify(bytes(ed25519.public), bytes('73'), bytes(ed25519.signature)),
  }
  for (const [name, holds] of Object.entries(checks)) {
    let right = false
    try {
      right = holds()
    } catch {}
    if (!right) throw new WrongPrimitive(`${name} gives another result than its standard says. Nothing is sealed or signed with it: use another build of Node.`)
  }
}
