/**
 * What was sent and not answered yet, kept in this browser until it is: sealed in IndexedDB under a key that is there too,
 * but that no script can read out. The next visit sends the same again with the same idempotency key, so it counts once.
 */
import type { UploadedFile } from '@guichet/fields/field-view'
import type { Submission } from '@guichet/schemas'
import { dropBox, holdBox, openBoxAt, placesHeld } from './sealed-boxes.ts'

export interface Pending {
  submission: Submission
  key: string
  /** When it was sent first. */
  at: string
  /** Keys of what it is sent instead of (sending.ts). */
  instead?: readonly string[]
  /** What is known of its files. */
  files: UploadedFile[]
  /** Id of the draft it was made of. */
  draft?: string
}

/** For how long the server is sure to know the key still. */
const knownFor = 6 * 24 * 3600_000
export const mayBeSentAgain = ({ at }: Pending) => Date.now() - Date.parse(at) < knownFor

/** Tells the element, which looks without opening anything, that there is something to look for. No answer is in it. */
export const pendingMark = 'guichet-pending'

/** What is kept while somebody signs in is not sent by itself (sign-in.ts). */
const isPending = (place: string) => !place.endsWith('#sign-in')

const mark = (there: boolean) => {
  if (there) localStorage.setItem(pendingMark, '1')
  else localStorage.removeItem(pendingMark)
}

/** `place`: the service's address. False where the browser keeps nothing: then it is tried again only while the page is open. */
export async function holdPending(place: string, pending: Pending): Promise<boolean> {
  const hold = async () => {
    await holdBox(place, pending)
    mark(true)
    return true
  }
  return unlessLate(hold(), false).catch(() => false)
}

/** Neither sending nor the confirmation waits for a store that does not answer, which happens where another tab has just been closed. */
const unlessLate = <T>(work: Promise<T>, otherwise: T): Promise<T> => Promise.race([work, new Promise<T>((resolve) => setTimeout(resolve, 2000, otherwise))])

export async function pendingAt(place: string): Promise<Pending | null> {
  try {
    return (await openBoxAt(place)) as Pending | null
  } catch {
    return null
  }
}

/** Takes the mark away if nothing is kept. */
export async function tidyMark(): Promise<void> {
  try {
    if (!(await placesHeld()).some(isPending)) mark(false)
  } catch {
    // It is looked at again at the next visit.
  }
}

/** Forgets it, if it is still this attempt. With the last one goes the key. */
export function dropPending(place: string, key?: string): Promise<void> {
  const drop = async () => {
    if (key !== undefined && (await pendingAt(place))?.key !== key) return
    await dropBox(place)
    if (!(await placesHeld()).some(isPending)) mark(false)
  }
  // Where nothing could be kept there is nothing to forget; what is forgotten late is sent again with its key, and counts once.
  return unlessLate(drop(), undefined).catch(() => {})
}
