/**
 * Whether a receipt is authentic, whether it is about what somebody has in hand, and whether it is in the log. What cannot
 * be shown counts as not so.
 */
import type { AuditEvent, Receipt } from '@guichet/schemas'
import { equal, sha256, toBase64, toBase64Url, utf8 } from './bytes.ts'
import { canonical } from './canonical.ts'
import { type Believed, believedKeys, type KeySet, readJws, readKeySet } from './keys.ts'
import { readLogProof } from './log-proof.ts'
import { leafHash, rootOfInclusion } from './merkle.ts'
import { type Checkpoint, type Note, type NoteKey, readCheckpoint, readNote, signersOf, verifyEd25519 } from './note.ts'

export interface ReceiptInput {
  /** The text of the receipt's file. */
  file: string
  /** Keys that were got from the agency, not with the receipt; null: there are none to compare with. */
  keys: KeySet | null
  /** The answers that somebody has in hand, parsed; undefined: those in the file, if it has any. */
  answers?: unknown
  /** SHA-256 of files that somebody has in hand. */
  files?: readonly { name: string; sha256: Uint8Array }[]
  /** Signed checkpoints from elsewhere: a newspaper, a witness, another receipt. */
  checkpoints?: readonly string[]
  /** Witnesses that are believed. */
  witnesses?: readonly NoteKey[]
}

export type LogVerdict =
  | { state: 'in'; index: number; size: number; origin: string }
  | { state: 'not-yet' }
  /** It leads to a checkpoint that only a key has signed which was revoked since: a proof that is fetched now says more. */
  | { state: 'revoked' }
  /** What came with the receipt does not prove it: the event is about something else, the hashes lead elsewhere, or nobody believed signed. */
  | { state: 'wrong'; why: 'event' | 'proof' | 'checkpoint' }

export interface Verdict {
  /**
   * `own-key`: it holds by a key that came with the receipt, which whoever forges a receipt sends along: compare the key.
   * `revoked`: the key may be in other hands, and nothing shows that it signed this before. `forged`: no known key signed it.
   * `malformed`: it is no receipt at all.
   */
  signature: 'trusted' | 'own-key' | 'revoked' | 'forged' | 'malformed'
  /** When its key was revoked, as it stands in the keys (RFC 3339); null: it was not. Trusted all the same, it is shown by the log. */
  revokedAt: string | null
  /** What it says; null where that is nothing. */
  receipt: Receipt | null
  kid: string | null
  content: 'same' | 'differs' | 'not-given'
  /** The receipt's files, each with whether one in hand is it, and those in hand that are none of them. */
  files: { target: string; size: number; state: 'same' | 'not-given' }[]
  strangers: string[]
  log: LogVerdict
  witnesses: { name: string; at: string }[]
  /** Two checkpoints of one size, both signed by the log, over different contents: the log was shown differently to different people. */
  fork: boolean
  /** Checkpoints from elsewhere that say nothing about this receipt: of another log, of another size, or not signed. */
  useless: number
}

const members = new Set(['format', 'jws', 'payload', 'keys', 'event', 'proof', 'checkpoint', 'answers'])

