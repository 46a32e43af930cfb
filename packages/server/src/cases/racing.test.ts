import { describe, expect, it } from 'vitest'
import { heedless, isClean, openTrack, races, type Track } from '../../faults/officers-racing.ts'
import { newDatabase, postgresIsThere, startCluster } from '../testing/postgres.ts'

const holds = async (track: Track, runs: number) => {
  const held = await races(track, runs)
  expect(held).toMatchObject({ runs, lost: 0, astray: 0, unpaired: 0 })
  expect(isClean(held, runs)).toBe(true)
  // The control: without the revision decisions get lost, and the same eyes see it.
  expect((await races(track, runs, heedless(track.agency))).lost).toBeGreaterThan(0)
}

describe('officers who decide at the same moment', () => {
  it('lose no decision on SQLite, in whatever order they come', async () => {
    const track = await openTrack()
    await holds(track, 60).finally(() => track.close())
  }, 120_000)

  it.skipIf(!postgresIsThere())(
    'nor on PostgreSQL',
    async () => {
      const cluster = await startCluster()
      try {
        const { url, ownerUrl } = await newDatabase(cluster)
        const track = await openTrack({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl })
        await holds(track, 20).finally(() => track.close())
      } finally {
        await cluster.stop()
      }
    },
    60_000,
  )
})
