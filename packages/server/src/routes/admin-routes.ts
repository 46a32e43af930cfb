/** What the builder calls. First party only. */
import type { Policy } from '@guichet/schemas'
import { may } from '../access/may.ts'
import { keepBounds } from '../definitions/bounds.ts'
import { Refused } from '../problem.ts'
import { inTodaysFormat } from '../services/check-draft.ts'
import { publish } from '../services/publish.ts'
import { askRelease } from '../services/releases.ts'
import type { AgencySettings } from '../store/people.ts'
import { Conflict, type DraftRecord } from '../store/store.ts'
import { setUp, signIn, signOut, whoAmI } from '../users/sign-in.ts'
import { adminVersionRoutes } from './admin-version-routes.ts'
import { ifMatch, revisionOf } from './if-match.ts'
import { libraryRoutes } from './library-routes.ts'
import { account } from './people-schemas.ts'
import { release, releaseRoutes } from './release-routes.ts'
import type { Call, Route } from './route.ts'
import * as schemas from './schemas.ts'

const draftLimit = { limit: 2_097_152, keys: 50_000 }
const id = { id: 'Name of the service.' }
const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }
const stale = { 412: { description: 'Someone else has saved since.' }, 428: { description: 'Without If-Match.' } }

async function draftOf(call: Call): Promise<DraftRecord> {
  const draft = await call.actor().agency.service(call.param('id'))
  if (!draft) throw new Refused(404, 'not-found')
  return draft
}

const withRevision = (call: Call, revision: number) => call.c.header('ETag', `"${revision}"`)

/** What a new service has from its agency's settings: its pages are let in from the start, its colours, its term. */
export function startOf(definition: { id: string; agency?: object }, { domains = [], retentionMonths, theme }: AgencySettings) {
  const rules = {
    ...(domains.length > 0 ? { origins: { allow: [...domains] } } : {}),
    ...(retentionMonths === undefined ? {} : { retention: { months: retentionMonths } }),
  }
  return {
    definition: theme?.colours ? { ...definition, agency: { colours: theme.colours, ...definition.agency } } : definition,
    policy: Object.keys(rules).length > 0 ? { rules } : {},
  }
}

