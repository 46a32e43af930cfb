/**
 * The way of a citizen to a provider and back to the page that embeds the service. No cookie is set: the page keeps a secret
 * (`verifier`) and hands over its digest (`challenge`); what it gets back in the address is a code that opens with that secret
 * alone, once, within two minutes. Whoever only saw the code, or only began an attempt that somebody else ended, has nothing.
 *
 *   page: begin {provider, challenge, return} -> address of the provider
 *   browser: provider -> /sign-in/{agency}/{provider} -> the page, with ?guichet-sign-in=<code>
 *   page: exchange {code, verifier} -> session, a bearer token for this service and this page's origin (sessions.ts)
 */
import { createHash } from 'node:crypto'
import type { Adapters } from '../adapters.ts'
import { newId } from '../codes.ts'
import type { Config } from '../config.ts'
import { evidenceOf } from '../intake/admit.ts'
import type { SignInAsk } from '../policy/sign-in/rule.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import type { AgencyId } from '../store/store.ts'
import { slowDown } from './rates.ts'
import { serviceAbout, type Words, wordsOf } from './sealed-words.ts'
import { openSession } from './sessions.ts'
import { type Attempt, type Claim, isLevel, type Level, type SignedIn, SignInError, type SignInFault, type SignInProvider } from './sign-in.ts'

/** Time at the provider: some ask for a card, a reader and a code. */
const attemptLasts = 15 * 60_000
/** Time from the provider back to the page. */
const codeLasts = 2 * 60_000
export const longestReturn = 1000

/** Names of what is added to the address of the page. */
export const codeParameter = 'guichet-sign-in'
export const faultParameter = 'guichet-sign-in-fault'

export interface Asker {
  adapters: Adapters
  config: Config
  service: LiveService
  origin: string | null
  sameOrigin: boolean
  client: string | null
  now: Date
}

/** Whoever asks for an address to be come back to. */
export type ReturnAsker = Omit<Asker, 'config'>

/** What the state of an attempt says, sealed. */
interface Held {
  i: string
  s: string
  /** Where the browser goes in the end. */
  r: string
  /** The page's challenge. */
  h: string
  /** The least level. */
  l: Level
  g: string
  /** Until when, in milliseconds. */
  x: number
}

interface Ended {
  i: string
  /** Origin of the page that gets the session. */
  o: string
  x: number
  who: SignedIn
}

export const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** The providers that the service takes, as its agency lists them. */
export function offeredBy({ signIns }: Pick<Adapters, 'signIns'>, { agency, policy }: Pick<LiveService, 'agency' | 'policy'>): readonly SignInProvider[] {
  const { signIn } = policy.asks
  if (!signIn || signIn.demand === 'none') return []
  return signIns.providers(agency.id).filter(({ id }) => signIn.providers.length === 0 || signIn.providers.includes(id))
}

const redirectOf = ({ baseUrl }: Pick<Config, 'baseUrl'>, agency: string, provider: string) => `${baseUrl}/sign-in/${agency}/${provider}`

/** Provider and agency in it, so that no answer of one provider is taken for another's (RFC 9700, mix-up). */
const attemptAbout = (agency: string, provider: string) => `attempt|${agency}|${provider}`

/** The same each time it is asked for, so that nothing has to be kept; the id is random. */
const attemptOf = (words: Words, state: string, { i, l, g }: Held, redirectUri: string): Attempt => ({
  redirectUri,
  state,
  nonce: words.derive('attempt', `${i}|nonce`),
  verifier: words.derive('attempt', `${i}|verifier`),
  least: l,
  language: g,
})

export interface Beginning {
  provider: string
  challenge: string
  /** Where the person is to come back to: a page of the origin that asks, or from our own frame, of one that may embed the service. */
  return: string
  language: string
}

/** Gives the address to send the browser to. @throws Refused */
export async function beginSignIn(asker: Asker, { provider: wanted, challenge, return: back, language }: Beginning): Promise<string> {
  const { adapters, config, service, now } = asker
  await slowDown(adapters.signInRates.begun, asker)
  const { signIn } = service.policy.asks
  const provider = offeredBy(adapters, service).find(({ id }) => id === wanted)
  if (!signIn || !provider) throw new Refused(404, 'sign-in-unavailable')
  if (!(await mayReturn(asker, back))) throw new Refused(422, 'return-address')
  const words = wordsOf(adapters, service.agency.id)
  const held: Held = { i: newId(now), s: service.version.service, r: back, h: challenge, l: signIn.level, g: language, x: now.getTime() + attemptLasts }
  const state = words.seal('attempt', attemptAbout(service.agency.id, provider.id), held)
  try {
    return await provider.begin(attemptOf(words, state, held, redirectOf(config, service.agency.id, provider.id)))
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    adapters.log.warn({ agency: service.agency.id, provider: provider.id, fault: error.fault, reason: error.reason }, 'sign-in could not begin')
    throw new Refused(503, 'sign-in-unavailable', { headers: { 'Retry-After': '60' } })
  }
}

