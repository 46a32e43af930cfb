/** The script of a log's page: checks that what was signed only grew, and that it grew from what this browser saw before. */
import { believedKeys, fromBase64, isConsistent, type KeySet, type NoteKey, readCheckpoint, readNote, signersOf, type TreeHead, toBase64 } from '../index.ts'

interface Shown {
  /** Where the log's files are. */
  prefix: string
  keys: KeySet
  /** Newest first. */
  notes: readonly string[]
  texts: { checking: string; good: string; again: string; bad: string; unchecked: string }
  language: string
}
const shown = JSON.parse(document.getElementById('log')?.textContent ?? 'null') as Shown
const said = document.getElementById('checked') as HTMLElement

/** It was looked at, and is not as it should be. */
class Wrong extends Error {}

const { keys, revoked } = await believedKeys(shown.keys)

/** States from before a key was revoked may be signed by it; the newest one never, since that one carries the others. */
async function headOf(text: string, i: number): Promise<TreeHead & { origin: string }> {
  const note = readNote(text)
  const head = note && readCheckpoint(note.text)
  if (!note || !head) throw new Wrong()
  const good = [...keys].filter(([kid]) => i > 0 || !revoked.has(kid))
  const all = good.map(([, key]): NoteKey => ({ name: head.origin, kind: 'signature', key }))
  if ((await signersOf(note, all)).length === 0) throw new Wrong()
  return head
}

async function compare(before: TreeHead, after: TreeHead) {
  let proof: (Uint8Array | null)[] = []
  if (before.size > 0 && before.size < after.size) {
    const answer = await fetch(`${shown.prefix}/consistency/${before.size}/${after.size}`)
    if (!answer.ok) throw new Error('no proof')
    proof = ((await answer.json()) as { proof: string[] }).proof.map(fromBase64)
  }
  if (!proof.every((hash) => hash !== null) || !(await isConsistent(before, after, proof as Uint8Array[]))) throw new Wrong()
}

interface Seen {
  size: number
  root: string
  at: string
}
const place = `guichet-log ${shown.prefix}`
const seenBefore = (): Seen | null => {
  try {
    return JSON.parse(localStorage.getItem(place) ?? 'null') as Seen | null
  } catch {
    return null
  }
}

async function check(): Promise<string> {
  const heads = await Promise.all(shown.notes.map(headOf))
  for (let i = heads.length - 1; i > 0; i--) await compare(heads[i] as TreeHead, heads[i - 1] as TreeHead)
  const [newest] = heads
  if (!newest) return shown.texts.unchecked
  const before = seenBefore()
  if (before) await compare({ size: before.size, root: fromBase64(before.root) ?? new Uint8Array() }, newest)
  try {
    localStorage.setItem(place, JSON.stringify({ size: newest.size, root: toBase64(newest.root), at: new Date().toISOString() } satisfies Seen))
  } catch {
    // Nothing is kept here; then the next visit compares nothing.
  }
  if (!before) return shown.texts.good
  const date = new Intl.DateTimeFormat(shown.language, { dateStyle: 'long' }).format(new Date(before.at))
  return `${shown.texts.good} ${shown.texts.again.replace('{date}', date).replace('{size}', new Intl.NumberFormat(shown.language).format(before.size))}`
}

said.textContent = shown.texts.checking
try {
  said.textContent = await check()
} catch (error) {
  said.textContent = error instanceof Wrong ? shown.texts.bad : shown.texts.unchecked
  if (error instanceof Wrong) said.classList.add('wrong')
}
