/** Runs tests that were written for any store over SQLite with a thread that writes every submission: `onThread(() => import('./submit.test.ts'))`. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { recordingThread } from '../store/sqlite/recording.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import { keepRowsIn } from './world.ts'

export function onThread(tests: () => Promise<unknown>) {
  describe('over the thread that writes', async () => {
    let written = 0
    let undo: () => void
    beforeAll(() => {
      undo = keepRowsIn(async () => ({
        env: {},
        async open(folder, now) {
          const file = join(folder, 'guichet.db')
          const thread = recordingThread(file, { manyAtOnce: 1 })
          const store = openSqliteStore(file, now, {
            recording: {
              ...thread,
              write(orders) {
                written++
                return thread.write(orders)
              },
            },
          })
          await vi.waitUntil(() => thread.takes(1), { timeout: 60_000, interval: 5 })
          return store
        },
        disk: () => '',
        giveBack: async () => {},
      }))
    })
    afterAll(() => undo())
    await tests()
    it('and the thread did write', () => expect(written).toBeGreaterThan(20))
  })
}
