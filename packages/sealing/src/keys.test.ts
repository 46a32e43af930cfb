import { describe, expect, it } from 'vitest'
import { newKeyPair } from './hpke.ts'
import { leastLength, lockKey, unlockKey, usualLogN, WrongPassphrase } from './passphrase.ts'
import { joinShares, type SharesDoNotFit, schemes, splitKey } from './recovery.ts'
import { proveKeyPair, unwrapKey, wrapKey } from './wrap.ts'

/** Cheap: what a real lock costs is not tested here. */
const logN = 4
const lock = { agency: 'city', user: 'u1', passphrase: 'correct horse battery staple' }

describe('a locked key', () => {
  it('opens with its passphrase, however that was typed, and with no other', async () => {
    const pair = await newKeyPair()
    const locked = await lockKey(pair, lock, logN)
    expect(await unlockKey(locked, pair.public, { ...lock, passphrase: ` ${lock.passphrase}\n` }, logN)).toEqual(pair)
    const greek = await lockKey(pair, { ...lock, passphrase: 'λέξη με τόνους' }, logN)
    expect(await unlockKey(greek, pair.public, { ...lock, passphrase: 'λέξη με τόνους'.normalize('NFD') }, logN)).toEqual(pair)
    await expect(unlockKey(locked, pair.public, { ...lock, passphrase: 'Correct horse battery staple' }, logN)).rejects.toBeInstanceOf(WrongPassphrase)
  })

  it('is nobody else’s, and never locked more cheaply than is said', async () => {
    const [pair, other] = await Promise.all([newKeyPair(), newKeyPair()])
    const locked = await lockKey(pair, lock, logN)
    for (const change of [{ user: 'u2' }, { agency: 'town' }])
      await expect(unlockKey(locked, pair.public, { ...lock, ...change }, logN)).rejects.toBeInstanceOf(WrongPassphrase)
    await expect(unlockKey(locked, other.public, lock, logN)).rejects.toBeInstanceOf(WrongPassphrase)
    await expect(unlockKey(locked, pair.public, lock)).rejects.toThrow('unknown way')
    await expect(unlockKey({ ...locked, logN: 40 }, pair.public, lock, logN)).rejects.toThrow('unknown way')
    const ways: object[] = [{ format: 2 }, { kdf: 'pbkdf2' }, { logN: 4.5 }, { logN: 21 }, { logN: 3 }]
    for (const way of ways) await expect(unlockKey({ ...locked, ...way } as never, pair.public, lock, logN)).rejects.toThrow('unknown way')
    expect(usualLogN).toBeGreaterThanOrEqual(17)
    expect(leastLength).toBeGreaterThanOrEqual(16)
  })
})

it('is locked at the usual cost where nothing else is said', async () => {
  const pair = await newKeyPair()
  const steps: number[] = []
  const locked = await lockKey(pair, { ...lock, onProgress: (done) => steps.push(done) })
  expect(locked).toMatchObject({ format: 1, kdf: 'scrypt', logN: usualLogN })
  expect(steps.at(-1)).toBe(1)
})

describe('the recovery key', () => {
  it('comes back from as many shares as are needed, in any order and hand', async () => {
    const pair = await newKeyPair()
    for (const scheme of schemes) {
      const shares = await splitKey(pair, scheme)
      expect(shares).toHaveLength(scheme.count)
      expect(shares.every((share) => /^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/.test(share))).toBe(true)
      const typed = shares.slice(-scheme.needed).map((share) => share.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'O'))
      expect(await joinShares(typed.toReversed(), pair.public)).toEqual(pair)
      await expect(joinShares(shares.slice(0, scheme.needed - 1), pair.public)).rejects.toEqual(expect.objectContaining({ why: 'few' }))
    }
  })

  it('says which share was mistyped or typed twice, and takes none of another key', async () => {
    const [pair, other] = await Promise.all([newKeyPair(), newKeyPair()])
    const [a = '', b = ''] = await splitKey(pair, schemes[0]!)
    const [c = ''] = await splitKey(other, schemes[0]!)
    const fails = (typed: string[], why: SharesDoNotFit['why'], at: number | null) =>
      expect(joinShares(typed, pair.public)).rejects.toEqual(expect.objectContaining({ why, at }))
    const wrong = `${b.slice(0, 5)}${b[5] === '2' ? '3' : '2'}${b.slice(6)}`
    await fails([a, wrong], 'mistyped', 1)
    await fails([a, b.slice(1)], 'mistyped', 1)
    await fails([a, 'U'.repeat(56)], 'mistyped', 1)
    await fails([a, c], 'mistyped', 1)
    // A letter too many, though all before it are right; and only the sum is wrong, in one of its two bytes.
    await fails([a, `${b}0`], 'mistyped', 1)
    await fails([a, `${b.slice(0, -1)}${b.at(-1) === '0' ? '1' : '0'}`], 'mistyped', 1)
    await fails([a, a], 'twice', 1)
    await fails([a, b, a], 'twice', 2)
    // One digit of any share: all of them are found.
    for (let at = 0; at < a.length; at += 7) {
      if (a[at] === '-') continue
      await fails([`${a.slice(0, at)}${a[at] === 'Z' ? 'Y' : 'Z'}${a.slice(at + 1)}`, b], 'mistyped', 0)
    }
  })
})

describe('a service’s key, wrapped', () => {
  it('opens for whom it was wrapped and in its place alone', async () => {
    const [epoch, officer, stranger] = await Promise.all([newKeyPair(), newKeyPair(), newKeyPair()])
    const place = { agency: 'city', service: 'report', epoch: 1, key: epoch.public, to: officer.public }
    const wrapped = await wrapKey(epoch.private, place)
    expect(await unwrapKey(wrapped, place, officer)).toEqual(epoch)
    await expect(unwrapKey(wrapped, place, stranger)).rejects.toThrow()
    for (const change of [{ agency: 'town' }, { service: 'other' }, { epoch: 2 }, { key: stranger.public }, { to: stranger.public }])
      await expect(unwrapKey(wrapped, { ...place, ...change }, officer)).rejects.toThrow()
    // A key under another's name is found out, also when it was wrapped so on purpose.
    const lie = { ...place, key: stranger.public }
    await expect(unwrapKey(await wrapKey(epoch.private, lie), lie, officer)).rejects.toThrow()
    await expect(proveKeyPair({ public: epoch.public, private: stranger.private })).rejects.toThrow()
    for (const part of [epoch.private.slice(0, -2), `${epoch.private}AAAA`, ''])
      await expect(proveKeyPair({ public: epoch.public, private: part })).rejects.toThrow()
  })
})
