/** Two servers of one database and one object store, which share nothing else but the keys: whatever one of them took, the other goes on with. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdapters } from './adapters.ts'
import { createApp } from './app.ts'
import { systemClock } from './clock.ts'
import { type Config, readConfig } from './config.ts'
import { digestOf } from './digest.ts'
import { allOf } from './files/files-suite.ts'
import { OtherKeys } from './keys/key-marks.ts'
import { createLog } from './log.ts'
import { startServer } from './server.ts'
import { publish } from './services/publish.ts'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from './testing/postgres.ts'
import { s3IsThere, startS3, type TestS3 } from './testing/s3.ts'
import { answersOf, definitionOf, foreign, newKey, own, pdf, setupToken, type TestResponse } from './testing/world.ts'
import { scryptPasswords } from './users/password.ts'

describe.skipIf(!postgresIsThere() || !s3IsThere())('two replicas', () => {
  let cluster: Cluster
  let database: TestDatabase
  let s3: TestS3
  let folder: string
  let a: Replica
  let b: Replica

  const configOf = (name: string): Config => {
    const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.place
    return readConfig({
      DATA_DIR: join(folder, name),
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      EXAMPLES_DIR: 'off',
      DEMO_PORT: 'off',
      LOG_LEVEL: 'silent',
    })
  }
  /** Its own folder, with nothing in it but the way to the keys. */
  const openReplica = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true })
    mkdirSync(join(folder, 'keys'), { recursive: true })
    symlinkSync(join(folder, 'keys'), join(folder, name, 'keys'))
    const config = configOf(name)
    const passwords = scryptPasswords({ N: 2 ** 10, r: 8, p: 1 })
    const adapters = openAdapters(config, { clock: systemClock, passwords, log: createLog('silent') })
    const app = createApp(adapters, config)
    const request = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const content = body instanceof Uint8Array ? new Uint8Array(body) : body === undefined ? undefined : JSON.stringify(body)
      const init = { method, headers: { 'Content-Type': 'application/json', ...headers }, body: content }
      return (await app.request(path, init, { client: '203.0.113.7' } as never)) as unknown as TestResponse
    }
    return { config, adapters, ask: request, close: () => adapters.store.close() }
  }
  type Replica = ReturnType<typeof openReplica>

  const offer = async ({ adapters, config }: Replica, change: Parameters<typeof definitionOf>[0] = () => {}, rules: object = {}) => {
    const at = new Date().toISOString()
    const agency = adapters.store.agency(await adapters.store.ensureAgency('city', 'City', at))
    const definition = definitionOf(change)
    const before = await agency.service(definition.id)
    const policy = { rules: { origins: { allow: [foreign] }, ...rules } }
    const revision = await agency.saveService({ id: definition.id, definition, policy }, before?.revision ?? null, { actor: 'system', at })
    return publish(adapters, agency, definition.id, revision, { actor: 'system', language: 'en', acknowledged: 'every' }, config.baseUrl)
  }
  const service = '/v1/services/city/library-card'
  const send = (to: Replica, body: unknown, key = newKey()) => to.ask('POST', `${service}/submissions`, body, { 'Idempotency-Key': key })

  beforeAll(async () => {
    ;[cluster, s3] = await Promise.all([startCluster(), startS3()])
    database = await newDatabase(cluster)
    folder = mkdtempSync(join(tmpdir(), 'guichet-replicas-'))
    a = openReplica('a')
    await a.adapters.store.check()
    b = openReplica('b')
    await offer(a)
    await a.adapters.store.agency('city' as never).offerSetup(digestOf(setupToken))
  }, 60_000)
  afterAll(async () => {
    await Promise.all([a, b].map((replica) => replica?.close()))
    await Promise.all([cluster?.stop(), s3?.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  it('serve what the other one published, at the next request', async () => {
    expect(await (await b.ask('GET', service)).json()).toMatchObject({ version: 1 })
    await offer(a, (definition) => (definition.title = { en: 'Another title' }))
    expect(await (await b.ask('GET', service)).json()).toMatchObject({ version: 2, definition: { title: { en: 'Another title' } } })
    // And who is in the middle of the first version may send it to either.
    expect((await send(b, answersOf())).status).toBe(201)
  })

  it('take a file at one and the application with it at the other; its case is followed at either', async () => {
    const file = await a.ask('POST', `${service}/attachments?target=student_id&name=card.pdf`, pdf, { 'Content-Type': 'application/pdf' })
    expect(file.status).toBe(201)
    const { id } = await file.json()
    const sent = await send(b, { ...answersOf({ student: true, school: 'Polytechnic' }), version: 2, documents: { student_id: [id] } })
    expect(sent.status).toBe(201)
    const { reference, submission } = await sent.json()
    for (const replica of [a, b])
      expect(await (await replica.ask('POST', '/v1/status', { reference })).json()).toMatchObject({ submission, status: 'received' })
    // What is in the object store is the file, sealed with a key that both have.
    const [row] = await b.adapters.store.agency('city' as never).attachments([id])
    const { reopenBox } = await import('./keys/seal-box.ts')
    const { attachmentOwner } = await import('./files/attachment.ts')
    const box = reopenBox(b.adapters.keys.kek('city' as never, row!.sealing!.bucket), row!.sealing!, attachmentOwner('city' as never, 'library-card', id))
    expect((await allOf(b.adapters.files.read('city' as never, id, box))).equals(pdf)).toBe(true)
    expect(s3.asked.filter(({ method }) => method === 'PUT').every(({ body }) => !body.includes('%PDF'))).toBe(true)
  })

  it('go on with a file in parts that the other one began', async () => {
    const content = new Uint8Array([...pdf, ...new Uint8Array(49_000 - pdf.length).fill(10)])
    const begun = await a.ask('POST', `${service}/attachments?target=student_id&name=a.pdf`, new Uint8Array(), {
      'Content-Type': 'application/pdf',
      'Upload-Complete': '?0',
      'Upload-Length': String(content.length),
    })
    expect(begun.status).toBe(201)
    const place = begun.headers.get('location') as string
    const append = (to: Replica, offset: number, bytes: Uint8Array, complete: boolean) =>
      to.ask('PATCH', place, bytes, {
        'Content-Type': 'application/partial-upload',
        'Upload-Offset': String(offset),
        'Upload-Complete': complete ? '?1' : '?0',
      })
    const both = await Promise.all([append(a, 0, content, false), append(b, 0, content, false)])
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409])
    expect((await b.ask('HEAD', place)).headers.get('upload-offset')).toBe(String(content.length))
    const ends = await Promise.all([append(a, content.length, new Uint8Array(), true), append(b, content.length, new Uint8Array(), true)])
    expect(ends.map(({ status }) => status).sort()).toEqual([201, 400])
    const { attachment } = (await (await a.ask('GET', place)).json()) as unknown as { attachment: { id: string } }
    const sent = await send(b, { ...answersOf({ student: true, school: 'S' }), version: 2, documents: { student_id: [attachment.id] } })
    expect(sent.status).toBe(201)
  })

  it('take no file that the object store does not take, and leave no row of it', async () => {
    const rows = async () => (await ask<{ n: number }>(database.adminUrl, 'SELECT count(*)::int AS n FROM attachments'))[0]!.n
    const before = await rows()
    s3.mischief = (_, answer) => {
      answer.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
      return 'handled'
    }
    const refused = await a.ask('POST', `${service}/attachments?target=student_id&name=card.pdf`, pdf, { 'Content-Type': 'application/pdf' })
    s3.mischief = () => null
    expect([refused.status, refused.headers.get('retry-after'), (await refused.json()).type]).toEqual([503, '5', 'https://guichet.dev/problems/not-ready'])
    expect(await rows()).toBe(before)
    const taken = await a.ask('POST', `${service}/attachments?target=student_id&name=card.pdf`, pdf, { 'Content-Type': 'application/pdf' })
    expect(taken.status).toBe(201)
    expect(await rows()).toBe(before + 1)
  })

  it('answer one key with one submission, whoever is asked, also at once', async () => {
    const [key, body] = [newKey(), { ...answersOf(), version: 2 }]
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => send(i % 2 ? a : b, body, key)))
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true)
    const [first, again] = await Promise.all([a, b].map(async (replica) => (await send(replica, body, key)).json()))
    expect(first).toEqual(again)
    const rows = await a.adapters.store.agency('city' as never).submissions()
    expect(rows.filter(({ id }) => id === first!.submission)).toHaveLength(1)
  })

  it('let a draft that was saved at one be taken up and saved at the other', async () => {
    const path = `${service}/drafts/${createHash('sha256').update('a draft').digest('base64url')}`
    const content = (text: string) => ({ version: 2, content: Buffer.from(text).toString('base64url'), attachments: [] })
    expect((await a.ask('PUT', path, content('one'), { 'If-None-Match': '*' })).status).toBe(200)
    expect(await (await b.ask('GET', path)).json()).toMatchObject({ revision: 1, content: content('one').content })
    expect((await b.ask('PUT', path, content('two'), { 'If-Match': '"1"' })).status).toBe(200)
    expect((await a.ask('PUT', path, content('three'), { 'If-Match': '"1"' })).status).toBe(412)
    expect((await a.ask('DELETE', path)).status).toBe(204)
    expect((await b.ask('GET', path)).status).toBe(404)
  })

  it('know who signed in at the other, and that he signed out, at the next request', async () => {
    const ours = { 'Sec-Fetch-Site': 'same-origin', Origin: own }
    const person = { email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' }
    expect((await a.ask('POST', '/v1/admin/setup', { token: setupToken, ...person }, ours)).status).toBe(201)
    expect((await b.ask('POST', '/v1/admin/setup', { token: setupToken, ...person, email: 'eve@city.example' }, ours)).status).toBe(403)
    const entered = await b.ask('POST', '/v1/admin/session', { email: person.email, password: person.password }, ours)
    const cookie = { ...ours, Cookie: (entered.headers.get('set-cookie') ?? '').split(';')[0] as string }
    for (const replica of [a, b]) expect((await replica.ask('GET', '/v1/admin/session', undefined, cookie)).status).toBe(200)
    expect((await a.ask('DELETE', '/v1/admin/session', undefined, cookie)).status).toBe(204)
    for (const replica of [b, a]) expect((await replica.ask('GET', '/v1/admin/session', undefined, cookie)).status).toBe(401)
    // Who guesses is counted at both.
    const guess = (i: number) => (i % 2 ? a : b).ask('POST', '/v1/admin/session', { email: person.email, password: `wrong ${i}` }, ours)
    const guesses = []
    for (let i = 0; i < 20; i++) guesses.push((await guess(i)).status)
    expect(guesses.filter((status) => status === 401)).toHaveLength(9)
    expect(guesses.at(-1)).toBe(429)
  })

  it('count an address together, and go on counting when one of them starts again', async () => {
    await offer(a, () => {}, { rate: { submissionsPerHour: 100 } })
    const status = async (to: Replica) => (await to.ask('POST', `${service}/submissions`, 'no submission', { 'Idempotency-Key': newKey() })).status
    const seen: number[] = []
    for (let i = 0; i < 130; i++) seen.push(await status(i % 2 ? a : b))
    // What this address has sent in the tests before counts as well.
    const passed = seen.filter((code) => code === 400).length
    expect(passed).toBeGreaterThan(70)
    expect(passed).toBeLessThanOrEqual(110)
    expect(seen.slice(-20)).toEqual(Array(20).fill(429))
    const again = openReplica('b again')
    const after: number[] = []
    for (let i = 0; i < 10; i++) after.push(await status(again))
    await again.close()
    expect(after.filter((code) => code === 429).length).toBeGreaterThanOrEqual(8)
    expect(cluster.disk()).not.toContain('203.0.113.7')
  })

  it('start with the keys of the database, and with no others', async () => {
    const started = async (name: string) => startServer({ ...configOf(name), port: 0 })
    await (await started('a')).close()
    const failed = await started('with keys of its own').catch((error) => error)
    expect(failed).toBeInstanceOf(OtherKeys)
    expect(failed.message).toMatch(/does not belong to this database .*pepper is another one/)
    await (await started('b')).close()
  })

  it('keep nothing in their folders', () => {
    // Where the pages are built there are also the releases that pages pinned, which all share (docs/scale.md).
    for (const name of ['a', 'b']) expect(readdirSync(join(folder, name)).filter((entry) => entry !== 'pinned')).toEqual(['keys'])
  })
})
