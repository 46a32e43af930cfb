/** What an operator sees of the outbox, and can put right. */

import type { Progress } from '../commands/progress.ts'
import type { AgencyStore, DeliverySummary, Store } from '../store/store.ts'
import { UsageError } from '../usage-error.ts'

export interface DeliveriesRequest {
  /** `list`, or `replay` with or without an id. */
  words: readonly string[]
  /** List what is still to be delivered, not what was given up. */
  waiting: boolean
  /** Replay every dead letter. */
  all: boolean
  /** Of this agency only; null: of all. */
  agency: string | null
  progress: Progress['show']
}

const page = 1000
const columns = ['agency', 'id', 'kind', 'destination', 'service', 'submission', 'tries', 'reason', 'since', 'due'] as const

const line = (agency: string, row: DeliverySummary) =>
  [agency, row.id, row.kind, row.destination, row.service, row.submission ?? '-', row.attempts, row.reason ?? '-', row.createdAt, row.dueAt ?? '-'].join('\t')

/** Gives the lines to print. @throws UsageError */
export async function deliveriesCommand(store: Store, { words, waiting, all, agency: wanted, progress }: DeliveriesRequest, now: Date): Promise<string[]> {
  const agencies = (await store.agencies()).filter(({ id }) => wanted === null || id === wanted).map(({ id }) => store.agency(id))
  if (agencies.length === 0) throw new UsageError(wanted === null ? 'There is no agency yet.' : `There is no agency "${wanted}".`)
  const [verb, id] = words
  if (verb === 'list') {
    if (id !== undefined || all) throw new UsageError('deliveries list takes no id, and lists them all anyhow.')
    const lines = [columns.join('\t')]
    for (const agency of agencies) for await (const row of every(agency, waiting ? 'waiting' : 'dead')) lines.push(line(agency.id, row))
    return lines
  }
  if (verb === 'replay') {
    if (waiting || all === (id !== undefined)) throw new UsageError('deliveries replay needs the id of a dead letter, or --all.')
    const by = { actor: 'operator', at: now.toISOString() }
    // Listed first, so that each is replayed once, also where it is given up again meanwhile.
    const letters: { agency: AgencyStore; id: string }[] = []
    for (const agency of agencies)
      if (id !== undefined) letters.push({ agency, id })
      else for await (const row of every(agency, 'dead')) letters.push({ agency, id: row.id })
    const replayed: string[] = []
    for (const [i, { agency, id }] of letters.entries()) {
      if (await agency.replayDelivery(id, by)) replayed.push(id)
      progress(i + 1, letters.length, agency.id)
    }
    if (id !== undefined && replayed.length === 0) throw new UsageError(`There is no dead letter ${id}.`)
    return replayed
  }
  throw new UsageError('deliveries needs "list" or "replay".')
}

async function* every(agency: AgencyStore, state: 'waiting' | 'dead'): AsyncGenerator<DeliverySummary> {
  for (let after: DeliverySummary | undefined; ; ) {
    const rows = await agency.deliveries(state, page, after)
    yield* rows
    if (rows.length < page) return
    after = rows.at(-1)
  }
}
