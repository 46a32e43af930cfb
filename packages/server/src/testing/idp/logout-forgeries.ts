/** Logout tokens that prove nothing, each wrong in one point (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6). None may end a sign-in. */
import { UnsecuredJWT } from 'jose'
import { clientId, type LogoutForgery, logoutEvent, rightly } from './forging-idp.ts'

type Payload = Record<string, unknown>
const said = (name: string, change: (payload: Payload) => void) => ({ name, forgery: { change: ({ payload }) => change(payload) } satisfies LogoutForgery })
const signed = (name: string, token: NonNullable<LogoutForgery['token']>) => ({ name, forgery: { token } satisfies LogoutForgery })
const now = () => Math.floor(Date.now() / 1000)

export const logoutForgeries: readonly { name: string; forgery: LogoutForgery }[] = [
  signed('unsigned, alg none', ({ payload }) => new UnsecuredJWT(payload).encode()),
  signed('signed by another key under the known kid', (statement, { other }) => rightly(statement, { secret: other })),
  signed('payload changed after it was signed', async (statement, keys) => {
    const [head, , signature] = (await rightly({ ...statement, payload: { ...statement.payload, sub: 'person-2' } }, keys)).split('.')
    return `${head}.${Buffer.from(JSON.stringify(statement.payload)).toString('base64url')}.${signature}`
  }),
  signed('not a token', () => 'not-a-token'),
  signed('nothing', () => ''),
  { name: 'says that it is an access token', forgery: { change: ({ header }) => (header.typ = 'at+jwt') } },
  said('another issuer', (payload) => (payload.iss = 'https://other.example')),
  said('no issuer', (payload) => delete payload.iss),
  said('another client', (payload) => (payload.aud = 'another-client')),
  said('several clients', (payload) => (payload.aud = [clientId, 'another-client'])),
  said('no client', (payload) => delete payload.aud),
  said('over', (payload) => Object.assign(payload, { iat: now() - 300, exp: now() - 120 })),
  said('no end', (payload) => delete payload.exp),
  said('made a day ago', (payload) => Object.assign(payload, { iat: now() - 86_400, exp: now() + 300 })),
  said('made in the future', (payload) => Object.assign(payload, { iat: now() + 3600, exp: now() + 7200 })),
  said('no time of making', (payload) => delete payload.iat),
  said('no id of its own', (payload) => delete payload.jti),
  said('a nonce, as a statement about who somebody is has', (payload) => (payload.nonce = 'n')),
  said('a nonce that is null', (payload) => (payload.nonce = null)),
  said('no events', (payload) => delete payload.events),
  said('another event', (payload) => (payload.events = { 'http://schemas.openid.net/event/other': {} })),
  said('the event as a word', (payload) => (payload.events = { [logoutEvent]: 'true' })),
  said('the event as a list', (payload) => (payload.events = { [logoutEvent]: [] })),
  said('events as a list', (payload) => (payload.events = [logoutEvent])),
  said('of nobody', (payload) => delete payload.sub),
  said('of nobody, by an empty name', (payload) => (payload.sub = '')),
  said('of a person who is a number', (payload) => (payload.sub = 1)),
  said('of a session that is a list', (payload) => Object.assign(payload, { sid: ['s'] })),
]
