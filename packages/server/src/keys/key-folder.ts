/**
 * The server's secrets, in a folder of their own beside the data: a copy of the database opens nothing. Made when first
 * needed and on disk before anything is sealed with them.
 */
import { sign } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Progress } from '../commands/progress.ts'
import { makeFolderDurably, writeOnceDurably } from '../durable.ts'
import { randomBytes } from '../random.ts'
import type { AgencyId } from '../store/store.ts'
import { statementsOf } from './key-statements.ts'
import { isCurrent, type MonthFile, openMonthFiles } from './month-files.ts'
import { destroy, erase, isDestroyed, kekOf, markOf, reduce, type SealedOwner, sizeOf } from './month-key.ts'
import { openRoots } from './roots/open-roots.ts'
import type { RootKeys } from './roots/root-keys.ts'
import type { KeyEncryptionKey } from './seal-box.ts'
import { type Signer, type SigningSecret, signerOf } from './signer.ts'
import { addSigningKey, isRevoked, type PublicKey, type Revocation, readRevocations, readSigningKeys, revokeSigningKey, signingNow } from './signing-keys.ts'

export type { PublicKey, Revocation } from './signing-keys.ts'

export interface Keys {
  /** The agency's key of the month of `now`, made if need be. Its owners are new, so that no erasure can concern them. */
  currentKek(agency: AgencyId, now: Date): KeyEncryptionKey
  /** Looks whether the key has changed since it was read, so that what was erased anywhere is gone here. @throws KeyGone; RootFailed */
  kek(agency: AgencyId, bucket: string): KeyEncryptionKey
  /** Mixed into keys derived from what a client sent, so that the database alone does not help to guess it. */
  readonly pepper: Uint8Array
  readonly signer: Signer & SigningSecret
  /** Public keys of all receipts ever signed, newest first. */
  readonly publicKeys: readonly PublicKey[]
  /** Of each key but the first, what the one before says of it, signed: whoever trusts an old key comes to the new ones. */
  readonly keyStatements: readonly string[]
  /** Keys of receipts that are not to be believed any more. */
  readonly revocations: readonly Revocation[]
  /** Signs no more with a key that was revoked by whichever process, until now. Costs one look into the folder. */
  dropRevoked(now: Date): void
  /** What an agency signs its webhooks with, made if need be. */
  webhookSigner(agency: string): WebhookSigner
  /**
   * By name, a mark of each key that the agency's things are sealed, signed or peppered with. Makes the sealing keys of the
   * month of `now` and of the next one if need be.
   */
  marks(agency: AgencyId, now: Date): Map<string, string>
  /** Notices what other processes have changed in the folder: new signing keys, and erasures. */
  refresh(now: Date): void

  /**
   * Takes the keys of these owners out of a month's key for good; on disk when this ends. `rest` gives everybody else in the
   * bucket, and is asked only where an earlier version has sealed for them. Gives how many keys were still there.
   * @throws KeyGone if there is no such key
   */
  erase(agency: AgencyId, bucket: string, gone: readonly string[], rest: () => Promise<readonly SealedOwner[]>): Promise<number>
  /** Keeps the keys of these owners and destroys all others of the month. @throws KeyGone if there is no such key */
  reduce(agency: AgencyId, bucket: string, rest: readonly SealedOwner[]): void
  /** Destroys the key of a month: all that it sealed, and nothing else, is unreadable wherever it is. @throws KeyGone if there is none */
  destroy(agency: AgencyId, bucket: string): void
  /** The keys of months that there are. */
  months(agency: string): MonthState[]
  readonly rotation: Rotation
}

export interface MonthState {
  bucket: string
  mark: string
  destroyed: boolean
  /** How many keys its file is made of: 1 for a whole one. */
  size: number
  /** Name of the root that wraps it; null: an earlier version's, which is not wrapped. */
  root: string | null
}

export interface Rotation {
  /** A new key for receipts, signed with once all replicas publish it. Gives its kid. */
  receipts(now: Date): string
  /** Revokes a key of receipts, from now on in this process, at the next `refresh` in others. @throws Error where there is no such key */
  revoke(kid: string, now: Date): Revocation
  /** A new key for an agency's webhooks, which are signed by all of them. */
  webhooks(agency: string, now: Date): string
  /** Wraps all months of all agencies with a new root. The old one stays until `retireRoots`. */
  root(progress?: Progress['show']): { root: string; months: number }
  /** Destroys the roots that wrap nothing any more, and with them all older copies of the key folder. Gives their names. */
  retireRoots(progress?: Progress['show']): string[]
  currentRoot(): string | null
}

