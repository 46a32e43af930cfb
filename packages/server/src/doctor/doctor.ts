/** Looks at everything that the server needs, changes nothing, and may do so while the server runs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openPostgresSnapshot } from '../backup/postgres-snapshot.ts'
import type { Snapshot } from '../backup/snapshot.ts'
import { openSqliteSnapshot } from '../backup/sqlite-snapshot.ts'
import type { Progress } from '../commands/progress.ts'
import type { Config } from '../config.ts'
import { readSteps } from '../store/postgres/migrate.ts'
import { migrationNames } from '../store/sqlite/migrate.ts'
import { checkAttachments, checkAuditLog, checkErasures, checkIntegrity, checkKeyFolder, checkMigrations, checkStoreOfFiles, type Look } from './database.ts'
import { type Finding, kindOf, wrong } from './finding.ts'
import { checkFolders, checkSettings } from './place.ts'
import { checkPostgres } from './postgres.ts'
import { checkMail, checkWebhooks } from './reach.ts'

export interface Examination {
  config: Config
  /** Look at everything, however long it takes. */
  deep: boolean
  /** Also call the mail server and the webhooks. */
  reach: boolean
  now: Date
  progress: Progress['show']
}

export async function* examine({ config, deep, reach, now, progress }: Examination): AsyncGenerator<Finding> {
  yield* checkSettings(config)
  yield* await checkFolders(config)
  if (reach) yield* await checkMail(config)

  let snapshot: Snapshot
  let more: () => Promise<Finding[]> = async () => []
  try {
    if (config.databaseUrl === null) snapshot = openSqliteSnapshot(join(config.dataDir, 'guichet.db'))
    else {
      const postgres = await openPostgresSnapshot(config.databaseUrl)
      snapshot = postgres
      more = () => checkPostgres(postgres)
    }
  } catch (error) {
    yield wrong(
      'database',
      `cannot be opened (${kindOf(error)})`,
      config.databaseUrl !== null
        ? 'check DATABASE_URL, and that the database runs'
        : (error as NodeJS.ErrnoException).code === 'EACCES'
          ? 'run the doctor as the user that owns DATA_DIR'
          : existsSync(join(config.dataDir, 'guichet.db'))
            ? 'copy DATA_DIR whole, then restore a backup to another place'
            : 'check DATA_DIR; guichet init makes a new one',
    )
    return
  }
  try {
    const look: Look = { config, snapshot, deep, now, progress }
    const known = snapshot.store === 'sqlite' ? migrationNames() : readSteps().map(({ name }) => name)
    const looks: readonly (readonly [what: string, run: () => Promise<Finding[]>])[] = [
      ['database', more],
      ['migrations', () => checkMigrations(look, known)],
      ['integrity', () => checkIntegrity(look)],
      ['audit log', () => checkAuditLog(look)],
      ['keys', () => checkKeyFolder(look)],
      ['erasures', () => checkErasures(look)],
      ['store of files', () => checkStoreOfFiles(look)],
      ['attachments', () => checkAttachments(look)],
      ...(reach ? ([['webhooks', () => checkWebhooks(config, snapshot)]] as const) : []),
    ]
    for (const [what, run] of looks) {
      try {
        yield* await run()
      } catch (error) {
        // One part that cannot be looked at hides no other.
        yield wrong(what, `cannot be looked at (${kindOf(error)})`, 'see to what is wrong above first')
      }
    }
  } finally {
    await snapshot.close()
  }
}
