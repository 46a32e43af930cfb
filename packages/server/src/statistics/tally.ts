/**
 * What people look at, counted in memory and written every few seconds: no citizen waits for it, and what is lost with a
 * process is a few views. Nothing here is kept about anybody: no cookie, no address, no id; whoever looks twice counts twice.
 */
import type { Log } from '../log.ts'
import { type Buckets, createBuckets } from '../policy/rate/buckets.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { type Count, sumUp } from './count.ts'
import { newSketch, withPeople } from './sketch.ts'

export interface Tally {
  /** `client` only keeps one program from making the numbers up: beyond a thousand an hour it is not counted. */
  view(agency: AgencyId, count: Omit<Count, 'count'>, client: string | null, now: Date): void
  /** Somebody signed in. Only how many different people there were in a month is kept of it. */
  met(agency: AgencyId, audience: string, person: string, now: Date): void
  /** Writes what was counted. What cannot be written is dropped, and said so in the log. */
  flush(): Promise<void>
}

/** Tells months and people apart in one name. */
const mark = '\n'
const most = 10_000

export function createTally(store: Store, log: Log, brake: Buckets = createBuckets(1000, 3600_000)): Tally {
  let counts = new Map<AgencyId, Count[]>()
  let people = new Map<AgencyId, Map<string, Set<string>>>()
  let writing = Promise.resolve()

  const write = async () => {
    const [held, met] = [counts, people]
    counts = new Map()
    people = new Map()
    try {
      for (const [agency, each] of held) await store.agency(agency).count(sumUp(each))
      for (const [agency, months] of met)
        for (const [name, those] of months) {
          const [month = '', audience = ''] = name.split(mark)
          await store
            .agency(agency)
            // A month that was closed meanwhile takes nobody any more.
            .sketchPeople(month, audience, newSketch(), (key, registers) => (key ? withPeople(key, registers, those) : registers))
        }
    } catch (error) {
      log.warn({ err: error }, 'views were not counted')
    }
  }

  return {
    view(agency, count, client, now) {
      if (brake.take(client ?? '', now.getTime()) > 0) return
      const held = counts.get(agency) ?? []
      held.push({ ...count, count: 1 })
      // Between two writes: more of the same are summed, so that a rush takes no memory.
      counts.set(agency, held.length < most ? held : sumUp(held))
    },
    met(agency, audience, person, now) {
      const months = people.get(agency) ?? new Map<string, Set<string>>()
      const name = `${now.toISOString().slice(0, 7)}${mark}${audience}`
      months.set(name, (months.get(name) ?? new Set()).add(person))
      people.set(agency, months)
    },
    flush() {
      writing = writing.then(write)
      return writing
    },
  }
}
