/** What an operator sees of the outbox, and can put right. */

import type { AgencyStore, DeliverySummary, Store } from '../store/store.ts'
import { UsageError } from '../usage-error.ts'

export const deliveriesHelp = `guichet deliveries list              dead letters of all agencies, a line each: what was given up
        --waiting                    what is still to be delivered instead
guichet deliveries replay <id>       makes a dead letter due again; --all: every one
        --agency <name>              of this agency only
`

const page = 1000
const columns = ['agency', 'id', 'kind', 'destination', 'service', 'submission', 'tries', 'reason', 'since', 'due'] as const

const line = (agency: string, row: DeliverySummary) =>
  [agency, row.id, row.kind, row.destination, row.service, row.submission ?? '-', row.attempts, row.reason ?? '-', row.createdAt, row.dueAt ?? '-'].join('\t')

/** Gives the lines to print. @throws UsageError */
export async function deliveriesCommand(store: Store, args: readonly string[], now: Date): Promise<string[]> {
  const rest = [...args]
  const flag = (name: string) => {
    const at = rest.indexOf(name)
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  }
  const option = (name: string) => {
    const at = rest.indexOf(name)
    return at >= 0 ? (rest.splice(at, 2)[1] ?? '') : null
  }
  const wanted = option('--agency')
  const agencies = (await store.agencies()).filter(({ id }) => wanted === null || id === wanted).map(({ id }) => store.agency(id))
  if (agencies.length === 0) throw new UsageError(wanted === null ? 'There is no agency yet.' : `There is no agency "${wanted}".`)
  const verb = rest.shift()
  if (verb === 'list') {
    const state = flag('--waiting') ? 'waiting' : 'dead'
    if (rest.length > 0) throw new UsageError(`deliveries list does not know ${rest.join(' ')}.`)
    const lines = [columns.join('\t')]
    for (const agency of agencies) for (const row of await agency.deliveries(state, page)) lines.push(line(agency.id, row))
    return lines
  }
  if (verb === 'replay') {
    const all = flag('--all')
    const [id, ...more] = rest
    if (more.length > 0 || all === (id !== undefined)) throw new UsageError('deliveries replay needs the id of a dead letter, or --all.')
    const replayed: string[] = []
    for (const agency of agencies) replayed.push(...(await (id === undefined ? replayAll(agency, now) : replayOne(agency, id, now))))
    if (id !== undefined && replayed.length === 0) throw new UsageError(`There is no dead letter ${id}.`)
    return replayed
  }
  throw new UsageError('deliveries needs "list" or "replay".')
}

const replayOne = async (agency: AgencyStore, id: string, now: Date): Promise<string[]> =>
  (await agency.replayDelivery(id, { actor: 'operator', at: now.toISOString() })) ? [id] : []

async function replayAll(agency: AgencyStore, now: Date): Promise<string[]> {
  const replayed: string[] = []
  for (;;) {
    // Those that were replayed are no dead letters any more, so the first page is always the next.
    const dead = await agency.deliveries('dead', page)
    let moved = 0
    for (const { id } of dead) {
      const [done] = await replayOne(agency, id, now)
      if (!done) continue
      replayed.push(done)
      moved++
    }
    if (moved === 0) return replayed
  }
}
