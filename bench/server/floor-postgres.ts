/**
 * The same floor on PostgreSQL, with synchronous_commit=on. `single`: one INSERT a request, which commits by itself, over
 * ten connections. `group`: what arrived while the last commit ran shares the next INSERT, over one connection.
 *
 *   node floor-postgres.ts <single|group> <address>
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import pg from 'pg'
import { listen } from './listen.ts'

const [how, connectionString = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: how === 'group' ? 1 : 10, options: '-c synchronous_commit=on' })
await pool.query(`CREATE TABLE "${how}" (id UUID NOT NULL PRIMARY KEY, received_at TIMESTAMPTZ NOT NULL, content JSONB NOT NULL)`)

interface Row {
  id: string
  content: string
}

const keep = ({ id, content }: Row) =>
  pool.query({ name: 'keep', text: `INSERT INTO "${how}" (id, received_at, content) VALUES ($1, $2, $3)`, values: [id, new Date(), content] })

let waiting: { row: Row; kept(): void; lost(error: unknown): void }[] = []
let running = false
async function keepAll() {
  running = true
  while (waiting.length > 0) {
    const group = waiting
    waiting = []
    const now = new Date()
    const values = [group.map(({ row }) => row.id), group.map(() => now), group.map(({ row }) => row.content)]
    try {
      await pool.query({
        name: 'keep',
        text: `INSERT INTO "${how}" (id, received_at, content) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::jsonb[])`,
        values,
      })
      for (const { kept } of group) kept()
    } catch (error) {
      for (const { lost } of group) lost(error)
    }
  }
  running = false
}
const keepWithOthers = (row: Row) =>
  new Promise<void>((kept, lost) => {
    waiting.push({ row, kept, lost })
    if (!running) void keepAll()
  })

const app = new Hono()
app.post('/items', async (c) => {
  const row = { id: randomUUID(), content: JSON.stringify(await c.req.json()) }
  await (how === 'group' ? keepWithOthers(row) : keep(row))
  return c.json({ id: row.id }, 201)
})
listen(app)
