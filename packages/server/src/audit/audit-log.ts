/**
 * The hash tree over each agency's audit log: grown behind the road from the events as they are stored, signed as a
 * checkpoint, and asked for proofs. Nothing is signed that was not computed again from the events, and nothing more once
 * events and tree disagree: a log that is damaged says so, and goes no further.
 */
import { checkpointText, keyIdOf, type NoteKey, readCheckpoint, readNote, signatureLine, signersOf, writeLogProof } from '@guichet/receipts'
import type { AuditEvent } from '@guichet/schemas'
import type { Clock } from '../clock.ts'
import { type GivingWay, givingWay } from '../giving-way.ts'
import type { Keys, PublicKey } from '../keys/key-folder.ts'
import type { Log } from '../log.ts'
import type { StoredCheckpoint } from '../store/audit-log.ts'
import type { AgencyId, AgencyStore, Store } from '../store/store.ts'
import { type ChainCheck, checkChain, entryOf } from './chain.ts'
import { grow, inclusionProof, leafHash, type ReadTiles, rootOf, TreeBroken, tileWidth } from './tree.ts'

export interface AuditLog {
  /**
   * Takes new events into the tree of an agency, and signs a checkpoint if there were any. `renew`: also where a key signed the
   * newest one that was revoked since, which is only for whoever has just revoked it. @throws LogBroken; TreeBroken
   */
  grow(agency: AgencyId, baseUrl: string, renew?: 'renew'): Promise<StoredCheckpoint | null>
  /** Reads some of the old events again, next time those after them, and compares them with the tree. @throws LogBroken */
  patrol(agency: AgencyId): Promise<void>
  /** The newest checkpoint that this process knows of: from memory, as receipts carry it. */
  newest(agency: AgencyId): StoredCheckpoint | null
  /** The newest there is, with all its signatures. */
  current(agency: AgencyId): Promise<StoredCheckpoint | null>
  /** An event and its proof in the newest checkpoint (c2sp.org/tlog-proof); null while none covers it. */
  proofOf(agency: AgencyId, sequence: number): Promise<{ event: AuditEvent; proof: string } | null>
  /** Why nothing more is signed; null: all is well, as far as this process has looked. */
  broken(agency: AgencyId): string | null
}

/** Events and tree disagree. */
export class LogBroken extends Error {
  readonly sequence: number
  constructor(what: string, sequence: number) {
    super(`audit log: ${what} at event ${sequence}`)
    this.sequence = sequence
  }
}

/** Events and tree disagree, or a part of the tree is gone. */
export const isBroken = (error: unknown): error is LogBroken | TreeBroken => error instanceof LogBroken || error instanceof TreeBroken

export const eventsAtOnce = 1000

/** Where the log of an agency is served, and so its name in notes (c2sp.org/tlog-tiles). */
export const originOf = (baseUrl: string, agency: string) => `${new URL(baseUrl).host}/.well-known/guichet/log/${agency}`

export const noteKeyOf = (origin: string, { x }: PublicKey): NoteKey => ({ name: origin, kind: 'signature', key: Buffer.from(x, 'base64url') })

export const tilesOf =
  (agency: Pick<AgencyStore, 'logTiles'>): ReadTiles =>
  (places) =>
    agency.logTiles(places)

/** The head that a stored note says, if one of our keys signed it. @throws LogBroken */
export async function headOf(keys: Pick<Keys, 'publicKeys'>, { note }: Pick<StoredCheckpoint, 'note'>) {
  const read = readNote(note)
  const head = read && readCheckpoint(read.text)
  const known = head ? keys.publicKeys.map((key) => noteKeyOf(head.origin, key)) : []
  if (!read || !head || (await signersOf(read, known)).length === 0) throw new LogBroken('the checkpoint is not ours', head?.size ?? 0)
  return head
}

/** Whether one of our keys signed a note that nobody else may have. */
export async function isSound({ publicKeys, revocations }: Pick<Keys, 'publicKeys' | 'revocations'>, note: Pick<StoredCheckpoint, 'note'>): Promise<boolean> {
  const good = publicKeys.filter((key) => !revocations.some(({ kid }) => kid === key.kid))
  return headOf({ publicKeys: good }, note).then(
    () => true,
    () => false,
  )
}

