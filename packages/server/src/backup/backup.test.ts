import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rewriteHistory } from '../audit/tamper.test-helper.ts'
import { run } from '../cli.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { canonical, hexDigest } from '../digest.ts'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster } from '../testing/postgres.ts'
import { answersOf, createWorld, definitionOf, own, pdf, type World } from '../testing/world.ts'
import { makeBackup } from './backup.ts'
import { digestFile } from './copy.ts'
import type { Manifest } from './manifest.ts'
import { withoutPassword } from './postgres-tools.ts'

interface Place {
  env: Record<string, string>
  /** An empty database to restore to. */
  fresh(): Promise<Record<string, string>>
}

const call = async (args: string[], env: Record<string, string>) => {
  const [out, err] = [[] as string[], [] as string[]]
  const code = await run(
    args,
    { PATH: process.env.PATH, EXAMPLES_DIR: 'off', ...env },
    { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } },
  )
  return { code, out: out.join(''), err: err.join('') }
}

const sealed = { rules: { rate: { submissionsPerHour: 100_000, uploadsPerHour: 100_000 } } }

async function send(world: World, withFile: boolean): Promise<string> {
  let documents = {}
  if (withFile) {
    const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=card.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    documents = { student_id: [(await upload.json()).id] }
  }
  const answer = await world.send({ ...answersOf(withFile ? { student: true, school: 'X' } : {}), ...(withFile ? { documents } : {}) })
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json()).reference
}

const follow = async (world: World, reference: string) =>
  (await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })).status

