import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolderDurably } from '../../durable.ts'

/** A connection as it must be for what we promise. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') makeFolderDurably(dirname(path))
  const client = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  // FULL: a commit is on disk before it returns, also in WAL mode. secure_delete: what is deleted does not stay in the file.
  client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF')
  // A group of submissions and the upper pages of the indexes fit into 64 MB of cache.
  client.exec('PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864')
  // What a savepoint could give back is kept in memory: in a file it was half of what a group had to write.
  client.exec('PRAGMA temp_store = MEMORY')
  return client
}
