/** T3: PostgreSQL is killed while citizens send. The control is a database that acknowledges too early: it must lose. */
import { killPostgres } from '../src/testing/postgres-kill.ts'
import type { Outcome } from './outcome.ts'

const clients = 20

export async function postgresKill(rounds: number): Promise<Outcome> {
  const tell = (round: number, acknowledged: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}, ${acknowledged} acknowledged `)
  }
  const real = await killPostgres({ rounds, clients, durable: true, tell })
  const control = await killPostgres({ rounds: Math.min(rounds, 5), clients, durable: false })
  return {
    good: real.lost === 0 && real.duplicates === 0 && real.chainBreak === null && control.lost > 0,
    slow: real.slowestReturnMs > 5000,
    line: `T3 PostgreSQL killed: trials ${real.rounds}, acknowledged ${real.acknowledged}, lost ${real.lost}, duplicates ${real.duplicates}, chain ${real.chainBreak === null ? 'holds' : 'BROKEN'}, back within ${real.slowestReturnMs} ms; control (synchronous_commit=off): trials ${control.rounds}, acknowledged ${control.acknowledged}, lost ${control.lost}`,
  }
}
