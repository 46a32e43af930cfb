/** A PostgreSQL of its own, and a place for any number of servers over it that share a data folder. */
import type { Policy } from '@guichet/schemas'
import { type Cluster, newDatabase, startCluster, type TestDatabase } from '../src/testing/postgres.ts'
import { newPlace, type Place } from './server-process.ts'

export interface PostgresPlace extends Place {
  database: TestDatabase
}

/** Gives the place to the work, and clears everything away after it. */
export async function onPostgresPlace<T>(policy: Policy, work: (place: PostgresPlace) => Promise<T>): Promise<T> {
  // Not one that was named from outside: here it is ended hard as well.
  const cluster: Cluster = await startCluster({ recovery_init_sync_method: 'syncfs' })
  let place: Place | null = null
  try {
    const database = await newDatabase(cluster)
    place = newPlace({ database, policy })
    return await work({ ...place, database })
  } finally {
    await place?.close()
    await cluster.stop()
  }
}
