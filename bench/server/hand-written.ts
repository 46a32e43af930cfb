/**
 * What a developer would write by hand in a day, as `node hand-written.ts <file> <schema.json>`: Hono, Ajv with the very
 * schema that the service publishes, drizzle on node:sqlite. It validates, it is durable (synchronous=FULL, one transaction
 * a request), and the same key sent twice makes one row. It has no policy, no sealing, no receipt, no audit log, no
 * tracking code, no outbox.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-sqlite'
import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { Hono } from 'hono'
import { listen } from './listen.ts'

const [file = '', schemaFile = ''] = process.argv.slice(2)
const client = new DatabaseSync(file)
client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
client.exec(`CREATE TABLE applications (id TEXT NOT NULL PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, digest TEXT NOT NULL,
  language TEXT NOT NULL, received_at TEXT NOT NULL, answers TEXT NOT NULL) STRICT`)
const applications = sqliteTable('applications', {
  id: text('id').primaryKey(),
  key: text('idempotency_key').notNull().unique(),
  digest: text('digest').notNull(),
  language: text('language').notNull(),
  receivedAt: text('received_at').notNull(),
  answers: text('answers', { mode: 'json' }).notNull(),
})
const db = drizzle({ client })

const ajv = new Ajv2020({ allErrors: true, strict: false })
formats.default(ajv)
const fits = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')))

const app = new Hono()
app.post('/applications', async (c) => {
  const key = c.req.header('idempotency-key')
  if (!key || key.length > 200) return c.json({ error: 'Idempotency-Key is missing' }, 400)
  const body = await c.req.text()
  if (body.length > 1_000_000) return c.json({ error: 'too large' }, 413)
  let sent: { answers?: unknown; language?: unknown }
  try {
    sent = JSON.parse(body)
  } catch {
    return c.json({ error: 'no JSON' }, 400)
  }
  if (!fits(sent.answers)) return c.json({ errors: fits.errors }, 422)
  const digest = createHash('sha256').update(body).digest('hex')
  const row = { id: randomUUID(), key, digest, language: String(sent.language), receivedAt: new Date().toISOString(), answers: sent.answers }
  const kept = db.transaction((tx) => {
    const before = tx.select({ id: applications.id, digest: applications.digest }).from(applications).where(eq(applications.key, key)).get()
    if (before) return before
    tx.insert(applications).values(row).run()
    return { id: row.id, digest }
  })
  if (kept.digest !== digest) return c.json({ error: 'the key was used for something else' }, 422)
  return c.json({ id: kept.id }, 201)
})
listen(app)