export async function signCheckpoint(keys: Keys, head: { origin: string; size: number; root: Uint8Array }, now: Date): Promise<StoredCheckpoint> {
  const text = checkpointText(head)
  const own = keys.publicKeys.find(({ kid }) => kid === keys.signer.kid) as PublicKey
  const signature = Buffer.from(keys.signer.sign(text), 'base64url')
  const signedAt = now.toISOString()
  const note = `${text}\n${signatureLine(head.origin, await keyIdOf(noteKeyOf(head.origin, own)), signature)}`
  return { period: signedAt.slice(0, 13), size: head.size, note, signedAt }
}

export function createAuditLog({ store, keys, clock, log }: { store: Store; keys: Keys; clock: Clock; log: Log }): AuditLog {
  const known = new Map<AgencyId, StoredCheckpoint>()
  const faults = new Map<AgencyId, string>()
  const patrolled = new Map<AgencyId, number>()
  const growing = new Map<AgencyId, Promise<StoredCheckpoint | null>>()

  const guarded = async <T>(agency: AgencyId, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (isBroken(error) && !faults.has(agency)) {
        faults.set(agency, error.message)
        log.error({ agency, err: error }, 'the audit log is damaged: no checkpoint is signed any more')
      }
      throw error
    }
  }
  const current = async (agency: AgencyId) => {
    const [newest] = await store.agency(agency).checkpoints(1)
    if (newest) known.set(agency, newest)
    return newest ?? null
  }

  async function growNow(agency: AgencyId, baseUrl: string, renew: boolean): Promise<StoredCheckpoint | null> {
    keys.dropRevoked(clock.now())
    const queries = store.agency(agency)
    const read = tilesOf(queries)
    const [before, head, from] = [await current(agency), await queries.auditHead(), await queries.logSize()]
    const upTo = head?.sequence ?? 0
    const signed = before ? await headOf(keys, before) : null
    const sound = !before || (await isSound(keys, before))
    // Whoever has the key could have made another log, and signed it.
    if (signed && !sound && !renew)
      throw new LogBroken('the newest checkpoint is signed by a key that was revoked; guichet keys revoke signs it anew,', signed.size)
    if (upTo < from || from < (signed?.size ?? 0)) throw new LogBroken('events or tiles are missing', Math.min(upTo, from) + 1)
    // What was signed must still be the beginning of what there is.
    if (signed && Buffer.compare(signed.root, await rootOf(signed.size, read)) !== 0) throw new LogBroken('the tree is not what was signed', signed.size)
    if (upTo === (signed?.size ?? 0) && sound) return before

    // The last event in the tree, and all after it, as they are stored now.
    const [last] = from === 0 ? [] : await queries.auditEvents(from - 1, 1)
    if (from > 0 && (!last || last.sequence !== from)) throw new LogBroken('an event is missing', from)
    if (last) await compare(queries, [leafHash(entryOf(last))], from)
    const chain = checkChain(last ?? null)
    const way = givingWay()
    let size = from
    while (size < upTo) {
      const events = await readEvents(queries, size, Math.min(grownAtOnce, upTo - size), way)
      const leaves = await leavesOf(events, chain, way)
      if (chain.brokenAt !== null || events.length === 0) throw new LogBroken('the chain is broken', chain.brokenAt ?? size + 1)
      const tiles = await grow(size, leaves, read)
      const next = size + leaves.length
      const checkpoint = next < upTo ? null : await checkpointOver(next, tiles)
      // Another replica was faster: what it made is the same.
      if (!(await queries.extendLog({ from: size, tiles, checkpoint }))) return current(agency)
      size = next
    }
    if (from === upTo) await queries.extendLog({ from, tiles: [], checkpoint: await checkpointOver(from, []) })
    return current(agency)

    async function checkpointOver(reached: number, tiles: Awaited<ReturnType<typeof grow>>): Promise<StoredCheckpoint> {
      const fresh = new Map(tiles.map(({ level, number, hashes }) => [`${level}/${number}`, hashes]))
      const root = await rootOf(reached, async (places) => {
        const stored = await read(places)
        return places.map(({ level, number }, i) => fresh.get(`${level}/${number}`) ?? stored[i] ?? null)
      })
      const made = await signCheckpoint(keys, { origin: signed?.origin ?? originOf(baseUrl, agency), size: reached, root }, clock.now())
      // The newest is the one of the last hour, also where a clock was set back or another replica's is ahead.
      return before && before.period > made.period ? { ...made, period: before.period } : made
    }
  }

  return {
    grow(agency, baseUrl, renew) {
      // One at a time, whoever asks.
      const mine = (growing.get(agency) ?? Promise.resolve(null))
        .catch(() => null)
        .then(() => guarded(agency, () => growNow(agency, baseUrl, renew === 'renew')))
      growing.set(agency, mine)
      return mine
    },
    patrol: (agency) =>
      guarded(agency, async () => {
        const queries = store.agency(agency)
        const size = await queries.logSize()
        const at = patrolled.get(agency) ?? 0
        const from = at >= size ? 0 : at
        const [before] = from === 0 ? [] : await queries.auditEvents(from - 1, 1)
        const way = givingWay()
        const events = await readEvents(queries, from, Math.min(eventsAtOnce, size - from), way)
        const chain = checkChain(before ?? null)
        const leaves = await leavesOf(events, chain, way)
        if (chain.brokenAt !== null || events.length < Math.min(eventsAtOnce, size - from))
          throw new LogBroken('the chain is broken', chain.brokenAt ?? from + 1)
        await compare(queries, leaves, from + 1)
        patrolled.set(agency, from + events.length)
      }),
    newest: (agency) => known.get(agency) ?? null,
    current,
    async proofOf(agency, sequence) {
      const queries = store.agency(agency)
      const newest = await current(agency)
      if (!newest || sequence < 1 || sequence > newest.size) return null
      const [event] = await queries.auditEvents(sequence - 1, 1)
      if (event?.sequence !== sequence) return null
      const hashes = await inclusionProof(sequence - 1, newest.size, tilesOf(queries))
      return { event, proof: writeLogProof({ index: sequence - 1, hashes, checkpoint: newest.note }) }
    },
    broken: (agency) => faults.get(agency) ?? null,
  }
}

