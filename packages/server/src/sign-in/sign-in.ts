/**
 * Who a citizen is, as somebody else vouches for it. A provider is opened once, from an agency's settings; it sends the
 * person's browser away (`begin`), and takes what the browser brings back (`finish`). It keeps nothing in between: whatever it
 * needs to know again stands in the attempt, which the server carries sealed (attempt.ts).
 */
import type { Egress } from '../egress/egress.ts'

/** Levels of assurance (eIDAS, Implementing Regulation 2015/1502), from the least to the highest. */
export const levels = ['low', 'substantial', 'high'] as const
export type Level = (typeof levels)[number]
export const isLevel = (value: unknown): value is Level => (levels as readonly unknown[]).includes(value)
export const atLeast = (level: Level, least: Level) => levels.indexOf(level) >= levels.indexOf(least)

/** What a provider may vouch for. */
export type Claim = string | number | boolean

/** One person, as one provider knows them. */
export interface SignedIn {
  /** Id of the provider. */
  provider: string
  /** Names the person at this provider, and is no one else there. */
  subject: string
  /** What the provider calls this sign-in; absent: nothing. */
  session?: string
  level: Level
  claims: Readonly<Record<string, Claim>>
  /** Digest of the statement that the provider signed. */
  evidence: string
}

/** Whose sign-in has ended at the provider: at least one of the two is known. */
export interface SignedOut {
  subject: string | null
  /** One sign-in of theirs; null: all. */
  session: string | null
}

/** One way to the provider and back. */
export interface Attempt {
  /** Where the provider sends the browser. */
  redirectUri: string
  /** What it has to bring along again. */
  state: string
  /** What the provider's statement has to repeat. */
  nonce: string
  /** Secret of this attempt, of which the provider first sees the digest alone (RFC 7636). */
  verifier: string
  /** The least level that will do. */
  least: Level
  language: string
}

/**
 * - `denied`: the person did not want to, or the provider did not let them;
 * - `level`: it is not sure enough who they are;
 * - `unavailable`: the provider does not answer, so nobody can sign in now;
 * - `failed`: what it said proves nothing.
 */
export type SignInFault = 'denied' | 'level' | 'unavailable' | 'failed'

export class SignInError extends Error {
  readonly fault: SignInFault
  /** For the log: no token, nothing personal. */
  readonly reason: string
  constructor(fault: SignInFault, reason: string) {
    super(`${fault}: ${reason}`)
    this.fault = fault
    this.reason = reason
  }
}

export interface SignInProvider {
  readonly id: string
  /** What people call it, by language. */
  readonly title: Readonly<Record<string, string>>
  /** Address to send the browser to. @throws SignInError */
  begin(attempt: Attempt): Promise<string>
  /** `callback`: what the browser came back with. Gives a person only if everything about it is right. @throws SignInError */
  finish(callback: URLSearchParams, attempt: Attempt): Promise<SignedIn>
  /**
   * `token`: what the provider itself sent to say that somebody has signed out there. Gives who, only if everything about it
   * is right. Absent: this kind of provider never says it. @throws SignInError
   */
  signedOut?(token: string): Promise<SignedOut>
}

/** What a kind of provider may use of the server. */
export interface ProviderMeans {
  egress: Egress
  now(): Date
}

/** What an agency says of any provider; the rest is the kind's own. */
export interface ProviderSettings {
  id: string
  kind: string
  title: Readonly<Record<string, string>>
  [setting: string]: unknown
}

export interface ProviderKind {
  readonly kind: string
  /** @throws Error whose message says what is wrong with the settings, without repeating a secret */
  open(settings: ProviderSettings, means: ProviderMeans): SignInProvider
}
