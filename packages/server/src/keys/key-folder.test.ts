import { createPublicKey, verify } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgencyId } from '../store/store.ts'
import { openKeyFolder } from './key-folder.ts'
import { openFolderRoots } from './roots/folder/folder-roots.ts'
import { KeyGone, newBox, reopenBox, type Sealing, sealBytes, wrapAbout } from './seal-box.ts'
import { publishedFirst } from './signing-keys.ts'

const january = new Date('2026-01-20T08:00:00Z')
const city = 'city' as AgencyId
const word = new TextEncoder().encode('what nobody may read')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (now = january) => openKeyFolder(join(folder, 'keys'), now)
type Keys = ReturnType<typeof open>
const seal = (keys: Keys, owner: string, at = january) => {
  const box = newBox(keys.currentKek(city, at), owner)
  return { owner, sealing: box.sealing as Sealing, bytes: box.seal('answers', word) }
}
const opens = (keys: Keys, { owner, sealing, bytes }: ReturnType<typeof seal>) => {
  try {
    return Buffer.from(reopenBox(keys.kek(city, sealing.bucket), sealing, owner).open('answers', bytes)).equals(word)
  } catch (error) {
    if (error instanceof KeyGone) return false
    throw error
  }
}
const place = (...path: string[]) => join(folder, 'keys', ...path)
const checks = (key: object, content: string, signature: string, encoding: BufferEncoding) =>
  verify(null, Buffer.from(content), createPublicKey({ key: key as never, format: 'jwk' }), Buffer.from(signature, encoding))