/** Read in half a millisecond. */
const readAtOnce = 32
/** Becomes a tile, which is hashed in half a millisecond too. */
const grownAtOnce = tileWidth

/** So many events after that sequence, or what there is of them: a piece at a time, between which requests go first. */
async function readEvents(queries: Pick<AgencyStore, 'auditEvents'>, after: number, count: number, way: GivingWay): Promise<AuditEvent[]> {
  const events: AuditEvent[] = []
  for (let reached = after; events.length < count; ) {
    const wanted = Math.min(readAtOnce, count - events.length)
    const piece = await queries.auditEvents(reached, wanted)
    events.push(...piece)
    if (piece.length < wanted) break
    reached = (piece.at(-1) as AuditEvent).sequence
    if (way.due) await way.rest()
  }
  return events
}

/** What the tree holds of events. Of hundreds a second: requests that come in meanwhile go first. */
async function leavesOf(events: readonly AuditEvent[], chain: ChainCheck, way: GivingWay): Promise<Buffer[]> {
  const leaves: Buffer[] = []
  for (const event of events) {
    leaves.push(leafHash(chain.add(event)))
    if (way.due) await way.rest()
  }
  return leaves
}

/** Whether the tree holds these leaves, from that of the event `first` on. @throws LogBroken */
async function compare(queries: Pick<AgencyStore, 'logTiles'>, leaves: readonly Buffer[], first: number): Promise<void> {
  const [from, to] = [Math.floor((first - 1) / tileWidth), Math.floor((first - 2 + leaves.length) / tileWidth)]
  const places = Array.from({ length: to - from + 1 }, (_, i) => ({ level: 0, number: from + i }))
  const tiles = await queries.logTiles(places)
  for (const [i, leaf] of leaves.entries()) {
    const index = first - 1 + i
    const tile = tiles[Math.floor(index / tileWidth) - from]
    const stored = tile?.subarray((index % tileWidth) * 32, ((index % tileWidth) + 1) * 32)
    if (!stored || leaf.compare(stored) !== 0) throw new LogBroken('the event is not the one in the tree', first + i)
  }
}
