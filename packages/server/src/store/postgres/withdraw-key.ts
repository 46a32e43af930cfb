import { and, eq, isNull } from 'drizzle-orm'
import { type AgencyStore, withdrawn } from '../store.ts'
import type { Context } from './context.ts'
import { idempotencyKeys } from './tables.ts'

export const withdrawKey =
  ({ agencyId, mine, touch }: Context): AgencyStore['withdrawKey'] =>
  ({ service, keyHash, at }, staleBefore) =>
    touch(async (tx) => {
      // No body has this digest, and no answer is empty.
      const made = await tx
        .insert(idempotencyKeys)
        .values({ agencyId, service, keyHash, bodyMac: withdrawn, startedAt: at, answer: Buffer.alloc(0) })
        .onConflictDoNothing()
        .returning({ keyHash: idempotencyKeys.keyHash })
      if (made.length > 0) return { state: 'claimed' }
      const here = and(mine(idempotencyKeys), eq(idempotencyKeys.service, service), eq(idempotencyKeys.keyHash, keyHash))
      const [held] = await tx.select().from(idempotencyKeys).where(here).for('update')
      if (held?.answer) return held.answer.length === 0 ? { state: 'claimed' } : { state: 'done', answer: held.answer }
      if (!held || held.startedAt >= staleBefore) return { state: 'running' }
      await tx
        .update(idempotencyKeys)
        .set({ bodyMac: withdrawn, startedAt: at, answer: Buffer.alloc(0) })
        .where(and(here, isNull(idempotencyKeys.answer)))
      return { state: 'claimed' }
    })
