/** A replica of its own that only delivers, to be killed. Tells when it is there, and then what it does. */
import { openAdapters } from '../adapters.ts'
import { readConfig } from '../config.ts'
import { startOutbox } from '../outbox/worker.ts'

const adapters = openAdapters(readConfig(process.env))
startOutbox(adapters, { leaseMs: Number(process.argv[2]), tryMs: Number(process.argv[2]) - 100, lookEveryMs: 50 })
// The worker alone does not keep a process alive.
setInterval(() => {}, 1000)
process.stdout.write('ready\n')
