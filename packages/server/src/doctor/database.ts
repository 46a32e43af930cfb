/** The database as it stands: sound, of this version, with an audit log that holds, and with files and keys that fit it. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isSound } from '../audit/audit-log.ts'
import { checkLog, checkNewest } from '../audit/check-log.ts'
import { checkKeys } from '../backup/keys.ts'
import { checkAudit, filesOf, logIn, type Snapshot } from '../backup/snapshot.ts'
import type { Progress } from '../commands/progress.ts'
import type { Config } from '../config.ts'
import { filePath } from '../files/files.ts'
import { filesFolder, openFiles, s3PlaceOf } from '../files/open-files.ts'
import { type Keys, type MonthState, openKeyFolder } from '../keys/key-folder.ts'
import type { AgencyId } from '../store/store.ts'
import { type Finding, kindOf, ok, warn, wrong } from './finding.ts'

/** Of each agency, as many of the last events are checked in a quick look, and as many attachments. */
const few = 1000

export interface Look {
  config: Config
  snapshot: Snapshot
  deep: boolean
  now: Date
  progress: Progress['show']
}

/** How many there are to be looked at, of each agency at most so many. */
async function rowsOf(snapshot: Snapshot, table: string, most = Number.POSITIVE_INFINITY): Promise<number> {
  let rows = 0
  for (const agency of await snapshot.agencies()) rows += Math.min(most, await snapshot.count(table, agency))
  return rows
}

export async function checkIntegrity({ snapshot, deep, progress }: Look): Promise<Finding[]> {
  if (snapshot.store === 'postgres') return []
  progress(0, 1, 'integrity')
  const faults = await snapshot.faults(deep)
  if (faults.length === 0) return [ok('integrity', deep ? 'sound' : 'sound at a quick look')]
  return [wrong('integrity', faults.slice(0, 3).join('; '), 'stop the server, keep a copy of DATA_DIR, and restore the last good backup')]
}

export async function checkMigrations({ snapshot }: Look, known: readonly string[]): Promise<Finding[]> {
  const done = await snapshot.migrations()
  const unknown = done.filter((name) => !known.includes(name))
  const missing = known.filter((name) => !done.includes(name))
  if (unknown.length > 0)
    return [wrong('migrations', `a newer version has had this database: ${unknown.join(', ')}`, 'start that version, or restore a backup from before')]
  if (missing.length > 0)
    return [
      warn('migrations', `${missing.length} have not run yet`, snapshot.store === 'sqlite' ? 'the next start runs them' : 'start once with DATABASE_OWNER_URL'),
    ]
  return [ok('migrations', 'those of this version')]
}

export async function checkAuditLog({ snapshot, deep, now, progress }: Look): Promise<Finding[]> {
  const last = deep ? undefined : few
  const total = await rowsOf(snapshot, 'audit_events', last)
  const chains = await checkAudit(snapshot, last, (events) => progress(events, total, 'audit log'))
  const found = chains
    .filter(({ brokenAt }) => brokenAt !== null)
    .map(({ agency, brokenAt }) =>
      wrong(
        'audit log',
        `${agency} is broken at event ${brokenAt}`,
        'someone or something changed it: keep a copy of everything, and compare with the last backup',
      ),
    )
  for (const { agency, brokenAt } of chains) {
    const log = brokenAt === null ? await logIn(snapshot, agency) : null
    // Who signed it is found with the keys.
    const faults = log ? await (deep ? checkLog : checkNewest)(log, null) : []
    if (faults.length > 0)
      found.push(
        wrong(
          'audit log',
          `${agency}: ${faults.slice(0, 3).join('; ')}`,
          'it is not the log that was signed: keep a copy of everything, and compare with the last backup, with receipts and with witnesses',
        ),
      )
  }
  const events = chains.reduce((sum, { sequence }) => sum + sequence, 0)
  if (found.length === 0) found.push(ok('audit log', `${events} events hold${deep ? '' : ` (the last ${few} of each agency)`}`))
  const ahead = chains.flatMap(({ agency, lastAt }) => (lastAt !== null && Date.parse(lastAt) > now.getTime() + 60_000 ? [`${agency} (${lastAt})`] : []))
  found.push(
    ahead.length === 0 && now.getTime() > Date.parse('2026-01-01')
      ? ok('clock', now.toISOString())
      : wrong(
          'clock',
          `it is ${now.toISOString()}, before the last event of ${ahead.join(', ') || 'this version'}`,
          'set the clock by NTP; guichet clock says more',
        ),
  )
  return found
}

export async function checkKeyFolder({ config, snapshot, deep, now }: Look): Promise<Finding[]> {
  const folder = join(config.dataDir, 'keys')
  const { good, erased, bad } = await checkKeys(snapshot, folder, config.rootKeys, deep)
  if (bad.length > 0)
    return [
      wrong(
        'keys',
        `missing, unreadable or others: ${bad.join(', ')}`,
        `restore them to ${folder} from their backup; unless they were destroyed on purpose, what they sealed is lost without them`,
      ),
    ]
  if (!existsSync(join(folder, 'pepper.key')))
    return [wrong('keys', `there are none in ${folder}`, 'guichet init makes them; if there are submissions, restore them')]
  return [
    ok('keys', good.length + erased.length === 0 ? 'there; nothing is sealed yet' : `open what they should (${good.length + erased.length} months)`),
    ...(await checkMonths(snapshot, openKeyFolder(folder, now, config.rootKeys), now)),
    ...(await checkSigners(snapshot, openKeyFolder(folder, now, config.rootKeys))),
  ]
}

