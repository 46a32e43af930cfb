/**
 * Who is signed in. The page holds a token that says who it is, sealed; a row in the store says that it still counts, and is
 * asked for whenever the token is relied on. So a sign-in ends at once, on every replica, when the person signs out, when the
 * provider says that they did (back-channel logout), or when the agency ends it.
 */
import type { Adapters } from '../adapters.ts'
import { newSecret } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import type { CitizenSessionsOf } from '../store/citizen-sessions.ts'
import type { AgencyStore, Deed } from '../store/store.ts'
import { slowDown } from './rates.ts'
import type { Asker, Exchanged } from './road.ts'
import { serviceAbout, wordsOf } from './sealed-words.ts'
import type { SignedIn, SignedOut } from './sign-in.ts'

/** Time to fill in, after which the person signs in again. What was answered is kept by the page. */
const sessionLasts = 60 * 60_000
/** How long one sign-in lasts at most, whoever asks for more time: enough to ask ten times and more (WCAG 2.2.1). */
const longestSession = 12 * 60 * 60_000
/** When it was last used is written down so often at most. */
const seenEvery = 5 * 60_000

/** What the token says. */
interface Session {
  /** Names the row: nobody else knows it. */
  i: string
  /** Origin of the page that holds it. */
  o: string
  /** When it is over, whatever the row says. */
  x: number
  who: SignedIn
}

type About = Pick<LiveService, 'agency' | 'version'>

/** Digests under the server's own key of one person, or one sign-in, as a provider names them. */
const macOf = (adapters: Pick<Adapters, 'keys'>, agency: string, kind: 'subject' | 'session', provider: string, name: string) =>
  wordsOf(adapters, agency).derive('session', JSON.stringify([kind, provider, name]))

/** Signs somebody in. Gives the token and until when it counts. */
export async function openSession(
  { adapters, service: { agency, version }, origin, now }: Asker,
  who: SignedIn,
): Promise<Pick<Exchanged, 'session' | 'expiresAt'>> {
  const id = newSecret()
  const at = now.toISOString()
  const expiresAt = new Date(now.getTime() + sessionLasts).toISOString()
  await agency.openCitizenSession({
    idHash: digestOf(id),
    service: version.service,
    provider: who.provider,
    subjectMac: macOf(adapters, agency.id, 'subject', who.provider, who.subject),
    providerSessionMac: who.session === undefined ? '' : macOf(adapters, agency.id, 'session', who.provider, who.session),
    level: who.level,
    createdAt: at,
    seenAt: at,
    expiresAt,
  })
  const session: Session = { i: id, o: origin ?? '', x: now.getTime() + longestSession, who }
  return { session: wordsOf(adapters, agency.id).seal('session', serviceAbout(agency.id, version.service), session), expiresAt }
}

interface Found {
  token: string
  session: Session
  expiresAt: string
}

/** Null: over, ended, or never given for this service and origin. */
async function find(
  adapters: Pick<Adapters, 'keys' | 'signIns'>,
  { agency, version }: About,
  authorization: string | undefined,
  origin: string | null,
  now: Date,
): Promise<Found | null> {
  const token = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(authorization ?? '')?.[1]
  const session = token === undefined ? null : (wordsOf(adapters, agency.id).open('session', serviceAbout(agency.id, version.service), token) as Session | null)
  // Tokens of earlier versions have no row.
  if (!session || typeof session.i !== 'string' || session.x <= now.getTime() || session.o !== (origin ?? '')) return null
  // Nobody vouches any more for whoever came by a provider that was taken away.
  if (!adapters.signIns.providers(agency.id).some(({ id }) => id === session.who.provider)) return null
  const idHash = digestOf(session.i)
  const row = await agency.citizenSession(idHash, now.toISOString())
  if (!row || row.service !== version.service) return null
  if (now.getTime() - Date.parse(row.seenAt) >= seenEvery) await agency.touchCitizenSession(idHash, now.toISOString())
  return { token: token as string, session, expiresAt: row.expiresAt }
}

/** Who sends, by the session that comes along: `ended` for one that is over, or was never given for this. Null: none comes. */
export async function whoSends(...asked: Parameters<typeof find>): Promise<SignedIn | 'ended' | null> {
  return asked[2] === undefined ? null : ((await find(...asked))?.session.who ?? 'ended')
}

/** More time for somebody who is signed in, by the session that they have. @throws Refused when that is over, or is at its longest */
export async function extendSession(asker: Asker, authorization: string | undefined): Promise<Pick<Exchanged, 'session' | 'expiresAt'>> {
  const { adapters, service, now, origin } = asker
  await slowDown(adapters.signInRates.exchanged, asker)
  const held = await find(adapters, service, authorization, origin, now)
  const expiresAt = held && new Date(Math.min(now.getTime() + sessionLasts, held.session.x)).toISOString()
  const longer = held && expiresAt && expiresAt > held.expiresAt
  if (!longer || !(await service.agency.extendCitizenSession(digestOf(held.session.i), { seenAt: now.toISOString(), expiresAt })))
    throw new Refused(401, 'sign-in-ended')
  return { session: held.token, expiresAt }
}

/** The person signs out. Whatever comes along that is no session is none afterwards either. */
export async function endSession({ adapters, service, now, origin }: Asker, authorization: string | undefined): Promise<void> {
  const held = await find(adapters, service, authorization, origin, now)
  if (!held) return
  const by: Deed = { actor: 'citizen', at: now.toISOString(), details: { provider: held.session.who.provider } }
  await service.agency.endCitizenSessions({ idHash: digestOf(held.session.i) }, `service:${service.version.service}`, by)
}

/**
 * The provider says that somebody has signed out there. With a session of theirs it is that one alone, and whichever of the
 * person's the provider never named. Gives how many ended.
 */
export function endAtProvider(
  adapters: Pick<Adapters, 'keys'>,
  agency: AgencyStore,
  provider: string,
  { subject, session }: SignedOut,
  now: Date,
): Promise<number> {
  const known = session === null ? null : macOf(adapters, agency.id, 'session', provider, session)
  const which: CitizenSessionsOf = {
    provider,
    ...(subject === null ? {} : { subjectMac: macOf(adapters, agency.id, 'subject', provider, subject) }),
    ...(known === null ? {} : { providerSessionMacs: subject === null ? [known] : [known, ''] }),
  }
  return agency.endCitizenSessions(which, `provider:${provider}`, { actor: 'system', at: now.toISOString(), details: { provider } })
}

/** The agency ends the sign-ins of one person, of all who came by a provider, or every one. Gives how many ended. */
export function endForAgency(
  adapters: Pick<Adapters, 'keys'>,
  agency: AgencyStore,
  { provider, subject }: { provider?: string; subject?: string },
  by: Pick<Deed, 'actor' | 'at'>,
): Promise<number> {
  const which: CitizenSessionsOf =
    provider === undefined ? {} : { provider, ...(subject === undefined ? {} : { subjectMac: macOf(adapters, agency.id, 'subject', provider, subject) }) }
  const whose = provider === undefined ? 'everybody' : subject === undefined ? 'provider' : 'person'
  const object = provider === undefined ? `agency:${agency.id}` : `provider:${provider}`
  return agency.endCitizenSessions(which, object, { ...by, details: { whose, ...(provider === undefined ? {} : { provider }) } })
}
