import { and, asc, desc, eq, getColumns, gt, inArray, isNotNull, isNull, lt, notInArray } from 'drizzle-orm'
import { type AgencyStore, Conflict, type DraftRecord, type SubmissionRecord, type VersionRecord } from '../store.ts'
import { auditQueries } from './audit-queries.ts'
import { caseQueries } from './case-queries.ts'
import { citizenSessionQueries } from './citizen-session-queries.ts'
import type { Context } from './context.ts'
import { deliveryQueries } from './delivery-queries.ts'
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
import { agencies, attachments, draftAttachments, idempotencyKeys, services, sessions, submissions, users, versions } from './tables.ts'
import { uploadQueries } from './upload-queries.ts'
import { verificationQueries } from './verification-queries.ts'
import { workQueries } from './work-queries.ts'

/** Every query of one agency. Each condition and each row begins with it. */
export function agencyQueries(context: Context): AgencyStore {
  const { agencyId, mine, read, change, touch } = context
  const serviceIs = (id: string) => and(mine(services), eq(services.id, id))
  const sessionIs = (tokenHash: string) => and(mine(sessions), eq(sessions.tokenHash, tokenHash))
  const { agencyId: _agency, userId: _user, ...sessionColumns } = getColumns(sessions)

  return {
    ...intakeQueries(context),
    ...deliveryQueries(context),
    ...draftQueries(context),
    ...uploadQueries(context),
    ...verificationQueries(context),
    ...citizenSessionQueries(context),
    ...keyMarkQueries(context),
    ...peopleQueries(context),
    ...statisticsQueries(context),
    ...auditQueries(context),
    ...sealingQueries(context),
    ...caseQueries(context),
    ...workQueries(context),
    ...erasureQueries(context),
    ...releaseQueries(context),
    ...libraryQueries(context),
    ...officerMailQueries(context),
    id: agencyId,

    async services() {
      return (await read((tx) => tx.select().from(services).where(mine(services)).orderBy(asc(services.id)))) as DraftRecord[]
    },
    async service(id) {
      const [row] = await read((tx) => tx.select().from(services).where(serviceIs(id)))
      return (row as DraftRecord | undefined) ?? null
    },
    async saveService({ id, definition, policy }, revision, by) {
      return change(async (tx, log) => {
        const saved = { definition, policy, savedBy: by.actor, savedAt: by.at }
        const next = (revision ?? 0) + 1
        const rows =
          revision === null
            ? await tx
                .insert(services)
                .values({ agencyId, id, ...saved, revision: next })
                .onConflictDoNothing()
                .returning({ id: services.id })
            : await tx
                .update(services)
                .set({ ...saved, revision: next })
                .where(and(serviceIs(id), eq(services.revision, revision)))
                .returning({ id: services.id })
        if (rows.length === 0) throw new Conflict(revision === null ? 'taken' : 'stale')
        await log(revision === null ? 'service.created' : 'service.saved', `service:${id}`, { ...by, details: { ...by.details, revision: next } })
        return next
      })
    },
    async publish(version, revision, by, deliveries) {
      return change((tx, log) => addVersion(context, tx, log, version, { revision }, by, deliveries))
    },
    async versions(service) {
      return read((tx) =>
        tx
          .select({ version: versions.version, publishedAt: versions.publishedAt, digest: versions.digest, acknowledged: versions.acknowledged })
          .from(versions)
          .where(and(mine(versions), eq(versions.service, service)))
          .orderBy(desc(versions.version)),
      )
    },
    async version(service, version) {
      const [row] = await read((tx) =>
        tx
          .select()
          .from(versions)
          .where(and(mine(versions), eq(versions.service, service), eq(versions.version, version))),
      )
      return (row as VersionRecord | undefined) ?? null
    },

    async submissionByReference(referenceHash) {
      const [row] = await read((tx) =>
        tx
          .select()
          .from(submissions)
          .where(and(mine(submissions), eq(submissions.referenceHash, referenceHash)))
          .prepare()
          .execute(),
      )
      return (row as SubmissionRecord | undefined) ?? null
    },
    async submissions() {
      return (await read((tx) => tx.select().from(submissions).where(mine(submissions)).orderBy(asc(submissions.id)))) as SubmissionRecord[]
    },

    async attachments(ids) {
      if (ids.length === 0) return []
      return read((tx) =>
        tx
          .select()
          .from(attachments)
          .where(and(mine(attachments), inArray(attachments.id, [...ids]))),
      )
    },
    async purge(attachmentsBefore, keysBefore) {
      return change(async (tx) => {
        const held = tx.select({ id: draftAttachments.attachment }).from(draftAttachments).where(mine(draftAttachments))
        const gone = await tx
          .delete(attachments)
          .where(and(mine(attachments), isNull(attachments.submission), lt(attachments.receivedAt, attachmentsBefore), notInArray(attachments.id, held)))
          .returning({ id: attachments.id })
        await tx.delete(idempotencyKeys).where(and(mine(idempotencyKeys), isNotNull(idempotencyKeys.answer), lt(idempotencyKeys.startedAt, keysBefore)))
        return gone.map(({ id }) => id)
      })
    },

    async livedUntil() {
      const [row] = await read((tx) => tx.select({ time: agencies.livedUntil }).from(agencies).where(mine(agencies)))
      return row?.time ?? null
    },
    async setLivedUntil(time) {
      await touch((tx) => tx.update(agencies).set({ livedUntil: time }).where(mine(agencies)), { light: true, repeatable: true })
    },

    async offerSetup(tokenHash) {
      return change(async (tx) => {
        const [someone] = await tx.select({ id: users.id }).from(users).where(mine(users)).limit(1)
        if (someone) return false
        await tx.update(agencies).set({ setupHash: tokenHash }).where(mine(agencies))
        return true
      })
    },
    async createFirstUser(user, tokenHash, at) {
      return change(async (tx, log) => {
        const used = await tx
          .update(agencies)
          .set({ setupHash: null })
          .where(and(mine(agencies), eq(agencies.setupHash, tokenHash)))
          .returning({ id: agencies.agencyId })
        if (used.length === 0) return false
        await tx.insert(users).values({ agencyId, ...user, createdAt: at, memberships: [{ role: 'owner' }], state: 'active' })
        await log('user.created', `user:${user.id}`, { actor: 'system', at })
        return true
      })
    },
    async openSession({ user, ...session }, by) {
      await change(async (tx, log) => {
        await tx.delete(sessions).where(and(mine(sessions), lt(sessions.expiresAt, by.at)))
        await tx.insert(sessions).values({ agencyId, userId: user, ...session })
        await log('user.signed-in', `user:${user}`, by)
      })
    },
    async session(tokenHash, now) {
      const [row] = await read((tx) =>
        tx
          .select({ session: sessionColumns, user: userColumns, agencyTitle: agencies.title, settings: agencies.settings })
          .from(sessions)
          .innerJoin(users, and(eq(users.agencyId, sessions.agencyId), eq(users.id, sessions.userId)))
          .innerJoin(agencies, eq(agencies.agencyId, sessions.agencyId))
          .where(and(sessionIs(tokenHash), gt(sessions.expiresAt, now), eq(users.state, 'active'), isNull(agencies.deletedAt))),
      )
      if (!row) return null
      const { session, ...about } = row
      return { ...session, ...about }
    },
    async closeSession(tokenHash, by) {
      await change(async (tx, log) => {
        const closed = await tx.delete(sessions).where(sessionIs(tokenHash)).returning({ user: sessions.userId })
        if (closed.length > 0) await log('user.signed-out', by.actor, by)
      })
    },
  }
}
