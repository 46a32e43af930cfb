/** Runs tests that were written for any store over PostgreSQL: `onPostgres(() => import('./submit.test.ts'))`. */
import { afterAll, beforeAll, describe } from 'vitest'
import { type Cluster, databaseLender, postgresIsThere, startCluster } from './postgres.ts'
import { keepRowsIn } from './world.ts'

export function onPostgres(tests: () => Promise<unknown>) {
  describe.skipIf(!postgresIsThere())('over PostgreSQL', async () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster()
      const databases = await databaseLender(cluster)
      keepRowsIn(async () => {
        const database = await databases.lend()
        return {
          env: { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl },
          disk: cluster.disk,
          giveBack: async () => databases.giveBack(database),
        }
      })
    }, 60_000)
    afterAll(() => cluster?.stop())
    await tests()
  })
}