/** A browser says from which origin a page asks, and the page may send the person back to that origin alone. */
export async function mayReturn(asker: ReturnAsker, back: string): Promise<boolean> {
  const url = URL.canParse(back) ? new URL(back) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || back.length > longestReturn) return false
  if (asker.origin !== null && url.origin === asker.origin) return true
  // Our own page or frame asks: the page around it must be one that may embed the service.
  if (!asker.sameOrigin && asker.origin !== null) return false
  return (await asker.service.policy.admit(evidenceOf('view', { ...asker, origin: url.origin, sameOrigin: false }, null), ['origins'])) === null
}

/** Where the browser goes now. @throws Refused when it cannot be told where it came from */
export async function finishSignIn(
  { adapters, config, now }: { adapters: Adapters; config: Config; now: Date },
  agency: AgencyId,
  providerId: string,
  callback: URLSearchParams,
): Promise<string> {
  const provider = adapters.signIns.providers(agency).find(({ id }) => id === providerId)
  if (!provider) throw new Refused(404, 'not-found')
  const words = wordsOf(adapters, agency)
  const state = callback.getAll('state')
  const held = state.length === 1 ? (words.open('attempt', attemptAbout(agency, provider.id), state[0] as string) as Held | null) : null
  if (!held || held.x <= now.getTime() || !isLevel(held.l)) throw new Refused(400, 'sign-in-attempt')
  // Shared by all replicas, and durable enough: the provider takes its code once as well.
  if ((await adapters.rates.take(agency, `sign-in attempt/${held.i}`, { size: 1, period: attemptLasts }, now.getTime())) > 0)
    throw new Refused(400, 'sign-in-attempt')
  const service = await adapters.live.find(agency, held.s)
  if (!service || !offeredBy(adapters, service).includes(provider)) throw new Refused(400, 'sign-in-attempt')
  const back = new URL(held.r)
  try {
    const who = await provider.finish(callback, attemptOf(words, state[0] as string, held, redirectOf(config, agency, provider.id)))
    const ended: Ended = { i: held.i, o: back.origin, x: now.getTime() + codeLasts, who }
    back.searchParams.set(codeParameter, words.seal('code', serviceAbout(agency, held.s), ended, held.h))
    await service.agency.audit('citizen.signed-in', `service:${held.s}`, {
      actor: 'citizen',
      at: now.toISOString(),
      details: { provider: provider.id, level: who.level },
    })
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    adapters.log.info({ agency, provider: provider.id, fault: error.fault, reason: error.reason }, 'sign-in ended without a person')
    back.searchParams.set(faultParameter, error.fault satisfies SignInFault)
  }
  return back.href
}

export interface Exchanged {
  session: string
  expiresAt: string
  provider: string
  level: Level
  /** What the provider calls the person; null: nothing. */
  name: string | null
  /** Answers that the provider gives, by field: the server puts them into a submission itself, whatever is sent. */
  fields: Record<string, Claim>
}

/** Gives the session for a code. @throws Refused, the same whatever is wrong with it */
export async function exchangeCode(asker: Asker, code: string, verifier: string): Promise<Exchanged> {
  const { adapters, service, now, origin, sameOrigin } = asker
  await slowDown(adapters.signInRates.exchanged, asker)
  const { agency, version, policy } = service
  const about = serviceAbout(agency.id, version.service)
  const words = wordsOf(adapters, agency.id)
  const ended = words.open('code', about, code, challengeOf(verifier)) as Ended | null
  // Our own frame stands on a page of another origin, to which the browser came back.
  const right = ended !== null && ended.x > now.getTime() && (sameOrigin || ended.o === origin)
  const fresh = right && (await adapters.rates.take(agency.id, `sign-in code/${ended.i}`, { size: 1, period: codeLasts }, now.getTime())) === 0
  if (!fresh) throw new Refused(400, 'sign-in-attempt')
  const { provider, level, claims } = ended.who
  return {
    ...(await openSession(asker, ended.who)),
    provider,
    level,
    name: typeof claims.name === 'string' ? claims.name : null,
    fields: filledBy(policy.asks.signIn, ended.who),
  }
}

/** The answers that a person's sign-in gives, by field. */
export function filledBy(ask: SignInAsk | undefined, { claims }: SignedIn): Record<string, Claim> {
  return Object.fromEntries(
    Object.entries(ask?.fills ?? {}).flatMap(([field, claim]) => (Object.hasOwn(claims, claim) ? [[field, claims[claim] as Claim]] : [])),
  )
}
