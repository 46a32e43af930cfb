/** Counts transactions of SQLite, whoever makes them. For tests. */
import { StatementSync } from 'node:sqlite'
import { vi } from 'vitest'

/** Gives the commits made while `work` ran. */
export async function countCommits(work: () => Promise<unknown>): Promise<number> {
  const run = vi.spyOn(StatementSync.prototype, 'run')
  try {
    await work()
    return run.mock.contexts.filter((statement) => (statement as StatementSync).sourceSQL === 'COMMIT').length
  } finally {
    run.mockRestore()
  }
}
