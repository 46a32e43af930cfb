/** An OpenID provider that says whatever a test wants: right by default, and wrong in one point at a time. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { base64url, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

export interface Statement {
  header: Record<string, unknown>
  payload: Record<string, unknown>
}

/** What is signed, how, and what the rest of the provider does. */
export interface Forgery {
  /** Changes the statement before it is signed. */
  change?(statement: Statement, about: { issuer: string; nonce: string }): void
  /** Makes the token itself of what would be signed. */
  token?(statement: Statement, keys: { secret: CryptoKey; jwk: JWK; other: CryptoKey }): Promise<string> | string
  /** Answer of the token endpoint in place of the right one. */
  tokenEndpoint?: { status: number; body?: unknown }
  /** Keys that are published in place of the right ones. */
  jwks?: { status?: number; keys?: JWK[]; location?: string }
  /** Changes what the provider says of itself. */
  discovery?(document: Record<string, unknown>): Record<string, unknown> | { redirect: string }
  /** Changes what the browser brings back. */
  callback?(parameters: URLSearchParams): void
}

export interface LogoutForgery {
  change?(statement: Statement): void
  token?(statement: Statement, keys: { secret: CryptoKey; jwk: JWK; other: CryptoKey }): Promise<string> | string
}

export interface ForgingIdp {
  issuer: string
  /** `host:port`, for the list of places that may be called without https. */
  place: string
  forgery: Forgery
  /** What the last request at the token endpoint carried. */
  asked: { body: URLSearchParams; authorization: string | undefined }[]
  /** How often each path was asked for. */
  visits: Map<string, number>
  /** Goes through the provider as a browser would: gives where it is sent back to. */
  visit(address: string): Promise<string>
  /** What it sends to say that somebody has signed out there; wrong in one point, if something is forged. */
  logoutToken(forgery?: LogoutForgery): Promise<string>
  /** Signs with new keys from now on. */
  rotate(): Promise<void>
  close(): Promise<void>
}

export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'
export const clientId = 'guichet-test'
export const clientSecret = 'a-secret-of-the-test'

export async function forgingIdp(): Promise<ForgingIdp> {
  let generation = 0
  const make = async () => {
    const pair = await generateKeyPair('RS256', { extractable: true })
    return { secret: pair.privateKey, jwk: { ...(await exportJWK(pair.publicKey)), kid: `key-${++generation}`, alg: 'RS256', use: 'sig' } as JWK }
  }
  let keys = await make()
  const { privateKey: other } = await generateKeyPair('RS256', { extractable: true })
  const codes = new Map<string, { nonce: string; challenge: string }>()
  const asked: ForgingIdp['asked'] = []
  const visits = new Map<string, number>()
  const idp = { forgery: {} as Forgery }

  /** What a browser is sent back to at once: this provider asks nobody anything. */
  const visit = async (address: string) => {
    const { searchParams: query } = new URL(address)
    const code = base64url.encode(crypto.getRandomValues(new Uint8Array(16)))
    codes.set(code, { nonce: query.get('nonce') ?? '', challenge: query.get('code_challenge') ?? '' })
    const back = new URL(query.get('redirect_uri') as string)
    const parameters = new URLSearchParams({ code, state: query.get('state') ?? '', iss: issuer() })
    idp.forgery.callback?.(parameters)
    return `${back.href}?${parameters}`
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url as string, issuer())
    visits.set(url.pathname, (visits.get(url.pathname) ?? 0) + 1)
    const json = (status: number, body: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/.well-known/openid-configuration') {
      const document = {
        issuer: issuer(),
        authorization_endpoint: `${issuer()}/auth`,
        token_endpoint: `${issuer()}/token`,
        jwks_uri: `${issuer()}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        authorization_response_iss_parameter_supported: true,
        code_challenge_methods_supported: ['S256'],
      }
      const said = idp.forgery.discovery?.(document) ?? document
      if ('redirect' in said) return response.writeHead(302, { location: String(said.redirect) }).end()
      return json(200, said)
    }
    if (url.pathname === '/auth') return response.writeHead(302, { location: await visit(url.href) }).end()
    if (url.pathname === '/jwks') {
      const { jwks } = idp.forgery
      if (jwks?.location) return response.writeHead(302, { location: jwks.location }).end()
      return json(jwks?.status ?? 200, { keys: jwks?.keys ?? [keys.jwk] })
    }
    if (url.pathname === '/token') {
      let text = ''
      for await (const piece of request) text += piece
      const body = new URLSearchParams(text)
      asked.push({ body, authorization: request.headers.authorization })
      const { tokenEndpoint } = idp.forgery
      if (tokenEndpoint) return json(tokenEndpoint.status, tokenEndpoint.body ?? { error: 'server_error' })
      const held = codes.get(body.get('code') ?? '')
      const verified = held && (await digest(body.get('code_verifier') ?? '')) === held.challenge
      if (!verified) return json(400, { error: 'invalid_grant' })
      codes.delete(body.get('code') as string)
      const now = Math.floor(Date.now() / 1000)
      const statement: Statement = {
        header: { alg: 'RS256', kid: keys.jwk.kid },
        payload: {
          iss: issuer(),
          aud: clientId,
          sub: 'person-1',
          nonce: held.nonce,
          iat: now,
          exp: now + 300,
          acr: 'substantial',
          name: 'Ana Papadopoulou',
          birthdate: '1980-02-29',
        },
      }
      idp.forgery.change?.(statement, { issuer: issuer(), nonce: held.nonce })
      const token = await (idp.forgery.token ?? rightly)(statement, { ...keys, other })
      return json(200, { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: token })
    }
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = () => `http://127.0.0.1:${port}`

  return Object.assign(idp, {
    issuer: issuer(),
    place: `127.0.0.1:${port}`,
    asked,
    visits,
    visit,
    async logoutToken({ change, token = rightly }: LogoutForgery = {}) {
      const now = Math.floor(Date.now() / 1000)
      const statement: Statement = {
        header: { alg: 'RS256', typ: 'logout+jwt', kid: keys.jwk.kid },
        payload: {
          iss: issuer(),
          aud: clientId,
          sub: 'person-1',
          iat: now,
          exp: now + 120,
          jti: base64url.encode(crypto.getRandomValues(new Uint8Array(12))),
          events: { [logoutEvent]: {} },
        },
      }
      change?.(statement)
      return token(statement, { ...keys, other })
    },
    async rotate() {
      keys = await make()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

/** As a provider that means well signs it. */
export const rightly = ({ header, payload }: Statement, { secret }: { secret: CryptoKey }) =>
  new SignJWT(payload).setProtectedHeader(header as never).sign(secret)

const digest = async (text: string) => base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
