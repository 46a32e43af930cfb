import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { openKeyFolder } from './key-folder.ts'
import { checkKeys, OtherKeys } from './key-marks.ts'

const january = new Date('2026-01-20T08:00:00Z')
const city = 'city' as AgencyId
let folder: string
let store: Store
const keysIn = (name: string, now = january) => openKeyFolder(join(folder, name), now)
const checked = (name: string, now = january) => checkKeys(store, keysIn(name, now), now)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-keys-'))
  store = openSqliteStore(':memory:', () => january)
  await store.ensureAgency('city', 'City', january.toISOString())
  await checked('keys')
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('lets in whoever has the same folder, and makes the sealing keys of this month and the next', async () => {
  await checked('keys')
  const made = readdirSync(join(folder, 'keys/agencies/city')).filter((name) => name.endsWith('.key'))
  expect(made).toEqual(['2026-01.key', '2026-02.key'])
  await checked('keys', new Date('2026-12-31T23:59:59Z'))
  expect(readdirSync(join(folder, 'keys/agencies/city'))).toContain('2027-01.key')
})

it('refuses a folder of its own, and says what to do', async () => {
  const failed = await checked('own').catch((error) => error)
  expect(failed).toBeInstanceOf(OtherKeys)
  expect(failed.message).toMatch(/pepper is another one.*receipts\/\S+ is missing.*the same folder/)
  // Nor did it leave anything that would keep the others out.
  await checked('keys')
})

it('finds out a copy of the folder before it seals with a key of its own', async () => {
  cpSync(join(folder, 'keys'), join(folder, 'copy'), { recursive: true })
  await checked('copy')
  // In February the one and then the other makes the key of March, each its own.
  const february = new Date('2026-02-01T00:00:00Z')
  await checked('keys', february)
  await expect(checked('copy', february)).rejects.toThrow(/city: sealing\/2026-03 is another one/)
  await checked('keys', february)
})

it('takes a sealing key that was destroyed as gone, but no signing key', async () => {
  await checked('keys', new Date('2026-03-05T00:00:00Z'))
  rmSync(join(folder, 'keys/agencies/city/2026-01.key'))
  await checked('keys', new Date('2026-03-05T00:00:00Z'))
  const [pem = ''] = readdirSync(join(folder, 'keys/receipts'))
  rmSync(join(folder, 'keys/receipts', pem))
  await expect(checked('keys')).rejects.toThrow(/receipts\/\S+ is missing/)
})

it('tells nothing of a key but which one it is', async () => {
  const keys = keysIn('keys')
  const noted = JSON.stringify([...(await store.agency(city).markKeys(new Map()))])
  expect(noted).toContain(keys.signer.kid)
  expect(noted).not.toContain(Buffer.from(keys.pepper).toString('base64url'))
  expect(noted).not.toContain(Buffer.from(keys.kek(city, '2026-01').wrapping('city|card|1')).toString('base64url'))
})
