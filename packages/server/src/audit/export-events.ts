/**
 * The audit log as a file that proves itself: the first line is the signed checkpoint, each line after it an event with the
 * hashes that lead to the checkpoint's root. What is not covered by it yet is left for the next time.
 */
import { toBase64 } from '@guichet/receipts'
import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, Deed } from '../store/store.ts'
import { tilesOf } from './audit-log.ts'
import { withNotes } from './list-events.ts'
import { inclusionProof } from './tree.ts'

/** A proof takes a third of a millisecond, and others are waiting. */
const atOnce = 50

/** @throws Refused 409 while there is no checkpoint */
export async function exportEvents(
  adapters: Pick<Adapters, 'keys' | 'auditLog'>,
  agency: AgencyStore,
  { from, to }: { from: number; to: number | null },
  by: Deed,
): Promise<ReadableStream<Uint8Array>> {
  const checkpoint = await adapters.auditLog.current(agency.id)
  if (!checkpoint) throw new Refused(409, 'no-checkpoint')
  const last = Math.min(to ?? checkpoint.size, checkpoint.size)
  await agency.audit('audit.exported', 'audit-log', { ...by, details: { from, to: last } })
  const encoder = new TextEncoder()
  const read = cached(tilesOf(agency))
  let next = from
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(`${JSON.stringify({ checkpoint: checkpoint.note })}\n`)),
      async pull(controller) {
        const events = next > last ? [] : await agency.auditEvents(next - 1, Math.min(atOnce, last - next + 1))
        if (events.length === 0) return controller.close()
        const lines: string[] = []
        for (const event of await withNotes(adapters, agency, events)) {
          const hashes = await inclusionProof(event.sequence - 1, checkpoint.size, read)
          const { note, ...stored } = event
          lines.push(JSON.stringify({ event: stored, ...(note === undefined ? {} : { note }), proof: hashes.map(toBase64) }))
        }
        next += events.length
        controller.enqueue(encoder.encode(`${lines.join('\n')}\n`))
      },
    },
    { highWaterMark: 1 },
  )
}

/** Neighbours share nearly all tiles: those of the last proof are kept. */
function cached(read: ReturnType<typeof tilesOf>): ReturnType<typeof tilesOf> {
  let kept = new Map<string, Uint8Array | null>()
  return async (places) => {
    const keyOf = ({ level, number }: (typeof places)[number]) => `${level}/${number}`
    const missing = places.filter((place) => !kept.has(keyOf(place)))
    const fresh = new Map((await read(missing)).map((tile, i) => [keyOf(missing[i] as (typeof places)[number]), tile]))
    kept = new Map(places.map((place) => [keyOf(place), kept.get(keyOf(place)) ?? fresh.get(keyOf(place)) ?? null]))
    return [...kept.values()]
  }
}
