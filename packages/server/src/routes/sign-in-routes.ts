/** Citizens sign in: the page that embeds a service begins, the browser comes by on its way back, and the page gets a session. */

import { Refused } from '../problem.ts'
import { type Beginning, beginSignIn, exchangeCode, extendSession, finishSignIn, longestReturn } from '../sign-in/road.ts'
import type { Route, Schema } from './route.ts'
import { asker } from './service-routes.ts'

const params = { agency: 'Name of the agency.', service: 'Name of the service.' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
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
    summary: 'Gives somebody who is signed in more time: another session, up to twelve hours after they signed in.',
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
]
