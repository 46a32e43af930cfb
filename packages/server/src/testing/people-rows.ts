import type { AgencyStore } from '../store/store.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'system', at }

/** A row in each table of people that the first user's set-up leaves empty. `u` is a user, `card` a service. */
export async function addPeopleRows(agency: AgencyStore): Promise<void> {
  const times = { createdAt: at, expiresAt: '2027-01-01T00:00:00.000Z' }
  await agency.invite({ id: 'i', tokenHash: 'i', email: 'i@example.org', memberships: [{ role: 'officer' }], invitedBy: 'user:u', ...times }, by)
  await agency.addPasskey({ id: 'pk', userId: 'u', name: 'key', publicKey: new Uint8Array(3), counter: 0, createdAt: at, usedOn: null }, by)
  await agency.openCitizenSession({
    idHash: 'c',
    service: 'card',
    provider: 'national',
    subjectMac: 'm',
    providerSessionMac: '',
    level: 'low',
    seenAt: at,
    ...times,
  })
  await agency.saveOfficerMail({ user: 'u', language: 'el', assigned: 1, days: 3, digest: 0 }, '2026-01-05')
  const secret = { id: 'k', secretHash: 'k', name: 'program', permissions: ['case.list' as const], services: null, madeBy: 'user:u' }
  await agency.makeKey({ ...secret, ...times, usedOn: null, revokedAt: null }, by)
}
