import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { looksTogether } from './looks.ts'
import { openDatabase } from './open-database.ts'

let folder: string
let client: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-looks-'))
  client = openDatabase(join(folder, 'test.db'))
  client.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY) STRICT; INSERT INTO rows VALUES (1)')
})
afterEach(() => {
  if (client.isOpen) client.close()
  rmSync(folder, { recursive: true, force: true })
})

const count = () => Number(client.prepare('SELECT count(*) AS n FROM rows').get()?.n)

it('gives each look its own answer or error, from one state of the database', async () => {
  const together = looksTogether(client)
  const other = new DatabaseSync(join(folder, 'test.db'))
  const insert = () => void other.exec('INSERT INTO rows DEFAULT VALUES')
  const fails = () => {
    throw new Error('no such look')
  }
  const looks = [together(count), together(insert), together(fails), together(count)]
  const [first, , failed, last] = await Promise.allSettled(looks)
  expect([first, failed, last]).toMatchObject([{ value: 1 }, { reason: { message: 'no such look' } }, { value: 1 }])
  expect(client.isTransaction).toBe(false)
  // What comes later sees what has come in.
  expect(await together(count)).toBe(2)
  // The control: each by itself begins anew.
  expect([count(), insert(), count()]).toEqual([2, undefined, 3])
  other.close()
})

it('says so when the database was closed meanwhile', async () => {
  const together = looksTogether(client)
  const looks = [together(count), together(count)]
  client.close()
  for (const { status } of await Promise.allSettled(looks)) expect(status).toBe('rejected')
})
