/** The queries about people, programs with keys, and the agency itself. */
import { and, asc, count, eq, getColumns, gt, isNull, lt, ne, sum } from 'drizzle-orm'
import { type PeopleQueries, type SessionRecord, stewardLeft } from '../people.ts'
import { Conflict, type UserRecord } from '../store.ts'
import type { Context, Database } from './context.ts'
import { agencies, apiKeys, citizenSessions, invitations, passkeys, services, sessions, statistics, uploads, users } from './tables.ts'

const { agencyId: _1, createdAt: _2, ...userColumns } = getColumns(users)
const { agencyId: _3, userId, ...sessionRest } = getColumns(sessions)
const { agencyId: _4, ...passkeyColumns } = getColumns(passkeys)
const { agencyId: _5, ...invitationColumns } = getColumns(invitations)
const { agencyId: _6, ...keyColumns } = getColumns(apiKeys)

export { userColumns }

/** A few milliseconds of reading. */
const filesAtOnce = 10_000

export function peopleQueries({ db, agencyId, change, log }: Context): PeopleQueries {
  const userIs = (id: string) => and(eq(users.agencyId, agencyId), eq(users.id, id))
  const sessionsOf = (user: string) => and(eq(sessions.agencyId, agencyId), eq(sessions.userId, user))
  const passkeyIs = (id: string) => and(eq(passkeys.agencyId, agencyId), eq(passkeys.id, id))
  const keyIs = (id: string) => and(eq(apiKeys.agencyId, agencyId), eq(apiKeys.id, id))
  const agencyIs = eq(agencies.agencyId, agencyId)
  const findUser = (id: string) => db.select(userColumns).from(users).where(userIs(id)).get() as UserRecord | undefined
  const endSessions = (tx: Database, user: string, keep: string | null) =>
    tx
      .delete(sessions)
      .where(and(sessionsOf(user), keep === null ? undefined : ne(sessions.tokenHash, keep)))
      .run()

  const someFiles = db.$client.prepare(
    `SELECT count(*) AS rows, sum(size) AS bytes, max(id) AS last
     FROM (SELECT id, size FROM attachments WHERE agency_id = ? AND id > ? ORDER BY id LIMIT ${filesAtOnce})`,
  )
  return {
    async users() {
      return db.select(userColumns).from(users).where(eq(users.agencyId, agencyId)).orderBy(asc(users.id)).all() as UserRecord[]
    },
    async user(id) {
      return findUser(id) ?? null
    },
    async userByEmail(email) {
      const row = db
        .select(userColumns)
        .from(users)
        .where(and(eq(users.agencyId, agencyId), eq(users.email, email)))
        .get()
      return (row as UserRecord | undefined) ?? null
    },
    async changeUser(id, change_, by) {
      return change((tx) => {
        const user = findUser(id)
        if (!user || user.state === 'removed') return false
        const removed = 'state' in change_ && change_.state === 'removed'
        tx.update(users)
          .set(removed ? { ...change_, email: `removed:${id}`, passwordHash: '', totpSecret: null, recoveryCodes: [], memberships: [] } : change_)
          .where(userIs(id))
          .run()
        if (removed)
          tx.delete(passkeys)
            .where(and(eq(passkeys.agencyId, agencyId), eq(passkeys.userId, id)))
            .run()
        endSessions(tx, id, null)
        if (!stewardLeft(tx.select(userColumns).from(users).where(eq(users.agencyId, agencyId)).all() as UserRecord[])) throw new Conflict('last-owner')
        if ('memberships' in change_) log('user.changed', `user:${id}`, { ...by, details: { roles: change_.memberships.map(({ role }) => role).join(' ') } })
        else log(({ active: 'user.resumed', suspended: 'user.suspended', removed: 'user.removed' } as const)[change_.state], `user:${id}`, by)
        return true
      })
    },
    async secureUser(id, { what, ...secrets }, keep, by) {
      await change((tx) => {
        const { totpSecret } = secrets
        tx.update(users)
          .set({ ...secrets, ...(totpSecret ? { totpSecret: Buffer.from(totpSecret), totpStep: 0 } : {}) } as never)
          .where(userIs(id))
          .run()
        endSessions(tx, id, keep)
        log('user.secured', `user:${id}`, { ...by, details: { what } })
      })
    },
    async takeTotpStep(user, step) {
      return change(
        (tx) =>
          Number(
            tx
              .update(users)
              .set({ totpStep: step })
              .where(and(userIs(user), lt(users.totpStep, step)))
              .run().changes,
          ) > 0,
      )
    },
    async takeRecoveryCode(user, codeHash, by) {
      return change((tx) => {
        const left = findUser(user)?.recoveryCodes ?? []
        if (!left.includes(codeHash)) return false
        tx.update(users)
          .set({ recoveryCodes: left.filter((one) => one !== codeHash) })
          .where(userIs(user))
          .run()
        log('user.secured', `user:${user}`, { ...by, details: { what: 'recovery-code', left: left.length - 1 } })
        return true
      })
    },

    async addPasskey(passkey, by) {
      await change((tx) => {
        const done = tx
          .insert(passkeys)
          .values({ agencyId, ...passkey, publicKey: Buffer.from(passkey.publicKey) })
          .onConflictDoNothing()
          .run()
        if (Number(done.changes) === 0) throw new Conflict('taken')
        log('user.secured', `user:${passkey.userId}`, { ...by, details: { what: 'passkey-added' } })
      })
    },
    async passkeys(user) {
      return db
        .select(passkeyColumns)
        .from(passkeys)
        .where(and(eq(passkeys.agencyId, agencyId), eq(passkeys.userId, user)))
        .orderBy(asc(passkeys.createdAt), asc(passkeys.id))
        .all()
    },
    async passkey(id) {
      return db.select(passkeyColumns).from(passkeys).where(passkeyIs(id)).get() ?? null
    },
    async usePasskey(id, counter, day) {
      return change((tx) => {
        // Authenticators that do not count say 0 for ever.
        const fresh = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)
        return (
          Number(
            tx
              .update(passkeys)
              .set({ counter, usedOn: day })
              .where(and(passkeyIs(id), fresh))
              .run().changes,
          ) > 0
        )
      })
    },
    async removePasskey(user, id, by) {
      return change((tx) => {
        const gone = tx
          .delete(passkeys)
          .where(and(passkeyIs(id), eq(passkeys.userId, user)))
          .run()
        if (Number(gone.changes) === 0) return false
        log('user.secured', `user:${user}`, { ...by, details: { what: 'passkey-removed' } })
        return true
      })
    },

    async invite(invitation, by) {
      await change((tx) => {
        const there = tx
          .select({ id: users.id })
          .from(users)
          .where(and(eq(users.agencyId, agencyId), eq(users.email, invitation.email)))
          .get()
        if (there) throw new Conflict('taken')
        tx.delete(invitations)
          .where(and(eq(invitations.agencyId, agencyId), eq(invitations.email, invitation.email)))
          .run()
        tx.delete(invitations)
          .where(and(eq(invitations.agencyId, agencyId), lt(invitations.expiresAt, by.at)))
          .run()
        tx.insert(invitations)
          .values({ agencyId, ...invitation })
          .run()
        log('user.invited', `invitation:${invitation.id}`, { ...by, details: { roles: invitation.memberships.map(({ role }) => role).join(' ') } })
      })
    },
    async invitations(now) {
      return db
        .select(invitationColumns)
        .from(invitations)
        .where(and(eq(invitations.agencyId, agencyId), gt(invitations.expiresAt, now)))
        .orderBy(asc(invitations.id))
        .all()
    },
    async invitation(tokenHash, now) {
      return (
        db
          .select(invitationColumns)
          .from(invitations)
          .where(and(eq(invitations.agencyId, agencyId), eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, now)))
          .get() ?? null
      )
    },
    async withdrawInvitation(id, by) {
      return change((tx) => {
        const gone = tx
          .delete(invitations)
          .where(and(eq(invitations.agencyId, agencyId), eq(invitations.id, id)))
          .run()
        if (Number(gone.changes) === 0) return false
        log('invitation.withdrawn', `invitation:${id}`, by)
        return true
      })
    },
    async acceptInvitation(tokenHash, user, at) {
      return change((tx) => {
        const used = tx
          .delete(invitations)
          .where(and(eq(invitations.agencyId, agencyId), eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, at)))
          .returning()
          .get()
        if (!used) return null
        const made = tx
          .insert(users)
          .values({ agencyId, ...user, email: used.email, memberships: used.memberships, state: 'active', createdAt: at })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        log('user.created', `user:${user.id}`, { actor: used.invitedBy, at, details: { invitation: used.id } })
        return findUser(user.id) ?? null
      })
    },

    async sessionsOf(user, now) {
      return db
        .select({ ...sessionRest, user: userId })
        .from(sessions)
        .where(and(sessionsOf(user), gt(sessions.expiresAt, now)))
        .orderBy(asc(sessions.createdAt), asc(sessions.tokenHash))
        .all() as SessionRecord[]
    },
    async touchSession(tokenHash, at) {
      await change(
        (tx) =>
          tx
            .update(sessions)
            .set({ seenAt: at })
            .where(and(eq(sessions.agencyId, agencyId), eq(sessions.tokenHash, tokenHash)))
            .run(),
        'light',
      )
    },
    async renewSession(tokenHash, renewed) {
      return change(
        (tx) =>
          Number(
            tx
              .update(sessions)
              .set(renewed)
              .where(and(eq(sessions.agencyId, agencyId), eq(sessions.tokenHash, tokenHash)))
              .run().changes,
          ) > 0,
      )
    },
    async endSession(user, tokenHash, by) {
      return change((tx) => {
        const ended = tx
          .delete(sessions)
          .where(and(sessionsOf(user), eq(sessions.tokenHash, tokenHash)))
          .run()
        if (Number(ended.changes) === 0) return false
        log('session.ended', `user:${user}`, by)
        return true
      })
    },

    async makeKey(key, by) {
      await change((tx) => {
        tx.insert(apiKeys)
          .values({ agencyId, ...key })
          .run()
        log('key.created', `key:${key.id}`, { ...by, details: { permissions: key.permissions.join(' '), expires: key.expiresAt } })
      })
    },
    async keys() {
      return db.select(keyColumns).from(apiKeys).where(eq(apiKeys.agencyId, agencyId)).orderBy(asc(apiKeys.id)).all()
    },
    async keyBySecret(secretHash, now) {
      return (
        db
          .select({ ...keyColumns, agencyTitle: agencies.title })
          .from(apiKeys)
          .innerJoin(agencies, eq(agencies.agencyId, apiKeys.agencyId))
          .where(
            and(
              eq(apiKeys.agencyId, agencyId),
              eq(apiKeys.secretHash, secretHash),
              gt(apiKeys.expiresAt, now),
              isNull(apiKeys.revokedAt),
              isNull(agencies.deletedAt),
            ),
          )
          .get() ?? null
      )
    },
    async useKey(id, day) {
      await change((tx) => tx.update(apiKeys).set({ usedOn: day }).where(keyIs(id)).run(), 'light')
    },
    async revokeKey(id, by) {
      return change((tx) => {
        const done = tx
          .update(apiKeys)
          .set({ revokedAt: by.at })
          .where(and(keyIs(id), isNull(apiKeys.revokedAt)))
          .run()
        if (Number(done.changes) === 0) return false
        log('key.revoked', `key:${id}`, by)
        return true
      })
    },

    async profile() {
      const row = db.select().from(agencies).where(agencyIs).get()
      if (!row) return null
      const { title, createdAt, settings, quotas, settingsRevision: revision, deletedAt } = row
      return { title, createdAt, settings, quotas, revision, deletedAt }
    },
    async saveSettings(settings, revision, by) {
      return change((tx) => {
        const done = tx
          .update(agencies)
          .set({ settings, settingsRevision: revision + 1 })
          .where(and(agencyIs, eq(agencies.settingsRevision, revision)))
          .run()
        if (Number(done.changes) === 0) throw new Conflict('stale')
        log('agency.changed', `agency:${agencyId}`, { ...by, details: { what: 'settings', revision: revision + 1 } })
        return revision + 1
      })
    },
    async setQuotas(quotas, by) {
      await change((tx) => {
        tx.update(agencies).set({ quotas }).where(agencyIs).run()
        log('agency.changed', `agency:${agencyId}`, { ...by, details: { what: 'quotas', ...quotas } })
      })
    },
    async remove(by) {
      return change((tx) => {
        const done = tx
          .update(agencies)
          .set({ deletedAt: by.at })
          .where(and(agencyIs, isNull(agencies.deletedAt)))
          .run()
        if (Number(done.changes) === 0) return false
        tx.delete(sessions).where(eq(sessions.agencyId, agencyId)).run()
        tx.delete(citizenSessions).where(eq(citizenSessions.agencyId, agencyId)).run()
        tx.delete(invitations).where(eq(invitations.agencyId, agencyId)).run()
        tx.update(apiKeys)
          .set({ revokedAt: by.at })
          .where(and(eq(apiKeys.agencyId, agencyId), isNull(apiKeys.revokedAt)))
          .run()
        // Without one its address is nobody's, on every replica, with the next request.
        tx.update(services).set({ publishedVersion: null }).where(eq(services.agencyId, agencyId)).run()
        log('agency.deleted', `agency:${agencyId}`, by)
        return true
      })
    },
    async usage(day, files = true) {
      const made = db.select({ n: count() }).from(services).where(eq(services.agencyId, agencyId)).get()
      const received = db
        .select({ n: sum(statistics.count).mapWith(Number) })
        .from(statistics)
        .where(and(eq(statistics.agencyId, agencyId), eq(statistics.grain, 'day'), eq(statistics.period, day), eq(statistics.measure, 'sent')))
        .get()
      const counts = { services: made?.n ?? 0, submissions: received?.n ?? 0, storedBytes: 0 }
      if (!files) return counts
      // In portions: nobody else is served while one of them is read.
      for (let last = ''; ; ) {
        const read = someFiles.get(agencyId, last) as { rows: number; bytes: number | null; last: string | null }
        counts.storedBytes += read.bytes ?? 0
        if (read.rows < filesAtOnce || read.last === null) break
        last = read.last
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      // What is on its way has its place already.
      const unfinished = db
        .select({ n: sum(uploads.size).mapWith(Number) })
        .from(uploads)
        .where(and(eq(uploads.agencyId, agencyId), isNull(uploads.attachment)))
        .get()
      return { ...counts, storedBytes: counts.storedBytes + (unfinished?.n ?? 0) }
    },
  }
}
