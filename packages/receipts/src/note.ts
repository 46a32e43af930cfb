/**
 * Signed notes and what logs say in them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature):
 * Ed25519 alone.
 */
import { type Bytes, concat, equal, fromBase64, sha256, toBase64, utf8 } from './bytes.ts'

/** 0x01: signs the text. 0x04: a witness, which signs the text and the time at which it saw it. */
const kinds = { signature: 0x01, cosignature: 0x04 } as const
export type KeyKind = keyof typeof kinds

/** Who may sign a note. */
export interface NoteKey {
  name: string
  kind: KeyKind
  /** Of the public key; 32 bytes. */
  key: Uint8Array
}

export interface Note {
  /** With its last newline: what is signed. */
  text: string
  signatures: readonly { name: string; keyId: Bytes; signature: Bytes }[]
}

export interface Checkpoint {
  origin: string
  size: number
  root: Bytes
}

const isName = (name: string) => name !== '' && !/[\s+\p{Zs}]/u.test(name)

/** The first four bytes by which a signature says whose it is. */
export const keyIdOf = async ({ name, kind, key }: NoteKey): Promise<Bytes> => (await sha256(utf8(`${name}\n`), Uint8Array.of(kinds[kind]), key)).slice(0, 4)

/** `name+hash+base64`, as keys of notes are handed on. */
export async function writeNoteKey(key: NoteKey): Promise<string> {
  const id = Array.from(await keyIdOf(key), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${key.name}+${id}+${toBase64(concat(Uint8Array.of(kinds[key.kind]), key.key))}`
}

/** Null for what is no such key. */
export async function readNoteKey(text: string): Promise<NoteKey | null> {
  const [, name = '', , encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = fromBase64(encoded)
  const kind = (Object.keys(kinds) as KeyKind[]).find((each) => kinds[each] === bytes?.[0])
  if (!isName(name) || !kind || bytes?.length !== 33) return null
  const key: NoteKey = { name, kind, key: bytes.slice(1) }
  return (await writeNoteKey(key)) === text ? key : null
}

/** Null for what is no note. */
export function readNote(text: string): Note | null {
  const split = text.lastIndexOf('\n\n')
  if (split < 0 || !text.endsWith('\n') || /(?!\n)\p{Cc}|\ufffd/u.test(text)) return null
  const signatures: Note['signatures'][number][] = []
  for (const line of text.slice(split + 2, -1).split('\n')) {
    const [, name = '', encoded = ''] = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = fromBase64(encoded)
    if (!isName(name) || !bytes || bytes.length < 5) return null
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: text.slice(0, split + 1), signatures }
}

/** Null for what is no checkpoint. Lines after the third belong to nobody we know; they are signed with the rest. */
export function readCheckpoint(text: string): Checkpoint | null {
  const [, origin = '', size, encoded = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n/.exec(text) ?? []
  const root = fromBase64(encoded)
  return Number.isSafeInteger(Number(size)) && root?.length === 32 ? { origin, size: Number(size), root } : null
}

export const checkpointText = ({ origin, size, root }: { origin: string; size: number; root: Uint8Array }) => `${origin}\n${size}\n${toBase64(root)}\n`

/** A line under a note. `signature` is what the kind of key asks for. */
export const signatureLine = (name: string, keyId: Uint8Array, signature: Uint8Array) => `— ${name} ${toBase64(concat(keyId, signature))}\n`

/** What a witness signs: the text, and the seconds since 1970 at which it saw it. */
export const cosignedText = (text: string, seconds: number) => `cosignature/v1\ntime ${seconds}\n${text}`

/** Eight bytes, the highest first, as they stand before a witness's signature. */
export function timestampBytes(seconds: number): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seconds))
  return bytes
}

export async function verifyEd25519(key: Uint8Array, signature: Uint8Array, content: Uint8Array): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false
  try {
    const imported = await crypto.subtle.importKey('raw', concat(key), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, concat(signature), concat(content))
  } catch (error) {
    // Some platforms refuse a key that is no point of the curve. One that knows no Ed25519 at all must not say "forged".
    if ((error as Error).name === 'NotSupportedError') throw error
    return false
  }
}

export interface NoteSigner {
  key: NoteKey
  /** Seconds since 1970; of a witness. */
  time: number | null
}

/** The last that a Date can say: a witness whose clock is beyond it has seen nothing. */
const lastSecond = 8_640_000_000_000

/** Which of these keys signed the note. A wrong signature under a known key counts as none: the caller sees who is missing. */
export async function signersOf(note: Note, keys: readonly NoteKey[]): Promise<NoteSigner[]> {
  const found: NoteSigner[] = []
  for (const key of keys) {
    const id = await keyIdOf(key)
    for (const { name, keyId, signature } of note.signatures) {
      if (name !== key.name || !equal(keyId, id)) continue
      const seconds = key.kind === 'cosignature' && signature.length === 72 ? Number(new DataView(signature.buffer).getBigUint64(0)) : null
      const signed = seconds === null ? note.text : cosignedText(note.text, seconds)
      if (key.kind === 'cosignature' && (seconds === null || seconds > lastSecond)) continue
      if (!(await verifyEd25519(key.key, seconds === null ? signature : signature.slice(8), utf8(signed)))) continue
      found.push({ key, time: seconds })
      break
    }
  }
  return found
}
