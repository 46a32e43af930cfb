import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { rewriteHistory } from '../audit/tamper.test-helper.ts'
import { run } from '../cli.ts'
import { openMailReceiver } from '../testing/mail-receiver.ts'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../testing/postgres.ts'
import { answersOf, createWorld, definitionOf, own, pdf, type World } from '../testing/world.ts'

const call = async (args: string[], env: Record<string, string>, isTTY = false) => {
  const [out, err] = [[] as string[], [] as string[]]
  const streams = { out: { write: (text: string) => out.push(text) }, err: { write: (text: string) => err.push(text), isTTY } }
  const code = await run(['doctor', ...args], { EXAMPLES_DIR: 'off', ...env }, streams)
  /** What it says about one thing. */
  const about = (what: string) => out.filter((line) => line.slice(7).startsWith(what)).map((line) => line.trim())
  return { code, out: out.join(''), err: err.join(''), about }
}

async function filled(env: Record<string, string> = {}): Promise<World> {
  const world = await createWorld(env)
  await world.offer(definitionOf(), {})
  const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=card.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const answer = await world.send({ ...answersOf({ student: true, school: 'X' }), documents: { student_id: [(await upload.json()).id] } })
  expect(answer.status).toBe(201)
  chmodSync(world.folder, 0o700)
  return world
}

