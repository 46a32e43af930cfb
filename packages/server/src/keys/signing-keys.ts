/**
 * Signing keys in a folder, newest first. A new one is published before anything is signed with it. One that somebody else
 * may have is revoked: it stays, so that what it signed can be told from forgeries, and signs nothing more.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../digest.ts'
import { writeDurably, writeOnceDurably } from '../durable.ts'
import { isThere } from '../is-there.ts'
import { revocationBy } from './key-statements.ts'

export interface PublicKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'Ed25519'
}

/** That a key is not to be believed any more. */
export interface Revocation {
  /** Of the key that is revoked. */
  kid: string
  /** When that was said, RFC 3339. */
  at: string
  /** Compact JWS by another key (typ guichet-revocation+jws). */
  jws: string
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

const pems = (folder: string) => (isThere(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pem')) : []).sort().reverse()

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

const revocationEnd = '.revoked'
const revocationFile = (folder: string, kid: string) => join(folder, `${kid}${revocationEnd}`)

/** Whether a key was revoked, by whichever process, until now. */
export const isRevoked = (folder: string, kid: string): boolean => isThere(revocationFile(folder, kid))

/** @throws for a file that is none: a key that may be in other hands must not pass for a good one */
export function readRevocations(folder: string): Revocation[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(revocationEnd))
    .sort()
    .map((name) => {
      const jws = readFileSync(join(folder, name), 'utf8').trim()
      const { kid, revokedAt } = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
      if (`${kid}${revocationEnd}` !== name || typeof revokedAt !== 'string') throw new Error(`${join(folder, name)} is damaged: it does not revoke this key.`)
      return { kid: String(kid), at: revokedAt, jws }
    })
}

/**
 * Revokes a key; said by the newest of the others, and one is made where there is none. What was said before stays.
 * @throws Error where there is no such key
 */
export function revokeSigningKey(folder: string, kid: string, now: Date): Revocation {
  const others = () => {
    const gone = new Set([kid, ...readRevocations(folder).map((each) => each.kid)])
    return readSigningKeys(folder, now).filter((key) => !gone.has(key.public.kid))
  }
  if (!readSigningKeys(folder, now).some((key) => key.public.kid === kid)) throw new Error(`There is no key ${kid} in ${folder}.`)
  if (!isRevoked(folder, kid)) {
    if (others().length === 0) addSigningKey(folder, now)
    writeOnceDurably(revocationFile(folder, kid), `${revocationBy(others()[0] as SigningKey, kid, now)}\n`)
  }
  return readRevocations(folder).find((each) => each.kid === kid) as Revocation
}

/** Makes a new one beside the others, and gives its kid. */
export function addSigningKey(folder: string, now: Date): string {
  readSigningKeys(folder, now)
  const pem = makePem()
  const { kid } = signingKey(pem, 0).public
  writeDurably(join(folder, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${kid.slice(0, 8)}.pem`), pem)
  return kid
}

/** The one to sign with: of those that are not revoked the newest that everybody has had time to publish, or the oldest. @throws if there is none */
export function signingNow(keys: readonly SigningKey[], now: Date, revocations: readonly Revocation[]): SigningKey {
  const good = keys.filter((key) => !revocations.some(({ kid }) => kid === key.public.kid))
  const found = good.find(({ madeAt }) => madeAt + publishedFirst <= now.getTime()) ?? good.at(-1)
  if (!found) throw new Error('every signing key was revoked: guichet keys rotate --receipts makes another one')
  return found
}
