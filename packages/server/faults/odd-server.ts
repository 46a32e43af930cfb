/** The server with an oddity. The database is made forgetful before anything opens it. */
import fs from 'node:fs'
import { open } from 'node:fs/promises'
import http from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Overrides } from '../src/adapters.ts'
import { systemClock } from '../src/clock.ts'
import { readConfig } from '../src/config.ts'
import { startServer } from '../src/server.ts'
import { recordingThread } from '../src/store/sqlite/recording.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts'
import { clockAlone } from '../src/testing/clock-alone.ts'
import { type Oddities, odditiesIn } from './oddities.ts'

const {
  durable = true,
  durableFiles = true,
  threaded = false,
  carryOn = false,
  patient = false,
  clockAlone: alone = false,
  outbox,
}: Oddities = JSON.parse(process.env[odditiesIn] ?? '{}')

/** How the log of a group is synced. */
function syncLogBy(way: (file: number, done: () => void) => void) {
  fs.fdatasync = ((file: number, done: (error: null) => void) => way(file, () => done(null))) as unknown as typeof fs.fdatasync
  syncBuiltinESMExports()
}

if (!durable) {
  await import('./forgetful.ts')
  syncLogBy((_, done) => setImmediate(done))
}
if (!durableFiles) {
  const handle = await open(process.execPath)
  await handle.close()
  // What the handles of all files have in common.
  Object.getPrototypeOf(handle).sync = async () => {}
}
if (carryOn) {
  const { fdatasync } = fs
  syncLogBy((file, done) => fdatasync(file, done))
}
if (patient) {
  const { createServer } = http
  http.createServer = ((_: object, listener?: http.RequestListener) => createServer(listener)) as typeof createServer
  syncBuiltinESMExports()
  Socket.prototype.resetAndDestroy = function kept() {
    return this
  }
}
const config = readConfig(process.env)
const file = join(config.dataDir, 'guichet.db')
const script = durable ? undefined : new URL('./forgetful-recording-thread.ts', import.meta.url)
// A server that carries on does so because its own syncs are hidden from it; those of a thread are not.
const recording = threaded ? recordingThread(file, { manyAtOnce: 1, script }) : null
const overrides: Overrides = {
  ...(threaded || carryOn ? { store: openSqliteStore(file, () => systemClock.now(), { recording }) } : {}),
  fatal: () => process.exit(70),
  outbox,
  ...(alone ? { lived: clockAlone(systemClock) } : {}),
  ...(carryOn ? { disk: { failed: false, report: () => {}, watch: (adapter) => adapter } } : {}),
}
const server = await startServer(config, overrides)
process.once('SIGTERM', async () => {
  await server.close()
  process.exit(0)
})
process.stdout.write(`Catalogue: ${server.url}\n`)
