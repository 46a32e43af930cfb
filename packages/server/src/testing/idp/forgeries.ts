/** Statements and answers of a provider that prove nothing, each wrong in one point. None of them may sign anybody in. */
import { createHmac } from 'node:crypto'
import { base64url, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { SignInFault } from '../../sign-in/sign-in.ts'
import { clientId, clientSecret, type Forgery, rightly, type Statement } from './forging-idp.ts'

export interface Attack {
  name: string
  forgery: Forgery
  /** What the person is told, or `stays`: the browser goes nowhere. */
  fault: SignInFault | 'stays' | 'not-begun'
  /** Whether somebody who reads statements without checking them would take it. */
  fools?: true
}

const said = (
  name: string,
  change: (payload: Record<string, unknown>, about: { issuer: string; nonce: string }) => void,
  fault: SignInFault = 'failed',
): Attack => ({
  name,
  forgery: { change: ({ payload }, about) => change(payload, about) },
  fault,
  fools: true,
})
const header = (name: string, change: (header: Record<string, unknown>) => void): Attack => ({
  name,
  forgery: { change: (statement) => change(statement.header) },
  fault: 'failed',
  fools: true,
})
const signed = (name: string, token: NonNullable<Forgery['token']>): Attack => ({ name, forgery: { token }, fault: 'failed', fools: true })
const back = (name: string, callback: NonNullable<Forgery['callback']>, fault: Attack['fault'] = 'failed'): Attack => ({ name, forgery: { callback }, fault })

const now = () => Math.floor(Date.now() / 1000)
const part = (value: unknown) => base64url.encode(JSON.stringify(value))
/** A MAC in place of a signature, with a key that the attacker knows too. */
const mac = ({ payload }: Statement, key: string | Uint8Array) => {
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`
}

export const attacks: readonly Attack[] = [
  // Signature and algorithm.
  signed('unsigned, alg none', ({ payload }) => new UnsecuredJWT(payload).encode()),
  signed('alg None, another spelling', ({ payload }) => `${part({ alg: 'None' })}.${part(payload)}.`),
  signed('signature cut off', async (statement, keys) => `${(await rightly(statement, keys)).split('.').slice(0, 2).join('.')}.`),
  signed('HS256 with the client secret', (statement) => mac(statement, clientSecret)),
  signed('HS256 with the public key', (statement, { jwk }) => mac(statement, JSON.stringify(jwk))),
  signed('HS256 with an empty key', (statement) => mac(statement, '')),
  signed('signed by another key under the known kid', ({ header: head, payload }, { other }) =>
    new SignJWT(payload).setProtectedHeader(head as never).sign(other),
  ),
  signed('signed by a key of its own in the header (jwk)', async ({ payload }) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', jwk: (await exportJWK(publicKey)) as never }).sign(privateKey)
  }),
  signed('keys named in the header (jku)', ({ payload }, { other }) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'key-x', jku: 'http://127.0.0.1:9/jwks' }).sign(other),
  ),
  signed('certificate named in the header (x5u)', ({ payload }, { other }) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'RS256', x5u: 'http://127.0.0.1:9/cert' }).sign(other),
  ),
  signed('kid that is a path', ({ payload }, { other }) => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: '../../../../dev/null' }).sign(other)),
  signed('kid that is a query', ({ payload }, { other }) => new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: "' OR '1'='1" }).sign(other)),
  signed('ES256 where RS256 is agreed', async ({ payload }) => {
    const { privateKey } = await generateKeyPair('ES256')
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  }),
  signed('PS256 of the same key where RS256 is agreed', async ({ payload, header: { kid } }, { secret }) => {
    const key = await crypto.subtle.importKey('pkcs8', await crypto.subtle.exportKey('pkcs8', secret as never), { name: 'RSA-PSS', hash: 'SHA-256' }, false, [
      'sign',
    ])
    return new SignJWT(payload).setProtectedHeader({ alg: 'PS256', kid: kid as string }).sign(key as never)
  }),
  signed('payload changed after it was signed', async (statement, keys) => {
    const [head, , signature] = (await rightly(statement, keys)).split('.')
    return `${head}.${part({ ...statement.payload, sub: 'person-2' })}.${signature}`
  }),
  signed('not a token', () => 'not-a-token'),
  signed('five parts, encrypted for nobody', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA'),
  header('critical extension that nobody knows (crit)', (head) => Object.assign(head, { crit: ['b64'], b64: true, 'x-unknown': 1 })),

  // Who says it, to whom, when, about which attempt.
  said('another issuer', (payload) => (payload.iss = 'https://other.example')),
  said('the issuer with a slash', (payload, { issuer }) => (payload.iss = `${issuer}/`)),
  said('no issuer', (payload) => delete payload.iss),
  said('another audience', (payload) => (payload.aud = 'another-client')),
  said('several audiences', (payload) => (payload.aud = [clientId, 'another-client'])),
  said('several audiences, made out to another', (payload) => Object.assign(payload, { aud: [clientId, 'another-client'], azp: 'another-client' })),
  said('no audience', (payload) => delete payload.aud),
  said('made out to another client (azp)', (payload) => (payload.azp = 'another-client')),
  said('another nonce', (payload) => (payload.nonce = 'n'.repeat(43))),
  said('no nonce', (payload) => delete payload.nonce),
  said('expired', (payload) => Object.assign(payload, { iat: now() - 500, exp: now() - 120 })),
  said('no end', (payload) => delete payload.exp),
  said('an end that is no number', (payload) => (payload.exp = '9999999999')),
  said('not valid yet (nbf)', (payload) => (payload.nbf = now() + 600)),
  said('made in the future (iat)', (payload) => Object.assign(payload, { iat: now() + 3600, exp: now() + 7200 })),
  said('made a day ago', (payload) => Object.assign(payload, { iat: now() - 86_400, exp: now() + 300 })),
  said('no time of making', (payload) => delete payload.iat),
  said('nobody (no sub)', (payload) => delete payload.sub),
  said('nobody (empty sub)', (payload) => (payload.sub = '')),

  // How sure.
  said('a level below', (payload) => (payload.acr = 'low'), 'level'),
  said('a level that nobody knows', (payload) => (payload.acr = 'very-high'), 'level'),
  said('a level of the prototype', (payload) => (payload.acr = 'constructor'), 'level'),
  said('levels as a list', (payload) => (payload.acr = ['high']), 'level'),
  said('no level', (payload) => delete payload.acr, 'level'),

  // The way there and back.
  back(
    'the person does not want to',
    (query) => {
      query.delete('code')
      query.set('error', 'access_denied')
    },
    'denied',
  ),
  back(
    'the provider is busy',
    (query) => {
      query.delete('code')
      query.set('error', 'temporarily_unavailable')
    },
    'unavailable',
  ),
  back('an answer of another issuer (mix-up)', (query) => query.set('iss', 'https://other.example')),
  back('no issuer in the answer, which names it', (query) => query.delete('iss')),
  back('a code that was never given', (query) => query.set('code', 'guessed')),
  back('two codes', (query) => query.append('code', 'second')),
  back('no code', (query) => query.delete('code')),
  back('two states', (query) => query.append('state', query.get('state') as string), 'stays'),
  back('no state', (query) => query.delete('state'), 'stays'),
  back('a state that was changed', (query) => query.set('state', `${query.get('state')?.slice(0, -4)}AAAA`), 'stays'),
  back('a token in the address instead of a code', (query) => {
    query.delete('code')
    query.set('id_token', 'e30.e30.e30')
  }),
  { name: 'no token from the token endpoint', forgery: { tokenEndpoint: { status: 200, body: { access_token: 'a', token_type: 'Bearer' } } }, fault: 'failed' },
  { name: 'the token endpoint refuses the code', forgery: { tokenEndpoint: { status: 400, body: { error: 'invalid_grant' } } }, fault: 'failed' },
  { name: 'the token endpoint is broken', forgery: { tokenEndpoint: { status: 500 } }, fault: 'unavailable' },
  { name: 'the keys are elsewhere (redirect)', forgery: { jwks: { location: 'http://127.0.0.1:9/jwks' } }, fault: 'failed' },
  { name: 'the keys are gone', forgery: { jwks: { keys: [] } }, fault: 'failed' },
  { name: 'discovery of another issuer', forgery: { discovery: (document) => ({ ...document, issuer: 'https://other.example' }) }, fault: 'not-begun' },
  { name: 'discovery that leads elsewhere', forgery: { discovery: () => ({ redirect: 'http://169.254.169.254/latest' }) }, fault: 'not-begun' },
  {
    name: 'tokens from inside our network',
    forgery: { discovery: (document) => ({ ...document, token_endpoint: 'http://169.254.169.254/token' }) },
    fault: 'not-begun',
  },
  {
    name: 'keys from inside our network',
    forgery: { discovery: (document) => ({ ...document, jwks_uri: 'http://[::ffff:127.0.0.1]:9/jwks' }) },
    fault: 'not-begun',
  },
  {
    name: 'a page that is a script',
    forgery: { discovery: (document) => ({ ...document, authorization_endpoint: 'javascript:alert(1)' }) },
    fault: 'not-begun',
  },
]
