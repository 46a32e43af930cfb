/**
 * Destroys the keys and files of what was erased. The rows are gone by then, and what is still to be done stands in the
 * database: whoever is stopped in the middle, or another replica, goes on from there. Only then is there a certificate.
 */
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import type { MonthState } from '../keys/key-folder.ts'
import type { SealedOwner } from '../keys/month-key.ts'
import { KeyGone } from '../keys/seal-box.ts'
import type { Shred } from '../store/erasure.ts'
import { type AgencyStore, Conflict } from '../store/store.ts'
import { type Certificate, signCertificate } from './certificate.ts'
import { auditNoteOwner, monthRange } from './owners.ts'

export type ShredAdapters = Pick<Adapters, 'files' | 'keys' | 'lived' | 'clock'>

const portion = 2000
/** A key of more parts than this is reduced to what it still has to open. */
const largest = 20_000
/** Nothing is on its way any more that was sealed in a month which ended so long ago. */
const settledAfter = 2 * 24 * 3600_000

/** Gives the certificates that there are now. */
export async function shred(adapters: ShredAdapters, { baseUrl }: Pick<Config, 'baseUrl'>, agency: AgencyStore): Promise<string[]> {
  const pending = await agency.shreds()
  const done: string[] = []
  for (const [id, of] of grouped(pending, ({ certificate }) => certificate)) {
    const record = await agency.certificate(id)
    if (!record) continue
    const keys: Certificate['keys'][number][] = []
    for (const [month, owners] of grouped(of, ({ bucket }) => bucket)) if (month !== null) keys.push(await destroyKeys(adapters, agency, month, owners))
    const files = of.flatMap(({ file }) => file ?? [])
    for (const file of files) await adapters.files.remove(agency.id, file)
    const at = adapters.clock.now().toISOString()
    const jws = signCertificate({ iss: baseUrl, agency: agency.id, keys, files: files.length }, record, at, adapters.keys.signer)
    try {
      await agency.certify(id, jws, { actor: 'system', at })
    } catch (error) {
      // Another replica was at it too, and has said so first.
      if (!(error instanceof Conflict)) throw error
    }
    done.push(id)
  }
  if (done.length > 0) await agency.forget()
  return done
}

async function destroyKeys({ keys, lived }: ShredAdapters, agency: AgencyStore, month: string, of: readonly Shred[]): Promise<Certificate['keys'][number]> {
  const owners = of.map(({ owner }) => owner)
  const [, until] = monthRange(month)
  const settled = until <= (await lived.before(agency, settledAfter))
  try {
    // Only a month that has just lost something, so that a database that was emptied, or restored from long ago, destroys nothing.
    const whole = settled && (await isEmpty(agency, month))
    if (whole) keys.destroy(agency.id, month)
    else await keys.erase(agency.id, month, owners, () => restOf(agency, month))
    // A key that was erased from or destroyed still has its file, which says so.
    const { mark, size } = keys.months(agency.id).find(({ bucket }) => bucket === month) as MonthState
    if (settled && size > largest) keys.reduce(agency.id, month, await restOf(agency, month))
    return { month, mark, count: owners.length, whole }
  } catch (error) {
    // The month is gone already, and with it what it sealed.
    if (error instanceof KeyGone) return { month, mark: '', count: owners.length, whole: true }
    throw error
  }
}

async function isEmpty(agency: AgencyStore, month: string): Promise<boolean> {
  for (const kind of ['submission', 'attachment'] as const) if ((await agency.receivedIn(month, kind, '', 1)).length > 0) return false
  return true
}

/** Everything that a month's key still has to open. */
async function restOf(agency: AgencyStore, month: string): Promise<SealedOwner[]> {
  const rest: SealedOwner[] = [{ owner: auditNoteOwner(agency.id), sealing: { mode: 'at-rest', bucket: month, key: '', suite: 2 } }]
  for (const kind of ['submission', 'attachment'] as const)
    for (let after = ''; ; ) {
      const rows = await agency.receivedIn(month, kind, after, portion)
      for (const { owner, sealing } of rows) if (sealing?.bucket === month) rest.push({ owner, sealing })
      if (rows.length < portion) break
      after = rows.at(-1)?.id as string
    }
  return rest
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
