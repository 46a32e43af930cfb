/** Citizens sign in: the page that embeds a service begins, the browser comes by on its way back, and the page gets a session. */

import { Refused } from '../problem.ts'
import { slowDown } from '../sign-in/rates.ts'
import { type Beginning, beginSignIn, exchangeCode, finishSignIn, longestReturn } from '../sign-in/road.ts'
import { endAtProvider, endForAgency, endSession, extendSession } from '../sign-in/sessions.ts'
import { SignInError } from '../sign-in/sign-in.ts'
import { clientAddress } from './client.ts'
import { requestBody } from './request-body.ts'
import type { Route, Schema } from './route.ts'
import { asker } from './service-routes.ts'

const params = { agency: 'Name of the agency.', service: 'Name of the service.' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
/** A logout token has less to say than a statement about who somebody is. */
const longestLogout = 16_384
const digest: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' }

export const signInRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/sign-in',
    id: 'beginSignIn',
    tag: 'sign-in',
    summary: 'Begins to sign a citizen in: gives the address to send the browser to.',
    access: 'service',
    params,
    body: {
      limit: 4096,
      schema: object({
        provider: { type: 'string', maxLength: 60, description: 'Id of the provider, as the service lists it.' },
        challenge: { ...digest, description: 'SHA-256 of a secret that the page keeps, base64url.' },
        return: { type: 'string', maxLength: longestReturn, description: 'Address of the page to come back to, on the origin that asks.' },
        language: { type: 'string', pattern: '^[A-Za-z-]{2,35}$' },
      }),
    },
    answers: {
      200: { description: 'Where to go.', schema: object({ address: { type: 'string', format: 'uri' } }) },
      404: { description: 'Not a provider of this service.' },
      422: { description: 'The page may not be come back to.' },
      429: { description: 'Too many.' },
      503: { description: 'The provider does not answer.' },
    },
    async handle(call) {
      const address = await beginSignIn({ ...asker(call), service: call.live() }, call.body<Beginning>())
      return call.c.json({ address })
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/sign-in/session',
    id: 'exchangeSignIn',
    tag: 'sign-in',
    summary: 'Gives a session for the code that the browser came back with. It is sent as a bearer token with files and submissions.',
    access: 'service',
    params,
    body: {
      limit: 16_384,
      schema: object({
        code: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,6000}$' },
        verifier: { type: 'string', pattern: '^[A-Za-z0-9_-]{43,128}$', description: 'The secret whose digest was handed over.' },
      }),
    },
    answers: {
      200: {
        description: 'Signed in.',
        schema: object({
          session: { type: 'string' },
          expiresAt: { type: 'string', format: 'date-time' },
          provider: { type: 'string' },
          level: { enum: ['low', 'substantial', 'high'] },
          name: { type: ['string', 'null'] },
          fields: { type: 'object', description: 'Answers that the server puts in itself, by field.' },
        }),
      },
      400: { description: 'No such code, or it has been used, is too old, or belongs to another secret.' },
      429: { description: 'Too many.' },
    },
    async handle(call) {
      const { code, verifier } = call.body<{ code: string; verifier: string }>()
      return call.c.json(await exchangeCode({ ...asker(call), service: call.live() }, code, verifier))
    },
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/sign-in/extension',
    id: 'extendSignIn',
    tag: 'sign-in',
    summary: 'Gives somebody who is signed in more time, up to twelve hours after they signed in.',
    access: 'service',
    params,
    headers: { Authorization: { description: 'Bearer: the session that one has.', schema: { type: 'string' } } },
    answers: {
      200: { description: 'Longer.', schema: object({ session: { type: 'string' }, expiresAt: { type: 'string', format: 'date-time' } }) },
      401: { description: 'It is over, or cannot be made longer.' },
      429: { description: 'Too many.' },
    },
    handle: async (call) => call.c.json(await extendSession({ ...asker(call), service: call.live() }, call.header('authorization'))),
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/sign-in/end',
    id: 'endSignIn',
    tag: 'sign-in',
    summary: 'Signs a citizen out: the session counts for nothing any more. What is no session ends nothing.',
    access: 'service',
    params,
    headers: { Authorization: { description: 'Bearer: the session to end.', schema: { type: 'string' } } },
    answers: { 204: { description: 'It is over, whatever it was.' } },
    async handle(call) {
      await endSession({ ...asker(call), service: call.live() }, call.header('authorization'))
      return call.c.body(null, 204)
    },
  },
  {
    method: 'GET',
    path: '/sign-in/{agency}/{provider}',
    id: 'signInReturn',
    tag: 'sign-in',
    summary: 'Where a provider sends the browser. It goes on to the page that it came from.',
    access: 'anyone',
    params: { agency: 'Name of the agency.', provider: 'Id of the provider.' },
    query: {
      state: { description: 'What the server gave along.', schema: { type: 'string' } },
      code: { description: 'What the provider is asked with.', schema: { type: 'string' } },
      error: { description: 'Why the provider gives nothing.', schema: { type: 'string' } },
      iss: { description: 'Who it is.', schema: { type: 'string' } },
    },
    answers: { 303: { description: 'Back to the page.' }, 400: { description: 'Of no attempt that is under way.' }, 404: { description: 'No such provider.' } },
    async handle(call) {
      const { adapters, config, now } = call
      const agency = await adapters.store.findAgency(call.param('agency'))
      if (!agency) throw new Refused(404, 'not-found')
      const address = await finishSignIn({ adapters, config, now }, agency, call.param('provider'), new URL(call.c.req.url).searchParams)
      call.c.header('Cache-Control', 'no-store')
      return call.c.redirect(address, 303)
    },
  },
  {
    method: 'POST',
    path: '/sign-in/{agency}/{provider}/logout',
    id: 'providerLogout',
    tag: 'sign-in',
    summary: 'Where a provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0): their sessions here end.',
    access: 'anyone',
    params: { agency: 'Name of the agency.', provider: 'Id of the provider.' },
    body: {
      stream: 'application/x-www-form-urlencoded',
      schema: object({ logout_token: { type: 'string', description: 'What the provider has signed.' } }),
    },
    answers: {
      200: { description: 'They are over.' },
      400: { description: 'Not a logout token of this provider for us.' },
      404: { description: 'No such provider.' },
      429: { description: 'Too many.' },
      503: { description: 'The provider’s keys cannot be had now.' },
    },
    async handle(call) {
      const { adapters, c, config, now } = call
      // Neither this answer nor a refusal is to be kept (2.8).
      c.header('Cache-Control', 'no-store')
      await slowDown(adapters.signInRates.signedOut, { client: clientAddress(c, config), now })
      const bytes = await requestBody(c).read(longestLogout)
      if (bytes === 'too-large') throw new Refused(413, 'too-large', { params: { count: longestLogout } })
      const agency = await adapters.store.findAgency(call.param('agency'))
      const provider = agency && adapters.signIns.providers(agency).find(({ id }) => id === call.param('provider'))
      if (!agency || !provider?.signedOut) throw new Refused(404, 'not-found')
      const tokens = new URLSearchParams(new TextDecoder().decode(bytes)).getAll('logout_token')
      if (tokens.length !== 1) throw new Refused(400, 'logout-token')
      try {
        const whose = await provider.signedOut(tokens[0] as string)
        await endAtProvider(adapters, adapters.store.agency(agency), provider.id, whose, now)
      } catch (error) {
        if (!(error instanceof SignInError)) throw error
        adapters.log.info({ agency, provider: provider.id, fault: error.fault, reason: error.reason }, 'sign-out of a provider was not taken')
        throw error.fault === 'unavailable' ? new Refused(503, 'sign-in-unavailable', { headers: { 'Retry-After': '60' } }) : new Refused(400, 'logout-token')
      }
      return c.body(null, 200)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/sign-ins',
    id: 'listSignIns',
    tag: 'people',
    summary: 'How many citizens are signed in now, by provider. Of nobody who it is.',
    access: 'user',
    permission: 'agency.settings',
    answers: {
      200: {
        description: 'The providers that the server has for this agency, and those that it had.',
        schema: object({
          providers: { type: 'array', items: object({ id: { type: 'string' }, title: { type: 'string' }, signedIn: { type: 'integer', minimum: 0 } }) },
        }),
      },
    },
    async handle(call) {
      const { agency } = call.actor()
      const counted = await agency.countCitizenSessions(call.now.toISOString())
      const listed = call.adapters.signIns.providers(agency.id)
      const titles = new Map(listed.map(({ id, title }) => [id, title[call.language] ?? title.en ?? Object.values(title)[0] ?? id]))
      const ids = [...new Set([...titles.keys(), ...counted.keys()])]
      return call.c.json({ providers: ids.map((id) => ({ id, title: titles.get(id) ?? id, signedIn: counted.get(id) ?? 0 })) })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/sign-ins/end',
    id: 'endSignIns',
    tag: 'people',
    summary: 'Ends the sign-ins of citizens: of one person, of all who came by a provider, or every one. They may sign in again.',
    access: 'user',
    permission: 'agency.settings',
    fresh: true,
    body: {
      limit: 4096,
      schema: {
        type: 'object',
        properties: {
          provider: { type: 'string', minLength: 1, maxLength: 60, description: 'Id of the provider; absent: all.' },
          subject: { type: 'string', minLength: 1, maxLength: 255, description: 'What the provider calls the person (`sub`); absent: everybody.' },
        },
        dependentRequired: { subject: ['provider'] },
        additionalProperties: false,
      },
    },
    answers: { 200: { description: 'How many ended.', schema: object({ ended: { type: 'integer', minimum: 0 } }) } },
    async handle(call) {
      const { agency } = call.actor()
      return call.c.json({ ended: await endForAgency(call.adapters, agency, call.body<{ provider?: string; subject?: string }>(), call.deed()) })
    },
  },
]