describe('the folder of keys', () => {
  it('is for us alone, and holds secrets that stay what they are', () => {
    const keys = open()
    expect(statSync(place()).mode & 0o777).toBe(0o700)
    expect(keys.pepper).toHaveLength(32)
    expect(open().pepper).toEqual(keys.pepper)
    expect(open().signer.kid).toBe(keys.signer.kid)
    writeFileSync(place('pepper.key'), Buffer.alloc(31).toString('base64url'))
    expect(open).toThrow(/pepper.key holds no key of 32 bytes/)
  })

  it('is closed where somebody has opened it to others', () => {
    open()
    chmodSync(place(), 0o755)
    open()
    expect(statSync(place()).mode & 0o777).toBe(0o700)
  })

  it('has nothing for names that are none of an agency, and months that are none', async () => {
    const keys = open()
    for (const name of ['../town', 'City', '', '1city', 'a/b', 'a b', 'a\nb']) {
      expect(() => keys.webhookSigner(name), name).toThrow('no such agency')
      expect(() => keys.months(name), name).toThrow('no such agency')
      expect(() => keys.kek(name as AgencyId, '2026-01'), name).toThrow('no such agency')
      expect(() => keys.destroy(name as AgencyId, '2026-01'), name).toThrow('no such agency')
      expect(() => keys.reduce(name as AgencyId, '2026-01', []), name).toThrow('no such agency')
      await expect(
        keys.erase(name as AgencyId, '2026-01', [], async () => []),
        name,
      ).rejects.toThrow('no such agency')
      expect(() => keys.rotation.webhooks(name, january), name).toThrow('no such agency')
    }
    for (const bucket of ['2026-1', '2026-011', '../../x', '', 'x2026-01', '2026-01/..']) {
      expect(() => keys.kek(city, bucket), bucket).toThrow('no such key')
      expect(() => keys.destroy(city, bucket), bucket).toThrow('no such key')
      expect(() => keys.reduce(city, bucket, []), bucket).toThrow('no such key')
      await expect(
        keys.erase(city, bucket, [], async () => []),
        bucket,
      ).rejects.toThrow('no such key')
    }
  })

  it('says of a month without a key that it is gone, whatever is asked of it', async () => {
    const keys = open()
    expect(() => keys.kek(city, '2026-01')).toThrow(KeyGone)
    expect(() => keys.destroy(city, '2026-01')).toThrow(KeyGone)
    expect(() => keys.reduce(city, '2026-01', [])).toThrow(KeyGone)
    await expect(keys.erase(city, '2026-01', [], async () => [])).rejects.toThrow(KeyGone)
    expect([keys.months('city'), existsSync(place('agencies', 'city'))]).toEqual([[], false])
  })

  it('seals each month with a key of its own, and lists what there is', async () => {
    const keys = open()
    const [one, two] = [seal(keys, 'city|card|1'), seal(keys, 'city|card|2', new Date('2026-02-01T00:00:00Z'))]
    expect([one.sealing.bucket, two.sealing.bucket]).toEqual(['2026-01', '2026-02'])
    await keys.erase(city, '2026-01', ['city|card|1'], async () => [])
    keys.destroy(city, '2026-02')
    const root = keys.rotation.currentRoot()
    expect(keys.months('city')).toEqual([
      { bucket: '2026-01', mark: expect.stringMatching(/^[\w-]{43}$/), destroyed: false, size: 240, root },
      { bucket: '2026-02', mark: expect.any(String), destroyed: true, size: 0, root },
    ])
    expect([opens(keys, one), opens(keys, two)]).toEqual([false, false])
  })

  it('keeps only what is said to be left, also of what an earlier version sealed', () => {
    const direct = Buffer.alloc(32, 9)
    seal(open(), 'city|card|0')
    for (const name of readdirSync(place('agencies/city'))) if (name.endsWith('.key')) rmSync(place('agencies/city', name))
    writeFileSync(place('agencies/city/2026-01.key'), direct.toString('base64url'))
    const keys = open()
    expect(keys.months('city')[0]).toMatchObject({ root: null, size: 1 })
    const earlier = (owner: string) => {
      const sealing: Sealing = {
        mode: 'at-rest',
        bucket: '2026-01',
        key: sealBytes(direct, wrapAbout(owner, '2026-01'), Buffer.alloc(32, 5)).toString('base64url'),
      }
      return { owner, sealing, bytes: reopenBox(keys.kek(city, '2026-01'), sealing, owner).seal('answers', word) }
    }
    const [a, b] = [earlier('city|card|a'), earlier('city|card|b')]
    const [c, d] = [seal(keys, 'city|card|c'), seal(keys, 'city|card|d')]
    keys.reduce(city, '2026-01', [a, c])
    for (const each of [keys, open()]) expect([a, b, c, d].map((box) => opens(each, box))).toEqual([true, false, true, false])
    expect(keys.months('city')[0]).toMatchObject({ size: 2, root: expect.any(String) })
    // Again, without one that is named but gone, and one of those that an earlier version sealed.
    keys.reduce(city, '2026-01', [c, d])
    expect([a, b, c, d].map((box) => opens(open(), box))).toEqual([false, false, true, false])
    keys.destroy(city, '2026-01')
    expect(opens(open(), c)).toBe(false)
  })

  it('destroys what an earlier version made as a whole, and asks for the rest only when one of it is erased', async () => {
    const keys = open()
    seal(keys, 'city|card|0')
    const path = place('agencies/city/2026-01.key')
    writeFileSync(path, Buffer.alloc(32, 9).toString('base64url'))
    let asked = 0
    const rest = async () => {
      asked++
      return []
    }
    await open().erase(city, '2026-01', ['city|card|a'], rest)
    await open().erase(city, '2026-01', ['city|card|b'], rest)
    expect(asked).toBe(1)
    writeFileSync(place('agencies/city/2026-02.key'), Buffer.alloc(32, 8).toString('base64url'))
    open().destroy(city, '2026-02')
    expect(open().months('city')[1]).toMatchObject({ destroyed: true })
    expect(readdirSync(place('agencies/city')).filter((name) => name.startsWith('2026-02'))).toEqual(['2026-02.1.key'])
  })

  it('says the marks of its keys without taking one out of the hands of who seals with it', () => {
    const keys = open()
    const kek = keys.currentKek(city, january)
    const marks = keys.marks(city, january)
    expect(keys.currentKek(city, january)).toBe(kek)
    expect(keys.marks(city, january)).toEqual(marks)
    expect([...marks.keys()].filter((name) => name.startsWith('sealing/'))).toEqual(['sealing/2026-01', 'sealing/2026-02'])
  })

  it('forgets when it looks what another process erased, and seals no more with it', () => {
    const [here, there] = [open(), open()]
    const one = seal(here, 'city|card|1')
    here.refresh(january)
    expect(opens(here, one)).toBe(true)
    there.destroy(city, '2026-01')
    // What is sealed now concerns nobody who was erased; the next look finds the key gone.
    expect(() => seal(here, 'city|card|2')).not.toThrow()
    here.refresh(january)
    expect(() => seal(here, 'city|card|3')).toThrow(KeyGone)
    expect(opens(here, one)).toBe(false)
  })

  it('is looked at only where agencies have keys', () => {
    const keys = open()
    keys.refresh(january)
    seal(keys, 'city|card|1')
    writeFileSync(place('agencies/Readme'), 'x')
    writeFileSync(place('agencies/note'), 'x')
    keys.refresh(january)
    expect(keys.rotation.root()).toMatchObject({ months: 1 })
  })

  it('says so when it cannot tell whether a key is still the one that was read', () => {
    const keys = open()
    const one = seal(keys, 'city|card|1')
    expect(opens(keys, one)).toBe(true)
    rmSync(place('agencies/city'), { recursive: true })
    writeFileSync(place('agencies/city'), 'no folder')
    expect(() => opens(keys, one)).toThrow(/ENOTDIR/)
  })
})