function suite(kind: 'sqlite' | 'postgres', open: () => Promise<Place>) {
  let place: Place
  let world: World
  let folder: string
  let backups: string
  let references: string[]
  /** A good backup and its keys. */
  let backup: string
  let keys: string
  const env = () => ({ ...place.env, DATA_DIR: world.folder })

  beforeAll(async () => {
    place = await open()
    folder = mkdtempSync(join(tmpdir(), 'guichet-backup-'))
    backups = join(folder, 'backups')
    world = await createWorld(place.env)
    await world.offer(definitionOf(), sealed)
    references = []
    for (let i = 0; i < 12; i++) references.push(await send(world, i % 3 === 0))
    world.setTime('2026-03-05T08:00:00.000Z')
    for (let i = 0; i < 3; i++) references.push(await send(world, false))
    const { store, auditLog } = world.adapters
    await auditLog.grow((await store.findAgency('city'))!, own)
    const made = await call(['backup', '--to', backups, '--keys', join(folder, 'elsewhere')], env())
    expect(made).toMatchObject({ code: 0, err: expect.stringMatching(/4 files .*\n\d keys\. /) })
    ;[backup = '', keys = ''] = made.out.split('\n').map((line) => line.split('\t')[0] as string)
  })
  afterAll(async () => {
    await world?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const restoreTo = async (from: string, options: string[] = ['--keys', keys]) => {
    const to = mkdtempSync(join(folder, 'to-'))
    const fresh = await place.fresh()
    return { to, fresh, ...(await call(['restore', from, ...options], { ...fresh, DATA_DIR: to })) }
  }
  /** A copy of the backup, changed. */
  const changed = (change: (copy: string) => void) => {
    const copy = mkdtempSync(join(folder, 'changed-'))
    cpSync(backup, copy, { recursive: true })
    change(copy)
    return copy
  }
  it('holds everything, tells keys apart from data, and is for us alone', async () => {
    expect(readdirSync(backup).sort()).toEqual(['files', 'files.sha256', 'manifest.json', kind === 'sqlite' ? 'guichet.db' : 'database.dump'].sort())
    expect(existsSync(join(keys, 'keys/pepper.key'))).toBe(true)
    expect(statSync(join(keys, 'keys/pepper.key')).mode & 0o777).toBe(0o600)
    for (const path of [backup, keys]) expect(statSync(path).mode & 0o777).toBe(0o700)
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({ store: kind, rows: { submissions: 15, attachments: 4, agencies: 1 }, files: { count: 4 }, removedMeanwhile: [] })
    expect(manifest.audit).toHaveLength(1)
    // Nothing of what opens the data is with the data.
    const secret = readFileSync(join(world.folder, 'keys/pepper.key'), 'utf8')
    for (const entry of readdirSync(backup, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name), 'latin1')).not.toContain(secret)
  })

  it('is restored whole, and what was acknowledged can be followed and read', async () => {
    const { code, to, fresh, out, err } = await restoreTo(backup)
    expect([code, err]).toEqual([0, expect.stringContaining('The keys open what they should (2 months)')])
    expect(out).toMatch(/^submissions\t15$/m)
    expect(
      readdirSync(to)
        .filter((name) => !name.startsWith('server'))
        .sort(),
    ).toEqual([...(kind === 'sqlite' ? ['files', 'guichet.db', 'keys'] : ['files', 'keys'])])
    const again = await createWorld({ ...fresh, DATA_DIR: to })
    try {
      for (const reference of references) expect(await follow(again, reference)).toBe(200)
      expect(await follow(again, '0000-0000-0000-0000-0000-0000-00')).toBe(404)
      again.setTime('2026-03-06T08:00:00.000Z')
      // It goes on from there, in one chain.
      await send(again, true)
    } finally {
      await again.close()
    }
    const second = await call(['backup', '--to', join(to, '..', 'second')], {
      ...fresh,
      DATA_DIR: to,
      ...(fresh.ADMIN ? { DATABASE_BACKUP_URL: fresh.ADMIN } : {}),
    })
    expect(second).toMatchObject({ code: 0 })
  })

  it('has every row’s file and every acknowledged case also when it is made under load', async () => {
    let stop = false
    const during: string[] = []
    const citizens = Array.from({ length: 4 }, async (_, i) => {
      while (!stop && during.length < 2000) {
        during.push(await send(world, i % 2 === 0))
        // Without a port and on SQLite nothing else would make it wait for others.
        await new Promise(setImmediate)
      }
    })
    await expect.poll(() => during.length).toBeGreaterThan(3)
    const before = [...references, ...during]
    const made = await call(['backup', '--to', join(folder, 'loaded')], env())
    const acknowledged = during.length
    stop = true
    await Promise.all(citizens)
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('The keys are not in it') })
    expect(acknowledged).toBeGreaterThan(before.length - references.length)
    const restored = await restoreTo(made.out.split('\t')[0] as string)
    expect(restored.code).toBe(0)
    const again = await createWorld({ ...restored.fresh, DATA_DIR: restored.to })
    for (const reference of before) expect(await follow(again, reference)).toBe(200)
    await again.close()
  })

  it('refuses a place that is not empty, and one that a server uses', async () => {
    const to = mkdtempSync(join(folder, 'to-'))
    mkdirSync(join(to, 'files/city'), { recursive: true })
    expect(await call(['restore', backup], { ...(await place.fresh()), DATA_DIR: to })).toMatchObject({
      code: 1,
      err: expect.stringContaining('needs an empty place'),
    })
    rmSync(join(to, 'files'), { recursive: true })
    const lock = lockDataDir(to)
    expect(await call(['restore', backup], { ...(await place.fresh()), DATA_DIR: to })).toMatchObject({
      code: 1,
      err: expect.stringContaining('in use by another server'),
    })
    lock.release()
    if (kind === 'postgres')
      expect(await call(['restore', backup], { ...place.env, DATA_DIR: to })).toMatchObject({ code: 1, err: expect.stringContaining('has tables already') })
    const other: Record<string, string> =
      kind === 'postgres' ? {} : { DATABASE_URL: 'postgres://a@127.0.0.1:1/x', DATABASE_OWNER_URL: 'postgres://b@127.0.0.1:1/x' }
    expect(await call(['restore', backup], { ...other, DATA_DIR: to })).toMatchObject({ code: 1, err: expect.stringMatching(/^This is a backup of/) })
    expect(readdirSync(to).filter((name) => name !== 'server.lock')).toEqual([])
  })

  // What is noticed before the database is touched is the same for both.
  it.each([
    ...(kind === 'postgres' ? [] : beforehand),
    [
      'a row missing',
      (copy: string) => remanifest(copy, ({ rows }) => Object.assign(rows, { submissions: 16 })),
      /submissions has 15 rows, and should have 16/,
    ],
    [
      'another end of the audit log',
      (copy: string) => remanifest(copy, ({ audit }) => Object.assign(audit[0] as object, { digest: '0'.repeat(64) })),
      /ends with another event/,
    ],
  ])('is refused with %s', async (_, change, said) => {
    const { code, err, to } = await restoreTo(changed(change))
    expect([code, err]).toEqual([1, expect.stringMatching(said)])
    expect(readdirSync(to).filter((name) => name !== 'server.lock')).toEqual([])
  })

  it.runIf(kind === 'sqlite')('is refused where the log is not the one that was signed, though its chain holds', async () => {
    const copy = changed((at) => {
      const path = join(at, 'guichet.db')
      rewriteHistory(path, 2, 'user:x')
      const raw = new DatabaseSync(path)
      const digest = raw.prepare('SELECT digest FROM audit_events ORDER BY sequence DESC LIMIT 1').get()?.digest
      raw.close()
      const bytes = readFileSync(path)
      remanifest(at, ({ audit, database }) => {
        Object.assign(audit[0] as object, { digest })
        Object.assign(database, { bytes: bytes.length, sha256: hexDigest(bytes) })
      })
    })
    const { code, err, to } = await restoreTo(copy)
    expect([code, err]).toEqual([1, expect.stringMatching(/audit log of city is not what was signed: tile 0\/0 is not made of the events/)])
    expect(readdirSync(to).filter((name) => name !== 'server.lock')).toEqual([])
  })

  it('takes the row of a file out that was removed while it was made', async () => {
    const copy = changed((at) => {
      const list = join(at, 'files.sha256')
      const [first = '', ...rest] = readFileSync(list, 'utf8').split('\n')
      writeFileSync(list, rest.join('\n'))
      const path = first.split('  ')[1] as string
      const [, agency = '', , id = ''] = path.split('/')
      rmSync(join(at, path))
      remanifest(at, (manifest) => {
        Object.assign(manifest.files as object, { listSha256: hexDigest(readFileSync(list)), count: 3 })
        manifest.removedMeanwhile.push({ agency, id })
      })
    })
    const { code, to, fresh } = await restoreTo(copy)
    expect(code).toBe(0)
    const again = await call(['backup', '--to', join(to, '..', 'third')], { ...fresh, DATA_DIR: to })
    expect(JSON.parse(readFileSync(join(again.out.split('\t')[0] as string, 'manifest.json'), 'utf8')).rows.attachments).toBe(3)
    // Unless its row is named, a file that is missing is not passed over.
    const other = changed((at) => {
      const list = join(at, 'files.sha256')
      writeFileSync(list, readFileSync(list, 'utf8').split('\n').slice(1).join('\n'))
      remanifest(at, ({ files }) => Object.assign(files as object, { listSha256: hexDigest(readFileSync(list)) }))
    })
    expect(await restoreTo(other)).toMatchObject({ code: 1, err: expect.stringContaining('has no file for attachment') })
  })

  it('never reads a file outside of the backup, whatever its list says', async () => {
    const copy = changed((at) => {
      writeFileSync(join(at, 'files.sha256'), `${'0'.repeat(64)}  files/../../../etc/passwd\n`)
      remanifest(at, ({ files }) => Object.assign(files as object, { listSha256: hexDigest(readFileSync(join(at, 'files.sha256'))) }))
    })
    expect(await restoreTo(copy)).toMatchObject({ code: 1, err: expect.stringContaining('names no file of a backup') })
  })

  it('says which keys are missing, or are not those', async () => {
    const without = await restoreTo(backup, [])
    expect(without).toMatchObject({ code: 3, err: expect.stringContaining('city 2026-01, city 2026-03') })
    const other = mkdtempSync(join(folder, 'keys-'))
    cpSync(keys, other, { recursive: true })
    const march = join(other, 'keys/agencies/city/2026-03.key')
    writeFileSync(march, Buffer.alloc(32, 7).toString('base64url'))
    expect(await restoreTo(backup, ['--keys', other])).toMatchObject({ code: 1, err: expect.stringContaining('2026-03.key in ') })
    const list = join(other, 'files.sha256')
    writeFileSync(list, readFileSync(list, 'utf8').replace(/^.*2026-03\.key$/m, `${(await digestFile(march)).sha256}  keys/agencies/city/2026-03.key`))
    expect(await restoreTo(backup, ['--keys', other])).toMatchObject({ code: 3, err: expect.stringContaining('are others: city 2026-03.') })
  })

  it('is not made where keys would lie with the data, over another one, or of a row without its file', async () => {
    for (const [to, keysTo] of [
      [backups, join(backups, 'keys')],
      [backups, join(world.folder, 'copy')],
      [join(folder, 'k/data'), join(folder, 'k')],
    ])
      expect(await call(['backup', '--to', to as string, '--keys', keysTo as string], env())).toMatchObject({
        code: 1,
        err: expect.stringContaining('another place'),
      })
    const files = join(world.folder, 'files')
    renameSync(files, `${files}-away`)
    const to = join(folder, 'of-nothing')
    expect(await call(['backup', '--to', to], env())).toMatchObject({ code: 1, err: expect.stringMatching(/file of attachment .* is missing/) })
    expect(readdirSync(to)).toEqual([])
    expect(await call(['backup', '--to', to, '--without-files'], env())).toMatchObject({ code: 0, err: expect.stringContaining('no files') })
    renameSync(`${files}-away`, files)
    expect(await call(['backup'], env())).toMatchObject({ code: 2 })
  })
}

