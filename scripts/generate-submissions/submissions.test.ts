/** What is made up must be to the server what it would have taken in itself. */
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { openAdapters } from '../../packages/server/src/adapters.ts'
import { createApp } from '../../packages/server/src/app.ts'
import { findBreak } from '../../packages/server/src/audit/chain.ts'
import { type Config, readConfig } from '../../packages/server/src/config.ts'
import { reopenBox } from '../../packages/server/src/keys/seal-box.ts'
import { answersDigest } from '../../packages/server/src/receipts/receipt.ts'
import type { AgencyId } from '../../packages/server/src/store/store.ts'
import { newDatabase, postgresIsThere, startCluster } from '../../packages/server/src/testing/postgres.ts'
import { serviceId } from './service.ts'
import { generate } from './submissions.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-generate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configOf = (name: string, more: Record<string, string> = {}): Config =>
  readConfig({ DATA_DIR: join(folder, name), EXAMPLES_DIR: 'off', LOG_LEVEL: 'silent', AGENCY: 'city', ...more })
const settings = { months: 6, seed: 1, sample: true }

/** Everything that the server finds in it, opened and checked. */
async function look(config: Config) {
  const adapters = openAdapters(config)
  try {
    const agency = adapters.store.agency('city' as AgencyId)
    const rows = await agency.submissions()
    const opened = rows.map((row) => {
      const box = reopenBox(adapters.keys.kek(agency.id, row.sealing!.bucket), row.sealing!, `city|${row.service}|${row.id}`)
      const read = (part: string, bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(box.open(part, bytes)))
      return { row, box, answers: read('answers', row.answers), outcome: read('outcome', row.outcome) }
    })
    const events = await agency.auditEvents(0, 10_000)
    return { opened, events, keys: adapters.keys.publicKeys }
  } finally {
    await adapters.store.close()
  }
}

describe('made-up submissions', () => {
  it('open, follow each other in the audit log, and can be followed', async () => {
    const config = configOf('whole')
    const { made, references } = await generate({ config, wanted: 250, ...settings })
    expect([made, references.length]).toEqual([250, 250])
    const { opened, events, keys } = await look(config)
    expect(opened.length).toBe(250)
    expect(new Set(opened.map(({ row }) => row.receivedAt.slice(0, 7))).size).toBeGreaterThan(5)
    expect(findBreak(events)).toBeNull()

    const database = new DatabaseSync(join(config.dataDir, 'guichet.db'), { readOnly: true })
    const receipts = new Map(
      database
        .prepare('SELECT submission_id AS id, content FROM receipts')
        .all()
        .map(({ id, content }) => [String(id), content as Uint8Array]),
    )
    expect(database.prepare('SELECT count(*) AS n FROM idempotency_keys').get()).toEqual({ n: 0 })
    database.close()
    const key = createPublicKey({ key: keys[0] as never, format: 'jwk' })
    for (const { row, box, answers } of opened) {
      const [head = '', body = '', signature = ''] = new TextDecoder().decode(box.open('receipt', receipts.get(row.id)!)).split('.')
      expect(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(true)
      const receipt = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
      const event = events[receipt.auditSequence - 1]
      expect([event?.object, event?.details?.answers]).toEqual([`submission:${row.id}`, receipt.answersDigest])
      expect(answersDigest(receipt.salt, answers)).toBe(receipt.answersDigest)
    }

    const adapters = openAdapters(config)
    const app = createApp(adapters, config)
    const follow = (reference: string) =>
      app.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })
    const response = await follow(references[7]!)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ service: serviceId, submission: opened[7]!.row.id })
    expect((await follow('0000-0000-0000-0000-0000-0000-00')).status).toBe(404)
    await adapters.store.close()
  })

  it('are made until there are so many, the same answers for the same seed, however often it was stopped', async () => {
    const answers = async (config: Config) => (await look(config)).opened.map((one) => one.answers)
    const once = configOf('once')
    await generate({ config: once, wanted: 40, ...settings })
    const twice = configOf('twice')
    expect((await generate({ config: twice, wanted: 15, ...settings })).made).toBe(15)
    expect((await generate({ config: twice, wanted: 40, ...settings })).made).toBe(25)
    expect((await generate({ config: twice, wanted: 40, ...settings })).made).toBe(0)
    expect(await answers(twice)).toEqual(await answers(once))
    const { opened, events } = await look(twice)
    expect(opened.map(({ row }) => row.receivedAt)).toEqual(opened.map(({ row }) => row.receivedAt).sort())
    expect(findBreak(events)).toBeNull()
    const other = configOf('other')
    await generate({ config: other, wanted: 40, ...settings, seed: 2 })
    expect(await answers(other)).not.toEqual(await answers(once))
  })

  it.skipIf(!postgresIsThere())('are made on PostgreSQL too', async () => {
    const cluster = await startCluster()
    try {
      const database = await newDatabase(cluster)
      const config = configOf('postgres', { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
      expect((await generate({ config, wanted: 70, ...settings })).made).toBe(70)
      const { opened, events } = await look(config)
      expect(opened.length).toBe(70)
      expect(findBreak(events)).toBeNull()
    } finally {
      await cluster.stop()
    }
  })
})
