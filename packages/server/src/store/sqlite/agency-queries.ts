import { and, asc, desc, eq, getColumns, gt, inArray, isNotNull, isNull, lt, lte, min, notInArray, or, sql } from 'drizzle-orm'
import { type AgencyStore, Conflict, type Deed, type DeliverySummary, type DraftRecord, type SubmissionRecord, type VersionRecord } from '../store.ts'
import { auditQueries } from './audit-queries.ts'
import { caseQueries } from './case-queries.ts'
import { citizenSessionQueries } from './citizen-session-queries.ts'
import type { Context } from './context.ts'
import { draftQueries } from './draft-queries.ts'
import { erasureQueries } from './erasure-queries.ts'
import { intakeQueries } from './intake-queries.ts'
import { keyMarkQueries } from './key-mark-queries.ts'
import { libraryQueries } from './library-queries.ts'
import { officerMailQueries } from './officer-mail-queries.ts'
import { peopleQueries, userColumns } from './people-queries.ts'
import { addVersion } from './publish.ts'
import { releaseQueries } from './release-queries.ts'
import { sealingQueries } from './sealing-queries.ts'
import { statisticsQueries } from './statistics-queries.ts'
import { agencies, attachments, draftAttachments, idempotencyKeys, outbox, services, sessions, submissions, users, versions } from './tables.ts'
import { uploadQueries } from './upload-queries.ts'
import { verificationQueries } from './verification-queries.ts'
import { workQueries } from './work-queries.ts'

const keysAtOnce = 200

