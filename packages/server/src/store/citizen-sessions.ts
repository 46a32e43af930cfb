/**
 * Who of the citizens is signed in. The token that the page holds says who it is, sealed; the row says that it still counts,
 * so that a sign-in ends the moment its row is gone, on every replica. No name and no subject is kept: digests under the
 * server's own key, by which the rows of one person, or of one sign-in at the provider, are found.
 */
import type { Bygone } from '../lived-time.ts'
import type { Deed } from './store.ts'

export interface CitizenSession {
  /** Digest of the id that only the token holds. */
  idHash: string
  service: string
  /** Id of the provider. */
  provider: string
  subjectMac: string
  /** Of the session at the provider (`sid`); empty: the provider names none. */
  providerSessionMac: string
  level: string
  createdAt: string
  /** When it was last used, to some minutes. */
  seenAt: string
  expiresAt: string
}

/** All that is said must hold; nothing said: every one. */
export interface CitizenSessionsOf {
  idHash?: string
  provider?: string
  subjectMac?: string
  /** Any of these. */
  providerSessionMacs?: readonly string[]
}

export interface CitizenSessionQueries {
  openCitizenSession(session: CitizenSession): Promise<void>
  /** Null: it was ended, or is over by `now`, or never was. */
  citizenSession(idHash: string, now: string): Promise<Pick<CitizenSession, 'service' | 'createdAt' | 'seenAt' | 'expiresAt'> | null>
  /** May be lost with the power. */
  touchCitizenSession(idHash: string, at: string): Promise<void>
  /** Puts the end off. False if it was ended meanwhile. */
  extendCitizenSession(idHash: string, to: Pick<CitizenSession, 'seenAt' | 'expiresAt'>): Promise<boolean>
  /** Ends them, and says in the log how many there were, unless there was none. `object`: what the event is about. */
  endCitizenSessions(which: CitizenSessionsOf, object: string, by: Deed): Promise<number>
  /** How many there are by now, by provider. */
  countCitizenSessions(now: string): Promise<Map<string, number>>
  /** Deletes what expired before `now`, and gives how many there were. */
  purgeCitizenSessions(now: Bygone): Promise<number>
}
