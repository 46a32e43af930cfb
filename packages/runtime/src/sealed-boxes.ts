/**
 * What this browser keeps over a leave, in IndexedDB: sealed under a key that is there too, but that no script can read out.
 * With the last box goes the key.
 */
import { openText, type Sealed, sealText } from './sealed-text.ts'

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

/** Seals a value and keeps it at a place, over what was there. */
export async function holdBox(place: string, value: unknown): Promise<void> {
  const sealed = await sealText(await keyOf(), JSON.stringify(value), place)
  await inBoxes('readwrite', (store) => done(store.put(sealed, place)))
}

/** Null where there is none. @throws where the browser keeps nothing */
export async function openBoxAt(place: string): Promise<unknown> {
  const [key, sealed] = await inBoxes('readonly', (store) =>
    Promise.all([done<CryptoKey | undefined>(store.get(keyName)), done<Sealed | undefined>(store.get(place))]),
  )
  return key && sealed ? JSON.parse(await openText(key, sealed, place)) : null
}

/** Names of the places that hold a box. */
export const placesHeld = async (): Promise<string[]> =>
  (await inBoxes('readonly', (store) => done(store.getAllKeys()))).map(String).filter((name) => name !== keyName)

/** Gives how many are left. */
export const dropBox = (place: string): Promise<number> =>
  inBoxes('readwrite', async (store) => {
    store.delete(place)
    const left = (await done(store.getAllKeys())).filter((name) => name !== keyName)
    if (left.length === 0) store.delete(keyName)
    return left.length
  })
