/** The queries about what is to become a version. */
import { and, asc, desc, eq, getColumns, inArray, lte, ne } from 'drizzle-orm'
import type { ReleaseQueries, ReleaseRecord } from '../releases.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import { addVersion } from './publish.ts'
import { releases, services } from './tables.ts'

export function releaseQueries(context: Context): ReleaseQueries {
  const { agencyId, mine, read, change } = context
  const releaseIs = (id: string) => and(mine(releases), eq(releases.id, id))
  const { agencyId: _agency, ...columns } = getColumns(releases)
  const { definition: _definition, policy: _policy, ...summary } = columns

  return {
    async requestRelease({ service, ...release }, revision, by) {
      await change(async (tx, log) => {
        const [draft] = await tx
          .select({ revision: services.revision, version: services.publishedVersion })
          .from(services)
          .where(and(mine(services), eq(services.id, service)))
        if (!draft || draft.revision !== revision || (draft.version ?? 0) !== release.base) throw new Conflict('stale')
        const made = await tx
          .insert(releases)
          .values({ agencyId, service, ...release, requestedBy: by.actor, requestedAt: by.at })
          .onConflictDoNothing()
          .returning({ id: releases.id })
        if (made.length === 0) throw new Conflict('taken')
        const details = { ...by.details, release: release.id, digest: release.digest, due: release.dueAt }
        if (release.state === 'asked') await log('approval.requested', `service:${service}`, { ...by, details: { ...details, kind: 'publish' } })
        else await log('service.scheduled', `service:${service}`, { ...by, details })
      })
    },
    async release(id) {
      const [row] = await read((tx) => tx.select(columns).from(releases).where(releaseIs(id)))
      return (row as ReleaseRecord | undefined) ?? null
    },
    async releases(service, limit) {
      return read((tx) =>
        tx
          .select(summary)
          .from(releases)
          .where(and(mine(releases), eq(releases.service, service)))
          .orderBy(desc(releases.id))
          .limit(limit),
      )
    },
    async decideRelease(id, to, by) {
      await change(async (tx, log) => {
        const [decided] = await tx
          .update(releases)
          .set({ state: to, decidedBy: by.actor, decidedAt: by.at })
          .where(and(releaseIs(id), eq(releases.state, 'asked'), ne(releases.requestedBy, by.actor)))
          .returning({ service: releases.service, digest: releases.digest })
        if (!decided) throw new Conflict('stale')
        await log(to === 'waiting' ? 'approval.given' : 'approval.refused', `service:${decided.service}`, {
          ...by,
          details: { ...by.details, release: id, digest: decided.digest, kind: 'publish' },
        })
      })
    },
    async endRelease(id, to, reasons, by) {
      await change(async (tx, log) => {
        const [ended] = await tx
          .update(releases)
          .set({ state: to, reasons, ...(to === 'withdrawn' ? { decidedBy: by.actor, decidedAt: by.at } : {}) })
          .where(and(releaseIs(id), inArray(releases.state, ['asked', 'waiting'])))
          .returning({ service: releases.service })
        if (!ended) throw new Conflict('stale')
        await log('service.unscheduled', `service:${ended.service}`, { ...by, details: { ...by.details, release: id, outcome: to } })
      })
    },
    async dueReleases(now, limit) {
      const rows = await read((tx) =>
        tx
          .select({ id: releases.id })
          .from(releases)
          .where(and(mine(releases), eq(releases.state, 'waiting'), lte(releases.dueAt, now)))
          .orderBy(asc(releases.dueAt))
          .limit(limit),
      )
      return rows.map(({ id }) => id)
    },
    async carryOutRelease(id, version, by, outbox) {
      return change(async (tx, log) => {
        const [row] = await tx.select().from(releases).where(releaseIs(id))
        if (row?.state !== 'waiting') throw new Conflict('stale')
        const made = await addVersion(context, tx, log, version, { base: row.base }, { ...by, details: { ...by.details, ...roles(row) } }, outbox)
        await tx.update(releases).set({ state: 'done', version: made }).where(releaseIs(id))
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
