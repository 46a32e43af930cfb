/**
 * The server with a clock that is ahead (FAULT_AHEAD_MS) or a database that does not wait for the disk (FAULT_DURABLE=0).
 * Neither is a setting of the real one. The database is made forgetful before anything opens it.
 */
import { DatabaseSync } from 'node:sqlite'
import { readConfig } from '../src/config.ts'
import { startServer } from '../src/server.ts'

if (process.env.FAULT_DURABLE === '0') {
  const { exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function forgetful(sql: string) {
    exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'))
  }
}
const ahead = Number(process.env.FAULT_AHEAD_MS ?? 0)
const server = await startServer(readConfig(process.env), { clock: { now: () => new Date(Date.now() + ahead) }, fatal: () => process.exit(70) })
process.once('SIGTERM', async () => {
  await server.close()
  process.exit(0)
})
process.stdout.write(`Catalogue: ${server.url}\n`)
