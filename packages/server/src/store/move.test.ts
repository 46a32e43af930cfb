import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { run } from '../cli.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { addPeopleRows } from '../testing/people-rows.ts'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster } from '../testing/postgres.ts'
import { MoveFailed, move } from './move.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store, SubmissionRecord } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const now = () => new Date(at)
const deed = { actor: 'system', at }
const bytes = (size: number, seed: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed * 7) % 256)

/** More than one portion. */
const submissions = 220

/** Two agencies with something in every table. */
async function fill(store: Store): Promise<void> {
  for (const [name, sent] of [
    ['city', submissions],
    ['town-2', 20],
  ] as const) {
    const agency = store.agency(await store.ensureAgency(name, `Δήμος "${name}"`, at))
    for (const service of ['card', 'b-card', 'bcard']) {
      await agency.saveService({ id: service, definition: { z: 1, a: ['\u0000', 'é', { b: null }] }, policy: {} }, null, deed)
      await agency.publish({ service, definition: { z: 1, a: 2 } as never, policy: {}, submissionSchema: {}, digest: `d${service}` }, 1, deed)
    }
    await agency.keep({ kind: 'template', id: 'plain', version: 1, title: { el: 'Απλή' }, content: { z: 1, a: 2 }, digest: 'd' }, 10, deed)
    await agency.offerSetup('token')
    await agency.createFirstUser({ id: 'u', email: 'a@b', name: 'nul \0 in a name', passwordHash: 'x' }, 'token', at)
    await agency.saveOfficerMail({ user: 'u', language: 'el', assigned: 1, days: 3, digest: 0 }, '2026-01-05')
    await agency.openSession({ tokenHash: 't', user: 'u', createdAt: at, expiresAt: '2027-01-01', seenAt: at, provedAt: at, strong: 0, label: '' }, deed)
    for (let i = 0; i < sent; i++) {
      const id = `s${(i * 7919) % 100_003}-${i}`
      const keyHash = `k${i}`
      const file = {
        service: 'card',
        target: 'paper',
        name: bytes(20, i),
        type: 'application/pdf',
        size: 2 ** 33 + i,
        digest: '',
        receivedAt: at,
        submission: null,
      }
      if (i % 10 === 0)
        await agency.addAttachment({ ...file, id: `a${i}`, sealing: i % 20 === 0 ? null : { mode: 'at-rest', bucket: '2026-01', key: 'k' } }, deed)
      await agency.claimKey({ service: 'card', keyHash, bodyMac: 'm', at }, '')
      await agency.record({
        submission: {
          id,
          service: 'card',
          version: 1,
          language: 'en',
          receivedAt: at,
          referenceHash: `r${i}`,
          status: 'received',
          stage: i % 2 === 0 ? null : 'intake',
          sealing: null,
          answers: bytes(300 + i, i),
          outcome: bytes(i % 5, i),
        },
        attachments: i % 10 === 0 ? [`a${i}`] : [],
        deed: { ...deed, details: { version: 1, name, service: 'card', day: at.slice(0, 10), channel: 'web', language: i % 3 === 0 ? 'en' : 'el' } },
        keyHash,
        places: [{ counter: 'all', most: 10_000, before: null }],
        outbox: [{ id: `o${i}`, kind: 'webhook', destination: 'https://a.example', payload: bytes(50, i) }],
        conclude: (sequence) => ({ receipt: bytes(100, i), answer: new TextEncoder().encode(`${name} ${sequence}`) }),
      })
    }
    await agency.sketchPeople('2026-01', 'staff', { key: bytes(32, 1), registers: bytes(4096, 2) }, (_, registers) => registers)
    const from = (await agency.submission('s0-0')) as SubmissionRecord
    const to = { status: 'rejected', stage: null, stageEnteredAt: at, dueAt: '2026-02-01', closedAt: at, decision: 'reject', late: 1 }
    await agency.assignCase('s7919-1', null, 'u', deed)
    await agency.addCaseNote({ submission: 's0-0', id: 'n', at, actor: 'user:u', note: bytes(9, 2) }, deed)
    const amendment = {
      before: from,
      answers: bytes(30, 3),
      outcome: bytes(5, 3),
      attachments: [],
      keyHash: 'k',
      bodyMac: 'm',
      conclude: () => ({ receipt: bytes(9, 4), answer: bytes(9, 5) }),
    }
    await agency.moveCase({ from, to: { ...to, closedAt: null }, decision: 'answer', note: null, asked: bytes(9, 6), by: deed, outbox: [], amendment })
    const amended = (await agency.submission('s0-0')) as SubmissionRecord
    await agency.moveCase({ from: amended, to, decision: 'reject', note: bytes(9, 1), by: deed, outbox: [] })
    await agency.claimDeliveries({ lease: 'l', now: at, until: '2026-01-05T09:00:00.000Z', limit: 3, perDestination: 3, skip: [] })
    await agency.markKeys(new Map([['pepper', name]]))
    await agency.audit('submission.exported', 'service:card', {
      actor: 'system',
      at: '2026-01-05T08:00:00.000Z',
      note: { sealing: null, content: bytes(20, 1) },
    })
    const checkpoint = { period: '2026-01-05T08', size: 1, note: `note of ${name}`, signedAt: '2026-01-05T08:00:00.000Z' }
    await agency.extendLog({ from: 0, tiles: [{ level: 0, number: 0, hashes: bytes(32, 7) }], checkpoint })
    await agency.addSealingKey(
      { kind: 'service', owner: 'card', number: 1, publicKey: 'p', locked: { format: 1 }, createdAt: at, createdBy: 'u' },
      [{ service: 'card', epoch: 1, forKey: 'k', enc: 'e', key: 'w' }],
      deed,
    )
    await addPeopleRows(agency)
    await agency.requestApproval({ id: 'p', kind: 'erasure', object: 'submission:s0-0', reason: bytes(9, 3), expiresAt: at }, deed)
    await agency.setHold({ submission: 's7919-1', reason: bytes(9, 4) }, deed)
    // Of a case that only a backup still has.
    const shreds = [{ owner: 'o', submission: 'gone', bucket: '2026-01', file: null }]
    const details = { service: 'card', policy: { after: 'closed' as const, months: 12 } }
    await agency.eraseCases({ id: 'c', kind: 'retention', at, details }, [{ submission: 'gone', shreds }], null, deed)
    await agency.saveDraft({ service: 'card', idHash: 'h', version: 1, content: bytes(10, 1), expiresAt: '2027-01-01', attachments: ['a0', 'a10'] }, null, at)
    const upload = { service: 'card', idHash: 'u', target: 'paper', name: bytes(10, 1), sealing: null, type: '', size: 9, ownerHash: null, createdAt: at }
    await agency.beginUpload(upload)
    await agency.appendPart('card', 'u', { start: 0, size: 4, file: 'part', sealing: null })
    const release = {
      id: 'r',
      service: 'card',
      state: 'asked' as const,
      definition: { id: 'card' },
      policy: {},
      digest: 'd',
      acknowledged: ['w'],
      base: 1,
      dueAt: at,
    }
    await agency.requestRelease(release, 1, deed)
    const code = { service: 'card', valueMac: 'v', codeMac: 'c', message: bytes(10, 2), triesLeft: 5, expiresAt: '2027-01-01', outbox: null, at }
    await agency.addVerification({ idHash: 'h', ...code })
  }
}

