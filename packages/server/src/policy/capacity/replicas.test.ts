import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../codes.ts'
import type { AgencyId, Conflict, Store } from '../../store/store.ts'
import { type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'system', at }
const bytes = new TextEncoder().encode('bytes')

describe.skipIf(!postgresIsThere())('places of several replicas', () => {
  let cluster: Cluster
  let database: TestDatabase
  let replicas: Store[]
  const city = 'city' as AgencyId
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    replicas = [database.open(), database.open(), database.open()]
    await replicas[0]?.ensureAgency('city', 'City', at)
    const agency = replicas[0]!.agency(city)
    for (const id of ['card', 'permit']) {
      await agency.saveService({ id, definition: {}, policy: {} }, null, by)
      await agency.publish({ service: id, definition: {} as never, policy: {}, submissionSchema: {}, digest: 'd' }, 1, by)
    }
  }, 60_000)
  afterAll(async () => {
    await Promise.all(replicas.map((store) => store.close()))
    await cluster?.stop()
  })

  /** How many of `tries`, spread over the replicas, are recorded and how many are told that it is full. */
  async function sent(service: string, tries: number, most: number) {
    const ends = await Promise.allSettled(
      Array.from({ length: tries }, async (_, i) => {
        const agency = replicas[i % replicas.length]!.agency(city)
        const id = newId(new Date(at))
        await agency.claimKey({ service, keyHash: id, bodyMac: 'm', at }, '')
        await agency.record({
          submission: {
            id,
            service,
            version: 1,
            language: 'en',
            receivedAt: at,
            referenceHash: id,
            status: 'received',
            stage: null,
            sealing: null,
            answers: bytes,
            outcome: bytes,
          },
          attachments: [],
          deed: { actor: 'citizen', at },
          keyHash: id,
          places: [{ counter: 'all', most, before: { from: '0', until: 'z' } }],
          outbox: [],
          conclude: () => ({ receipt: bytes, answer: bytes }),
        })
      }),
    )
    return [
      ends.filter(({ status }) => status === 'fulfilled').length,
      ends.filter((end) => end.status === 'rejected' && (end.reason as Conflict).kind === 'full').length,
    ]
  }

  it('are exactly so many, whichever is asked', async () => {
    expect(await sent('card', 120, 50)).toEqual([50, 70])
    expect(await sent('card', 30, 60)).toEqual([10, 20])
  })

  it('are each service’s own: the control', async () => {
    expect(await sent('permit', 60, 1000)).toEqual([60, 0])
  })
})
