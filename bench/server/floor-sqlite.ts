/**
 * The floor on SQLite: as little as a handler can do and still have kept what it answers for. `single`: one INSERT and one
 * commit a request. `group`: what arrived while the last commit ran shares the next one.
 *
 *   node floor-sqlite.ts <single|group> <file>
 */
import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Hono } from 'hono'
import { listen } from './listen.ts'

const [how, file = ''] = process.argv.slice(2)
const database = new DatabaseSync(file)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
database.exec('CREATE TABLE items (id TEXT NOT NULL PRIMARY KEY, received_at TEXT NOT NULL, content TEXT NOT NULL) STRICT')
const insert = database.prepare('INSERT INTO items (id, received_at, content) VALUES (?, ?, ?)')

interface Row {
  id: string
  content: string
}

const keep = ({ id, content }: Row) => insert.run(id, new Date().toISOString(), content)

let waiting: { row: Row; kept(): void }[] = []
function keepAll() {
  const group = waiting
  waiting = []
  database.exec('BEGIN IMMEDIATE')
  for (const { row } of group) keep(row)
  database.exec('COMMIT')
  for (const { kept } of group) kept()
}
/** After what has arrived in this turn of the event loop has been read. */
const keepWithOthers = (row: Row) =>
  new Promise<void>((kept) => {
    waiting.push({ row, kept })
    if (waiting.length === 1) setImmediate(keepAll)
  })

const app = new Hono()
app.post('/items', async (c) => {
  const row = { id: randomUUID(), content: JSON.stringify(await c.req.json()) }
  if (how === 'group') await keepWithOthers(row)
  else keep(row)
  return c.json({ id: row.id }, 201)
})
listen(app)
