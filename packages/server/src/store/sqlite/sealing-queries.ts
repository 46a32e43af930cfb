/** The queries about keys of services that are sealed end to end. */
import { and, desc, eq, notInArray } from 'drizzle-orm'
import { Conflict, type SealingQueries } from '../store.ts'
import type { Context } from './context.ts'
import { sealingKeys, sealingWraps } from './tables.ts'

export function sealingQueries({ db, agencyId, change, log }: Context): SealingQueries {
  const ofKind = (kind: string) => and(eq(sealingKeys.agencyId, agencyId), eq(sealingKeys.kind, kind as 'service'))
  const ofService = (service: string) => and(eq(sealingWraps.agencyId, agencyId), eq(sealingWraps.service, service))
  return {
    async sealingKeys(kind, owner) {
      const rows = db
        .select()
        .from(sealingKeys)
        .where(owner === undefined ? ofKind(kind) : and(ofKind(kind), eq(sealingKeys.owner, owner)))
        .orderBy(desc(sealingKeys.owner), desc(sealingKeys.number))
        .all()
      return rows.map(({ agencyId: _, ...row }) => row)
    },
    async addSealingKey(key, wraps, by) {
      await change((tx) => {
        const made = tx
          .insert(sealingKeys)
          .values({ agencyId, ...key })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        if (key.kind === 'service') {
          const stay = wraps.map(({ forKey }) => forKey)
          tx.delete(sealingWraps)
            .where(and(ofService(key.owner), notInArray(sealingWraps.forKey, stay)))
            .run()
          for (const wrap of wraps)
            tx.insert(sealingWraps)
              .values({ agencyId, ...wrap })
              .run()
        }
        log('sealing.key', `${key.kind}:${key.owner}`, { ...by, details: { ...by.details, number: key.number, key: key.publicKey } })
      })
    },
    async relockSealingKey(owner, number, locked, by) {
      return change((tx) => {
        const done = tx
          .update(sealingKeys)
          .set({ locked })
          .where(and(ofKind('officer'), eq(sealingKeys.owner, owner), eq(sealingKeys.number, number)))
          .run()
        if (Number(done.changes) === 0) return false
        log('sealing.relocked', `officer:${owner}`, { ...by, details: { ...by.details, number } })
        return true
      })
    },
    async sealingWraps(service) {
      const rows = db.select().from(sealingWraps).where(ofService(service)).orderBy(desc(sealingWraps.epoch), desc(sealingWraps.forKey)).all()
      return rows.map(({ agencyId: _, ...row }) => row)
    },
    async addSealingWrap(wrap, by) {
      await change((tx) => {
        const made = tx
          .insert(sealingWraps)
          .values({ agencyId, ...wrap })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        log('sealing.shared', `service:${wrap.service}`, { ...by, details: { ...by.details, epoch: wrap.epoch, key: wrap.forKey } })
      })
    },
  }
}
