/**
 * `node packages/server/src/testing/write-fixtures.ts`: writes the rows for each migration that has none yet, from a store of
 * today that was filled through its own functions; of it what the tables of that time had a place for. To be run by whoever
 * adds a migration, once. What is there already is left as it is.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import { type Cluster, newDatabase, startCluster } from './postgres.ts'
import { fixturePath, insertions, migrations, postgresUpTo, type Row, type Rows, sqliteColumns, sqliteRows, sqliteUpTo, type Value } from './schemas-in-time.ts'

const at = '2026-01-05T08:00:00.000Z'
const deed = { actor: 'system', at }
const bytes = (text: string) => new TextEncoder().encode(text)

/** Two agencies with something in every table that the store's functions fill. */
async function fill(store: Store): Promise<void> {
  for (const name of ['city', 'town']) {
    const agency = store.agency(await store.ensureAgency(name, `Δήμος "${name}" d'Or`, at))
    await agency.saveService({ id: 'card', definition: { title: { el: 'Κάρτα' } }, policy: {} }, null, deed)
    await agency.publish({ service: 'card', definition: { title: 'x' } as never, policy: {}, submissionSchema: {}, digest: 'd' }, 1, deed)
    await agency.offerSetup('token')
    await agency.createFirstUser({ id: 'u', email: 'a@example.org', name: 'Σοφία', passwordHash: 'x' }, 'token', at)
    await agency.openSession(
      { tokenHash: 't', user: 'u', createdAt: at, expiresAt: '2027-01-01T00:00:00.000Z', seenAt: at, provedAt: at, strong: 0, label: '' },
      { actor: 'user:u', at },
    )
    for (const [i, status] of ['received', 'approved', 'received'].entries()) {
      const file = { id: `a${i}`, service: 'card', target: 'paper', name: bytes('κάρτα.pdf'), type: 'application/pdf', size: 10, digest: 'f' }
      await agency.addAttachment({ ...file, sealing: null, receivedAt: at, submission: null }, deed)
      await agency.claimKey({ service: 'card', keyHash: `k${i}`, bodyMac: 'm', at }, '')
      await agency.record({
        submission: {
          id: `s${i}`,
          service: 'card',
          version: 1,
          language: 'el',
          receivedAt: at,
          referenceHash: `r${i}`,
          status,
          stage: status === 'received' ? 'check' : null,
          sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' },
          answers: bytes(`answers ${i}`),
          outcome: bytes('{}'),
        },
        attachments: i === 0 ? ['a0'] : [],
        deed: { actor: 'citizen', at, details: { version: 1, service: 'card', day: at.slice(0, 10), channel: 'web', language: 'el' } },
        keyHash: `k${i}`,
        outbox: [{ id: `o${i}`, kind: 'webhook', destination: 'https://a.example', payload: bytes('told') }],
        conclude: (sequence) => ({ receipt: bytes(`receipt ${sequence}`), answer: bytes(`answer ${sequence}`) }),
      })
    }
    await agency.keep({ kind: 'block', id: 'contact', version: 1, title: { el: 'Επικοινωνία' }, content: { guichet: 'part' }, digest: 'd' }, 10, deed)
    await agency.assignCase('s0', null, 'u', deed)
    await agency.addCaseNote({ submission: 's0', id: 'n', at, actor: 'user:u', note: bytes('σημείωση') }, deed)
    const draft = { service: 'card', idHash: 'h', version: 1, content: bytes('closed'), expiresAt: '2026-02-04T08:00:00.000Z', attachments: ['a1'] }
    await agency.saveDraft(draft, null, at)
    const upload = { service: 'card', idHash: 'u', target: 'paper', name: bytes('κάρτα.pdf'), sealing: null, type: '', size: 9, ownerHash: null, createdAt: at }
    await agency.beginUpload(upload)
    await agency.appendPart('card', 'u', { start: 0, size: 4, file: 'part', sealing: null })
    const sent = { id: 'v1', kind: 'verification', destination: 'mail', payload: bytes('"h"') }
    const code = { service: 'card', valueMac: 'v', codeMac: 'c', message: bytes('sealed'), triesLeft: 5, expiresAt: '2026-01-05T08:10:00.000Z' }
    await agency.addVerification({ idHash: 'h', ...code, outbox: sent, at })
    const citizen = { idHash: 'h', service: 'card', provider: 'national', subjectMac: 'm', providerSessionMac: '', level: 'low', createdAt: at, seenAt: at }
    await agency.openCitizenSession({ ...citizen, expiresAt: '2026-01-05T09:00:00.000Z' })
    await agency.setLivedUntil(at)
    const sealing = { kind: 'service' as const, owner: 'card', number: 1, publicKey: 'p', locked: null, createdAt: at, createdBy: 'user:u' }
    await agency.addSealingKey(sealing, [{ service: 'card', epoch: 1, forKey: 'o', enc: 'e', key: 'w' }], deed)
    await agency.requestApproval({ id: 'p', kind: 'erasure', object: 'submission:s0', reason: bytes('why'), expiresAt: at }, deed)
    await agency.setHold({ submission: 's1', reason: bytes('court') }, deed)
    await agency.audit('submission.exported', 'service:card', {
      ...deed,
      note: { sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' }, content: bytes('why') },
    })
    const checkpoint = { period: at.slice(0, 13), size: 2, note: `log/${name}\n2\nhash\n\n— signature\n`, signedAt: at }
    await agency.extendLog({ from: 0, tiles: [{ level: 0, number: 0, hashes: bytes('0123456789abcdef'.repeat(4)) }], checkpoint })
  }
}

/** Of the rows what those tables have a place for. */
function fitting(rows: Rows, columns: Map<string, Map<string, string>>): Rows {
  const fit = (value: Value, type: string): Value => (value instanceof Uint8Array && type.toUpperCase() === 'TEXT' ? Buffer.from(value).toString('hex') : value)
  return new Map(
    [...columns]
      .filter(([table]) => table !== 'migrations')
      .map(([table, types]) => [
        table,
        (rows.get(table) ?? []).map((row) =>
          Object.fromEntries([...types].filter(([name]) => Object.hasOwn(row, name)).map(([name, type]) => [name, fit(row[name] as Value, type)])),
        ),
      ]),
  )
}

/** Where the audit log stands is a column of the agency there. */
function withHeads(rows: Rows): Rows {
  const events = rows.get('audit_events') ?? []
  const agencies = (rows.get('agencies') ?? []).map((agency): Row => {
    const last = events.filter((event) => event.agency_id === agency.agency_id).reduce((a, b) => (Number(a.sequence) > Number(b.sequence) ? a : b))
    return { ...agency, audit_sequence: last.sequence as Value, audit_digest: last.digest as Value }
  })
  return new Map(rows).set('agencies', agencies)
}

const write = (path: string, rows: Rows, log: readonly Row[], dialect: 'sqlite' | 'postgres') => {
  writeFileSync(path, insertions(new Map([...rows, ['migrations', [...log]]]), dialect))
  process.stdout.write(`${path}\n`)
}
const missing = (dialect: 'sqlite' | 'postgres') => migrations(dialect).filter((name) => !existsSync(fixturePath(dialect, name)))

const folder = mkdtempSync(join(tmpdir(), 'guichet-fixtures-'))
let cluster: Cluster | null = null
try {
  const file = join(folder, 'guichet.db')
  const store = openSqliteStore(file, () => new Date(at))
  await fill(store)
  await store.close()
  const source = new DatabaseSync(file, { readOnly: true })
  const rows = sqliteRows(source)
  source.close()

  for (const name of missing('sqlite')) {
    const then = new DatabaseSync(':memory:')
    const log = sqliteUpTo(then, name)
    write(fixturePath('sqlite', name), fitting(rows, sqliteColumns(then)), log, 'sqlite')
    then.close()
  }
  for (const name of missing('postgres')) {
    cluster ??= await startCluster()
    const database = await newDatabase(cluster)
    const log = await postgresUpTo(database.ownerUrl, name)
    const client = new pg.Client({ connectionString: database.adminUrl })
    await client.connect()
    const { rows: found } = await client.query<{ table_name: string; column_name: string; data_type: string }>(
      "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    )
    await client.end()
    const columns = new Map<string, Map<string, string>>()
    for (const { table_name: table, column_name: column, data_type: type } of found)
      columns.set(table, (columns.get(table) ?? new Map<string, string>()).set(column, type))
    write(fixturePath('postgres', name), fitting(withHeads(rows), columns), log, 'postgres')
  }
} finally {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}
