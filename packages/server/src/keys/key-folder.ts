/**
 * The server's secrets, in a folder of their own beside the data: a copy of the database opens nothing. Made when first
 * needed and on disk before anything is sealed with them.
 */
import { createHmac, createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../digest.ts'
import { makeFolderDurably, writeDurably, writeOnceDurably } from '../durable.ts'
import type { AgencyId } from '../store/store.ts'
import type { KeyEncryptionKey } from './seal-box.ts'

export interface PublicKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'Ed25519'
}

export interface Keys {
  /** The agency's key of the month of `now`, made if need be. */
  currentKek(agency: AgencyId, now: Date): KeyEncryptionKey
  /** @throws if the key was destroyed: what it sealed is gone */
  kek(agency: AgencyId, bucket: string): KeyEncryptionKey
  /** Mixed into keys derived from what a client sent, so that the database alone does not help to guess it. */
  readonly pepper: Uint8Array
  readonly signer: { kid: string; sign(content: string): string }
  /** Public keys of all receipts ever signed, newest first. */
  readonly publicKeys: readonly PublicKey[]
  /** What an agency signs its webhooks with, made if need be. */
  webhookSigner(agency: string): WebhookSigner
  /**
   * By name, a mark of each key that the agency's things are sealed, signed or peppered with. Makes the sealing keys of the
   * month of `now` and of the next one if need be.
   */
  marks(agency: AgencyId, now: Date): Map<string, string>
}

export interface WebhookSigner {
  /** By every key there is, newest first, in base64: a receiver that knows any of them can check, so keys change without a gap. */
  sign(content: string): string[]
  readonly publicKeys: readonly PublicKey[]
}

interface SigningKey {
  secret: KeyObject
  public: PublicKey
}

function signingKey(pem: string): SigningKey {
  const secret = createPrivateKey(pem)
  const { x } = createPublicKey(secret).export({ format: 'jwk' }) as { x: string }
  // RFC 7638 thumbprint: the key's own name, the same wherever it is computed.
  const kid = digestOf(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice('sha256-'.length)
  return { secret, public: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'Ed25519' } }
}

export function openKeyFolder(folder: string, now: Date): Keys {
  makeFolderDurably(folder)
  chmodSync(folder, 0o700)

  const secretFile = (path: string): Uint8Array => {
    // Replicas may share the folder: a key that one of them has begun to seal with is never replaced.
    if (!existsSync(path)) writeOnceDurably(path, randomBytes(32).toString('base64url'))
    const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64url')
    if (secret.length !== 32) throw new Error(`${path} holds no key of 32 bytes`)
    return secret
  }
  const pepper = secretFile(join(folder, 'pepper.key'))

  /** The signing keys of a folder, newest first; at least one. The files' names begin with the day they were made. */
  const signingKeys = (path: string): SigningKey[] => {
    const pems = () => (existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.pem')) : []).sort().reverse()
    if (pems().length === 0) {
      const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string
      writeDurably(join(path, `${now.toISOString().slice(0, 10)}-${signingKey(pem).public.kid.slice(0, 8)}.pem`), pem)
    }
    return pems().map((name) => signingKey(readFileSync(join(path, name), 'utf8')))
  }
  const signing = signingKeys(join(folder, 'receipts'))
  const newest = signing[0] as SigningKey

  const webhooks = new Map<string, WebhookSigner>()
  const webhookSigner = (agency: string): WebhookSigner => {
    const known = webhooks.get(agency)
    if (known) return known
    if (!/^[a-z][a-z0-9-]*$/.test(agency)) throw new Error('no such agency')
    const found = signingKeys(join(folder, 'agencies', agency, 'webhooks'))
    const signer: WebhookSigner = {
      sign: (content) => found.map(({ secret }) => sign(null, Buffer.from(content), secret).toString('base64')),
      publicKeys: found.map((key) => key.public),
    }
    webhooks.set(agency, signer)
    return signer
  }

  const keks = new Map<string, KeyEncryptionKey>()
  const kek = (agency: AgencyId, bucket: string, make: boolean): KeyEncryptionKey => {
    if (!/^\d{4}-\d{2}$/.test(bucket)) throw new Error('no such key')
    const path = join(folder, 'agencies', agency, `${bucket}.key`)
    const known = keks.get(path)
    if (known) return known
    if (!make && !existsSync(path)) throw new Error(`the key of ${bucket} is not in the key folder`)
    const found = { bucket, secret: createSecretKey(secretFile(path)) }
    keks.set(path, found)
    return found
  }
  return {
    currentKek: (agency, at) => kek(agency, at.toISOString().slice(0, 7), true),
    kek: (agency, bucket) => kek(agency, bucket, false),
    pepper,
    signer: { kid: newest.public.kid, sign: (content) => sign(null, Buffer.from(content), newest.secret).toString('base64url') },
    publicKeys: signing.map((key) => key.public),
    webhookSigner,
    marks(agency, at) {
      const markOf = (secret: Uint8Array | KeyObject) => createHmac('sha256', secret).update('guichet mark of a key').digest('base64url')
      const month = at.toISOString().slice(0, 7)
      const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)).toISOString().slice(0, 7)
      for (const bucket of [month, next]) kek(agency, bucket, true)
      const buckets = readdirSync(join(folder, 'agencies', agency)).flatMap((name) => /^(\d{4}-\d{2})\.key$/.exec(name)?.[1] ?? [])
      return new Map([
        ['pepper', markOf(pepper)],
        // As they are in the folder now: another replica may have added one.
        ...signingKeys(join(folder, 'receipts')).map((key) => [`receipts/${key.public.kid}`, key.public.kid] as const),
        ...signingKeys(join(folder, 'agencies', agency, 'webhooks')).map((key) => [`webhooks/${key.public.kid}`, key.public.kid] as const),
        ...buckets.map((bucket) => [`sealing/${bucket}`, markOf(kek(agency, bucket, false).secret)] as const),
      ])
    },
  }
}
