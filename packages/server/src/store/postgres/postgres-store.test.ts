import { getTableColumns, is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Cluster, databaseMaker, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import type { Store } from '../store.ts'
import { storeSuite } from '../store-suite.ts'
import * as tables from './tables.ts'

describe.skipIf(!postgresIsThere())('PostgreSQL', () => {
  let cluster: Cluster
  let make: () => Promise<TestDatabase>
  beforeAll(async () => {
    cluster = await startCluster()
    make = await databaseMaker(cluster)
  }, 60_000)
  afterAll(() => cluster?.stop())

  storeSuite('the store', async () => (await make()).open())
})
