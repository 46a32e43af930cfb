/**
 * Lists of options that are kept elsewhere, such as a register's streets: fetched by the server, under the outgoing addresses of
 * the service's policy, and kept for as long as the author says. Browsers ask the server, never the address.
 *
 * A list that has grown old is given all the same while a new one is fetched, and goes on being given for a week if none comes.
 * Without any there is no answer: nothing is taken unchecked.
 */
import type { FieldNode, Program } from '@guichet/core'
import type { Clock } from '../clock.ts'
import { type Egress, EgressError } from '../egress/egress.ts'
import type { Log } from '../log.ts'
import { mayCall, outgoing, within } from '../policy/outgoing/rule.ts'
import type { LiveService } from '../services/live.ts'
import { type ListOption, NoList, readList } from './read-list.ts'

export interface RemoteList {
  options: readonly ListOption[]
  byValue: ReadonlyMap<string, ListOption>
}

/** No list has come from there, or none that may be used. */
export class ListAway extends Error {}

export interface RemoteLists {
  /** `unless`: fetched anew, if it may have changed since, where this does not hold of the list that is kept. @throws ListAway */
  of(live: Pick<LiveService, 'agency' | 'policy'>, node: FieldNode, unless?: (list: RemoteList) => boolean): Promise<RemoteList>
}

interface Source {
  address: string
  minutes?: number
}

interface Kept {
  list: RemoteList | null
  /** Milliseconds since 1970. */
  fetchedAt: number
  triedAt: number
  loading: Promise<void> | null
}

export const usualMinutes = 60
/** A list is old, but better than none. */
export const longestStale = 7 * 24 * 3600_000
/** Between two tries, whoever asks: nobody can make this server hammer another. */
export const betweenTries = 30_000
const mostBytes = 4 * 1_048_576
const mostLists = 200
const mostOptionsKept = 500_000

const sourceOf = ({ field }: FieldNode): Source | undefined => (field.type === 'search-select' ? (field.optionsAt as Source | undefined) : undefined)

/** Whether a field's options are kept at an address. */
export const isRemote = (node: FieldNode): boolean => sourceOf(node) !== undefined
export const addressOf = (node: FieldNode): string | undefined => sourceOf(node)?.address

const remote = new WeakMap<Program, readonly FieldNode[]>()
/** Fields of a service whose options are kept at addresses: looked for once a version. */
export function remoteFields(program: Program): readonly FieldNode[] {
  let found = remote.get(program)
  if (!found) remote.set(program, (found = [...program.nodes.values()].filter(isRemote)))
  return found
}

export function createRemoteLists({ egress, clock, log }: { egress: Egress; clock: Clock; log: Log }): RemoteLists {
  const kept = new Map<string, Kept>()

  /** The least recently used go first. */
  function makeRoom() {
    let options = [...kept.values()].reduce((sum, { list }) => sum + (list?.options.length ?? 0), 0)
    for (const [name, { list, loading }] of kept) {
      if (kept.size <= mostLists && options <= mostOptionsKept) return
      if (loading || kept.size === 1) continue
      kept.delete(name)
      options -= list?.options.length ?? 0
    }
  }

  async function load(entry: Kept, address: string, way: Egress, agency: string) {
    try {
      const { status, truncated, body } = await way.call({ url: address, headers: { Accept: 'application/json' }, maxBytes: mostBytes })
      if (status !== 200) throw new NoList(`status ${status}`)
      if (truncated) throw new NoList(`more than ${mostBytes} bytes`)
      const options = readList(body)
      entry.list = { options, byValue: new Map(options.map((option) => [option.value, option])) }
      entry.fetchedAt = clock.now().getTime()
      makeRoom()
    } catch (error) {
      if (!(error instanceof NoList || error instanceof EgressError)) throw error
      // An address may hold a key: its host says enough.
      log.warn({ agency, host: new URL(address).host, why: error.message }, 'a list of options did not come')
    }
  }

  return {
    async of({ agency, policy }, node, unless = () => true) {
      const { address, minutes = usualMinutes } = sourceOf(node) as Source
      const allowed = policy.terms(outgoing)
      // What another service of the agency had fetched is not this one's to see.
      if (!mayCall(allowed, address)) throw new ListAway(address)
      const name = `${agency.id} ${address}`
      const entry = kept.get(name) ?? { list: null, fetchedAt: 0, triedAt: Number.NEGATIVE_INFINITY, loading: null }
      kept.delete(name)
      kept.set(name, entry)
      const now = clock.now().getTime()
      const isOld = entry.list === null || now - entry.fetchedAt >= minutes * 60_000
      const isWanting = entry.list !== null && !unless(entry.list)
      if (!entry.loading && (isOld || isWanting) && now - entry.triedAt >= betweenTries) {
        entry.triedAt = now
        entry.loading = load(entry, address, within(egress, allowed), agency.id).finally(() => {
          entry.loading = null
        })
      }
      const isGone = entry.list === null || now - entry.fetchedAt >= minutes * 60_000 + longestStale
      if (isGone || isWanting) await entry.loading
      else entry.loading?.catch((error: unknown) => log.error({ err: error, agency: agency.id }, 'a list of options could not be read'))
      const { list, fetchedAt } = entry
      if (list === null || now - fetchedAt >= minutes * 60_000 + longestStale) throw new ListAway(address)
      return list
    },
  }
}
