/**
 * OpenID Connect: authorization code with PKCE. openid-client speaks the protocol; what the provider signed is checked once
 * more here, with jose, against what this agency has fixed: its issuer, its client, the signature algorithms it takes, and
 * the keys at the address that the issuer names. Every request goes through the server's one way out, which follows no
 * redirect.
 */
import { createRemoteJWKSet, errors as joseErrors, customFetch as joseFetch } from 'jose'
import * as client from 'openid-client'
import { type Egress, EgressError } from '../../egress/egress.ts'
import { type Attempt, atLeast, type ProviderMeans, SignInError, type SignInProvider } from '../sign-in.ts'
import { readIdToken } from './id-token.ts'
import { mayBeLogout, readLogoutToken, tolerance } from './logout-token.ts'
import type { OpenIdSettings } from './settings.ts'

/** For how long what the issuer says of itself is believed: short, so that whoever begins learns at once that it is down. */
const believedFor = 60_000

export function openProvider(settings: OpenIdSettings, means: ProviderMeans): Required<SignInProvider> {
  const callOut = through(means.egress)
  let known: { at: number; config: Promise<client.Configuration> } | null = null
  let keys: KeySet | null = null

  const discover = async (): Promise<client.Configuration> => {
    const authentication = settings.clientSecret
      ? settings.secretIn === 'body'
        ? client.ClientSecretPost(settings.clientSecret)
        : client.ClientSecretBasic(settings.clientSecret)
      : client.None()
    const config = await client.discovery(
      new URL(settings.issuer),
      settings.clientId,
      { ...(settings.algorithms.length === 1 ? { id_token_signed_response_alg: settings.algorithms[0] as string } : {}), [client.clockTolerance]: tolerance },
      authentication,
      // Whether an address without https may be called is the way out's to say, and it says no unless the operator lists it.
      { [client.customFetch]: callOut, execute: [client.allowInsecureRequests], timeout: 10 },
    )
    const { authorization_endpoint: page, token_endpoint: tokens, jwks_uri: keys, code_challenge_methods_supported: methods } = config.serverMetadata()
    if (![page, tokens, keys].every((address) => address !== undefined && means.egress.admits(address)))
      throw new SignInError('failed', 'the issuer names an address that is not called')
    if (methods && !methods.includes('S256')) throw new SignInError('failed', 'the issuer knows no PKCE')
    return config
  }
  const configuration = async (): Promise<client.Configuration> => {
    const at = means.now().getTime()
    if (!known || Math.abs(at - known.at) > believedFor) known = { at, config: discover() }
    const held = known
    try {
      return await held.config
    } catch (error) {
      // A failure is not believed for as long as an answer is.
      if (known === held) known = null
      throw faultOf(error)
    }
  }
  /** The keys are fetched again when a statement names one that is not among them: providers change theirs. */
  const keysOf = (config: client.Configuration): KeySet => {
    const address = config.serverMetadata().jwks_uri as string
    const fresh = (cooldownDuration: number) =>
      createRemoteJWKSet(new URL(address), {
        [joseFetch]: async (url, options) => {
          const answer = await callOut(url, options as never)
          if (answer.status >= 500) throw new SignInError('unavailable', String(answer.status))
          return answer
        },
        cooldownDuration,
        cacheMaxAge: 600_000,
        timeoutDuration: 10_000,
      })
    if (keys?.address !== address) keys = { address, set: fresh(0), patient: fresh(30_000) }
    return keys
  }

  return {
    id: settings.id,
    title: settings.title,
    async begin({ redirectUri, state, nonce, verifier, least, language }) {
      const config = await configuration()
      const wanted = Object.entries(settings.levels).flatMap(([acr, level]) => (atLeast(level, least) ? [acr] : []))
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ui_locales: language,
        ...(wanted.length > 0 ? { acr_values: wanted.join(' ') } : {}),
        ...(settings.maxAgeSeconds === null ? {} : { max_age: String(settings.maxAgeSeconds) }),
      })
      return address.href
    },
    async finish(callback, attempt) {
      const config = await configuration()
      const idToken = await exchange(config, callback, attempt, settings)
      try {
        return await readIdToken(idToken, keysOf(config).set, settings, attempt, means.now())
      } catch (error) {
        throw faultOf(error)
      }
    },
    async signedOut(token) {
      // Anybody may send one: what is not even made out to us costs no call.
      if (!mayBeLogout(token, settings)) throw new SignInError('failed', 'no logout token')
      const config = await configuration()
      try {
        return await readLogoutToken(token, keysOf(config).patient, settings, means.now())
      } catch (error) {
        throw faultOf(error)
      }
    },
  }
}

/** The issuer's keys, and where they were found. */
interface KeySet {
  address: string
  /** For what the issuer gave us itself: asks again at once. */
  set: ReturnType<typeof createRemoteJWKSet>
  /** For what anybody may send us: asks again twice a minute at most. */
  patient: ReturnType<typeof createRemoteJWKSet>
}

/** Brings the code to the provider, which gives its signed statement. @throws SignInError */
async function exchange(
  config: client.Configuration,
  callback: URLSearchParams,
  { redirectUri, state, nonce, verifier }: Attempt,
  { maxAgeSeconds }: OpenIdSettings,
): Promise<string> {
  try {
    const tokens = await client.authorizationCodeGrant(config, new URL(`${redirectUri}?${callback}`), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
    })
    // That there is one was asked for (`idTokenExpected`).
    return tokens.id_token as string
  } catch (error) {
    throw faultOf(error)
  }
}

/** Errors of a provider that does not work now; every other one is about this sign-in. */
const passing = new Set(['temporarily_unavailable', 'server_error'])
const refusedByPerson = new Set(['access_denied', 'login_required', 'interaction_required', 'consent_required', 'account_selection_required'])

/** What went wrong, told apart by what a person can do about it. */
function faultOf(error: unknown): SignInError {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 6; each = each.cause, depth++) {
    if (each instanceof SignInError) return each
    if (each instanceof EgressError || each instanceof joseErrors.JWKSTimeout)
      return new SignInError('unavailable', each instanceof EgressError ? each.failure : 'timeout')
    const { error: said, status } = each as { error?: unknown; status?: unknown }
    if (typeof said === 'string' && passing.has(said)) return new SignInError('unavailable', said)
    if (each instanceof client.AuthorizationResponseError) return new SignInError(refusedByPerson.has(each.error) ? 'denied' : 'failed', 'authorization')
    if (typeof status === 'number' && status >= 500) return new SignInError('unavailable', String(status))
    const { cause } = each
    if (cause instanceof Response && cause.status >= 500) return new SignInError('unavailable', String(cause.status))
  }
  const { code } = error as { code?: unknown }
  return new SignInError('failed', typeof code === 'string' ? code : 'checks')
}

/** `fetch` by the server's one way out. */
const through =
  (egress: Egress): client.CustomFetch =>
  async (url, { method, headers, body, signal }) => {
    const sent = body === undefined || body === null ? undefined : new Uint8Array(await new Response(body as never).arrayBuffer())
    const answer = await egress.call({
      url,
      method: method as 'GET' | 'POST',
      headers: Object.fromEntries(new Headers(headers)),
      ...(sent ? { body: sent } : {}),
      ...(signal ? { signal } : {}),
    })
    if (answer.truncated) throw new EgressError('connection')
    const received = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) received.set(name, Array.isArray(value) ? value.join(', ') : value)
    const empty = answer.body.length === 0 || answer.status === 204 || answer.status === 304
    return new Response(empty ? null : new Uint8Array(answer.body), { status: answer.status, headers: received })
  }
