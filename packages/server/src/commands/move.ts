import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, CommandFailed } from './command.ts'
import { progressOn } from './progress.ts'

export const move: Command = {
  name: 'move',
  summary: 'Copies the SQLite database to an empty PostgreSQL and compares the two.',
  about: [
    'Copies everything from SQLite to an empty PostgreSQL, agency by agency and table by table, then reads both again and compares counts and digests. No server may be using the SQLite file; it is left as it was.',
    'DATABASE_OWNER_URL, the address of the role that owns the tables, makes them. Files and keys stay in DATA_DIR.',
    'For every table of every agency it prints agency, table, rows and digest, with tabs between.',
  ],
  options: {
    from: { value: 'file', help: 'The SQLite file; by default guichet.db in DATA_DIR.' },
    to: { value: 'address', help: 'The PostgreSQL, as the role of the server; by default DATABASE_URL, which keeps a password out of the list of processes.' },
  },
  examples: ['DATABASE_URL=postgres://guichet_app@db/guichet DATABASE_OWNER_URL=postgres://guichet_owner@db/guichet guichet move'],
  exits: { 1: 'It could not begin, or the copy is not what it was made from. The message says which.' },
  async run({ value, env, out, err }) {
    const config = readConfig({ ...env, ...(value('to') === null ? {} : { DATABASE_URL: value('to') as string, DATABASE_URL_FILE: undefined }) })
    if (config.databaseUrl === null) throw new UsageError('move needs --to with the address of a PostgreSQL, or DATABASE_URL.')
    const { MoveFailed, move } = await import('../store/move.ts')
    const progress = progressOn(err)
    try {
      const moved = await move({
        from: value('from') ?? join(config.dataDir, 'guichet.db'),
        to: config.databaseUrl,
        ownerUrl: config.databaseOwnerUrl,
        now: () => new Date(),
        progress: progress.show,
      })
      progress.end()
      for (const { agency, table, rows, digest } of moved.filter((each) => each.rows > 0)) out.write(`${agency}\t${table}\t${rows}\t${digest}\n`)
      err.write(
        `${moved.reduce((sum, { rows }) => sum + rows, 0)} rows are the same in both. Files and keys stay in ${config.dataDir}: give every replica that folder as DATA_DIR.\n`,
      )
      return 0
    } catch (error) {
      progress.end()
      throw error instanceof MoveFailed ? new CommandFailed(error.message) : error
    }
  },
}
