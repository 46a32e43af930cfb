/**
 * T3: PostgreSQL is killed while citizens send, `node packages/server/faults/postgres-kill.ts [rounds]`. Prints one line
 * and ends with 1 if anything acknowledged was lost, or if the control, a database that acknowledges too early, lost
 * nothing: then the harness shows nothing either.
 */
import { postgresIsThere } from '../src/testing/postgres.ts'
import { killPostgres } from '../src/testing/postgres-kill.ts'

if (postgresIsThere()) {
  const rounds = Number(process.argv[2] ?? 50)
  const clients = 20
  const tell = (round: number, acknowledged: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${rounds}, ${acknowledged} acknowledged `)
  }
  const real = await killPostgres({ rounds, clients, durable: true, tell })
  const control = await killPostgres({ rounds: 5, clients, durable: false })
  const good = real.lost === 0 && real.duplicates === 0 && real.chainBreak === null && real.slowestReturnMs <= 5000 && control.lost > 0
  process.stdout.write(
    `${good ? 'ok  ' : 'FAIL'} T3 PostgreSQL killed: trials ${real.rounds}, acknowledged ${real.acknowledged}, lost ${real.lost}, duplicates ${real.duplicates}, chain ${real.chainBreak === null ? 'holds' : 'BROKEN'}, back within ${real.slowestReturnMs} ms; control (synchronous_commit=off): trials ${control.rounds}, acknowledged ${control.acknowledged}, lost ${control.lost}\n`,
  )
  process.exitCode = good ? 0 : 1
}
