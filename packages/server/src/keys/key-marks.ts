/**
 * Whether the key folder is the one that belongs to the database. Replicas share it; one with a folder of its own would
 * seal what no other can open, and sign with keys that nobody publishes. The database keeps a mark of each key, by which
 * it is known again and from which it cannot be told; whose mark comes first counts.
 */
import type { Store } from '../store/store.ts'
import type { Keys } from './key-folder.ts'

export class OtherKeys extends Error {}

/**
 * Makes the sealing keys of this month and the next in passing, so that a folder that is not shared is found out before it
 * is used. @throws OtherKeys
 */
export async function checkKeys(store: Store, keys: Keys, now: Date): Promise<void> {
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    const ours = keys.marks(id, now)
    // The pepper first and alone: who has another one must leave no marks of keys that nobody else has.
    compare(id, ours, await agency.markKeys(new Map([...ours].filter(([name]) => name === pepper))))
    compare(id, ours, await agency.markKeys(ours))
  }
}

const pepper = 'pepper'

function compare(agency: string, ours: ReadonlyMap<string, string>, noted: ReadonlyMap<string, string>) {
  const others = [...ours].flatMap(([name, mark]) => ((noted.get(name) ?? mark) === mark ? [] : [name]))
  // A sealing key may have been destroyed on purpose; whoever signs or checks needs all the others.
  const missing = [...noted.keys()].filter((name) => !ours.has(name) && !name.startsWith('sealing/'))
  if (others.length === 0 && missing.length === 0) return
  const faults = [...others.map((name) => `${name} is another one`), ...missing.map((name) => `${name} is missing`)]
  throw new OtherKeys(
    `The folder keys in DATA_DIR does not belong to this database (${agency}: ${faults.join(', ')}). ` +
      'Give all servers of a database the same folder, and a restored database the keys that were saved with it.',
  )
}
