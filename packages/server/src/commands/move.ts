import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, type CommandCall, CommandFailed, type Streams } from './command.ts'
import { progressOn } from './progress.ts'

export const move: Command = {
  name: 'move',
  summary: 'Copies the SQLite database to an empty PostgreSQL, or files to an object store, and compares the two.',
  about: [
    'Copies everything from SQLite to an empty PostgreSQL, agency by agency and table by table, then reads both again and compares counts and digests. No server may be using the SQLite file; it is left as it was.',
    'DATABASE_OWNER_URL, the address of the role that owns the tables, makes them. Files and keys stay in DATA_DIR.',
    'With --files it copies the files of DATA_DIR to the object store of the S3_ settings instead, as they are stored, and compares each by digest. What is there already is compared and not sent again, so a copy that was broken off goes on. Stop the servers first: what is uploaded to the folder meanwhile would be left behind.',
    'For every table of every agency it prints agency, table, rows and digest, with tabs between; with --files agency, files, their number and bytes.',
  ],
  options: {
    files: { help: 'Copies files to the object store, and no database.' },
    from: { value: 'file', help: 'The SQLite file; by default guichet.db in DATA_DIR.' },
    to: {
      value: 'address',
      insteadOf: 'DATABASE_URL',
      help: 'The PostgreSQL, as the role of the server; by default DATABASE_URL, which keeps a password out of the list of processes.',
    },
  },
  examples: ['DATABASE_URL=postgres://guichet_app@db/guichet DATABASE_OWNER_URL=postgres://guichet_owner@db/guichet guichet move', 'guichet move --files'],
  exits: { 1: 'It could not begin, or the copy is not what it was made from. The message says which.' },
  async run({ value, flag, env, out, err }) {
    if (flag('files')) return moveFiles(env, out, err)
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
        `${moved.reduce((sum, { rows }) => sum + rows, 0)} rows are the same in both. Files and keys stay in ${config.dataDir}: give every replica that folder as DATA_DIR, or move the files with --files and give them the folder keys.\n`,
      )
      return 0
    } catch (error) {
      progress.end()
      throw error instanceof MoveFailed ? new CommandFailed(error.message) : error
    }
  },
}

async function moveFiles(env: CommandCall['env'], out: Streams['out'], err: Streams['err']): Promise<number> {
  const config = readConfig(env)
  const { filesFolder, openFiles, s3PlaceOf } = await import('../files/open-files.ts')
  if (s3PlaceOf(config) === null) throw new UsageError('move --files needs S3_ENDPOINT and the settings that go with it.')
  const { openDiskFiles } = await import('../files/disk-files.ts')
  const { CopyDiffers, copyFiles } = await import('../files/copy-files.ts')
  const { openMadeStore } = await import('../store/open-store.ts')
  const now = () => new Date()
  const lock = config.databaseUrl === null ? lockDataDir(config.dataDir) : null
  const store = openMadeStore(config, now)
  const progress = progressOn(err)
  try {
    const agencies = (await store.agencies()).map(({ id }) => id)
    const copied = await copyFiles(openDiskFiles(filesFolder(config)), openFiles(config, now), agencies, progress.show)
    progress.end()
    for (const { agency, files, bytes } of copied) out.write(`${agency}\tfiles\t${files}\t${bytes}\n`)
    err.write(`${copied.reduce((sum, { files }) => sum + files, 0)} files are the same in both. Those in ${filesFolder(config)} are no longer needed.\n`)
    return 0
  } catch (error) {
    progress.end()
    throw error instanceof CopyDiffers ? new CommandFailed(error.message) : error
  } finally {
    await store.close()
    lock?.release()
  }
}
