/**
 * What a citizen saved to come back to. The browser seals it under a key that only the citizen's code gives, so here it
 * is bytes: the server finds it by an id that comes from the code too, and keeps no more than that id's digest.
 */
import type { Adapters } from '../adapters.ts'
import { digestOf } from '../digest.ts'
import { type Limited, limited, type Rates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { Conflict, type SavedDraftRecord } from '../store/store.ts'

/** Sealed bytes: the largest padded size that the runtime makes (256 KiB), and what sealing adds. */
export const largestDraft = 262_144 + 64
export const mostAttachments = 200

/** An id has 256 bits, so no slow hash is needed. */
export const draftHashOf = (id: string) => digestOf('guichet draft|', id)

/** By client. New drafts take room, so they are the scarcest; a town hall's readers share one address. */
export interface DraftRates {
  made: Limited
  saved: Limited
  opened: Limited
}
const hour = 3600_000
export const draftRates = (rates: Rates): DraftRates => ({
  made: limited(rates, 'draft made', { size: 60, period: hour }),
  saved: limited(rates, 'draft saved', { size: 1200, period: hour }),
  opened: limited(rates, 'draft opened', { size: 240, period: hour }),
})

interface Place {
  adapters: Adapters
  live: LiveService
  id: string
  client: string | null
  now: Date
}

async function take(limit: Limited, { client, now }: Place) {
  const wait = await limit.take(client ?? '', now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}

export interface DraftContent {
  version: number
  content: Uint8Array
  attachments: readonly string[]
}

/** `revision`: the one that was opened, or null for a new draft. @throws Refused */
export async function saveDraft(place: Place, { version, content, attachments }: DraftContent, revision: number | null, days: number) {
  const { adapters, live, id, now } = place
  await take(revision === null ? adapters.drafts.made : adapters.drafts.saved, place)
  if (content.byteLength > largestDraft) throw new Refused(413, 'too-large', { params: { count: largestDraft } })
  const expiresAt = new Date(now.getTime() + days * 24 * hour).toISOString()
  const { service } = live.version
  try {
    const saved = await live.agency.saveDraft({ service, idHash: draftHashOf(id), version, content, expiresAt, attachments }, revision, now.toISOString())
    return { revision: saved, expiresAt }
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(412, 'stale')
    throw error
  }
}

/** @throws Refused; the same for a code that was never given and one whose draft is gone */
export async function openDraft(place: Place): Promise<SavedDraftRecord> {
  const { adapters, live, id, now } = place
  await take(adapters.drafts.opened, place)
  const found = await live.agency.savedDraft(live.version.service, draftHashOf(id), now.toISOString())
  if (!found) throw new Refused(404, 'draft-unknown')
  return found
}

/** Says the same whether there was one. */
export async function deleteDraft(place: Place): Promise<void> {
  const { adapters, live, id } = place
  await take(adapters.drafts.saved, place)
  await live.agency.deleteDraft(live.version.service, draftHashOf(id))
}
