import { join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import type { Command } from './command.ts'
import { progressOn } from './progress.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Makes a backup while the server runs.',
  about: [
    'Copies the database as it is at one moment, and every uploaded file that it names, into a new folder below --to, while the server goes on. Then it reads everything again, checks the database and the audit log, and writes a manifest with digests, counts and the heads of the audit log. Only then does the folder get its name.',
    'Keys are not in it, on purpose: beside the data they would open it for whoever takes the backup. Copy them with --keys to another place, best another disk, and keep that copy for a short time only: a key that was destroyed on purpose must not come back.',
    'Files in an object store (S3_ENDPOINT) are not copied: keep versions of its objects for as long as you keep backups.',
    'SQLite is copied by its own online backup. PostgreSQL is dumped by pg_dump, as the role of DATABASE_BACKUP_URL (or DATABASE_OWNER_URL), which row-level security must not bind.',
    'It prints the folder, and the digest of its manifest.',
  ],
  options: {
    to: { value: 'folder', help: 'Where backups are kept; a folder for each is made there.' },
    keys: { value: 'folder', help: 'Copy the keys too, into a new folder below this one, which must not be in DATA_DIR or in --to.' },
    'without-files': { help: 'Leave the uploaded files out, because they are backed up by other means, such as an object store with versions.' },
  },
  examples: ['guichet backup --to /var/backups/guichet', 'guichet backup --to /mnt/backups/guichet --keys /mnt/key-store/guichet'],
  exits: { 1: 'There is no backup; the message says why. Nothing is left behind.' },
  async run({ value, flag, env, out, err }) {
    const to = value('to')
    if (to === null) throw new UsageError('backup needs --to with a folder.')
    const config = readConfig(env)
    const { makeBackup } = await import('../backup/backup.ts')
    const { backUpKeys, checkApart } = await import('../backup/keys.ts')
    const { inWords } = await import('../backup/copy.ts')
    const { s3PlaceOf } = await import('../files/open-files.ts')
    const place = s3PlaceOf(config)
    const keysTo = value('keys')
    if (keysTo !== null) checkApart(keysTo, [config.dataDir, to])
    const now = new Date()
    const stamp = now.toISOString().replace(/[:.]/g, '-')
    const folder = resolve(to, `guichet-${stamp}`)
    const progress = progressOn(err)
    try {
      const { manifest, digest } = await makeBackup({
        dataDir: config.dataDir,
        databaseUrl: config.databaseUrl === null ? null : (config.databaseBackupUrl ?? config.databaseOwnerUrl ?? config.databaseUrl),
        withFiles: !flag('without-files') && place === null,
        to: folder,
        now: () => new Date(),
        progress: progress.show,
        path: env.PATH ?? '',
      })
      progress.end()
      out.write(`${folder}\t${digest}\n`)
      const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0)
      err.write(
        `${rows} rows (${inWords(manifest.database.bytes)}), ${manifest.files ? `${manifest.files.count} files (${inWords(manifest.files.bytes)})` : 'no files'}; all read again. It holds what was acknowledged before ${manifest.madeAt}.\n`,
      )
      if (place !== null)
        err.write(`The files are in the bucket ${place.bucket}: keep versions of its objects for as long as backups, there is no copy of them here.\n`)
      if (keysTo !== null) {
        const keysFolder = resolve(keysTo, `guichet-keys-${stamp}`)
        const count = await backUpKeys(join(config.dataDir, 'keys'), keysFolder)
        out.write(`${keysFolder}\n`)
        err.write(`${count} keys. Whoever has both folders can read everything.\n`)
      } else err.write('The keys are not in it, and without them nobody can read it: copy them to another place with --keys.\n')
      return 0
    } finally {
      progress.end()
    }
  },
}
