/** The thread that writes submissions (recording.ts), over a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads'
import { type AgencyId, Conflict } from '../store.ts'
import { chainOf } from './chain.ts'
import { groupCommits } from './commits.ts'
import { openDatabase } from './open-database.ts'
import { type PackedOrders, packTold, type Told, unpackOrders } from './packing.ts'
import { type Order, type Recorder, recorderOf } from './recorder.ts'

const port = parentPort
if (!port) throw new Error('to be run as a thread')
const client = openDatabase(workerData.path)
// Copying the log is for checkpoints.ts.
client.exec('PRAGMA wal_autocheckpoint = 0')
const commits = groupCommits(client)
const recorders = new Map<AgencyId, Recorder>()
const recorderFor = (agency: AgencyId) => {
  const made = recorders.get(agency) ?? recorderOf(client, agency, chainOf(client, agency))
  recorders.set(agency, made)
  return made
}

const told = (error: unknown): Told => {
  if (error instanceof Conflict) return { conflict: error.kind }
  const { message, code, errcode } = error as { message: string; code?: string; errcode?: number }
  return { failed: { message, code, errcode } }
}

port.on('message', async (message: PackedOrders | 'end') => {
  if (message === 'end') {
    client.close()
    port.close()
    return
  }
  const write = ({ agency, entry, claim }: Order) => commits.add(() => recorderFor(agency).record(entry, claim))
  const packed = packTold(await Promise.all(unpackOrders(message).map((order) => write(order).then((recorded): Told => ({ recorded }), told))))
  port.postMessage(packed, [packed.bytes])
})
port.postMessage('ready')
