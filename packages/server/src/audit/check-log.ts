/** An agency's log as somebody checks it who changes nothing: from end to end, or at its newest checkpoint alone. */
import { isConsistent, readCheckpoint, readNote } from '@guichet/receipts'
import type { Keys } from '../keys/key-folder.ts'
import type { AgencyStore } from '../store/store.ts'
import { eventsAtOnce, headOf, LogBroken } from './audit-log.ts'
import { checkChain, entryOf } from './chain.ts'
import { consistencyProof, grow, leafHash, type ReadTiles, rootOf } from './tree.ts'

/** What is read of a log. */
export type LogReader = Pick<AgencyStore, 'auditEvents' | 'logSize' | 'logTiles' | 'checkpoints'>
/** Null: they are not there, and what was signed is not looked at. */
type KnownKeys = Pick<Keys, 'publicKeys'> | null

const mostCheckpoints = 1_000_000

/** @throws LogBroken */
async function headIn(keys: KnownKeys, note: string) {
  if (keys) return headOf(keys, { note })
  const head = readCheckpoint(readNote(note)?.text ?? '')
  if (!head) throw new LogBroken('a checkpoint cannot be read', 0)
  return head
}

/**
 * Everything about an agency's log: the chain, each leaf, every tile, each checkpoint that is kept, and those that somebody
 * else kept (a receipt, a witness). Gives what is wrong, in words; nothing: all holds.
 */
export async function checkLog(log: LogReader, keys: KnownKeys, outside: readonly string[] = []): Promise<string[]> {
  const wrong: string[] = []
  const chain = checkChain()
  const tiles = new Map<string, Uint8Array>()
  // Whatever is asked of it was made of the events just before.
  const fresh: ReadTiles = async (places) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) as Uint8Array)
  let size = 0
  for (;;) {
    const events = await log.auditEvents(size, eventsAtOnce)
    for (const event of events) chain.add(event)
    if (chain.brokenAt !== null) return [`the chain is broken at event ${chain.brokenAt}`]
    const leaves = events.map((event) => leafHash(entryOf(event)))
    for (const { level, number, hashes } of await grow(size, leaves, fresh)) tiles.set(`${level}/${number}`, hashes)
    size += events.length
    if (events.length < eventsAtOnce) break
  }
  const kept = await log.logSize()
  if (kept > size) wrong.push(`the tree has ${kept} leaves and the log ${size} events`)
  const places = [...tiles.keys()].map((key) => ({ level: Number(key.split('/')[0]), number: Number(key.split('/')[1]) }))
  const stored = await log.logTiles(places)
  for (const [i, { level, number }] of places.entries()) {
    const made = tiles.get(`${level}/${number}`) as Uint8Array
    const width = Math.min(256, Math.floor(kept / 256 ** level) - number * 256)
    if (width > 0 && Buffer.compare(stored[i] ?? new Uint8Array(), made.subarray(0, width * 32)) !== 0)
      wrong.push(`tile ${level}/${number} is not made of the events`)
  }
  const root = await rootOf(size, fresh)
  for (const note of [...(await log.checkpoints(mostCheckpoints)).map((each) => each.note), ...outside]) {
    try {
      const head = await headIn(keys, note)
      if (head.size > Math.min(size, kept)) wrong.push(`a checkpoint says ${head.size} events, and there are ${size}, of which the tree has ${kept}`)
      else if (!(await isConsistent(head, { size, root }, await consistencyProof(head.size, size, fresh))))
        wrong.push(`the events are not those that the checkpoint of ${head.size} was signed over`)
    } catch (error) {
      if (!(error instanceof LogBroken)) throw error
      wrong.push(error.message)
    }
  }
  return wrong
}

/** The same of the newest checkpoint alone, against the tree as it is kept: a handful of tiles, however long the log is. */
export async function checkNewest(log: LogReader, keys: KnownKeys): Promise<string[]> {
  const [newest] = await log.checkpoints(1)
  if (!newest) return []
  try {
    const head = await headIn(keys, newest.note)
    const kept = await log.logSize()
    if (head.size > kept) return [`a checkpoint says ${head.size} events, and the tree has ${kept} leaves`]
    const root = await rootOf(head.size, (places) => log.logTiles(places))
    return Buffer.compare(head.root, root) === 0 ? [] : [`the tree is not the one that the checkpoint of ${head.size} was signed over`]
  } catch (error) {
    return [(error as Error).message]
  }
}
