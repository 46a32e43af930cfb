/** The queries about keys of services that are sealed end to end. */
import { and, desc, eq, notInArray } from 'drizzle-orm'
import { Conflict, type SealingQueries } from '../store.ts'
import type { Context } from './context.ts'
import { sealingKeys, sealingWraps } from './tables.ts'

export function sealingQueries({ agencyId, mine, read, change }: Context): SealingQueries {
  const ofKind = (kind: string) => and(mine(sealingKeys), eq(sealingKeys.kind, kind as 'service'))
  const ofService = (service: string) => and(mine(sealingWraps), eq(sealingWraps.service, service))
  return {
    async sealingKeys(kind, owner) {
      const rows = await read((tx) =>
        tx
          .select()
          .from(sealingKeys)
          .where(owner === undefined ? ofKind(kind) : and(ofKind(kind), eq(sealingKeys.owner, owner)))
          .orderBy(desc(sealingKeys.owner), desc(sealingKeys.number)),
      )
      return rows.map(({ agencyId: _, ...row }) => row)
    },
    async addSealingKey(key, wraps, by) {
      await change(async (tx, log) => {
        const made = await tx
          .insert(sealingKeys)
          .values({ agencyId, ...key })
          .onConflictDoNothing()
          .returning({ number: sealingKeys.number })
        if (made.length === 0) throw new Conflict('taken')
        if (key.kind === 'service') {
          const stay = wraps.map(({ forKey }) => forKey)
          await tx.delete(sealingWraps).where(and(ofService(key.owner), notInArray(sealingWraps.forKey, stay)))
          if (wraps.length > 0) await tx.insert(sealingWraps).values(wraps.map((wrap) => ({ agencyId, ...wrap })))
        }
        await log('sealing.key', `${key.kind}:${key.owner}`, { ...by, details: { ...by.details, number: key.number, key: key.publicKey } })
      })
    },
    async relockSealingKey(owner, number, locked, by) {
      return change(async (tx, log) => {
        const done = await tx
          .update(sealingKeys)
          .set({ locked })
          .where(and(ofKind('officer'), eq(sealingKeys.owner, owner), eq(sealingKeys.number, number)))
          .returning({ number: sealingKeys.number })
        if (done.length === 0) return false
        await log('sealing.relocked', `officer:${owner}`, { ...by, details: { ...by.details, number } })
        return true
      })
    },
    async sealingWraps(service) {
      const rows = await read((tx) => tx.select().from(sealingWraps).where(ofService(service)).orderBy(desc(sealingWraps.epoch), desc(sealingWraps.forKey)))
      return rows.map(({ agencyId: _, ...row }) => row)
    },
    async addSealingWrap(wrap, by) {
      await change(async (tx, log) => {
        const made = await tx
          .insert(sealingWraps)
          .values({ agencyId, ...wrap })
          .onConflictDoNothing()
          .returning({ epoch: sealingWraps.epoch })
        if (made.length === 0) throw new Conflict('taken')
        await log('sealing.shared', `service:${wrap.service}`, { ...by, details: { ...by.details, epoch: wrap.epoch, key: wrap.forKey } })
      })
    },
  }
}