export const adminRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/admin/setup',
    id: 'setUp',
    tag: 'builder',
    summary: 'Makes the first user with the one-time token that was printed at the start.',
    access: 'first-party',
    body: { schema: schemas.setUp, limit: 4096 },
    answers: { 201: { description: 'Made, and signed in.', schema: schemas.account }, 403: { description: 'Not the token, or used.' } },
    handle: setUp,
  },
  {
    method: 'POST',
    path: '/v1/admin/session',
    id: 'signIn',
    tag: 'builder',
    summary: 'Signs in.',
    access: 'first-party',
    body: { schema: schemas.credentials, limit: 4096 },
    answers: {
      200: { description: 'Signed in.', schema: schemas.account },
      401: { description: 'Not this address and password, or a code of the second factor is asked for.' },
      429: { description: 'Too many tries.' },
    },
    handle: signIn,
  },
  {
    method: 'GET',
    path: '/v1/admin/session',
    id: 'whoAmI',
    tag: 'builder',
    summary: 'Who is signed in.',
    access: 'user',
    permission: 'self',
    answers: { 200: { description: 'The account.', schema: account }, ...signedOut },
    handle: whoAmI,
  },
  {
    method: 'DELETE',
    path: '/v1/admin/session',
    id: 'signOut',
    tag: 'builder',
    summary: 'Signs out.',
    access: 'user',
    permission: 'self',
    answers: { 204: { description: 'Signed out.' }, ...signedOut },
    handle: signOut,
  },
  {
    method: 'GET',
    path: '/v1/admin/services',
    id: 'listDrafts',
    tag: 'builder',
    summary: 'The services of the agency.',
    access: 'user',
    permission: 'service.read',
    answers: { 200: { description: 'The services.', schema: schemas.drafts }, ...signedOut },
    async handle(call) {
      const services = (await call.actor().agency.services()).map(({ id: name, definition, revision, publishedVersion, savedAt }) => {
        const { title } = definition as { title?: unknown }
        return { id: name, title: typeof title === 'object' && title !== null ? title : {}, revision, publishedVersion, savedAt }
      })
      return call.c.json({ services })
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services',
    id: 'createDraft',
    tag: 'builder',
    summary: 'A new service.',
    access: 'user',
    permission: 'service.edit',
    body: { schema: schemas.newDraft, ...draftLimit },
    answers: { 201: { description: 'Made.', schema: schemas.made }, 409: { description: 'The id is taken.' }, ...signedOut },
    async handle(call) {
      const { definition } = call.body<{ definition: { id: string } }>()
      keepBounds(definition)
      if (!may(call.actor(), 'service.edit', { service: definition.id })) throw new Refused(403, 'not-allowed')
      const { agency } = call.actor()
      await call.adapters.quotas.service(agency, call.now)
      const draft = startOf(definition, (await agency.profile())?.settings ?? {})
      try {
        const revision = await agency.saveService({ id: definition.id, ...draft }, null, call.deed())
        withRevision(call, revision)
        return call.c.json({ id: definition.id, revision }, 201)
      } catch (error) {
        if (error instanceof Conflict) throw new Refused(409, 'duplicate-id')
        throw error
      }
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/services/{id}',
    id: 'openDraft',
    tag: 'builder',
    summary: 'A draft with its policy.',
    access: 'user',
    permission: 'service.read',
    params: id,
    answers: { 200: { description: 'The draft.', schema: schemas.openedDraft }, 404: { description: 'No such service.' }, ...signedOut },
    async handle(call) {
      const { definition, policy, revision, publishedVersion } = await draftOf(call)
      withRevision(call, revision)
      return call.c.json({ definition: inTodaysFormat(definition), policy, revision, publishedVersion })
    },
  },
  {
    method: 'PUT',
    path: '/v1/admin/services/{id}',
    id: 'saveDraft',
    tag: 'builder',
    summary: 'Saves a draft. It may be unfinished.',
    access: 'user',
    permission: 'service.edit',
    params: id,
    headers: ifMatch,
    body: { schema: schemas.draft, ...draftLimit },
    answers: { 200: { description: 'Saved.', schema: schemas.saved }, 404: { description: 'No such service.' }, ...stale, ...signedOut },
    async handle(call) {
      const revision = revisionOf(call)
      const before = await draftOf(call)
      const { definition, policy } = call.body<{ definition: { id: string }; policy?: Policy | null }>()
      keepBounds(definition)
      if (definition.id !== before.id) throw new Refused(400, 'shape', { errors: [{ pointer: '/definition/id', code: 'shape.invalid' }] })
      try {
        const next = await call.actor().agency.saveService({ id: before.id, definition, policy: policy ?? before.policy }, revision, call.deed())
        withRevision(call, next)
        return call.c.json({ revision: next })
      } catch (error) {
        if (error instanceof Conflict) throw new Refused(412, 'stale')
        throw error
      }
    },
  },
  {
    method: 'POST',
    path: '/v1/admin/services/{id}/publish',
    id: 'publish',
    tag: 'builder',
    summary: 'Makes the draft the next version: at once, from a day on, or when somebody else agrees, where the policy asks for that.',
    access: 'user',
    permission: 'service.publish',
    params: id,
    headers: ifMatch,
    body: { schema: schemas.publishOrder, limit: 32_768 },
    answers: {
      201: { description: 'Published.', schema: schemas.published },
      202: {
        description: 'It waits, for its day or for somebody else.',
        schema: { type: 'object', required: ['release', 'findings'], properties: { release } },
      },
      409: { description: 'Something of the service waits already.' },
      422: { description: 'Findings that are errors, or warnings that were not named.' },
      404: { description: 'No such service.' },
      ...stale,
      ...signedOut,
    },
    async handle(call) {
      const { agency, name, user } = call.actor()
      const { language } = call
      const { acknowledged = [], from = null } = call.body<{ acknowledged?: string[]; from?: string }>()
      const revision = revisionOf(call)
      const order = { revision, acknowledged, from, isProgram: user === null, language }
      const asked = await askRelease(call.adapters, agency, call.param('id'), order, call.deed())
      if (asked) return call.c.json(asked, 202)
      return call.c.json(await publish(call.adapters, agency, call.param('id'), revision, { actor: name, language, acknowledged }, call.config.baseUrl), 201)
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/services/{id}/versions',
    id: 'listVersions',
    tag: 'builder',
    summary: 'What was published, newest first.',
    access: 'user',
    permission: 'service.read',
    params: id,
    answers: { 200: { description: 'The versions.', schema: schemas.versions }, 404: { description: 'No such service.' }, ...signedOut },
    async handle(call) {
      const { id: service } = await draftOf(call)
      return call.c.json({ versions: await call.actor().agency.versions(service) })
    },
  },
  ...adminVersionRoutes,
  ...releaseRoutes,
  ...libraryRoutes,
]