const flip = (path: string) => {
  const content = readFileSync(path)
  const at = content.length >> 1
  content[at] = (content[at] as number) ^ 1
  writeFileSync(path, content)
}
const someFile = (copy: string) => {
  const entry = readdirSync(join(copy, 'files'), { recursive: true, withFileTypes: true }).find((each) => each.isFile())
  return join(entry?.parentPath ?? '', entry?.name ?? '')
}

const remanifest = (copy: string, change: (manifest: Manifest) => void) => {
  const { digest: _, ...manifest } = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'))
  change(manifest as Manifest)
  writeFileSync(join(copy, 'manifest.json'), JSON.stringify({ ...manifest, digest: hexDigest(canonical(manifest)) }))
}

const beforehand: [string, (copy: string) => void, RegExp][] = [
  ['no manifest', (copy: string) => rmSync(join(copy, 'manifest.json')), /is no backup/],
  [
    'a manifest that was changed',
    (copy: string) =>
      writeFileSync(join(copy, 'manifest.json'), readFileSync(join(copy, 'manifest.json'), 'utf8').replace('"submissions": 15', '"submissions": 14')),
    /manifest .* is damaged/,
  ],
  ['a manifest of a later form', (copy: string) => remanifest(copy, (manifest) => Object.assign(manifest, { format: 2 })), /does not know/],
  ['one bit of the database changed', (copy: string) => flip(join(copy, 'guichet.db')), /is damaged/],
  ['no database', (copy: string) => rmSync(join(copy, 'guichet.db')), /is missing/],
  ['one bit of a file changed', (copy: string) => flip(someFile(copy)), /is damaged: its digest is not the one in files.sha256/],
  ['a file missing', (copy: string) => rmSync(someFile(copy)), /is missing/],
  ['a list that was changed', (copy: string) => writeFileSync(join(copy, 'files.sha256'), ''), /files.sha256 is missing or damaged/],
]

