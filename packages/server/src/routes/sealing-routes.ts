/** Keys of services that are sealed end to end: what citizens' browsers seal to, and what officers' browsers open with. */
import { fingerprintOf } from '@guichet/sealing/recipients'
import { Refused } from '../problem.ts'
import { keepOfficerKey, keysOf, type NewEpoch, publishEpoch, publishRecoveryKey, shareEpoch } from '../sealing/keys.ts'
import { recipientsOf } from '../sealing/recipients.ts'
import type { SealingWrap } from '../store/store.ts'
import { personOf } from '../users/session.ts'
import type { Route } from './route.ts'

const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages, or not theirs to do.' } }
const taken = { 409: { description: 'Somebody else has made this key since.' } }
const publicKey = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' }
const number = { type: 'integer', minimum: 1, maximum: 1_000_000 }
const object = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})
const wrapped = { forKey: publicKey, enc: publicKey, key: { type: 'string', pattern: '^[A-Za-z0-9_-]{64}$' } }
const locked = object({
  format: { const: 1 },
  kdf: { const: 'scrypt' },
  logN: { type: 'integer', minimum: 4, maximum: 20 },
  salt: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' },
  key: { type: 'string', pattern: '^[A-Za-z0-9_-]{80}$' },
})
const recipient = object({ kind: { enum: ['service', 'recovery'] }, key: publicKey })
const text = { type: 'string' }
const recipients = object({ epoch: number, recipients: { type: 'array', items: recipient } })

