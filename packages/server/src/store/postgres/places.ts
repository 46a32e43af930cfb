/** Places that a service has so many of. */
import { and, count, eq, gte, inArray, lt, or, sql } from 'drizzle-orm'
import type { PlaceClaim, SubmissionEntry } from '../store.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { places, submissions } from './tables.ts'

/** What is taken while a batch is recorded. */
export interface Standing {
  /** The counter that has no place left for it; null: there is one of each. */
  full(entry: SubmissionEntry): string | null
  /** Takes one of each. */
  take(entry: SubmissionEntry): void
  /** Writes what has changed; null: nothing has. */
  write(): Promise<unknown> | null
}

const none: Standing = { full: () => null, take() {}, write: () => null }
const nameOf = (service: string, counter: string) => `${service}\n${counter}`

/** Reads the counters of a batch. The agency's lock must be held: nobody else takes a place until it is written. */
export async function standingOf({ agencyId, mine }: Context, tx: Transaction, entries: readonly SubmissionEntry[]): Promise<Standing> {
  const asked = new Map<string, { service: string; claim: PlaceClaim }>()
  for (const { submission, places: claims = [] } of entries)
    for (const claim of claims) asked.set(nameOf(submission.service, claim.counter), { service: submission.service, claim })
  if (asked.size === 0) return none
  const rows = await tx
    .select()
    .from(places)
    .where(and(mine(places), or(...[...asked.values()].map(({ service, claim }) => and(eq(places.service, service), eq(places.counter, claim.counter))))))
  const taken = new Map(rows.map((row) => [nameOf(row.service, row.counter), row.taken]))
  const changed = new Set<string>()
  for (const [name, { service, claim }] of asked) {
    if (taken.has(name)) continue
    const { before } = claim
    const [row] = before
      ? await tx
          .select({ taken: count() })
          .from(submissions)
          .where(and(mine(submissions), eq(submissions.service, service), gte(submissions.id, before.from), lt(submissions.id, before.until)))
      : []
    taken.set(name, row?.taken ?? 0)
    changed.add(name)
  }
  return {
    full({ submission: { service }, places: claims = [] }) {
      return claims.find(({ counter, most }) => (taken.get(nameOf(service, counter)) ?? 0) >= most)?.counter ?? null
    },
    take({ submission: { service }, places: claims = [] }) {
      for (const { counter } of claims) {
        const name = nameOf(service, counter)
        taken.set(name, (taken.get(name) ?? 0) + 1)
        changed.add(name)
      }
    },
    write() {
      if (changed.size === 0) return null
      const values = [...changed].map((name) => ({
        agencyId,
        service: asked.get(name)?.service as string,
        counter: asked.get(name)?.claim.counter as string,
        taken: taken.get(name) as number,
      }))
      return tx
        .insert(places)
        .values(values)
        .onConflictDoUpdate({ target: [places.agencyId, places.service, places.counter], set: { taken: sql`excluded.taken` } })
        .execute()
    },
  }
}

export const placesTaken =
  ({ mine, read }: Context) =>
  async (service: string, counters: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    if (counters.length === 0) return new Map()
    const rows = await read((tx) =>
      tx
        .select({ counter: places.counter, taken: places.taken })
        .from(places)
        .where(and(mine(places), eq(places.service, service), inArray(places.counter, [...counters]))),
    )
    return new Map(rows.map(({ counter, taken }) => [counter, taken]))
  }