describe('a backup of SQLite', () => {
  suite('sqlite', async () => ({ env: {}, fresh: async () => ({}) }))

  it('says so where there is no database', async () => {
    expect(await call(['backup', '--to', join(tmpdir(), 'nothing')], { DATA_DIR: '/nonexistent/guichet' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no database'),
    })
  })

  it('notes what is removed, row and all, while it is made', async () => {
    const world = await createWorld()
    await world.offer(definitionOf(), sealed)
    await send(world, true)
    await world.request('/v1/services/city/library-card/attachments?target=student_id&name=card.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    const raw = new DatabaseSync(join(world.folder, 'guichet.db'))
    const gone = String(raw.prepare('SELECT id FROM attachments WHERE submission_id IS NULL').get()?.id)
    const to = join(world.folder, 'backup')
    const { manifest } = await makeBackup({
      dataDir: world.folder,
      databaseUrl: null,
      withFiles: true,
      to,
      now: () => new Date(),
      path: '',
      progress(_done, _total, what) {
        if (what !== 'checking the database') return
        raw.prepare('DELETE FROM attachments WHERE id = ?').run(gone)
        rmSync(join(world.folder, 'files/city', gone.slice(0, 2), gone))
      },
    })
    raw.close()
    expect(manifest).toMatchObject({ rows: { attachments: 2 }, files: { count: 1 }, removedMeanwhile: [{ agency: 'city', id: gone }] })
    expect(await call(['restore', to], { DATA_DIR: join(world.folder, 'restored') })).toMatchObject({ code: 3 })
    await world.close()
  })

  it('is not made of a database that is damaged, or whose audit log was changed', async () => {
    const world = await createWorld()
    await world.offer(definitionOf(), sealed)
    for (let i = 0; i < 5; i++) await send(world, false)
    const to = join(world.folder, 'backups')
    const raw = new DatabaseSync(join(world.folder, 'guichet.db'))
    raw.exec("UPDATE audit_events SET actor = 'user:somebody' WHERE sequence = 3")
    expect(await call(['backup', '--to', to], { DATA_DIR: world.folder })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/audit log of city is broken at event 3/),
    })
    raw.exec('PRAGMA foreign_keys = OFF; DELETE FROM submissions')
    raw.close()
    expect(await call(['backup', '--to', to], { DATA_DIR: world.folder })).toMatchObject({ code: 1, err: expect.stringMatching(/damaged.*receipts refers/) })
    expect(readdirSync(to)).toEqual([])
    await world.close()
  })
})

