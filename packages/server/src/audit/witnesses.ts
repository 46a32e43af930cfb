/**
 * Witnesses: somebody outside who has seen the log grow and signs that (c2sp.org/tlog-witness). They are asked behind the
 * road; one that is away holds nothing up, and is shown as away.
 */
import { type Note, type NoteKey, type NoteSigner, readNote, readNoteKey, signatureLine, signersOf, toBase64 } from '@guichet/receipts'
import type { Config } from '../config.ts'
import { type Egress, EgressError } from '../egress/egress.ts'
import type { Log } from '../log.ts'
import type { StoredCheckpoint } from '../store/audit-log.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { tilesOf } from './audit-log.ts'
import { consistencyProof } from './tree.ts'

export interface WitnessState {
  name: string
  /** As it is configured: `name+hash+base64`. */
  key: string
  /** The last size that it signed, as far as is known here. */
  size: number | null
  /** When it signed that, by its own clock. */
  at: string | null
  /** Why it did not sign the last time it was asked; null: it did, or was not asked. */
  failure: string | null
}

export interface Witnesses {
  /** Asks those that have not signed the newest checkpoint. Never throws for what a witness does. */
  ask(agency: AgencyId): Promise<void>
  state(agency: AgencyId): Promise<WitnessState[]>
}

const patience = 5000

interface Means {
  store: Store
  log: Log
  egress: Egress
}

/** Why there is no signature, where there was an answer. */
class NotSigned extends Error {}

const never = { size: null, at: null, failure: null }
/** What a witness signed last. Of those that sign, each says when (`readKeys`). */
const signedBy = ({ time }: NoteSigner, { size }: StoredCheckpoint) => ({ size, at: new Date((time as number) * 1000).toISOString(), failure: null })

/** Those of the configured that a witness can have; of the others it is said that they are none. */
async function readKeys(configured: Config['witnesses'], log: Log) {
  const read = await Promise.all(configured.map(async ({ key, url }) => ({ text: key, url, key: await readNoteKey(key) })))
  return read.flatMap(({ text, url, key }) => {
    if (key?.kind === 'cosignature') return [{ text, url, key }]
    log.error({ witness: text }, 'this is no key of a witness: nobody is asked')
    return []
  })
}

export function createWitnesses(configured: Config['witnesses'], { store, log, egress }: Means): Witnesses {
  const keys = readKeys(configured, log)
  /** By agency and witness: what it last signed, and why it did not. */
  const known = new Map<string, Pick<WitnessState, 'size' | 'at' | 'failure'>>()
  const nameOf = (agency: AgencyId, key: string) => `${agency} ${key}`

  /** The newest checkpoint, if there is one that can be read. */
  async function newestOf(agency: AgencyId): Promise<{ checkpoint: StoredCheckpoint; note: Note } | null> {
    const [checkpoint] = await store.agency(agency).checkpoints(1)
    const note = checkpoint && readNote(checkpoint.note)
    return note ? { checkpoint, note } : null
  }

  /** The line that the witness signed. @throws NotSigned; EgressError */
  async function askOne(
    agency: AgencyId,
    url: string,
    key: NoteKey,
    old: number,
    { checkpoint, note }: { checkpoint: StoredCheckpoint; note: Note },
    again = true,
  ) {
    // Where it has seen more than there is, it says so itself.
    const proof = old > checkpoint.size ? [] : await consistencyProof(old, checkpoint.size, tilesOf(store.agency(agency)))
    const body = `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint.note}`
    const answer = await egress.call({
      url: `${url.replace(/\/+$/, '')}/add-checkpoint`,
      method: 'POST',
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      body: Buffer.from(body),
      timeoutMs: patience,
      maxBytes: 16_384,
    })
    const text = Buffer.from(answer.body).toString('utf8')
    // It has signed another size last, perhaps before we started.
    const size = answer.status === 409 && /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
    if (again && size <= checkpoint.size) return askOne(agency, url, key, size, { checkpoint, note }, false)
    if (answer.status !== 200) throw new NotSigned(`status-${answer.status}`)
    // It may sign with other keys besides, which nobody here knows.
    for (const line of readNote(`${note.text}\n${text}`)?.signatures ?? []) {
      const [signer] = await signersOf({ text: note.text, signatures: [line] }, [key])
      if (signer) return { signer, line: signatureLine(line.name, line.keyId, line.signature) }
    }
    throw new NotSigned('signature')
  }

  return {
    async ask(agency) {
      const queries = store.agency(agency)
      await Promise.all(
        (await keys).map(async ({ text, url, key }) => {
          const newest = await newestOf(agency)
          if (!newest) return
          const { checkpoint, note } = newest
          const name = nameOf(agency, text)
          const [signed] = await signersOf(note, [key])
          if (signed) {
            known.set(name, signedBy(signed, checkpoint))
            return
          }
          const before = known.get(name) ?? never
          try {
            const { signer, line } = await askOne(agency, url, key, before.size ?? 0, newest)
            // Others may sign at the same time: theirs stays.
            for (let tries = 0; tries < 5; tries++) {
              const [current] = await queries.checkpoints(1)
              if (current?.size !== checkpoint.size || (await queries.cosignCheckpoint(current.size, current.note, current.note + line))) break
            }
            known.set(name, signedBy(signer, checkpoint))
          } catch (error) {
            const failure = error instanceof EgressError || error instanceof NotSigned ? error.message : 'failed'
            if (before.failure !== failure) log.warn({ agency, witness: key.name, failure }, 'a witness did not sign')
            known.set(name, { ...before, failure })
          }
        }),
      )
    },
    async state(agency) {
      const newest = await newestOf(agency)
      return Promise.all(
        (await keys).map(async ({ text, key }) => {
          // Another replica may have asked.
          const [signed] = newest ? await signersOf(newest.note, [key]) : []
          return { name: key.name, key: text, ...(signed && newest ? signedBy(signed, newest.checkpoint) : (known.get(nameOf(agency, text)) ?? never)) }
        }),
      )
    },
  }
}
