/** What every implementation of the store must hold about people, programs and agencies themselves. Part of store-suite.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { type InvitationRecord, installation, type SessionRecord } from './people.ts'
import type { AgencyStore, Store } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const later = '2026-01-06T08:00:00.000Z'
const by = { actor: 'user:u1', at }
const bytes = (text: string) => new Uint8Array(Buffer.from(text))

export function peopleSuite(agencies: () => { store: Store; city: AgencyStore; town: AgencyStore }) {
  describe('people', () => {
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(async () => {
      ;({ city, town } = agencies())
      await city.offerSetup('setup')
      await city.createFirstUser({ id: 'u1', email: 'ada@city.example', name: 'Ada', passwordHash: 'h1' }, 'setup', at)
    })

    const invitation = (id: string, more: Partial<InvitationRecord> = {}): InvitationRecord => ({
      id,
      tokenHash: `token ${id}`,
      email: `${id}@city.example`,
      memberships: [{ role: 'officer', services: ['card'], units: ['desk'] }],
      invitedBy: 'user:u1',
      createdAt: at,
      expiresAt: '2026-01-12T08:00:00.000Z',
      ...more,
    })
    const join = async (id: string, more: Partial<InvitationRecord> = {}, agency = city) => {
      await agency.invite(invitation(id, more), by)
      return agency.acceptInvitation(`token ${id}`, { id, name: id.toUpperCase(), passwordHash: 'h' }, at)
    }
    const session = (tokenHash: string, user: string, more: Partial<SessionRecord> = {}): SessionRecord => ({
      tokenHash,
      user,
      createdAt: at,
      expiresAt: '2026-01-05T20:00:00.000Z',
      seenAt: at,
      provedAt: at,
      strong: 0,
      label: 'Firefox, Linux',
      ...more,
    })
    const open = (tokenHash: string, user: string, agency = city) => agency.openSession(session(tokenHash, user), { actor: `user:${user}`, at })
    const actions = async (agency = city) => (await agency.auditEvents(0, 100)).map(({ action }) => action)

    it('are invited once, for a time, and become what they were invited to be', async () => {
      await city.invite(invitation('i1'), by)
      await city.invite(invitation('i2', { email: 'i1@city.example' }), by)
      expect((await city.invitations(at)).map(({ id }) => id)).toEqual(['i2'])
      expect(await city.invitation('token i1', at)).toBeNull()
      expect(await city.invitation('token i2', at)).toMatchObject({ id: 'i2', email: 'i1@city.example', memberships: [{ role: 'officer' }] })
      expect(await town.invitation('token i2', at)).toBeNull()
      expect(await city.invitation('token i2', '2026-01-12T08:00:00.000Z')).toBeNull()
      expect(await city.acceptInvitation('token i2', { id: 'u2', name: 'B', passwordHash: 'h2' }, '2026-01-12T08:00:00.000Z')).toBeNull()
      expect(await town.acceptInvitation('token i2', { id: 'u2', name: 'B', passwordHash: 'h2' }, at)).toBeNull()
      const both = await Promise.all(['u2', 'u3'].map((id) => city.acceptInvitation('token i2', { id, name: 'B', passwordHash: 'h2' }, at)))
      expect(both.filter(Boolean)).toHaveLength(1)
      expect(both.find(Boolean)).toMatchObject({
        email: 'i1@city.example',
        state: 'active',
        memberships: [{ role: 'officer', services: ['card'], units: ['desk'] }],
      })
      await expect(city.invite(invitation('i3', { email: 'ada@city.example' }), by)).rejects.toMatchObject({ kind: 'taken' })
      await city.invite(invitation('i4'), by)
      expect([await city.withdrawInvitation('i4', by), await city.withdrawInvitation('i4', by)]).toEqual([true, false])
      expect(await city.invitation('token i4', at)).toBeNull()
      const log = await city.auditEvents(0, 100)
      expect(findBreak(log)).toBeNull()
      expect(JSON.stringify(log)).not.toMatch(/city\.example|token i/)
    })

    it('lose all sessions with any change of what they are, and cannot come back by an old one', async () => {
      await join('u2')
      for (const [change, state] of [
        [{ memberships: [{ role: 'editor' as const }] }, 'active'],
        [{ state: 'suspended' as const }, 'suspended'],
      ] as const) {
        await open('s2', 'u2')
        expect(await city.session('s2', at)).not.toBeNull()
        expect(await city.changeUser('u2', change, by)).toBe(true)
        expect(await city.session('s2', at)).toBeNull()
        expect((await city.user('u2'))?.state).toBe(state)
      }
      // Also one that was opened since: it is the state that is asked each time.
      await open('s3', 'u2')
      expect(await city.session('s3', at)).toBeNull()
      await city.changeUser('u2', { state: 'active' }, by)
      await open('s4', 'u2')
      expect((await city.session('s4', at))?.user.memberships).toEqual([{ role: 'editor' }])
      expect(await town.changeUser('u2', { state: 'removed' }, by)).toBe(false)
    })

    it('leave nothing of themselves but a name when they are removed', async () => {
      await join('u2')
      await city.secureUser('u2', { what: 'second-factor-on', totpSecret: bytes('sealed'), recoveryCodes: ['c'] }, null, by)
      await city.addPasskey({ id: 'pk', userId: 'u2', name: 'key', publicKey: bytes('k'), counter: 0, createdAt: at, usedOn: null }, by)
      expect(await city.changeUser('u2', { state: 'removed' }, by)).toBe(true)
      expect(await city.user('u2')).toMatchObject({ name: 'U2', email: 'removed:u2', passwordHash: '', memberships: [], totpSecret: null, recoveryCodes: [] })
      expect([await city.passkey('pk'), await city.changeUser('u2', { state: 'active' }, by), await city.userByEmail('u2@city.example')]).toEqual([
        null,
        false,
        null,
      ])
      // The address may come back as somebody else.
      expect(await join('u9', { email: 'u2@city.example' })).toMatchObject({ id: 'u9' })
    })

    it('always leave somebody who can let others in', async () => {
      await join('u2')
      for (const change of [{ state: 'suspended' as const }, { state: 'removed' as const }, { memberships: [{ role: 'editor' as const }] }])
        await expect(city.changeUser('u1', change, by)).rejects.toMatchObject({ kind: 'last-owner' })
      expect(await city.user('u1')).toMatchObject({ state: 'active', memberships: [{ role: 'owner' }] })
      await city.changeUser('u2', { memberships: [{ role: 'owner' }] }, by)
      // Of two owners who suspend each other at the same moment one stays.
      const both = await Promise.allSettled(['u1', 'u2'].map((id) => city.changeUser(id, { state: 'suspended' }, by)))
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('use each code once, whoever comes first', async () => {
      await city.secureUser('u1', { what: 'second-factor-on', totpSecret: bytes('sealed'), recoveryCodes: ['a', 'b'] }, null, by)
      expect(Buffer.from((await city.user('u1'))?.totpSecret ?? []).toString()).toBe('sealed')
      expect((await Promise.all([7, 7, 7].map((step) => city.takeTotpStep('u1', step)))).filter(Boolean)).toHaveLength(1)
      expect([await city.takeTotpStep('u1', 6), await city.takeTotpStep('u1', 8), await town.takeTotpStep('u1', 9)]).toEqual([false, true, false])
      expect((await Promise.all(['a', 'a'].map((code) => city.takeRecoveryCode('u1', code, by)))).sort()).toEqual([false, true])
      expect((await city.user('u1'))?.recoveryCodes).toEqual(['b'])
      expect([await city.takeRecoveryCode('u1', 'none', by), await town.takeRecoveryCode('u1', 'b', by)]).toEqual([false, false])
      await city.secureUser('u1', { what: 'second-factor-off', totpSecret: null, recoveryCodes: [] }, null, by)
      expect((await city.user('u1'))?.totpSecret).toBeNull()
    })

    it('keep their passkeys, of which no copy is taken for the original', async () => {
      const key = { id: 'pk', userId: 'u1', name: 'Key', publicKey: bytes('public'), counter: 3, createdAt: at, usedOn: null }
      await city.addPasskey(key, by)
      await expect(city.addPasskey(key, by)).rejects.toMatchObject({ kind: 'taken' })
      expect((await city.passkeys('u1')).map(({ id, counter }) => [id, counter])).toEqual([['pk', 3]])
      expect([
        await city.usePasskey('pk', 3, '2026-01-05'),
        await city.usePasskey('pk', 4, '2026-01-05'),
        await city.usePasskey('pk', 0, '2026-01-05'),
      ]).toEqual([false, true, false])
      expect(await city.passkey('pk')).toMatchObject({ counter: 4, usedOn: '2026-01-05' })
      await city.addPasskey({ ...key, id: 'uncounted', counter: 0 }, by)
      expect([await city.usePasskey('uncounted', 0, at), await city.usePasskey('uncounted', 0, at)]).toEqual([true, true])
      expect([await town.passkey('pk'), await city.removePasskey('nobody', 'pk', by), await city.removePasskey('u1', 'pk', by)]).toEqual([null, false, true])
    })

    it('see their sessions and end them; a renewed one has another secret', async () => {
      await open('s1', 'u1')
      await open('s2', 'u1')
      await city.touchSession('s1', later)
      expect((await city.sessionsOf('u1', at)).map(({ tokenHash, seenAt, label }) => [tokenHash, seenAt, label])).toEqual([
        ['s1', later, 'Firefox, Linux'],
        ['s2', at, 'Firefox, Linux'],
      ])
      expect(await city.renewSession('s1', { tokenHash: 's1b', provedAt: later, strong: 1 })).toBe(true)
      expect([
        await city.session('s1', at),
        (await city.session('s1b', at))?.strong,
        await city.renewSession('s1', { tokenHash: 'x', provedAt: at, strong: 0 }),
      ]).toEqual([null, 1, false])
      await city.secureUser('u1', { what: 'password', passwordHash: 'h9' }, 's1b', by)
      expect([await city.session('s2', at), (await city.session('s1b', at))?.user.passwordHash]).toEqual([null, 'h9'])
      expect([await city.endSession('u2', 's1b', by), await town.endSession('u1', 's1b', by), await city.endSession('u1', 's1b', by)]).toEqual([
        false,
        false,
        true,
      ])
      expect(await city.session('s1b', at)).toBeNull()
      expect((await actions()).slice(-3)).toEqual(['user.signed-in', 'user.secured', 'session.ended'])
    })
  })

  describe('keys of programs', () => {
    it('open what they were made for until they expire, are revoked, or the agency is gone', async () => {
      const { city, town } = agencies()
      const key = (id: string) => ({
        id,
        secretHash: `secret ${id}`,
        name: 'Program',
        permissions: ['case.list' as const],
        services: ['card'],
        madeBy: 'user:u1',
        createdAt: at,
        expiresAt: later,
        usedOn: null,
        revokedAt: null,
      })
      for (const id of ['k1', 'k2']) await city.makeKey(key(id), by)
      expect(await city.keyBySecret('secret k1', at)).toMatchObject({ id: 'k1', permissions: ['case.list'], services: ['card'], agencyTitle: 'City' })
      expect([await city.keyBySecret('secret k1', later), await town.keyBySecret('secret k1', at), await city.keyBySecret('k1', at)]).toEqual([
        null,
        null,
        null,
      ])
      await city.useKey('k1', '2026-01-05')
      expect([await town.revokeKey('k1', by), await city.revokeKey('k1', by), await city.revokeKey('k1', by)]).toEqual([false, true, false])
      expect(await city.keyBySecret('secret k1', at)).toBeNull()
      expect((await city.keys()).map(({ id, usedOn, revokedAt }) => [id, usedOn, revokedAt])).toEqual([
        ['k1', '2026-01-05', at],
        ['k2', null, null],
      ])
      await city.remove(by)
      expect(await city.keyBySecret('secret k2', at)).toBeNull()
    })
  })

  describe('an agency', () => {
    it('keeps its settings and quotas, and is changed by one at a time', async () => {
      const { city, town } = agencies()
      expect(await city.profile()).toMatchObject({ title: 'City', settings: {}, quotas: {}, revision: 1, deletedAt: null })
      expect(await city.saveSettings({ domains: ['https://city.example'], requireSecondFactor: true }, 1, by)).toBe(2)
      await expect(city.saveSettings({}, 1, by)).rejects.toMatchObject({ kind: 'stale' })
      await city.setQuotas({ services: 3 }, { actor: 'operator', at })
      expect(await city.profile()).toMatchObject({ settings: { requireSecondFactor: true }, quotas: { services: 3 }, revision: 2 })
      expect(await town.profile()).toMatchObject({ settings: {}, quotas: {} })
      expect(await city.usage('2026-01-05')).toEqual({ services: 1, submissions: 0, storedBytes: 0 })
    })

    it('is gone when it is deleted: its sessions, its services and its place in the list', async () => {
      const { store, city, town } = agencies()
      await city.offerSetup('setup')
      await city.createFirstUser({ id: 'u1', email: 'a@city.example', name: 'A', passwordHash: 'h' }, 'setup', at)
      const session = { tokenHash: 's', user: 'u1', createdAt: at, expiresAt: later, seenAt: at, provedAt: at, strong: 0, label: '' }
      await city.openSession(session, by)
      expect([await city.remove(by), await city.remove(by)]).toEqual([true, false])
      await city.openSession({ ...session, tokenHash: 's2' }, by)
      expect([await city.session('s', at), await city.session('s2', at), await city.published()]).toEqual([null, null, []])
      expect((await store.agencies()).map(({ id }) => id)).toEqual(['town'])
      expect(await town.published()).toHaveLength(1)
      expect(await city.offerSetup('again')).toBe(false)
      expect((await city.auditEvents(0, 100)).some(({ action }) => action === 'agency.deleted')).toBe(true)
    })

    it('is not the house of those who run the installation', async () => {
      const { store, city } = agencies()
      const house = await store.house(at)
      expect([house.id, (await store.house(at)).id]).toEqual([installation, installation])
      expect((await store.agencies()).map(({ id }) => id)).toEqual(['city', 'town'])
      await house.audit('agency.created', 'agency:city', { actor: 'operator', at })
      expect((await house.auditEvents(0, 10)).map(({ agency, action }) => [agency, action])).toEqual([[installation, 'agency.created']])
      expect((await city.auditEvents(0, 100)).some(({ action }) => action === 'agency.created')).toBe(false)
    })
  })
}