describe('the doctor', () => {
  let world: World
  const env = () => ({ DATA_DIR: world.folder })
  const change = (sql: string) => {
    const raw = new DatabaseSync(join(world.folder, 'guichet.db'))
    raw.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
    raw.close()
  }
  beforeEach(async () => {
    world = await filled()
  })
  afterEach(() => world.close())

  it.each([[], ['--deep']])('finds nothing wrong where nothing is, while the server runs (%j)', async (...args) => {
    const { code, out, about } = await call(args as string[], env())
    expect([code, out]).toEqual([0, expect.not.stringMatching(/WRONG|warn/)])
    expect(about('keys')).toEqual(['ok     keys               open what they should (1 months)'])
    expect(about('attachments')[0]).toContain('1 have their file')
  })

  it('says on a terminal how far it is, and elsewhere nothing', async () => {
    const columns = 'service_id, target, name, type, size, digest, sealing, received_at, submission_id'
    for (const other of ['b', 'c', 'd'])
      change(`INSERT INTO attachments (agency_id, id, ${columns}) SELECT agency_id, '${other}', ${columns} FROM attachments LIMIT 1`)
    const drawn = (await call(['--deep'], env(), true)).err.split('\r\x1b[K')
    expect(drawn).toEqual(expect.arrayContaining([expect.stringMatching(/\] 0 % integrity$/), expect.stringMatching(/\] 25 % attachments$/)]))
    expect(drawn.at(-1)).toBe('')
    expect((await call(['--deep'], env())).err).toBe('')
  })

  it('says when there is nothing', async () => {
    const { code, about } = await call([], { DATA_DIR: '/nonexistent/guichet' })
    expect([code, about('DATA_DIR')[0], about('database')[0]]).toEqual([
      1,
      expect.stringContaining('is not there'),
      expect.stringContaining('cannot be opened'),
    ])
  })

  it('finds a folder that others may enter', async () => {
    chmodSync(world.folder, 0o755)
    const { code, about } = await call([], env())
    expect([code, about('permissions')[0]]).toEqual([1, expect.stringContaining('chmod 700')])
  })

  it('finds an audit log that was changed, and events of the future', async () => {
    change("UPDATE audit_events SET actor = 'user:x' WHERE sequence = 2")
    const changed = await call([], env())
    expect([changed.code, changed.about('audit log')[0]]).toEqual([1, expect.stringContaining('city is broken at event 2')])
    change("UPDATE audit_events SET time = '2199-01-01T00:00:00.000Z'")
    expect((await call([], env())).about('clock')[0]).toMatch(/^WRONG.*before the last event of city/)
  })

  it('finds a log that is not the one that was signed', async () => {
    const { store, auditLog } = world.adapters
    const city = (await store.findAgency('city'))!
    await auditLog.grow(city, own)
    expect((await call(['--deep'], env())).about('audit log')[0]).toMatch(/^ok/)
    // The chain was made anew over the change, so that it holds by itself.
    rewriteHistory(join(world.folder, 'guichet.db'), 2, 'user:x')
    const deep = await call(['--deep'], env())
    expect([deep.code, deep.about('audit log')[0]]).toEqual([
      1,
      expect.stringMatching(/^WRONG.*city: tile 0\/0 is not made of the events; the events are not those/),
    ])
    // A quick look sees the tree alone.
    expect((await call([], env())).about('audit log')[0]).toMatch(/^ok/)
    change('UPDATE log_tiles SET hashes = zeroblob(length(hashes))')
    const quick = await call([], env())
    expect([quick.code, quick.about('audit log')[0]]).toEqual([1, expect.stringMatching(/^WRONG.*the tree is not the one/)])
    change('DELETE FROM log_tiles')
    expect((await call([], env())).about('audit log')[0]).toMatch(/^WRONG.*the tree has 0 leaves/)
    change('DELETE FROM log_checkpoints')
    expect((await call([], env())).about('audit log')[0]).toMatch(/^ok/)
  })

  it('finds a log that others have signed, and that the key is gone that did', async () => {
    const { store, auditLog } = world.adapters
    await auditLog.grow((await store.findAgency('city'))!, own)
    const [pem = ''] = readdirSync(join(world.folder, 'keys/receipts'))
    const path = join(world.folder, 'keys/receipts', pem)
    writeFileSync(path, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
    expect((await call([], env())).about('keys')[0]).toMatch(/^WRONG.*city receipts/)
  })

  it('finds a log whose newest checkpoint a revoked key has signed', async () => {
    const { store, auditLog, keys } = world.adapters
    await auditLog.grow((await store.findAgency('city'))!, own)
    expect((await call([], env())).about('log signer')).toEqual([])
    const { kid } = keys.signer
    keys.rotation.receipts(world.adapters.clock.now())
    keys.rotation.revoke(kid, world.adapters.clock.now())
    const { code, about } = await call([], env())
    expect([code, about('log signer')[0]]).toEqual([1, expect.stringMatching(/^WRONG.*city: the newest checkpoint is signed by a key that was revoked/)])
  })

  it('finds rows that refer to nothing, and migrations that are not ours', async () => {
    change("DELETE FROM submissions; INSERT INTO migrations VALUES ('9999-later.sql', '', '')")
    const { code, about } = await call([], env())
    expect([code, about('integrity')[0], about('migrations')[0]]).toEqual([
      1,
      expect.stringContaining('receipts refers to rows'),
      expect.stringContaining('9999-later.sql'),
    ])
  })

  it('finds files without row, and rows without file', async () => {
    const part = join(world.folder, 'files/city/zz')
    mkdirSync(part, { recursive: true })
    writeFileSync(join(part, 'zz'.padEnd(26, '0')), 'x')
    const spare = await call(['--deep'], env())
    expect([spare.code, spare.about('files')[0]]).toEqual([0, expect.stringMatching(/^warn .*1 have no row/)])
    rmSync(join(world.folder, 'files'), { recursive: true })
    mkdirSync(join(world.folder, 'files'))
    const missing = await call([], env())
    expect([missing.code, missing.about('attachments')[0]]).toEqual([1, expect.stringContaining('1 of 1 have no file: city/')])
  })

  it.each([[], ['--deep']])('finds a key that is gone, or another (%j)', async (...args) => {
    const keys = join(world.folder, 'keys/agencies/city')
    const [month = ''] = readdirSync(keys).filter((name) => name.endsWith('.key'))
    writeFileSync(join(keys, month), Buffer.alloc(32, 1).toString('base64url'))
    const other = await call(args as string[], env())
    expect([other.code, other.about('keys')[0]]).toEqual([1, expect.stringContaining('city 2026-01')])
    renameSync(join(world.folder, 'keys'), join(world.folder, 'away'))
    expect((await call(args as string[], env())).about('keys')[0]).toMatch(/^WRONG/)
    // It makes none itself.
    expect(readdirSync(world.folder)).not.toContain('keys')
  })

  it('names what is unwise', async () => {
    const { code, about } = await call([], { ...env(), BASE_URL: 'https://forms.example.org', METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' })
    expect([code, about('TRUST_PROXY')[0], about('METRICS_HOST')[0]]).toEqual([0, expect.stringMatching(/^warn/), expect.stringMatching(/^warn/)])
    expect((await call([], { ...env(), BASE_URL: 'http://forms.example.org' })).about('BASE_URL')[0]).toMatch(/^warn/)
  })

  it('calls mail server and webhooks when it is asked to, and only then', async () => {
    let calls = 0
    const hook = createServer((_, response) => {
      calls++
      response.writeHead(405).end()
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const place = `127.0.0.1:${(hook.address() as AddressInfo).port}`
    const mail = await openMailReceiver()
    change(`UPDATE services SET policy = '${JSON.stringify({ deliveries: { webhook: { endpoints: [{ url: `http://${place}/hook` }] } } })}'`)
    const given = { ...env(), EGRESS_ALLOW: place, SMTP_URL: mail.url, MAIL_FROM: 'a@example.org' }
    expect((await call([], given)).out).not.toMatch(/mail server|webhooks/)
    expect(calls).toBe(0)
    const good = await call(['--reach'], given)
    expect([good.code, good.about('webhooks')[0], good.about('mail server')[0]]).toEqual([
      0,
      expect.stringContaining('answers (405)'),
      expect.stringContaining('takes our mail'),
    ])
    await mail.close()
    await new Promise((resolve) => hook.close(resolve))
    const bad = await call(['--reach'], given)
    expect([bad.code, bad.about('webhooks')[0], bad.about('mail server')[0]]).toEqual([
      1,
      expect.stringMatching(/^WRONG.*connection/),
      expect.stringMatching(/^WRONG/),
    ])
  })
})

describe.skipIf(!postgresIsThere())('the doctor on PostgreSQL', () => {
  let cluster: Cluster
  let database: TestDatabase
  let world: World
  const env = () => ({ DATA_DIR: world.folder, DATABASE_URL: database.url })
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    world = await filled({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl })
  })
  afterAll(async () => {
    await world?.close()
    await cluster?.stop()
  })

  it('finds nothing wrong where nothing is', async () => {
    const { code, out, about } = await call(['--deep'], env())
    expect([code, out]).toEqual([0, expect.not.stringMatching(/WRONG|warn/)])
    expect(about('row security')).toHaveLength(1)
    expect(about('attachments')[0]).toContain('1 have their file')
  })

  it('finds a role that is too strong, a wall that is down, and a database that forgets', async () => {
    expect((await call([], { ...env(), DATABASE_URL: database.adminUrl })).about('role')[0]).toMatch(/^WRONG.*gets around/)
    expect((await call([], { ...env(), DATABASE_URL: database.ownerUrl })).about('role')[0]).toMatch(/^WRONG.*owns/)
    await ask(database.adminUrl, 'ALTER TABLE submissions NO FORCE ROW LEVEL SECURITY')
    await ask(database.adminUrl, 'ALTER ROLE guichet_app SET synchronous_commit = off')
    const { code, about } = await call([], env())
    await ask(database.adminUrl, 'ALTER TABLE submissions FORCE ROW LEVEL SECURITY')
    await ask(database.adminUrl, 'ALTER ROLE guichet_app RESET synchronous_commit')
    expect([code, about('row security')[0], about('durability')[0]]).toEqual([
      1,
      expect.stringContaining('not forced on submissions'),
      expect.stringContaining('synchronous_commit = off'),
    ])
  })

  it('finds an audit log that was changed, and a database that is away', async () => {
    await ask(database.adminUrl, "UPDATE audit_events SET actor = 'user:x' WHERE sequence = 2")
    expect((await call([], env())).about('audit log')[0]).toMatch(/^WRONG.*broken at event 2/)
    const { code, about } = await call([], { ...env(), DATABASE_URL: 'postgres://a@127.0.0.1:1/x' })
    expect([code, about('database')[0]]).toEqual([1, expect.stringContaining('cannot be opened')])
  })
})
