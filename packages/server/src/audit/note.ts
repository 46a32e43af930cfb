/**
 * Words of people that belong to an event, such as the purpose of an export. They may name somebody, so the log holds a
 * salted commitment, and they themselves lie beside it, sealed with the agency's key of the month: once that key is
 * destroyed, nobody can say what the commitment was to.
 */
import type { Adapters } from '../adapters.ts'
import { digestOf } from '../digest.ts'
import { auditNoteOwner } from '../erasure/owners.ts'
import { newBox, reopenBox } from '../keys/seal-box.ts'
import { randomBytes } from '../random.ts'
import type { SealedNote } from '../store/audit-log.ts'
import type { AgencyId } from '../store/store.ts'

const part = 'note'

export const commitmentTo = (salt: string, text: string) => digestOf(`${salt}.${text}`)

export function sealAuditNote({ keys }: Pick<Adapters, 'keys'>, agency: AgencyId, text: string, now: Date): { commitment: string; note: SealedNote } {
  const salt = randomBytes(16).toString('base64url')
  const box = newBox(keys.currentKek(agency, now), auditNoteOwner(agency))
  return { commitment: commitmentTo(salt, text), note: { sealing: box.sealing, content: box.seal(part, Buffer.from(JSON.stringify({ salt, text }))) } }
}

/** Null: its key was destroyed, or it is not what the event was committed to. */
export function openAuditNote({ keys }: Pick<Adapters, 'keys'>, agency: AgencyId, { sealing, content }: SealedNote, commitment: unknown): string | null {
  if (!sealing) return null
  try {
    const box = reopenBox(keys.kek(agency, sealing.bucket), sealing, auditNoteOwner(agency))
    const { salt, text } = JSON.parse(new TextDecoder().decode(box.open(part, content))) as { salt: string; text: string }
    return commitmentTo(salt, text) === commitment ? text : null
  } catch {
    return null
  }
}