/** What a revoked key signed last says nothing more: whoever has the key can sign another log. */
async function checkSigners(snapshot: Snapshot, keys: Keys): Promise<Finding[]> {
  const found: Finding[] = []
  for (const agency of await snapshot.agencies()) {
    const [newest] = (await (await logIn(snapshot, agency))?.checkpoints(1)) ?? []
    if (!newest || (await isSound(keys, newest))) continue
    found.push(
      wrong(
        'log signer',
        `${agency}: the newest checkpoint is signed by a key that was revoked`,
        'guichet keys revoke, once more with the same key, signs it anew by another one; until then nothing is added to the tree',
      ),
    )
  }
  return found
}

/** The root can be reached, the keys are those of this database, and those of this month and the next are there. */
async function checkMonths(snapshot: Snapshot, keys: Keys, now: Date): Promise<Finding[]> {
  const [found, missing] = [[] as Finding[], [] as string[]]
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  const due = [now, next].map((time) => time.toISOString().slice(0, 7))
  for (const agency of await snapshot.agencies()) {
    let months: MonthState[]
    try {
      months = keys.months(agency)
    } catch (error) {
      found.push(
        wrong(
          'root key',
          (error as Error).message,
          'bring the root back, or see to it that ROOT_KEYS can be reached; nothing that was sealed opens without it',
        ),
      )
      continue
    }
    const noted = new Map((await snapshot.page(agency, 'key_marks', ['name', 'mark'], 'name', null, 10_000)).map((row) => [row.name, row.mark]))
    const others = months.filter(({ bucket, mark }) => noted.has(`sealing/${bucket}`) && noted.get(`sealing/${bucket}`) !== mark)
    if (others.length > 0)
      found.push(
        wrong(
          'key marks',
          `${agency}: ${others.map(({ bucket }) => bucket).join(', ')} are keys of another database`,
          'restore the key folder that was saved with this one',
        ),
      )
    missing.push(...due.filter((month) => !months.some(({ bucket }) => bucket === month)).map((month) => `${agency} ${month}`))
    const bare = months.filter(({ root }) => root === null)
    if (bare.length > 0)
      found.push(
        warn('root key', `${agency}: ${bare.length} months were written by an earlier version and are not wrapped`, 'guichet keys rotate --root wraps them'),
      )
  }
  if (found.length === 0)
    found.push(
      ok(
        'root key',
        missing.length === 0 ? `wraps all months; those of ${due.join(' and ')} are there` : `wraps all months; a start makes those of ${missing.join(', ')}`,
      ),
    )
  return found
}

/** What was erased, but whose keys or files are still there: a server that runs sees to it every hour. */
export async function checkErasures({ snapshot, now }: Look): Promise<Finding[]> {
  const waiting: string[] = []
  for (const agency of await snapshot.agencies())
    for (const { at } of (await snapshot.page(agency, 'certificates', ['id', 'at', 'jws'], 'id', null, 10_000)).filter(({ jws }) => jws === null))
      if (now.getTime() - Date.parse(String(at)) > 2 * 3600_000) waiting.push(`${agency} (${at})`)
  if (waiting.length === 0) return [ok('erasures', 'all that was erased is destroyed')]
  return [
    wrong(
      'erasures',
      `keys or files are still to be destroyed: ${waiting.slice(0, 3).join(', ')}`,
      'start the server; where it runs, its log says what stops it',
    ),
  ]
}

export async function checkAttachments(look: Look): Promise<Finding[]> {
  const { config, snapshot, deep, now, progress } = look
  const files = openFiles(config, () => now)
  let [looked, missing] = [0, 0]
  const examples: string[] = []
  const known = new Set<string>()
  const total = await rowsOf(snapshot, 'attachments', deep ? undefined : few)
  for await (const { agency, id } of filesOf(snapshot)) {
    if (!deep && looked >= few) break
    progress(++looked, total, 'attachments')
    if (deep) known.add(`${agency}/${id}`)
    if (await files.has(agency as AgencyId, id)) continue
    missing++
    if (examples.length < 3) examples.push(`${agency}/${id}`)
  }
  const found = [
    missing === 0
      ? ok('attachments', `${looked}${!deep && looked >= few ? ' looked at' : ''} have their file`)
      : wrong('attachments', `${missing} of ${looked} have no file: ${examples.join(', ')}`, 'restore these files from a backup'),
  ]
  if (deep && s3PlaceOf(config) === null) {
    const spare = await spareFiles(filesFolder(config), known)
    found.push(
      spare === 0
        ? ok('files', 'each has its row')
        : warn('files', `${spare} have no row`, 'uploads that were broken off; the server removes them after PURGE_AFTER_HOURS'),
    )
  }
  return found
}

async function spareFiles(folder: string, known: ReadonlySet<string>): Promise<number> {
  let spare = 0
  for (const agency of await readdir(folder).catch(() => []))
    for (const part of await readdir(join(folder, agency)).catch(() => []))
      for (const id of await readdir(join(folder, agency, part)).catch(() => [])) {
        try {
          filePath(agency as AgencyId, id)
        } catch {
          continue
        }
        if (!known.has(`${agency}/${id}`)) spare++
      }
  return spare
}

export async function checkStoreOfFiles({ config, now }: Look): Promise<Finding[]> {
  try {
    await openFiles(config, () => now).check()
    return [ok('store of files', 'takes files')]
  } catch (error) {
    return [
      wrong(
        'store of files',
        `takes no file now (${kindOf(error)})`,
        s3PlaceOf(config) ? 'check S3_ENDPOINT, the bucket and the rights of the key' : 'check the folder files in DATA_DIR',
      ),
    ]
  }
}