describe.skipIf(!postgresIsThere())('guichet move', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-move-'))
  const from = join(folder, 'guichet.db')
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
    const store = openSqliteStore(from, now)
    await fill(store)
    await store.close()
  }, 60_000)
  afterAll(async () => {
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('makes a copy that answers like the original and goes on from there', async () => {
    const target = await newDatabase(cluster)
    const steps: [number, number][] = []
    const progress = (done: number, total: number) => void steps.push([done, total])
    const moved = await move({ from, to: target.url, ownerUrl: target.ownerUrl, now, progress })
    expect(moved.filter(({ rows }) => rows === 0)).toEqual([])
    expect(moved.find(({ agency, table }) => agency === 'city' && table === 'submissions')?.rows).toBe(submissions)
    expect(steps.at(-1)?.[0]).toBe(steps.at(-1)?.[1])
    expect(steps.every(([done], i) => done > (steps[i - 1]?.[0] ?? 0))).toBe(true)

    const [original, copy] = [openSqliteStore(from, now), target.open()]
    expect(await copy.agencies()).toEqual(await original.agencies())
    for (const { id } of await original.agencies()) {
      const [one, two] = [original.agency(id), copy.agency(id)]
      const plain = (value: unknown) =>
        JSON.parse(JSON.stringify(value, (_, inner) => (inner instanceof Uint8Array ? Buffer.from(inner).toString('hex') : inner)))
      expect(plain(await two.submissions())).toEqual(plain(await one.submissions()))
      expect(plain(await two.caseSteps('s0-0'))).toEqual(plain(await one.caseSteps('s0-0')))
      expect(await two.cases({ status: 'rejected' }, null, 5)).toEqual(await one.cases({ status: 'rejected' }, null, 5))
      expect(await two.services()).toEqual(await one.services())
      expect(await two.version('card', 1)).toEqual(await one.version('card', 1))
      // JSON as it was written, to the byte: the order of keys is the author's.
      expect(JSON.stringify(await two.service('card'))).toBe(JSON.stringify(await one.service('card')))
      expect(JSON.stringify(await two.kept('template', 'plain', 1))).toBe(JSON.stringify(await one.kept('template', 'plain', 1)))
      expect(await two.auditEvents(0, 5000)).toEqual(await one.auditEvents(0, 5000))
      expect(plain(await two.attachments(['a0', 'a10']))).toEqual(plain(await one.attachments(['a0', 'a10'])))
      expect(await two.daily('2026-01-01', '2026-01-31')).toEqual(await one.daily('2026-01-01', '2026-01-31'))
      expect(plain(await two.people('2026-01'))).toEqual(plain(await one.people('2026-01')))
      expect(await two.deliveries('waiting', 5000)).toEqual(await one.deliveries('waiting', 5000))
      expect((await two.claimKey({ service: 'card', keyHash: 'k3', bodyMac: 'm', at }, '')).state).toBe('done')
      expect((await two.session('t', at))?.user.name).toBe('nul \ufffd in a name')
      await two.addAttachment(
        { id: 'new', service: 'card', target: '', name: bytes(1, 1), type: '', size: 1, digest: '', sealing: null, receivedAt: at, submission: null },
        deed,
      )
      expect(findBreak(await two.auditEvents(0, 5000))).toBeNull()
    }
    await Promise.all([original.close(), copy.close()])

    // A second time there is something in its place.
    await expect(move({ from, to: target.url, ownerUrl: null, now, progress })).rejects.toThrow(/not empty: it has the agency city, town-2/)
  }, 30_000)

  it('notices a copy that differs by one bit', async () => {
    const target = await newDatabase(cluster)
    const store = target.open()
    await store.check()
    await store.close()
    await ask(
      target.adminUrl,
      `CREATE FUNCTION flip() RETURNS trigger AS $$ BEGIN
         IF NEW.reference_hash = 'r77' THEN NEW.answers = set_bit(NEW.answers, 9, 1 - get_bit(NEW.answers, 9)); END IF; RETURN NEW;
       END $$ LANGUAGE plpgsql`,
    )
    await ask(target.adminUrl, 'CREATE TRIGGER flip BEFORE INSERT ON submissions FOR EACH ROW EXECUTE FUNCTION flip()')
    const moving = move({ from, to: target.url, ownerUrl: null, now, progress: () => {} })
    await expect(moving).rejects.toThrow(
      new MoveFailed(`The copy differs: submissions of city has ${submissions} rows in SQLite and ${submissions} in PostgreSQL.`),
    )
  }, 30_000)

  it('leaves alone a server that runs, a file that is not there, and tables that it does not know', async () => {
    const target = await newDatabase(cluster)
    const to = { to: target.url, ownerUrl: target.ownerUrl, now, progress: () => {} }
    const lock = lockDataDir(folder)
    await expect(move({ from, ...to })).rejects.toThrow(/in use by another server/)
    lock.release()
    await expect(move({ from: join(folder, 'nothing.db'), ...to })).rejects.toThrow(/no file/)
    const other = join(folder, 'other.db')
    await openSqliteStore(other, now).close()
    const raw = new DatabaseSync(other)
    raw.exec('CREATE TABLE of_later (agency_id TEXT)')
    raw.close()
    await expect(move({ from: other, ...to })).rejects.toThrow(/no place in PostgreSQL for of_later/)
  })

  it('is told from the command line, and says what it did', async () => {
    const target = await newDatabase(cluster)
    const call = async (args: string[], env: Record<string, string>) => {
      const [out, err] = [[] as string[], [] as string[]]
      const code = await run(['move', ...args], env, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
      return { code, out: out.join(''), err: err.join('') }
    }
    const env = { DATA_DIR: folder, DATABASE_OWNER_URL: target.ownerUrl }
    const done = await call(['--to', target.url], env)
    expect(done.code).toBe(0)
    expect(done.out).toMatch(new RegExp(`^city\\tsubmissions\\t${submissions}\\t[0-9a-f]{64}$`, 'm'))
    expect(done.err).toMatch(/^\d+ % \S+ \S+\n[\s\S]*\d+ rows are the same in both/)
    expect(await call(['--to', target.url], env)).toMatchObject({ code: 1, err: expect.stringContaining('The target is not empty') })
    expect(await call(['--form', 'x'], env)).toMatchObject({ code: 2, err: expect.stringContaining('--form') })
    expect(await call([], { DATA_DIR: folder })).toMatchObject({ code: 2, err: expect.stringContaining('DATABASE_URL') })
  }, 30_000)
})
