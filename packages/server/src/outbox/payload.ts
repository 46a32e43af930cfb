/** What stands in an outbox row: sealed with the submission it is about, so that the two are lost together. */
import type { Json } from '@guichet/schemas'
import { newId } from '../codes.ts'
import type { PlannedEffect } from '../deliveries/settle.ts'
import type { Keys } from '../keys/key-folder.ts'
import { openBox, reopenBox, type SealBox } from '../keys/seal-box.ts'
import type { Log } from '../log.ts'
import type { AgencyId, ClaimedDelivery, OutboxEntry } from '../store/store.ts'

const part = (id: string) => `delivery|${id}`

export const sealEffects = (effects: readonly PlannedEffect[], box: SealBox, now: Date): OutboxEntry[] =>
  effects.map(({ kind, destination, payload }) => {
    const id = newId(now)
    return { id, kind, destination, payload: box.seal(part(id), new TextEncoder().encode(JSON.stringify(payload))) }
  })

/** @throws if the key of its submission is gone */
export function openPayload(keys: Keys, agency: AgencyId, { id, service, submission, sealing, payload }: ClaimedDelivery): Json {
  const box = sealing ? reopenBox(keys.kek(agency, sealing.bucket), sealing, `${agency}|${service}|${submission}`) : openBox
  return JSON.parse(new TextDecoder().decode(box.open(part(id), payload)))
}

export const planFault = (log: Log) => (kind: string, error: unknown) => log.error({ err: error, kind }, 'a delivery could not be planned')