export interface WebhookSigner {
  /** By every key there is, newest first, in base64: a receiver that knows any of them can check, so keys change without a gap. */
  sign(content: string): string[]
  readonly publicKeys: readonly PublicKey[]
}

const monthOf = (now: Date) => now.toISOString().slice(0, 7)
const checkedAgency = (agency: string) => {
  if (!/^[a-z][a-z0-9-]*$/.test(agency)) throw new Error('no such agency')
  return agency
}

/** `rootPlace`: where the keys are that wrap the months' keys (open-roots.ts). */
export function openKeyFolder(folder: string, now: Date, rootPlace: string | null = null): Keys {
  makeFolderDurably(folder)
  chmodSync(folder, 0o700)
  let time = now
  const roots: RootKeys = openRoots(rootPlace, folder, () => time)
  const files = openMonthFiles(folder, roots, () => time)

  const secretFile = (path: string): Uint8Array => {
    // Replicas may share the folder: a secret that one of them has begun to use is never replaced.
    if (!existsSync(path)) writeOnceDurably(path, randomBytes(32).toString('base64url'))
    const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64url')
    if (secret.length !== 32) throw new Error(`${path} holds no key of 32 bytes`)
    return secret
  }
  const pepper = secretFile(join(folder, 'pepper.key'))

  const receiptsFolder = join(folder, 'receipts')
  const webhooksFolder = (agency: string) => join(folder, 'agencies', checkedAgency(agency), 'webhooks')
  let signing = readSigningKeys(receiptsFolder, now)
  let revocations = readRevocations(receiptsFolder)
  let publicKeys = signing.map((key) => key.public)
  let statements = statementsOf(signing)
  let newest = signingNow(signing, now, revocations)
  let signer = signerOf({ kid: newest.public.kid, secret: newest.secret })

  const readSigners = (at: Date) => {
    signing = readSigningKeys(receiptsFolder, at)
    revocations = readRevocations(receiptsFolder)
    publicKeys = signing.map((key) => key.public)
    statements = statementsOf(signing)
    const found = signingNow(signing, at, revocations)
    if (found.public.kid === newest.public.kid) return
    newest = found
    signer = signerOf({ kid: found.public.kid, secret: found.secret })
  }

  const webhooks = new Map<string, WebhookSigner>()
  const webhookSigner = (agency: string): WebhookSigner => {
    const known = webhooks.get(agency)
    if (known) return known
    const found = readSigningKeys(webhooksFolder(agency), time)
    const made: WebhookSigner = {
      sign: (content) => found.map(({ secret }) => sign(null, Buffer.from(content), secret).toString('base64')),
      publicKeys: found.map((key) => key.public),
    }
    webhooks.set(agency, made)
    return made
  }

  interface Held {
    file: MonthFile
    kek: KeyEncryptionKey
  }
  const held = new Map<string, Held>()
  const nameOf = (agency: string, bucket: string) => `${agency}/${bucket}`
  const hold = (agency: AgencyId, file: MonthFile, bucket: string): KeyEncryptionKey => {
    const kek = kekOf(bucket, file.key)
    forget(nameOf(agency, bucket))
    held.set(nameOf(agency, bucket), { file, kek })
    return kek
  }
  /** What is not held any more is not in memory either, as far as a program can see to that. */
  const forget = (name: string) => {
    const before = held.get(name)
    held.delete(name)
    if (before) destroy(before.file.key)
  }
  const checkBucket = (bucket: string) => {
    if (!/^\d{4}-\d{2}$/.test(bucket)) throw new Error('no such key')
  }

  /** Gives how many there were. */
  const eachMonth = (progress: Progress['show'] = () => {}, work: (agency: string, bucket: string) => void): number => {
    const months = agenciesIn(folder).flatMap((agency) => files.months(agency).map((bucket) => ({ agency, bucket })))
    for (const [i, { agency, bucket }] of months.entries()) {
      work(agency, bucket)
      progress(i + 1, months.length, `${agency} ${bucket}`)
    }
    return months.length
  }

  return {
    currentKek(agency, at) {
      time = at
      const bucket = monthOf(at)
      return held.get(nameOf(agency, bucket))?.kek ?? hold(agency, files.readOrMake(agency, bucket), bucket)
    },
    kek(agency, bucket) {
      checkBucket(bucket)
      const name = nameOf(agency, bucket)
      const known = held.get(name)
      if (known && isCurrent(known.file)) return known.kek
      forget(name)
      return hold(agency, files.find(checkedAgency(agency), bucket), bucket)
    },
    pepper,
    get signer() {
      return signer
    },
    get publicKeys() {
      return publicKeys
    },
    get keyStatements() {
      return statements
    },
    get revocations() {
      return revocations
    },
    dropRevoked(at) {
      if (isRevoked(receiptsFolder, newest.public.kid)) readSigners(at)
    },
    webhookSigner,
    marks(agency, at) {
      time = at
      const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
      // Held, so that the first submission of a month need not wait for them.
      for (const bucket of [monthOf(at), monthOf(next)]) if (!held.has(nameOf(agency, bucket))) hold(agency, files.readOrMake(agency, bucket), bucket)
      return new Map([
        ['pepper', markOf(pepper)],
        // As they are in the folder now: another replica may have added one.
        ...readSigningKeys(receiptsFolder, at).map((key) => [`receipts/${key.public.kid}`, key.public.kid] as const),
        ...readSigningKeys(webhooksFolder(agency), at).map((key) => [`webhooks/${key.public.kid}`, key.public.kid] as const),
        ...files.months(agency).map((bucket) => [`sealing/${bucket}`, files.mark(agency, bucket)] as const),
      ])
    },
    refresh(at) {
      time = at
      readSigners(at)
      webhooks.clear()
      for (const [name, { file }] of held) if (!isCurrent(file)) forget(name)
      for (const agency of agenciesIn(folder)) files.sweep(agency)
    },

    async erase(agency, bucket, gone, rest) {
      checkBucket(bucket)
      const before = files.find(checkedAgency(agency), bucket)
      // Asked for beforehand, because between reading a file and putting the next one in its place nothing may wait.
      const others = before.key.direct ? await rest() : []
      const done = files.advance(agency, bucket, (key) => erase(bucket, key, gone, others))
      hold(agency, done.file, bucket)
      return done.result
    },
    reduce(agency, bucket, rest) {
      checkBucket(bucket)
      const done = files.advance(checkedAgency(agency), bucket, (key) => reduce(bucket, key, rest))
      hold(agency, done.file, bucket)
    },
    destroy(agency, bucket) {
      checkBucket(bucket)
      const done = files.advance(checkedAgency(agency), bucket, destroy)
      hold(agency, done.file, bucket)
    },
    months: (agency) =>
      files.months(checkedAgency(agency)).map((bucket) => {
        const { key, root } = files.find(agency, bucket)
        return { bucket, mark: key.mark, destroyed: isDestroyed(key), size: sizeOf(key), root }
      }),
    rotation: {
      receipts: (at) => addSigningKey(receiptsFolder, at),
      revoke(kid, at) {
        const revocation = revokeSigningKey(receiptsFolder, kid, at)
        readSigners(at)
        return revocation
      },
      webhooks: (agency, at) => addSigningKey(webhooksFolder(agency), at),
      root(progress) {
        const root = roots.renew()
        return { root, months: eachMonth(progress, (agency, bucket) => files.advance(agency, bucket, () => {})) }
      },
      retireRoots(progress) {
        const current = roots.current()
        eachMonth(progress, (agency, bucket) => {
          if (files.find(agency, bucket).root !== current) files.advance(agency, bucket, () => {})
        })
        return roots.retire()
      },
      currentRoot: () => roots.current(),
    },
  }
}

/** Agencies that have keys. */
function agenciesIn(folder: string): string[] {
  const place = join(folder, 'agencies')
  return existsSync(place) ? readdirSync(place).filter((name) => /^[a-z][a-z0-9-]*$/.test(name) && statSync(join(place, name)).isDirectory()) : []
}