describe.skipIf(!postgresIsThere())('a backup of PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.stop())
  suite('postgres', async () => {
    const database = await newDatabase(cluster)
    return {
      env: { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, DATABASE_BACKUP_URL: database.adminUrl },
      async fresh() {
        const { url, ownerUrl, adminUrl } = await newDatabase(cluster)
        return { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, DATABASE_BACKUP_URL: adminUrl }
      },
    }
  })

  it('needs a role that sees all rows, and a role made for it is enough', async () => {
    const database = await newDatabase(cluster)
    await database.open().close()
    const folder = mkdtempSync(join(tmpdir(), 'guichet-backup-'))
    const env = { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, DATA_DIR: folder }
    expect(await call(['backup', '--to', join(folder, 'b')], env)).toMatchObject({ code: 1, err: expect.stringContaining('CREATE ROLE guichet_backup') })
    await ask(database.adminUrl, "CREATE ROLE guichet_backup LOGIN PASSWORD 'x' BYPASSRLS")
    await ask(database.adminUrl, 'GRANT pg_read_all_data TO guichet_backup')
    const backupUrl = cluster.url(database.name, 'guichet_backup')
    expect(await call(['backup', '--to', join(folder, 'b')], { ...env, DATABASE_BACKUP_URL: backupUrl })).toMatchObject({ code: 0 })
    rmSync(folder, { recursive: true })
  })

  it('keeps a password off the command line', () => {
    expect(withoutPassword('postgres://u:p%40ss@db:5433/x?sslmode=verify-full')).toEqual({
      url: 'postgres://u@db:5433/x?sslmode=verify-full',
      password: 'p@ss',
    })
    expect(withoutPassword('postgres:///x?host=%2Ftmp&user=u&password=p')).toEqual({ url: 'postgres:///x?host=%2Ftmp&user=u', password: 'p' })
  })
})
