/**
 * Witnesses: somebody outside who has seen the log grow and signs that (c2sp.org/tlog-witness). They are asked behind the
 * road; one that is away holds nothing up, and is shown as away.
 */
import { type NoteKey, readCheckpoint, readNote, readNoteKey, signatureLine, signersOf, toBase64 } from '@guichet/receipts'
import type { Clock } from '../clock.ts'
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
  clock: Clock
  log: Log
  egress: Egress
}

export function createWitnesses(configured: Config['witnesses'], { store, log, egress }: Means): Witnesses {
  const keys = Promise.all(configured.map(async ({ key, url }) => ({ text: key, url, key: await readNoteKey(key) })))
  /** By agency and witness: what it last signed, and why it did not. */
  const known = new Map<string, Pick<WitnessState, 'size' | 'at' | 'failure'>>()
  const nameOf = (agency: AgencyId, key: string) => `${agency} ${key}`

  /** Signed lines, or why there are none. */
  async function askOne(agency: AgencyId, url: string, key: NoteKey, old: number, checkpoint: StoredCheckpoint, again = true): Promise<string> {
    const proof = old === 0 || old > checkpoint.size ? [] : await consistencyProof(old, checkpoint.size, tilesOf(store.agency(agency)))
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
    const size = answer.status === 409 && /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : null
    if (size !== null && size !== old && size <= checkpoint.size && again) return askOne(agency, url, key, size, checkpoint, false)
    if (answer.status !== 200) throw new Error(`status-${answer.status}`)
    const note = readNote(checkpoint.note)
    const answered = readNote(`${note?.text ?? ''}\n${text}`)
    const line = answered?.signatures.find(({ name }) => name === key.name)
    if (!answered || !line || (await signersOf(answered, [key])).length === 0) throw new Error('signature')
    return signatureLine(line.name, line.keyId, line.signature)
  }

  return {
    async ask(agency) {
      const queries = store.agency(agency)
      await Promise.all(
        (await keys).map(async ({ text, url, key }) => {
          const [checkpoint] = await queries.checkpoints(1)
          const note = checkpoint && readNote(checkpoint.note)
          if (!key || !checkpoint || !note) return
          const name = nameOf(agency, text)
          const [signed] = await signersOf(note, [key])
          if (signed) {
            known.set(name, { size: checkpoint.size, at: new Date((signed.time ?? 0) * 1000).toISOString(), failure: null })
            return
          }
          const before = known.get(name)
          try {
            const line = await askOne(agency, url, key, before?.size ?? 0, checkpoint)
            // Others may sign at the same time: theirs stays.
            for (let tries = 0; tries < 5; tries++) {
              const [current] = await queries.checkpoints(1)
              if (current?.size !== checkpoint.size || (await queries.cosignCheckpoint(current.size, current.note, current.note + line))) break
            }
            const [seen] = await signersOf(readNote(`${note.text}\n${line}`) ?? note, [key])
            known.set(name, { size: checkpoint.size, at: new Date((seen?.time ?? 0) * 1000).toISOString(), failure: null })
          } catch (error) {
            const failure =
              error instanceof EgressError ? error.failure : /^(status-\d{3}|signature)$/.test((error as Error).message) ? (error as Error).message : 'failed'
            if (before?.failure !== failure) log.warn({ agency, witness: key.name, failure }, 'a witness did not sign')
            known.set(name, { size: before?.size ?? null, at: before?.at ?? null, failure })
          }
        }),
      )
    },
    async state(agency) {
      const [checkpoint] = await store.agency(agency).checkpoints(1)
      const note = checkpoint && readNote(checkpoint.note)
      const head = note && readCheckpoint(note.text)
      return Promise.all(
        (await keys)
          .flatMap(({ text, key }) => (key ? [{ text, key }] : []))
          .map(async ({ text, key }) => {
            const [signed] = note ? await signersOf(note, [key]) : []
            const before = known.get(nameOf(agency, text))
            // Another replica may have asked.
            if (signed && head) return { name: key.name, key: text, size: head.size, at: new Date((signed.time ?? 0) * 1000).toISOString(), failure: null }
            return { name: key.name, key: text, size: before?.size ?? null, at: before?.at ?? null, failure: before?.failure ?? null }
          }),
      )
    },
  }
}