/** Every query of one agency. Each `where` and each row begins with it. */
export function agencyQueries(context: Context): AgencyStore {
  const { db, agencyId, change, log } = context
  const leased = (id: string, lease: string) => and(eq(outbox.agencyId, agencyId), eq(outbox.id, id), eq(outbox.lease, lease))
  const deliveryDeed = (
    { kind, attempts, submission }: Pick<DeliverySummary, 'kind' | 'attempts' | 'submission'>,
    by: Deed,
    more: Deed['details'] = {},
  ): Deed => ({
    ...by,
    details: { ...by.details, kind, attempts, ...(submission ? { submission } : {}), ...more },
  })

  const serviceIs = (id: string) => and(eq(services.agencyId, agencyId), eq(services.id, id))
  const { agencyId: _agency, userId: _user, ...sessionColumns } = getColumns(sessions)
  const sessionIs = (tokenHash: string) => and(eq(sessions.agencyId, agencyId), eq(sessions.tokenHash, tokenHash))

  return {
    ...draftQueries(context),
    ...uploadQueries(context),
    ...verificationQueries(context),
    ...citizenSessionQueries(context),
    ...keyMarkQueries(context),
    ...peopleQueries(context),
    ...intakeQueries(context),
    ...statisticsQueries(context),
    ...sealingQueries(context),
    ...caseQueries(context),
    ...auditQueries(context),
    ...workQueries(context),
    ...erasureQueries(context),
    ...releaseQueries(context),
    ...libraryQueries(context),
    ...officerMailQueries(context),
    id: agencyId,

    async services() {
      return db.select().from(services).where(eq(services.agencyId, agencyId)).orderBy(asc(services.id)).all() as DraftRecord[]
    },
    async service(id) {
      return (db.select().from(services).where(serviceIs(id)).get() as DraftRecord | undefined) ?? null
    },
    async saveService({ id, definition, policy }, revision, by) {
      return change((tx) => {
        const saved = { definition, policy, savedBy: by.actor, savedAt: by.at }
        if (revision === null) {
          const made = tx
            .insert(services)
            .values({ agencyId, id, ...saved, revision: 1 })
            .onConflictDoNothing()
            .run()
          if (Number(made.changes) === 0) throw new Conflict('taken')
        } else {
          const done = tx
            .update(services)
            .set({ ...saved, revision: revision + 1 })
            .where(and(serviceIs(id), eq(services.revision, revision)))
            .run()
          if (Number(done.changes) === 0) throw new Conflict('stale')
        }
        const next = (revision ?? 0) + 1
        log(revision === null ? 'service.created' : 'service.saved', `service:${id}`, { ...by, details: { ...by.details, revision: next } })
        return next
      })
    },
    async publish(version, revision, by, deliveries) {
      return change((tx) => addVersion(context, tx, version, { revision }, by, deliveries))
    },
    async versions(service) {
      return db
        .select({ version: versions.version, publishedAt: versions.publishedAt, digest: versions.digest, acknowledged: versions.acknowledged })
        .from(versions)
        .where(and(eq(versions.agencyId, agencyId), eq(versions.service, service)))
        .orderBy(desc(versions.version))
        .all()
    },
    async version(service, version) {
      const row = db
        .select()
        .from(versions)
        .where(and(eq(versions.agencyId, agencyId), eq(versions.service, service), eq(versions.version, version)))
        .get()
      return (row as VersionRecord | undefined) ?? null
    },

    async submissionByReference(referenceHash) {
      const row = db
        .select()
        .from(submissions)
        .where(and(eq(submissions.agencyId, agencyId), eq(submissions.referenceHash, referenceHash)))
        .get()
      return (row as SubmissionRecord | undefined) ?? null
    },
    async submissions() {
      return db.select().from(submissions).where(eq(submissions.agencyId, agencyId)).orderBy(asc(submissions.id)).all() as SubmissionRecord[]
    },

    async claimDeliveries({ lease, now, until, limit, perDestination, skip, farAfter }) {
      const isDue = farAfter === undefined ? lte(outbox.dueAt, now) : or(lte(outbox.dueAt, now), gt(outbox.dueAt, farAfter))
      // Looked for before the write lock is taken: mostly there is nothing to do.
      const due: { id: string; dueAt: string | null }[] = []
      for (let last = ''; ; ) {
        const next = db
          .select({ destination: min(outbox.destination) })
          .from(outbox)
          .where(and(eq(outbox.agencyId, agencyId), gt(outbox.destination, last)))
          .get()?.destination
        if (!next) break
        last = next
        if (skip.includes(next)) continue
        due.push(
          ...db
            .select({ id: outbox.id, dueAt: outbox.dueAt })
            .from(outbox)
            .where(and(eq(outbox.agencyId, agencyId), eq(outbox.destination, next), isDue))
            .orderBy(asc(outbox.dueAt), asc(outbox.id))
            .limit(perDestination)
            .all(),
        )
      }
      if (due.length === 0) return []
      const ids = due
        .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id)
      return change((tx) => {
        tx.update(outbox)
          .set({ lease, dueAt: until, attempts: sql`${outbox.attempts} + 1` })
          .where(and(eq(outbox.agencyId, agencyId), inArray(outbox.id, ids), isDue))
          .run()
        const { agencyId: _agency, dueAt: _due, lease: _lease, ...columns } = getColumns(outbox)
        return tx
          .select({ ...columns, sealing: submissions.sealing })
          .from(outbox)
          .leftJoin(submissions, and(eq(submissions.agencyId, outbox.agencyId), eq(submissions.id, outbox.submission)))
          .where(and(eq(outbox.agencyId, agencyId), inArray(outbox.id, ids), eq(outbox.lease, lease)))
          .orderBy(asc(outbox.createdAt), asc(outbox.id))
          .all()
      }, 'light')
    },
    async finishDelivery(id, lease, by) {
      return change((tx) => {
        const done = tx.delete(outbox).where(leased(id, lease)).returning().get()
        if (!done) return false
        log('delivery.done', `delivery:${id}`, deliveryDeed(done, by))
        return true
      }, 'light')
    },
    async retryDelivery(id, lease, at, reason) {
      return change((tx) => Number(tx.update(outbox).set({ lease: null, dueAt: at, reason }).where(leased(id, lease)).run().changes) > 0, 'light')
    },
    async buryDelivery(id, lease, reason, by) {
      return change((tx) => {
        const dead = tx.update(outbox).set({ lease: null, dueAt: null, reason }).where(leased(id, lease)).returning().get()
        if (!dead) return false
        log('delivery.failed', `delivery:${id}`, deliveryDeed(dead, by, { reason }))
        return true
      })
    },
    async deliveries(state, limit, after) {
      const { agencyId: _agency, payload: _payload, lease: _lease, ...columns } = getColumns(outbox)
      return db
        .select(columns)
        .from(outbox)
        .where(
          and(
            eq(outbox.agencyId, agencyId),
            state === 'dead' ? isNull(outbox.dueAt) : isNotNull(outbox.dueAt),
            after && or(gt(outbox.createdAt, after.createdAt), and(eq(outbox.createdAt, after.createdAt), gt(outbox.id, after.id))),
          ),
        )
        .orderBy(asc(outbox.createdAt), asc(outbox.id))
        .limit(limit)
        .all()
    },
    async replayDelivery(id, by) {
      return change((tx) => {
        const again = tx
          .update(outbox)
          .set({ dueAt: by.at, attempts: 0 })
          .where(and(eq(outbox.agencyId, agencyId), eq(outbox.id, id), isNull(outbox.dueAt)))
          .returning()
          .get()
        if (!again) return false
        log('delivery.replayed', `delivery:${id}`, deliveryDeed(again, by))
        return true
      })
    },

    async attachments(ids) {
      if (ids.length === 0) return []
      return db
        .select()
        .from(attachments)
        .where(and(eq(attachments.agencyId, agencyId), inArray(attachments.id, [...ids])))
        .all()
    },
    async purge(attachmentsBefore, keysBefore) {
      const gone = await change((tx) => {
        const held = tx.select({ id: draftAttachments.attachment }).from(draftAttachments).where(eq(draftAttachments.agencyId, agencyId))
        const old = and(
          eq(attachments.agencyId, agencyId),
          isNull(attachments.submission),
          lt(attachments.receivedAt, attachmentsBefore),
          notInArray(attachments.id, held),
        )
        const ids = tx.select({ id: attachments.id }).from(attachments).where(old).all()
        tx.delete(attachments).where(old).run()
        return ids.map((row) => row.id)
      })
      const row = sql<number>`rowid`
      const someKeys = db
        .select({ row })
        .from(idempotencyKeys)
        .where(and(eq(idempotencyKeys.agencyId, agencyId), isNotNull(idempotencyKeys.answer), lt(idempotencyKeys.startedAt, keysBefore)))
        .limit(keysAtOnce)
      // Some at a time: whoever sends meanwhile does not wait for all of them.
      for (let left = true; left; )
        left = await change((tx) => Number(tx.delete(idempotencyKeys).where(inArray(row, someKeys)).run().changes) === keysAtOnce, 'light')
      return gone
    },

    async livedUntil() {
      return db.select({ time: agencies.livedUntil }).from(agencies).where(eq(agencies.agencyId, agencyId)).get()?.time ?? null
    },
    async setLivedUntil(time) {
      await change(() => db.update(agencies).set({ livedUntil: time }).where(eq(agencies.agencyId, agencyId)).run(), 'light')
    },

    async offerSetup(tokenHash) {
      return change((tx) => {
        if (tx.select({ id: users.id }).from(users).where(eq(users.agencyId, agencyId)).limit(1).get()) return false
        tx.update(agencies).set({ setupHash: tokenHash }).where(eq(agencies.agencyId, agencyId)).run()
        return true
      })
    },
    async createFirstUser(user, tokenHash, at) {
      return change((tx) => {
        const used = tx
          .update(agencies)
          .set({ setupHash: null })
          .where(and(eq(agencies.agencyId, agencyId), eq(agencies.setupHash, tokenHash)))
          .run()
        if (Number(used.changes) === 0) return false
        tx.insert(users)
          .values({ agencyId, ...user, createdAt: at, memberships: [{ role: 'owner' }], state: 'active' })
          .run()
        log('user.created', `user:${user.id}`, { actor: 'system', at })
        return true
      })
    },
    async openSession({ user, ...session }, by) {
      await change((tx) => {
        tx.delete(sessions)
          .where(and(eq(sessions.agencyId, agencyId), lt(sessions.expiresAt, by.at)))
          .run()
        tx.insert(sessions)
          .values({ agencyId, userId: user, ...session })
          .run()
        log('user.signed-in', `user:${user}`, by)
      })
    },
    async session(tokenHash, now) {
      const row = db
        .select({ session: sessionColumns, user: userColumns, agencyTitle: agencies.title, settings: agencies.settings })
        .from(sessions)
        .innerJoin(users, and(eq(users.agencyId, sessions.agencyId), eq(users.id, sessions.userId)))
        .innerJoin(agencies, eq(agencies.agencyId, sessions.agencyId))
        .where(and(sessionIs(tokenHash), gt(sessions.expiresAt, now), eq(users.state, 'active'), isNull(agencies.deletedAt)))
        .get()
      if (!row) return null
      const { session, ...about } = row
      return { ...session, ...about }
    },
    async closeSession(tokenHash, by) {
      await change((tx) => {
        const closed = tx.delete(sessions).where(sessionIs(tokenHash)).run()
        if (Number(closed.changes) > 0) log('user.signed-out', by.actor, by)
      })
    },
  }
}
