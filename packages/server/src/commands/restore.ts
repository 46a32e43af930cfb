import { readConfig } from '../config.ts'
import { type Command, CommandFailed } from './command.ts'
import { progressOn } from './progress.ts'

export const restore: Command = {
  name: 'restore',
  summary: 'Puts a backup into an empty place, and checks it.',
  words: '<folder of the backup>',
  takes: [1, 1],
  about: [
    'Checks the manifest before it writes anything, copies database and files to DATA_DIR (or the database to the PostgreSQL of DATABASE_OWNER_URL), and then checks what is there: digests, counts, the database itself, its references, the audit log, that every attachment has its file, and that the keys open what they should.',
    'The place must be empty: it never overwrites. What was acknowledged after the backup was made is not in it. Deliveries that were waiting then are sent again, under the ids that their receivers know.',
  ],
  options: { keys: { value: 'folder', help: 'Put the keys of this backup of keys into DATA_DIR too. Without it, keys that are there already are used.' } },
  examples: [
    'DATA_DIR=/srv/guichet guichet restore /var/backups/guichet/guichet-2026-01-05T08-00-00-000Z',
    'guichet restore /mnt/backups/guichet-2026-01-05T08-00-00-000Z --keys /mnt/key-store/guichet-keys-2026-01-05T08-00-00-000Z',
  ],
  exits: {
    1: 'Nothing was restored, or it is not sound; the message says why.',
    3: 'All is restored, but keys are missing or are others: what they sealed cannot be read.',
  },
  async run({ words: [from = ''], value, env, out, err }) {
    const config = readConfig(env)
    if (config.databaseUrl !== null && config.databaseOwnerUrl === null)
      throw new CommandFailed('A restore makes the tables, so it needs DATABASE_OWNER_URL, the address of the role that shall own them.')
    const { restore } = await import('../backup/restore.ts')
    const progress = progressOn(err)
    try {
      const { manifest, keys } = await restore({
        from,
        keysFrom: value('keys'),
        dataDir: config.dataDir,
        ownerUrl: config.databaseOwnerUrl,
        rootKeys: config.rootKeys,
        progress: progress.show,
        path: env.PATH ?? '',
        now: () => new Date(),
      })
      progress.end()
      for (const [table, count] of Object.entries(manifest.rows)) out.write(`${table}\t${count}\n`)
      err.write(
        `Restored as of ${manifest.madeAt}; checked: digests, counts, database, references, audit log, ${manifest.files ? `${manifest.files.count} files` : 'no files'}.\n`,
      )
      if (keys.bad.length > 0) {
        err.write(`Keys are missing or are others: ${keys.bad.join(', ')}. What they sealed cannot be read until they are in DATA_DIR/keys.\n`)
        return 3
      }
      err.write(`The keys open what they should (${keys.good.length + keys.erased.length} months). Start the server: guichet serve\n`)
      return 0
    } finally {
      progress.end()
    }
  },
}