describe('webhooks', () => {
  it('are signed by every key of their agency, newest first', () => {
    const keys = open()
    const signer = keys.webhookSigner('city')
    expect(keys.webhookSigner('city')).toBe(signer)
    expect(signer.sign('x').map((signature) => checks(signer.publicKeys[0] as object, 'x', signature, 'base64'))).toEqual([true])
    const kid = keys.rotation.webhooks('city', january)
    expect(keys.webhookSigner('city').publicKeys).toHaveLength(1)
    keys.refresh(january)
    const both = keys.webhookSigner('city')
    expect([both.publicKeys.length, both.publicKeys[0]?.kid, both.publicKeys[1]?.kid]).toEqual([2, kid, signer.publicKeys[0]?.kid])
    expect(both.sign('x').map((signature, i) => checks(both.publicKeys[i] as object, 'x', signature, 'base64'))).toEqual([true, true])
    expect(keys.webhookSigner('town').publicKeys).toHaveLength(1)
  })
})

describe('keys of receipts', () => {
  it('sign once everybody has had time to publish them', () => {
    const keys = open()
    const old = keys.signer.kid
    const kid = keys.rotation.receipts(january)
    keys.refresh(new Date(january.getTime() + publishedFirst - 1))
    expect([keys.signer.kid, keys.publicKeys.map((key) => key.kid), keys.keyStatements.length]).toEqual([old, [kid, old], 1])
    keys.refresh(new Date(january.getTime() + publishedFirst))
    expect(keys.signer.kid).toBe(kid)
    expect(checks(keys.publicKeys[0] as object, 'x', keys.signer.sign('x'), 'base64url')).toBe(true)
    // A key from a file whose name says the day alone was published long ago.
    expect(open(new Date(0)).signer.kid).toBe(old)
  })

  it('sign nothing from the moment that they are revoked, in every process', () => {
    const [here, there] = [open(), open()]
    const old = here.signer.kid
    there.dropRevoked(january)
    expect(there.revocations).toEqual([])
    const { kid, at, jws } = here.rotation.revoke(old, january)
    expect([kid, at]).toEqual([old, january.toISOString()])
    expect(here.signer.kid).not.toBe(old)
    expect(there.signer.kid).toBe(old)
    there.dropRevoked(january)
    expect([there.signer.kid, there.revocations, there.publicKeys.length]).toEqual([here.signer.kid, [{ kid, at, jws }], 2])
    expect(open().signer.kid).toBe(here.signer.kid)
    // Said by the other key, and once: a second time changes nothing.
    const [head = '', body = '', end = ''] = jws.split('.')
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'Ed25519', kid: here.signer.kid, typ: 'guichet-revocation+jws' })
    expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toEqual({ kid: old, revokedAt: at })
    expect(checks(here.publicKeys.find((key) => key.kid === here.signer.kid) as object, `${head}.${body}`, end, 'base64url')).toBe(true)
    expect(here.rotation.revoke(old, new Date('2027-01-01T00:00:00Z'))).toEqual({ kid, at, jws })
    expect(here.publicKeys).toHaveLength(2)
  })

  it('are revoked by the newest other one, which need not be made', () => {
    const keys = open()
    const old = keys.signer.kid
    const newer = keys.rotation.receipts(january)
    keys.rotation.revoke(newer, january)
    expect([keys.signer.kid, keys.publicKeys.length]).toEqual([old, 2])
    expect(() => keys.rotation.revoke('unknown', january)).toThrow('There is no key unknown')
    keys.rotation.revoke(old, january)
    expect(keys.publicKeys).toHaveLength(3)
    expect([old, newer]).not.toContain(keys.signer.kid)
    expect(keys.revocations.map(({ kid }) => kid).sort()).toEqual([old, newer].sort())
  })

  it('are never all revoked: then nothing opens', () => {
    const keys = open()
    const old = keys.signer.kid
    keys.rotation.revoke(old, january)
    for (const name of readdirSync(place('receipts'))) if (name.endsWith('.pem') && !name.includes(old.slice(0, 8))) rmSync(place('receipts', name))
    expect(open).toThrow(/every signing key was revoked/)
  })

  it.each([
    [
      'of another key',
      (kid: string, jws: string) => jws.replace(/\..*\./, `.${Buffer.from(JSON.stringify({ kid: `${kid}x`, revokedAt: 'x' })).toString('base64url')}.`),
    ],
    ['without a time', (kid: string, jws: string) => jws.replace(/\..*\./, `.${Buffer.from(JSON.stringify({ kid })).toString('base64url')}.`)],
    ['cut off', () => 'x'],
    ['empty', () => ''],
  ])('are not taken for good where a revocation is damaged: %s', (_, change) => {
    const keys = open()
    const { kid } = keys.signer
    const { jws } = keys.rotation.revoke(kid, january)
    writeFileSync(place('receipts', `${kid}.revoked`), change(kid, jws))
    expect(open).toThrow()
    expect(() => keys.refresh(january)).toThrow()
  })
})

describe('retiring a root', () => {
  it('wraps first what it still wraps', () => {
    const keys = open()
    const one = seal(keys, 'city|card|1')
    const before = keys.rotation.currentRoot()
    expect(keys.rotation.retireRoots()).toEqual([])
    // As if whoever made the new root was killed before anything was wrapped with it.
    const after = openFolderRoots(place('roots'), () => january).renew()
    expect(keys.rotation.retireRoots()).toEqual([before])
    expect([keys.rotation.currentRoot(), readdirSync(place('roots')).length, opens(open(), one)]).toEqual([after, 1, true])
    expect(JSON.parse(readFileSync(place('agencies/city/2026-01.1.key'), 'utf8'))).toMatchObject({ root: after })
  })
})

it('a draft that another process sweeps away meanwhile holds nobody up', () => {
  const keys = open()
  seal(keys, 'city|card|1')
  symlinkSync(place('nowhere'), place('agencies/city/x.new'))
  expect(() => keys.refresh(january)).not.toThrow()
})
