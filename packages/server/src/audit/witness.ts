/**
 * A witness (c2sp.org/tlog-witness): remembers the last checkpoint of each log that it was told to watch, and signs the next
 * one only if that log has grown from it. It stands by itself: a folder with its key and what it has seen, no database.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import {
  type Checkpoint,
  cosignedText,
  fromBase64,
  isConsistent,
  keyIdOf,
  type NoteKey,
  readCheckpoint,
  readNote,
  signatureLine,
  signersOf,
  timestampBytes,
  toBase64,
  writeNoteKey,
} from '@guichet/receipts'
import { makeFolderDurably, writeDurably } from '../durable.ts'

export interface Witness {
  /** Its own key, to be given to those whose logs it watches, and to those who check receipts. */
  readonly key: string
  /** Answers a request to `add-checkpoint`. */
  add(body: string, now: Date): Promise<{ status: number; body: string; type?: string }>
}

interface Seen {
  origin: string
  size: number
  root: string
  note: string
}

/** `folder` holds `witness.pem` and a file for each log; made if need be. `logs`: keys of logs that it watches. */
export async function openWitness(folder: string, name: string, logs: readonly NoteKey[]): Promise<Witness> {
  makeFolderDurably(folder)
  const pemFile = join(folder, 'witness.pem')
  if (!existsSync(pemFile)) writeDurably(pemFile, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string)
  const secret = createPrivateKey(readFileSync(pemFile, 'utf8'))
  const { x } = createPublicKey(secret).export({ format: 'jwk' }) as { x: string }
  const own: NoteKey = { name, kind: 'cosignature', key: Buffer.from(x, 'base64url') }
  const keyId = await keyIdOf(own)

  const fileOf = (origin: string) => join(folder, `${createHash('sha256').update(origin).digest('hex')}.json`)
  const seenOf = (origin: string): Seen | null => (existsSync(fileOf(origin)) ? (JSON.parse(readFileSync(fileOf(origin), 'utf8')) as Seen) : null)
  /** What is looked at and what is written must be one: requests wait for each other. */
  let last: Promise<unknown> = Promise.resolve()

  async function add(body: string, now: Date): Promise<{ status: number; body: string; type?: string }> {
    const request = readRequest(body)
    if (!request) return { status: 400, body: 'no request\n' }
    const { old, proof, note, head } = request
    const watched = logs.filter((key) => key.name === head.origin)
    if (watched.length === 0) return { status: 404, body: 'no such log here\n' }
    if ((await signersOf(note, watched)).length === 0) return { status: 403, body: 'not signed by the log\n' }
    if (old > head.size) return { status: 400, body: 'smaller than before\n' }
    const seen = seenOf(head.origin)
    if (old !== (seen?.size ?? 0)) return { status: 409, body: `${seen?.size ?? 0}\n`, type: 'text/x.tlog.size' }
    if (seen && old === head.size && seen.root !== toBase64(head.root)) return { status: 409, body: 'another log of the same size\n' }
    // From nothing everything grows, and there is no proof to give.
    const consistent = seen ? await isConsistent({ size: seen.size, root: Buffer.from(seen.root, 'base64') }, head, proof) : proof.length === 0
    if (!consistent) return { status: 422, body: 'not what was signed before, continued\n' }
    const next: Seen = { origin: head.origin, size: head.size, root: toBase64(head.root), note: `${note.text}\n` }
    writeDurably(fileOf(head.origin), `${JSON.stringify(next)}\n`)
    const seconds = Math.floor(now.getTime() / 1000)
    const signature = sign(null, Buffer.from(cosignedText(note.text, seconds)), secret)
    return { status: 200, body: signatureLine(name, keyId, Buffer.concat([timestampBytes(seconds), signature])) }
  }

  return {
    key: await writeNoteKey(own),
    add(body, now) {
      const mine = last.then(() => add(body, now))
      last = mine.catch(() => {})
      return mine
    },
  }
}

/** Null for what is no request. */
function readRequest(body: string): { old: number; proof: Uint8Array[]; note: NonNullable<ReturnType<typeof readNote>>; head: Checkpoint } | null {
  const [, old, lines = '', text = ''] = /^old (0|[1-9]\d{0,15})\n((?:[^\n]+\n){0,63})\n(.*)$/s.exec(body) ?? []
  const proof = lines.split('\n').slice(0, -1).map(fromBase64)
  const note = readNote(text)
  const head = note && readCheckpoint(note.text)
  if (!head || !proof.every((hash) => hash?.length === 32)) return null
  return { old: Number(old), proof: proof as Uint8Array[], note, head }
}

const largest = 65_536

/** Serves `POST /add-checkpoint`, and its key at `GET /`. */
export function serveWitness(witness: Witness, now: () => Date): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body)
    if (request.method === 'GET' && request.url === '/') return answer(200, `${witness.key}\n`)
    if (request.method !== 'POST' || request.url !== '/add-checkpoint') return answer(404, 'not found\n')
    const parts: Buffer[] = []
    let size = 0
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size <= largest) parts.push(part)
      else if (!response.headersSent) answer(413, 'too large\n')
    })
    request.on('end', () => {
      if (size > largest) return
      witness.add(Buffer.concat(parts).toString('utf8'), now()).then(
        ({ status, body, type }) => answer(status, body, type),
        () => answer(500, 'failed\n'),
      )
    })
    request.on('error', () => {})
    return undefined
  })
}