export const sealingRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/services/{agency}/{service}/recipients',
    id: 'getRecipients',
    tag: 'services',
    summary: 'Of a service that is sealed end to end: the public keys that a submission is to be sealed to, and what it is to be bound to.',
    access: 'service',
    params: { agency: 'Name of the agency.', service: 'Name of the service.' },
    query: { version: { description: 'The version that is filled in, if it is not the latest.', schema: { type: 'integer', minimum: 1 } } },
    answers: {
      200: {
        description: 'The keys. `fingerprint` is what a page pins.',
        schema: object({
          agency: text,
          service: text,
          version: { type: 'integer' },
          definition: text,
          policy: text,
          epoch: number,
          recipients: { type: 'array', items: recipient },
          fingerprint: text,
        }),
      },
      404: { description: 'No such service, or none that is sealed.' },
    },
    async handle(call) {
      const latest = call.live()
      const asked = call.query('version') ?? String(latest.version.version)
      const live = /^[1-9]\d{0,8}$/.test(asked) ? await call.adapters.live.find(latest.agency.id, latest.version.service, Number(asked)) : null
      const found = live?.sealed && (await recipientsOf(live.agency, live.version.service))
      if (!live?.sealed || !found) throw new Refused(404, 'not-found')
      const { agency, version, sealed } = live
      const set = { agency: agency.id as string, service: version.service, ...found }
      return call.c.json({ ...set, version: version.version, definition: version.digest, policy: sealed.policy, fingerprint: await fingerprintOf(set) })
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/sealing/key',
    id: 'getOfficerKey',
    tag: 'cases',
    summary: 'One’s own keys, newest first: the private half is locked with a passphrase that this server never sees.',
    access: 'user',
    permission: 'self',
    answers: {
      200: {
        description: 'The keys; none before the first was made.',
        schema: object({ agency: text, user: text, keys: { type: 'array', items: object({ number, publicKey, locked }) } }),
      },
      ...signedOut,
    },
    async handle(call) {
      const { agency, user } = personOf(call)
      const keys = await agency.sealingKeys('officer', user.id)
      return call.c.json({
        agency: agency.id as string,
        user: user.id,
        keys: keys.map((key) => ({ number: key.number, publicKey: key.publicKey, locked: key.locked })),
      })
    },
  },
  {
    method: 'PUT',
    path: '/v1/admin/sealing/key',
    id: 'keepOfficerKey',
    tag: 'cases',
    summary: 'Keeps one’s own key: a new one by the next number, or the newest under another passphrase.',
    access: 'user',
    permission: 'self',
    fresh: true,
    body: { schema: object({ number, publicKey, locked }), limit: 4096 },
    answers: { 204: { description: 'Kept.' }, ...taken, ...signedOut },
    async handle(call) {
      const { agency, user } = personOf(call)
      await keepOfficerKey(agency, user.id, call.body(), call.deed())
      return call.c.body(null, 204)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/sealing/officers',
    id: 'listOfficerKeys',
    tag: 'builder',
    summary: 'The newest public key of everybody who has one, and the recovery key.',
    access: 'user',
    permission: 'encryption.keys',
    answers: {
      200: {
        description: 'The keys.',
        schema: object({
          officers: { type: 'array', items: object({ user: text, publicKey, createdAt: text }) },
          recovery: { oneOf: [object({ number, publicKey, createdAt: text }), { type: 'null' }] },
        }),
      },
      ...signedOut,
    },
    async handle(call) {
      const { agency } = call.actor()
      const [keys, [recovery]] = await Promise.all([agency.sealingKeys('officer'), agency.sealingKeys('recovery', '')])
      const officers = keys
        .filter(({ owner }, i) => keys.findIndex((other) => other.owner === owner) === i)
        .map(({ owner, publicKey: key, createdAt }) => ({ user: owner, publicKey: key, createdAt }))
      const { number: nth = 0, publicKey: kept = '', createdAt = '' } = recovery ?? {}
      return call.c.json({ officers, recovery: recovery ? { number: nth, publicKey: kept, createdAt } : null })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/sealing/recovery',
    id: 'publishRecoveryKey',
    tag: 'builder',
    summary: 'Publishes the recovery key, whose private half lies on paper in shares. Everything is sealed to it, too.',
    access: 'user',
    permission: 'encryption.keys',
    fresh: true,
    body: { schema: object({ number, publicKey }), limit: 1024 },
    answers: { 204: { description: 'Published.' }, ...taken, ...signedOut },
    async handle(call) {
      await publishRecoveryKey(call.actor().agency, call.body(), call.deed())
      return call.c.body(null, 204)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/sealing',
    id: 'getServiceKeys',
    tag: 'cases',
    summary: 'The keys of a service by epoch, newest first, and who may use them: each private key sealed to the public key of an officer.',
    access: 'user',
    permission: 'service.read',
    params: { id: 'Name of the service.' },
    answers: {
      200: {
        description: 'The keys. `recipients`: what is published; null while a key is missing.',
        schema: object({
          agency: text,
          service: text,
          epochs: { type: 'array', items: object({ epoch: number, publicKey, createdAt: text, createdBy: text }) },
          wraps: { type: 'array', items: object({ epoch: number, ...wrapped }) },
          recovery: { oneOf: [object({ number, publicKey, createdAt: text }), { type: 'null' }] },
          recipients: { oneOf: [recipients, { type: 'null' }] },
          fingerprint: { type: ['string', 'null'] },
        }),
      },
      404: { description: 'No such service.' },
      ...signedOut,
    },
    async handle(call) {
      const keys = await keysOf(call.actor().agency, call.param('id'))
      const fingerprint = keys.recipients ? await fingerprintOf({ agency: keys.agency, service: keys.service, ...keys.recipients }) : null
      return call.c.json({ ...keys, fingerprint })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/sealing/epochs',
    id: 'publishEpoch',
    tag: 'builder',
    summary: 'A new key of a service, sealed to everybody who may use it. Who is not among them may use the older ones no more.',
    access: 'user',
    permission: 'encryption.keys',
    fresh: true,
    params: { id: 'Name of the service.' },
    body: { schema: object({ epoch: number, publicKey, wraps: { type: 'array', minItems: 2, maxItems: 500, items: object(wrapped) } }), limit: 262_144 },
    answers: {
      201: { description: 'Published.', schema: object({ fingerprint: text }) },
      404: { description: 'No such service.' },
      422: { description: 'Somebody is let in who has no key here, or the recovery key or an officer is missing.' },
      ...taken,
      ...signedOut,
    },
    async handle(call) {
      const { agency } = call.actor()
      const service = call.param('id')
      await publishEpoch(agency, service, call.body<NewEpoch>(), call.deed())
      const published = await recipientsOf(agency, service)
      if (!published) throw new Error('What was published is not there.')
      return call.c.json({ fingerprint: await fingerprintOf({ agency: agency.id, service, ...published }) }, 201)
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/sealing/wraps',
    id: 'shareEpoch',
    tag: 'builder',
    summary: 'Lets one more officer use a key of a service: its private half, sealed to them by somebody who may.',
    access: 'user',
    permission: 'encryption.keys',
    fresh: true,
    params: { id: 'Name of the service.' },
    body: { schema: object({ epoch: number, ...wrapped }), limit: 1024 },
    answers: {
      204: { description: 'They may.' },
      404: { description: 'No such service or epoch.' },
      422: { description: 'Nobody has this key here.' },
      ...taken,
      ...signedOut,
    },
    async handle(call) {
      const wrap = call.body<Omit<SealingWrap, 'service'>>()
      await shareEpoch(call.actor().agency, { ...wrap, service: call.param('id') }, call.deed())
      return call.c.body(null, 204)
    },
  },
]
