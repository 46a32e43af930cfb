/** What was acknowledged, held against what a data folder, or a PostgreSQL and a data folder, holds. */
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { findBreak } from '../src/audit/chain.ts'
import { readCode } from '../src/codes.ts'
import { digestOf } from '../src/digest.ts'
import { attachmentOwner } from '../src/files/attachment.ts'
import { openDiskFiles } from '../src/files/disk-files.ts'
import { type Keys, openKeyFolder } from '../src/keys/key-folder.ts'
import { openBox, reopenBox } from '../src/keys/seal-box.ts'
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import type { AgencyStore, Store, SubmissionRecord } from '../src/store/store.ts'
import { ask, type TestDatabase } from '../src/testing/postgres.ts'
import type { Acknowledged } from './citizen.ts'

export interface Comparison {
  /** Acknowledged, and without a row, a receipt, or answers and files that can still be opened. */
  lost: number
  /** Rows that nobody was told of. */
  duplicates: number
  /** What `PRAGMA integrity_check` finds; null: nothing. */
  damage: string | null
  /** First event that does not fit into the audit log; null: it holds. */
  chainBreak: number | null
}

const agencyName = 'demo'

/** `uploads`: ids of files that were acknowledged by themselves. Nothing may run over the folder. */
export async function compare(data: string, acknowledged: readonly Acknowledged[], uploads: readonly string[] = []): Promise<Comparison> {
  const database = join(data, 'guichet.db')
  const raw = new DatabaseSync(database)
  let damage: string | null
  try {
    damage = String(raw.prepare('PRAGMA integrity_check').get()?.integrity_check)
  } finally {
    raw.close()
  }
  if (damage === 'ok') damage = null
  const store = openSqliteStore(database, () => new Date())
  const client = new DatabaseSync(database, { readOnly: true })
  const idsOf = async (query: string) =>
    client
      .prepare(query)
      .all()
      .map(({ id }) => String(id))
  try {
    return { damage, ...(await hold(store, idsOf, data, acknowledged, uploads)) }
  } finally {
    client.close()
    await store.close()
  }
}

/** The same where the rows are in PostgreSQL, which says itself when it finds damage. */
export async function compareOnPostgres(
  { url, adminUrl }: Pick<TestDatabase, 'url' | 'adminUrl'>,
  data: string,
  acknowledged: readonly Acknowledged[],
): Promise<Comparison> {
  const store = openPostgresStore({ url, now: () => new Date(), connections: 2 })
  const idsOf = async (query: string) => (await ask<{ id: string }>(adminUrl, query)).map(({ id }) => id)
  try {
    return { damage: null, ...(await hold(store, idsOf, data, acknowledged, [])) }
  } finally {
    await store.close()
  }
}

async function hold(
  store: Store,
  idsOf: (query: string) => Promise<string[]>,
  data: string,
  acknowledged: readonly Acknowledged[],
  uploads: readonly string[],
): Promise<Omit<Comparison, 'damage'>> {
  const agency = store.agency((await store.findAgency(agencyName))!)
  const rows = new Map((await agency.submissions()).map((row) => [row.id, row]))
  const receipts = new Set(await idsOf('SELECT submission_id AS id FROM receipts'))
  const keys = openKeyFolder(join(data, 'keys'), new Date())
  const files = await readable(data, keys, agency, await idsOf('SELECT id FROM attachments'))
  const told = new Set<string>()
  let lost = 0
  for (const { reference, submission } of acknowledged) {
    told.add(submission)
    const row = rows.get(submission)
    if (
      !row ||
      row.referenceHash !== digestOf(readCode(reference) ?? '') ||
      !receipts.has(submission) ||
      !opens(keys, agency, row) ||
      files.spoilt.has(submission)
    )
      lost++
  }
  for (const id of uploads) if (!files.sound.has(id)) lost++
  const events = []
  for (let after = 0; ; ) {
    const more = await agency.auditEvents(after, 5000)
    if (more.length === 0) break
    events.push(...more)
    after = more.at(-1)?.sequence ?? 0
  }
  return { lost, duplicates: [...rows.keys()].filter((id) => !told.has(id)).length, chainBreak: findBreak(events) }
}

/** Whether the key is still there and not a bit of the answers was changed. */
function opens(keys: Keys, { id: agency }: AgencyStore, { id, service, sealing, answers }: SubmissionRecord): boolean {
  try {
    const box = sealing ? reopenBox(keys.kek(agency, sealing.bucket), sealing, `${agency}|${service}|${id}`) : openBox
    JSON.parse(new TextDecoder().decode(box.open('answers', answers)))
    return true
  } catch {
    return false
  }
}

/** Attachments that can be opened and are what came, and submissions that have one of which this is not so. */
async function readable(data: string, keys: Keys, agency: AgencyStore, ids: readonly string[]) {
  const sound = new Set<string>()
  const spoilt = new Set<string>()
  const files = openDiskFiles(join(data, 'files'))
  for (let i = 0; i < ids.length; i += 500)
    for (const { id, service, sealing, digest, submission } of await agency.attachments(ids.slice(i, i + 500))) {
      try {
        const box = sealing ? reopenBox(keys.kek(agency.id, sealing.bucket), sealing, attachmentOwner(agency.id, service, id)) : openBox
        const hash = createHash('sha256')
        for await (const piece of files.read(agency.id, id, box)) hash.update(piece)
        if (`sha256-${hash.digest('base64url')}` !== digest) throw new Error('other content')
        sound.add(id)
      } catch {
        if (submission) spoilt.add(submission)
      }
    }
  return { sound, spoilt }
}

/** A copy of the folder, for changing it. */
export async function inCopy<T>(data: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'guichet-copy-'))
  try {
    cpSync(data, copy, { recursive: true })
    return await work(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The control of every comparison: one row that was acknowledged is taken out of the database, one is told to nobody, and both must be noticed. */
export const notices = (data: string, acknowledged: readonly Acknowledged[]) =>
  inCopy(data, async (copy) => {
    const database = new DatabaseSync(join(copy, 'guichet.db'), { enableForeignKeyConstraints: false })
    try {
      database.prepare('DELETE FROM submissions WHERE id = ?').run(acknowledged[0]?.submission ?? '')
    } finally {
      database.close()
    }
    const { lost, duplicates } = await compare(copy, acknowledged.slice(0, -1))
    return lost === 1 && duplicates === 1
  })
