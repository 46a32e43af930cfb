/**
 * Keys that are unlocked: in the memory of this page alone, until it is closed or nobody has used them for a while. The
 * passphrase itself is not kept.
 */
import { type KeyPair, lockKey, newKeyPair, unlockKey, unwrapKey, type WrapPlace, wrapKey } from '@guichet/sealing'
import type { OwnKeys, SealedApi, ServiceKeys, Wrap } from './api.ts'

/** Nobody has opened anything for so long: whoever sits here now is asked again. */
const forgetAfter = 15 * 60_000

/** No key of this officer opens it. */
export class NoAccess extends Error {}

export interface KeyRing {
  /** Whether something is unlocked. */
  readonly open: boolean
  /** Unlocks one's own keys. @throws WrongPassphrase; NoAccess where there is no key yet */
  unlock(passphrase: string, onProgress?: (done: number) => void): Promise<void>
  /** A new key of one's own, locked and kept. */
  make(passphrase: string, onProgress?: (done: number) => void): Promise<void>
  /** The same key under another passphrase. */
  relock(before: string, passphrase: string): Promise<void>
  /** The private key of a service. @throws NoAccess */
  serviceKey(keys: ServiceKeys, epoch: number): Promise<KeyPair>
  /** The private key of a service for somebody else. @throws NoAccess */
  wrapFor(keys: ServiceKeys, epoch: number, forKey: string): Promise<Wrap>
  forget(): void
}

const placeOf = ({ agency, service, epochs }: ServiceKeys, epoch: number, to: string): WrapPlace | null => {
  const key = epochs.find((one) => one.epoch === epoch)?.publicKey
  return key === undefined ? null : { agency, service, epoch, key, to }
}

/** `logN`: what a lock costs; lower only in tests. */
export function createKeyRing(api: SealedApi, logN?: number): KeyRing {
  let own: KeyPair[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const forget = () => {
    own = []
    clearTimeout(timer)
  }
  const used = () => {
    clearTimeout(timer)
    timer = setTimeout(forget, forgetAfter)
  }
  const lockOf = ({ agency, user }: OwnKeys, passphrase: string, onProgress?: (done: number) => void) => ({ agency, user, passphrase, onProgress })

  const ring: KeyRing = {
    get open() {
      return own.length > 0
    },
    async unlock(passphrase, onProgress) {
      const held = await api.own()
      const [newest, ...older] = held.keys
      if (!newest) throw new NoAccess()
      const lock = lockOf(held, passphrase, onProgress)
      const pairs = [await unlockKey(newest.locked, newest.publicKey, lock, logN)]
      // Older keys may have had another passphrase; what they open is opened with it.
      for (const { locked, publicKey } of older)
        await unlockKey(locked, publicKey, { ...lock, onProgress: undefined }, logN).then(
          (pair) => pairs.push(pair),
          () => {},
        )
      own = pairs
      used()
    },
    async make(passphrase, onProgress) {
      const held = await api.own()
      const pair = await newKeyPair()
      const locked = await lockKey(pair, lockOf(held, passphrase, onProgress), logN)
      await api.keep({ number: (held.keys[0]?.number ?? 0) + 1, publicKey: pair.public, locked })
      own = [pair, ...own]
      used()
    },
    async relock(before, passphrase) {
      const held = await api.own()
      const [newest] = held.keys
      if (!newest) throw new NoAccess()
      const pair = await unlockKey(newest.locked, newest.publicKey, lockOf(held, before), logN)
      await api.keep({ number: newest.number, publicKey: newest.publicKey, locked: await lockKey(pair, lockOf(held, passphrase), logN) })
    },
    async serviceKey(keys, epoch) {
      used()
      for (const pair of own) {
        const wrap = keys.wraps.find((one) => one.epoch === epoch && one.forKey === pair.public)
        const place = placeOf(keys, epoch, pair.public)
        if (wrap && place) return unwrapKey(wrap, place, pair)
      }
      throw new NoAccess()
    },
    async wrapFor(keys, epoch, forKey) {
      const pair = await ring.serviceKey(keys, epoch)
      const place = placeOf(keys, epoch, forKey) as WrapPlace
      return { epoch, forKey, ...(await wrapKey(pair.private, place)) }
    },
    forget,
  }
  return ring
}

/** A new key of a service, for these people and the recovery key. */
export async function newEpoch(keys: ServiceKeys, forKeys: readonly string[]) {
  const pair = await newKeyPair()
  const epoch = (keys.epochs[0]?.epoch ?? 0) + 1
  const users = [...new Set([...forKeys, ...(keys.recovery ? [keys.recovery.publicKey] : [])])]
  const wraps = await Promise.all(
    users.map(async (to) => ({ forKey: to, ...(await wrapKey(pair.private, { agency: keys.agency, service: keys.service, epoch, key: pair.public, to })) })),
  )
  return { epoch, publicKey: pair.public, wraps }
}
