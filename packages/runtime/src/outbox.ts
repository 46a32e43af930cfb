/**
 * What was sent and not answered yet, kept in this browser until it is: sealed in IndexedDB under a key that is there too,
 * but that no script can read out. The next visit sends the same again with the same idempotency key, so it counts once.
 */
import type { UploadedFile } from '@guichet/fields/field-view'
import type { Submission } from '@guichet/schemas'
import { openText, type Sealed, sealText } from './sealed-text.ts'

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

const boxes = 'boxes'
const keyName = 'key'

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

async function inBoxes<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open('guichet', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(boxes)
  const database = await done(opening)
  try {
    const transaction = database.transaction(boxes, mode, { durability: 'strict' })
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
    const [result] = await Promise.all([work(transaction.objectStore(boxes)), ended])
    return result
  } finally {
    database.close()
  }
}

async function keyOf(): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  return inBoxes('readwrite', async (store) => {
    // Another tab may have been faster.
    const held = await done<CryptoKey | undefined>(store.get(keyName))
    if (!held) store.put(made, keyName)
    return held ?? made
  })
}

const mark = (there: boolean) => {
  if (there) localStorage.setItem(pendingMark, '1')
  else localStorage.removeItem(pendingMark)
}

/** `place`: the service's address. False where the browser keeps nothing: then it is tried again only while the page is open. */
export async function holdPending(place: string, pending: Pending): Promise<boolean> {
  const hold = async () => {
    const sealed = await sealText(await keyOf(), JSON.stringify(pending), place)
    await inBoxes('readwrite', (store) => done(store.put(sealed, place)))
    mark(true)
    return true
  }
  // Sending must not wait for a store that does not answer.
  const late = new Promise<false>((resolve) => setTimeout(resolve, 2000, false))
  return Promise.race([hold(), late]).catch(() => false)
}

export async function pendingAt(place: string): Promise<Pending | null> {
  try {
    const [key, sealed] = await inBoxes('readonly', (store) =>
      Promise.all([done<CryptoKey | undefined>(store.get(keyName)), done<Sealed | undefined>(store.get(place))]),
    )
    return key && sealed ? (JSON.parse(await openText(key, sealed, place)) as Pending) : null
  } catch {
    return null
  }
}

/** Takes the mark away if nothing is kept. */
export async function tidyMark(): Promise<void> {
  try {
    if (!(await inBoxes('readonly', (store) => done(store.getAllKeys()))).some((name) => name !== keyName)) mark(false)
  } catch {
    // It is looked at again at the next visit.
  }
}

/** Forgets it, if it is still this attempt. With the last one goes the key. */
export async function dropPending(place: string, key?: string): Promise<void> {
  try {
    if (key !== undefined && (await pendingAt(place))?.key !== key) return
    const left = await inBoxes('readwrite', async (store) => {
      store.delete(place)
      const names = (await done(store.getAllKeys())).filter((name) => name !== keyName)
      if (names.length === 0) store.delete(keyName)
      return names.length
    })
    if (left === 0) mark(false)
  } catch {
    // Nothing could be kept here, so there is nothing to forget.
  }
}
