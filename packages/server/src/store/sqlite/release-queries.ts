/** The queries about what is to become a version. */
import { and, asc, desc, eq, getColumns, inArray, lte, ne } from 'drizzle-orm'
import type { ReleaseQueries, ReleaseRecord } from '../releases.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import { addVersion } from './publish.ts'
import { releases, services } from './tables.ts'

export function releaseQueries(context: Context): ReleaseQueries {
  const { db, agencyId, change, log } = context
  const releaseIs = (id: string) => and(eq(releases.agencyId, agencyId), eq(releases.id, id))
  const { agencyId: _agency, ...columns } = getColumns(releases)
  const { definition: _definition, policy: _policy, ...summary } = columns

  return {
    async requestRelease({ service, ...release }, revision, by) {
      await change((tx) => {
        const draft = tx
          .select({ revision: services.revision, version: services.publishedVersion })
          .from(services)
          .where(and(eq(services.agencyId, agencyId), eq(services.id, service)))
          .get()
        if (!draft || draft.revision !== revision || (draft.version ?? 0) !== release.base) throw new Conflict('stale')
        const made = tx
          .insert(releases)
          .values({ agencyId, service, ...release, requestedBy: by.actor, requestedAt: by.at })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        const details = { ...by.details, release: release.id, digest: release.digest, due: release.dueAt }
        if (release.state === 'asked') log('approval.requested', `service:${service}`, { ...by, details: { ...details, kind: 'publish' } })
        else log('service.scheduled', `service:${service}`, { ...by, details })
      })
    },
    async release(id) {
      return (db.select(columns).from(releases).where(releaseIs(id)).get() as ReleaseRecord | undefined) ?? null
    },
    async releases(service, limit) {
      return db
        .select(summary)
        .from(releases)
        .where(and(eq(releases.agencyId, agencyId), eq(releases.service, service)))
        .orderBy(desc(releases.id))
        .limit(limit)
        .all()
    },
    async decideRelease(id, to, by) {
      await change((tx) => {
        const decided = tx
          .update(releases)
          .set({ state: to, decidedBy: by.actor, decidedAt: by.at })
          .where(and(releaseIs(id), eq(releases.state, 'asked'), ne(releases.requestedBy, by.actor)))
          .returning({ service: releases.service, digest: releases.digest })
          .get()
        if (!decided) throw new Conflict('stale')
        log(to === 'waiting' ? 'approval.given' : 'approval.refused', `service:${decided.service}`, {
          ...by,
          details: { ...by.details, release: id, digest: decided.digest, kind: 'publish' },
        })
      })
    },
    async endRelease(id, to, reasons, by) {
      await change((tx) => {
        const ended = tx
          .update(releases)
          .set({ state: to, reasons, ...(to === 'withdrawn' ? { decidedBy: by.actor, decidedAt: by.at } : {}) })
          .where(and(releaseIs(id), inArray(releases.state, ['asked', 'waiting'])))
          .returning({ service: releases.service })
          .get()
        if (!ended) throw new Conflict('stale')
        log('service.unscheduled', `service:${ended.service}`, { ...by, details: { ...by.details, release: id, outcome: to } })
      })
    },
    async dueReleases(now, limit) {
      return db
        .select({ id: releases.id })
        .from(releases)
        .where(and(eq(releases.agencyId, agencyId), eq(releases.state, 'waiting'), lte(releases.dueAt, now)))
        .orderBy(asc(releases.dueAt))
        .limit(limit)
        .all()
        .map(({ id }) => id)
    },
    async carryOutRelease(id, version, by, outbox) {
      return change((tx) => {
        const row = tx.select().from(releases).where(releaseIs(id)).get()
        if (row?.state !== 'waiting') throw new Conflict('stale')
        const made = addVersion(context, tx, version, { base: row.base }, { ...by, details: { ...by.details, ...roles(row) } }, outbox)
        tx.update(releases).set({ state: 'done', version: made }).where(releaseIs(id)).run()
        return made
      })
    },
  }
}

/** Who had a part in it, for the event of its version. */
const roles = ({ id, requestedBy, decidedBy }: typeof releases.$inferSelect) => ({
  release: id,
  requestedBy,
  ...(decidedBy ? { approvedBy: decidedBy } : {}),
})
