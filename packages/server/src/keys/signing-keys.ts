/** Signing keys in a folder, newest first. A new one is published before anything is signed with it. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../digest.ts'
import { writeDurably } from '../durable.ts'

export interface PublicKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'Ed25519'
}

export interface SigningKey {
  secret: KeyObject
  public: PublicKey
  /** When it was made; 0 where its file's name says no more than the day. */
  madeAt: number
}

/** Time in which all replicas notice a new key and publish it, before one signs with it. */
export const publishedFirst = 5 * 60_000

function signingKey(pem: string, madeAt: number): SigningKey {
  const secret = createPrivateKey(pem)
  const { x } = createPublicKey(secret).export({ format: 'jwk' }) as { x: string }
  // RFC 7638 thumbprint: the key's own name, the same wherever it is computed.
  const kid = digestOf(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice('sha256-'.length)
  return { secret, public: { kty: 'OKP', crv: 'Ed25519', x, kid, use: 'sig', alg: 'Ed25519' }, madeAt }
}

const pems = (folder: string) => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pem')) : []).sort().reverse()

function madeAtOf(name: string): number {
  const [, day, hours, minutes, seconds] = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z-/.exec(name) ?? []
  return day ? Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) : 0
}

const makePem = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

/** At least one: the first is made if need be. */
export function readSigningKeys(folder: string, now: Date): SigningKey[] {
  if (pems(folder).length === 0) {
    const pem = makePem()
    writeDurably(join(folder, `${now.toISOString().slice(0, 10)}-${signingKey(pem, 0).public.kid.slice(0, 8)}.pem`), pem)
  }
  return pems(folder).map((name) => signingKey(readFileSync(join(folder, name), 'utf8'), madeAtOf(name)))
}

/** Makes a new one beside the others, and gives its kid. */
export function addSigningKey(folder: string, now: Date): string {
  readSigningKeys(folder, now)
  const pem = makePem()
  const { kid } = signingKey(pem, 0).public
  writeDurably(join(folder, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${kid.slice(0, 8)}.pem`), pem)
  return kid
}

/** The one to sign with: the newest that everybody has had time to publish, or the oldest. */
export const signingNow = (keys: readonly SigningKey[], now: Date): SigningKey =>
  (keys.find(({ madeAt }) => madeAt + publishedFirst <= now.getTime()) ?? keys.at(-1)) as SigningKey