interface ReceiptFile {
  jws: string
  payload?: unknown
  keys?: unknown
  event?: AuditEvent
  proof?: string
  checkpoint?: string
  answers?: unknown
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOrNone = (value: unknown) => value === undefined || typeof value === 'string'
const digestOf = async (text: string) => `sha256-${toBase64Url(await sha256(utf8(text)))}`

function readFile(text: string): ReceiptFile | null {
  try {
    const value: unknown = JSON.parse(text)
    if (!isRecord(value) || value.format !== 'guichet-receipt/1' || typeof value.jws !== 'string') return null
    if (!Object.keys(value).every((name) => members.has(name)) || !textOrNone(value.proof) || !textOrNone(value.checkpoint)) return null
    if (value.event !== undefined && !isRecord(value.event)) return null
    return value as unknown as ReceiptFile
  } catch {
    return null
  }
}

/** What is used of it, as it has to be. */
function readReceipt(value: unknown): Receipt | null {
  if (!isRecord(value)) return null
  const texts = ['iss', 'agency', 'service', 'submission', 'receivedAt', 'answersDigest', 'salt', 'definitionDigest']
  if (!texts.every((name) => typeof value[name] === 'string') || !Array.isArray(value.attachments) || !value.attachments.every(isRecord)) return null
  return value as unknown as Receipt
}

const nothing: Verdict = {
  signature: 'malformed',
  revokedAt: null,
  receipt: null,
  kid: null,
  content: 'not-given',
  files: [],
  strangers: [],
  log: { state: 'not-yet' },
  witnesses: [],
  fork: false,
  useless: 0,
}

export async function verifyReceipt({ file: text, keys, answers, files = [], checkpoints = [], witnesses = [] }: ReceiptInput): Promise<Verdict> {
  const file = readFile(text)
  const jws = file && readJws(file.jws, 'eservice-receipt+jws')
  const receipt = jws && readReceipt(jws.payload)
  if (!file || !jws || !receipt || (file.payload !== undefined && canonical(file.payload) !== canonical(receipt))) return nothing
  const brought = readKeySet(file.keys)
  const believed = await believedKeys(keys ?? brought ?? { keys: [] }, brought ?? {})
  const key = believed.keys.get(jws.kid)
  // Of what nobody signed there is nothing more to be said.
  if (!key || !(await verifyEd25519(key, jws.signature, jws.content))) return { ...nothing, signature: 'forged', receipt, kid: jws.kid }

  const [log, head, note] = await lookInLog(receipt, file, believed)
  const revokedAt = believed.revoked.get(jws.kid) ?? null
  const others = await compareHeads(head, file.checkpoint, checkpoints, receipt.agency, believed)
  const seen = note
    ? await signersOf(
        note,
        witnesses.filter(({ kind }) => kind === 'cosignature'),
      )
    : []
  return {
    signature: revokedAt !== null && log.state !== 'in' ? 'revoked' : keys ? 'trusted' : 'own-key',
    revokedAt,
    receipt,
    kid: jws.kid,
    content: await compareAnswers(receipt, answers === undefined ? file.answers : answers),
    ...(await compareFiles(receipt, files)),
    log,
    witnesses: seen.map(({ key: { name }, time }) => ({ name, at: new Date((time as number) * 1000).toISOString() })),
    fork: others.fork,
    useless: others.useless,
  }
}

async function compareAnswers({ salt, answersDigest }: Receipt, answers: unknown): Promise<Verdict['content']> {
  if (answers === undefined) return 'not-given'
  return (await digestOf(`${salt}.${canonical(answers)}`)) === answersDigest ? 'same' : 'differs'
}

async function compareFiles({ salt, attachments }: Receipt, files: NonNullable<ReceiptInput['files']>): Promise<Pick<Verdict, 'files' | 'strangers'>> {
  const given = await Promise.all(
    files.map(async ({ name, sha256: bytes }) => {
      const digest = `sha256-${toBase64Url(bytes)}`
      return { name, digest, commitment: await digestOf(`${salt}.${digest}`), used: false }
    }),
  )
  const found = attachments.map(({ target, size, digest, commitment }) => {
    const same = given.filter((each) => (commitment ? each.commitment === commitment : each.digest === digest))
    for (const each of same) each.used = true
    return { target, size, state: same.length > 0 ? ('same' as const) : ('not-given' as const) }
  })
  return { files: found, strangers: given.filter(({ used }) => !used).map(({ name }) => name) }
}

const isLogOf = (agency: string, { origin }: Checkpoint) => origin.endsWith(`/.well-known/guichet/log/${agency}`)

/** The head of a note that the agency's log signed by a believed key; whether by one that was not revoked. */
async function signedHead(note: Note | null, agency: string, { keys, revoked }: Believed): Promise<(Checkpoint & { sound: boolean }) | null> {
  const head = note && readCheckpoint(note.text)
  if (!note || !head || !isLogOf(agency, head)) return null
  const all = [...keys].map(([kid, key]) => ({ kid, key: { name: head.origin, kind: 'signature' as const, key } }))
  const signers = await signersOf(
    note,
    all.map(({ key }) => key),
  )
  if (signers.length === 0) return null
  return { ...head, sound: signers.some((signer) => all.some(({ kid, key }) => key === signer.key && !revoked.has(kid))) }
}

/** Also the head that it leads to, and the note where it is in the log. */
async function lookInLog(receipt: Receipt, { event, proof: text }: ReceiptFile, believed: Believed): Promise<[LogVerdict, Checkpoint | null, Note?]> {
  if (text === undefined) return [{ state: 'not-yet' }, null]
  const proof = readLogProof(text)
  if (!proof) return [{ state: 'wrong', why: 'proof' }, null]
  const note = readNote(proof.checkpoint)
  const head = await signedHead(note, receipt.agency, believed)
  if (!note || !head) return [{ state: 'wrong', why: 'checkpoint' }, null]
  if (!event || !isAbout(event, receipt) || proof.index + 1 !== receipt.auditSequence) return [{ state: 'wrong', why: 'event' }, head]
  const { digest: _digest, ...entry } = event
  const leaf = await leafHash(utf8(canonical(entry)))
  if (receipt.leaf !== undefined && receipt.leaf !== `sha256-${toBase64Url(leaf)}`) return [{ state: 'wrong', why: 'event' }, head]
  const root = await rootOfInclusion(leaf, proof.index, head.size, proof.hashes)
  if (!root || !equal(root, head.root)) return [{ state: 'wrong', why: 'proof' }, head]
  if (!head.sound) return [{ state: 'revoked' }, head]
  return [{ state: 'in', index: proof.index, size: head.size, origin: head.origin }, head, note]
}

/** Whether the event says that this submission was received, with these contents. */
const isAbout = (event: AuditEvent, { agency, submission, answersDigest, auditSequence, receivedAt }: Receipt) =>
  event.agency === agency &&
  event.sequence === auditSequence &&
  event.action === 'submission.received' &&
  event.object === `submission:${submission}` &&
  event.time === receivedAt &&
  event.details?.answers === answersDigest

/** What checkpoints from elsewhere say about the one in the proof, and about the one beside it. */
async function compareHeads(
  head: Checkpoint | null,
  own: string | undefined,
  others: readonly string[],
  agency: string,
  believed: Believed,
): Promise<{ fork: boolean; useless: number }> {
  const roots = new Map<string, string>()
  let fork = false
  /** Whether there was something to compare it with. */
  const compare = (other: Checkpoint): boolean => {
    const name = `${other.origin} ${other.size}`
    const [known, root] = [roots.get(name), toBase64(other.root)]
    roots.set(name, known ?? root)
    if (known !== undefined && known !== root) fork = true
    return known !== undefined
  }
  const beside = own === undefined ? null : await signedHead(readNote(own), agency, believed)
  for (const each of [head, beside]) if (each) compare(each)
  let useless = 0
  for (const text of others) {
    const other = await signedHead(readNote(text), agency, believed)
    if (!other || !compare(other)) useless++
  }
  return { fork, useless }
}
