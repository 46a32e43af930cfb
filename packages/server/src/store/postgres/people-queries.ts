/** The queries about people, programs with keys, and the agency itself. */
import { and, asc, count, eq, getColumns, gt, isNull, lt, ne, sum } from 'drizzle-orm'
import { type PeopleQueries, stewardLeft } from '../people.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { agencies, apiKeys, attachments, citizenSessions, invitations, passkeys, services, sessions, statistics, uploads, users } from './tables.ts'

const { agencyId: _1, createdAt: _2, ...userColumns } = getColumns(users)
const { agencyId: _3, userId, ...sessionRest } = getColumns(sessions)
const { agencyId: _4, ...passkeyColumns } = getColumns(passkeys)
const { agencyId: _5, ...invitationColumns } = getColumns(invitations)
const { agencyId: _6, ...keyColumns } = getColumns(apiKeys)

export { userColumns }

export function peopleQueries({ agencyId, mine, read, change, touch }: Context): PeopleQueries {
  const userIs = (id: string) => and(mine(users), eq(users.id, id))
  const sessionIs = (tokenHash: string) => and(mine(sessions), eq(sessions.tokenHash, tokenHash))
  const ofUser = (user: string) => and(mine(sessions), eq(sessions.userId, user))
  const passkeyIs = (id: string) => and(mine(passkeys), eq(passkeys.id, id))
  const keyIs = (id: string) => and(mine(apiKeys), eq(apiKeys.id, id))
  const findUser = async (tx: Transaction, id: string) => (await tx.select(userColumns).from(users).where(userIs(id)))[0]
  const endSessions = (tx: Transaction, user: string, keep: string | null) =>
    tx.delete(sessions).where(and(ofUser(user), keep === null ? undefined : ne(sessions.tokenHash, keep)))

  return {
    async users() {
      return read((tx) => tx.select(userColumns).from(users).where(mine(users)).orderBy(asc(users.id)))
    },
    async user(id) {
      return (await read((tx) => findUser(tx, id))) ?? null
    },
    async userByEmail(email) {
      const [row] = await read((tx) =>
        tx
          .select(userColumns)
          .from(users)
          .where(and(mine(users), eq(users.email, email))),
      )
      return row ?? null
    },
    async changeUser(id, change_, by) {
      return change(async (tx, log) => {
        const user = await findUser(tx, id)
        if (!user || user.state === 'removed') return false
        const removed = 'state' in change_ && change_.state === 'removed'
        await tx
          .update(users)
          .set(removed ? { ...change_, email: `removed:${id}`, passwordHash: '', totpSecret: null, recoveryCodes: [], memberships: [] } : change_)
          .where(userIs(id))
        if (removed) await tx.delete(passkeys).where(and(mine(passkeys), eq(passkeys.userId, id)))
        await endSessions(tx, id, null)
        if (!stewardLeft(await tx.select(userColumns).from(users).where(mine(users)))) throw new Conflict('last-owner')
        if ('memberships' in change_)
          await log('user.changed', `user:${id}`, { ...by, details: { roles: change_.memberships.map(({ role }) => role).join(' ') } })
        else await log(({ active: 'user.resumed', suspended: 'user.suspended', removed: 'user.removed' } as const)[change_.state], `user:${id}`, by)
        return true
      })
    },
    async secureUser(id, { what, ...secrets }, keep, by) {
      await change(async (tx, log) => {
        await tx
          .update(users)
          .set({ ...secrets, ...(secrets.totpSecret ? { totpStep: 0 } : {}) })
          .where(userIs(id))
        await endSessions(tx, id, keep)
        await log('user.secured', `user:${id}`, { ...by, details: { what } })
      })
    },
    async takeTotpStep(user, step) {
      return change(async (tx) => {
        const taken = await tx
          .update(users)
          .set({ totpStep: step })
          .where(and(userIs(user), lt(users.totpStep, step)))
          .returning({ id: users.id })
        return taken.length > 0
      })
    },
    async takeRecoveryCode(user, codeHash, by) {
      return change(async (tx, log) => {
        const left = (await findUser(tx, user))?.recoveryCodes ?? []
        if (!left.includes(codeHash)) return false
        await tx
          .update(users)
          .set({ recoveryCodes: left.filter((one) => one !== codeHash) })
          .where(userIs(user))
        await log('user.secured', `user:${user}`, { ...by, details: { what: 'recovery-code', left: left.length - 1 } })
        return true
      })
    },

    async addPasskey(passkey, by) {
      await change(async (tx, log) => {
        const made = await tx
          .insert(passkeys)
          .values({ agencyId, ...passkey })
          .onConflictDoNothing()
          .returning({ id: passkeys.id })
        if (made.length === 0) throw new Conflict('taken')
        await log('user.secured', `user:${passkey.userId}`, { ...by, details: { what: 'passkey-added' } })
      })
    },
    async passkeys(user) {
      return read((tx) =>
        tx
          .select(passkeyColumns)
          .from(passkeys)
          .where(and(mine(passkeys), eq(passkeys.userId, user)))
          .orderBy(asc(passkeys.createdAt), asc(passkeys.id)),
      )
    },
    async passkey(id) {
      const [row] = await read((tx) => tx.select(passkeyColumns).from(passkeys).where(passkeyIs(id)))
      return row ?? null
    },
    async usePasskey(id, counter, day) {
      return change(async (tx) => {
        // Authenticators that do not count say 0 for ever.
        const fresh = counter === 0 ? eq(passkeys.counter, 0) : lt(passkeys.counter, counter)
        const used = await tx
          .update(passkeys)
          .set({ counter, usedOn: day })
          .where(and(passkeyIs(id), fresh))
          .returning({ id: passkeys.id })
        return used.length > 0
      })
    },
    async removePasskey(user, id, by) {
      return change(async (tx, log) => {
        const gone = await tx
          .delete(passkeys)
          .where(and(passkeyIs(id), eq(passkeys.userId, user)))
          .returning({ id: passkeys.id })
        if (gone.length === 0) return false
        await log('user.secured', `user:${user}`, { ...by, details: { what: 'passkey-removed' } })
        return true
      })
    },

    async invite(invitation, by) {
      await change(async (tx, log) => {
        const there = await tx
          .select({ id: users.id })
          .from(users)
          .where(and(mine(users), eq(users.email, invitation.email)))
        if (there.length > 0) throw new Conflict('taken')
        await tx.delete(invitations).where(and(mine(invitations), eq(invitations.email, invitation.email)))
        await tx.delete(invitations).where(and(mine(invitations), lt(invitations.expiresAt, by.at)))
        await tx.insert(invitations).values({ agencyId, ...invitation })
        await log('user.invited', `invitation:${invitation.id}`, { ...by, details: { roles: invitation.memberships.map(({ role }) => role).join(' ') } })
      })
    },
    async invitations(now) {
      return read((tx) =>
        tx
          .select(invitationColumns)
          .from(invitations)
          .where(and(mine(invitations), gt(invitations.expiresAt, now)))
          .orderBy(asc(invitations.id)),
      )
    },
    async invitation(tokenHash, now) {
      const [row] = await read((tx) =>
        tx
          .select(invitationColumns)
          .from(invitations)
          .where(and(mine(invitations), eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, now))),
      )
      return row ?? null
    },
    async withdrawInvitation(id, by) {
      return change(async (tx, log) => {
        const gone = await tx
          .delete(invitations)
          .where(and(mine(invitations), eq(invitations.id, id)))
          .returning({ id: invitations.id })
        if (gone.length === 0) return false
        await log('invitation.withdrawn', `invitation:${id}`, by)
        return true
      })
    },
    async acceptInvitation(tokenHash, user, at) {
      return change(async (tx, log) => {
        const [used] = await tx
          .delete(invitations)
          .where(and(mine(invitations), eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, at)))
          .returning()
        if (!used) return null
        const [made] = await tx
          .insert(users)
          .values({ agencyId, ...user, email: used.email, memberships: used.memberships, state: 'active', createdAt: at })
          .onConflictDoNothing()
          .returning(userColumns)
        if (!made) throw new Conflict('taken')
        await log('user.created', `user:${user.id}`, { actor: used.invitedBy, at, details: { invitation: used.id } })
        return made
      })
    },

    async sessionsOf(user, now) {
      return read((tx) =>
        tx
          .select({ ...sessionRest, user: userId })
          .from(sessions)
          .where(and(ofUser(user), gt(sessions.expiresAt, now)))
          .orderBy(asc(sessions.createdAt), asc(sessions.tokenHash)),
      )
    },
    async touchSession(tokenHash, at) {
      await touch((tx) => tx.update(sessions).set({ seenAt: at }).where(sessionIs(tokenHash)), { light: true, repeatable: true })
    },
    async renewSession(tokenHash, renewed) {
      return change(async (tx) => (await tx.update(sessions).set(renewed).where(sessionIs(tokenHash)).returning({ user: sessions.userId })).length > 0)
    },
    async endSession(user, tokenHash, by) {
      return change(async (tx, log) => {
        const ended = await tx
          .delete(sessions)
          .where(and(sessionIs(tokenHash), eq(sessions.userId, user)))
          .returning({ user: sessions.userId })
        if (ended.length === 0) return false
        await log('session.ended', `user:${user}`, by)
        return true
      })
    },

    async makeKey(key, by) {
      await change(async (tx, log) => {
        await tx.insert(apiKeys).values({ agencyId, ...key })
        await log('key.created', `key:${key.id}`, { ...by, details: { permissions: key.permissions.join(' '), expires: key.expiresAt } })
      })
    },
    async keys() {
      return read((tx) => tx.select(keyColumns).from(apiKeys).where(mine(apiKeys)).orderBy(asc(apiKeys.id)))
    },
    async keyBySecret(secretHash, now) {
      const [row] = await read((tx) =>
        tx
          .select({ ...keyColumns, agencyTitle: agencies.title })
          .from(apiKeys)
          .innerJoin(agencies, eq(agencies.agencyId, apiKeys.agencyId))
          .where(and(mine(apiKeys), eq(apiKeys.secretHash, secretHash), gt(apiKeys.expiresAt, now), isNull(apiKeys.revokedAt), isNull(agencies.deletedAt))),
      )
      return row ?? null
    },
    async useKey(id, day) {
      await touch((tx) => tx.update(apiKeys).set({ usedOn: day }).where(keyIs(id)), { light: true, repeatable: true })
    },
    async revokeKey(id, by) {
      return change(async (tx, log) => {
        const done = await tx
          .update(apiKeys)
          .set({ revokedAt: by.at })
          .where(and(keyIs(id), isNull(apiKeys.revokedAt)))
          .returning({ id: apiKeys.id })
        if (done.length === 0) return false
        await log('key.revoked', `key:${id}`, by)
        return true
      })
    },

    async profile() {
      const [row] = await read((tx) => tx.select().from(agencies).where(mine(agencies)))
      if (!row) return null
      const { title, createdAt, settings, quotas, settingsRevision: revision, deletedAt } = row
      return { title, createdAt, settings, quotas, revision, deletedAt }
    },
    async saveSettings(settings, revision, by) {
      return change(async (tx, log) => {
        const done = await tx
          .update(agencies)
          .set({ settings, settingsRevision: revision + 1 })
          .where(and(mine(agencies), eq(agencies.settingsRevision, revision)))
          .returning({ id: agencies.agencyId })
        if (done.length === 0) throw new Conflict('stale')
        await log('agency.changed', `agency:${agencyId}`, { ...by, details: { what: 'settings', revision: revision + 1 } })
        return revision + 1
      })
    },
    async setQuotas(quotas, by) {
      await change(async (tx, log) => {
        await tx.update(agencies).set({ quotas }).where(mine(agencies))
        await log('agency.changed', `agency:${agencyId}`, { ...by, details: { what: 'quotas', ...quotas } })
      })
    },
    async remove(by) {
      return change(async (tx, log) => {
        const done = await tx
          .update(agencies)
          .set({ deletedAt: by.at })
          .where(and(mine(agencies), isNull(agencies.deletedAt)))
          .returning({ id: agencies.agencyId })
        if (done.length === 0) return false
        await tx.delete(sessions).where(mine(sessions))
        await tx.delete(citizenSessions).where(mine(citizenSessions))
        await tx.delete(invitations).where(mine(invitations))
        await tx
          .update(apiKeys)
          .set({ revokedAt: by.at })
          .where(and(mine(apiKeys), isNull(apiKeys.revokedAt)))
        // Without one its address is nobody's, on every replica, with the next request.
        await tx.update(services).set({ publishedVersion: null }).where(mine(services))
        await log('agency.deleted', `agency:${agencyId}`, by)
        return true
      })
    },
    async usage(day, files = true) {
      return read(async (tx) => {
        const [made, received, bytes, unfinished] = await Promise.all([
          tx.select({ n: count() }).from(services).where(mine(services)).execute(),
          tx
            .select({ n: sum(statistics.count).mapWith(Number) })
            .from(statistics)
            .where(and(mine(statistics), eq(statistics.grain, 'day'), eq(statistics.period, day), eq(statistics.measure, 'sent')))
            .execute(),
          files
            ? tx
                .select({ n: sum(attachments.size).mapWith(Number) })
                .from(attachments)
                .where(mine(attachments))
                .execute()
            : [],
          // What is on its way has its place already.
          files
            ? tx
                .select({ n: sum(uploads.size).mapWith(Number) })
                .from(uploads)
                .where(and(mine(uploads), isNull(uploads.attachment)))
                .execute()
            : [],
        ])
        return { services: made[0]?.n ?? 0, submissions: received[0]?.n ?? 0, storedBytes: (bytes[0]?.n ?? 0) + (unfinished[0]?.n ?? 0) }
      })
    },
  }
}
