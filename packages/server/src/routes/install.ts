/** Makes the app of the list of routes: each with its guard, its body read and checked, and its answers to other origins. */
import policySchema from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import type { ValidateFunction } from 'ajv'
import type { Hono } from 'hono'
import { keyActor, keyIn } from '../access/key-actor.ts'
import { rolesFor } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import { evidenceOf } from '../intake/admit.ts'
import { jsonProblems, parseJson, scanJson } from '../json.ts'
import { interfaceLanguage } from '../language.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { shapeProblems } from '../shape.ts'
import { currentActor } from '../users/session.ts'
import type { WebFolders } from '../web.ts'
import { clientAddress, isFirstParty, type Origin, originOf, ownOrigins } from './client.ts'
import { allowed } from './guard.ts'
import { requestBody } from './request-body.ts'
import type { AppContext, Bindings, Call, Route, Variables } from './route.ts'

const crossOrigin = { 'Access-Control-Expose-Headers': 'ETag, Location, Retry-After, Upload-Complete, Upload-Length, Upload-Limit, Upload-Offset' }
const requestHeaders = ['Authorization', 'Content-Type', 'Guichet-Proof', 'Guichet-Trap', 'Idempotency-Key', 'If-Match', 'If-None-Match']
const uploadHeaders = ['Content-Digest', 'Repr-Digest', 'Upload-Complete', 'Upload-Length', 'Upload-Offset']
const maxDepth = 64

export function install(
  app: Hono<{ Bindings: Bindings; Variables: Variables }>,
  routes: readonly Route[],
  adapters: Adapters,
  config: Config,
  web: WebFolders,
) {
  const own = ownOrigins(config)
  /** Loaded and made with the first body that needs them: a start does not wait for all of them. */
  let ajv: Promise<{ compile(schema: object): ValidateFunction }> | null = null
  const checks = new Map<string, ValidateFunction>()
  const checkOf = async (id: string, schema: object): Promise<ValidateFunction> => {
    ajv ??= import('ajv/dist/2020.js').then(({ Ajv2020 }) => new Ajv2020({ strict: false, allErrors: true, schemas: [policySchema] }))
    const made = await ajv
    const check = checks.get(id) ?? made.compile(schema)
    checks.set(id, check)
    return check
  }

  const mayRead = async (c: AppContext, live: LiveService, { origin, sameOrigin }: Origin) => {
    const intake = { service: live, origin, sameOrigin, client: clientAddress(c, config), now: adapters.clock.now() }
    return (await live.policy.admit(evidenceOf('view', intake, null), ['origins'])) === null
  }
  /** Whether the page that asks may read the answer, and the service it is about. @throws Refused */
  const crossOriginOf = async (c: AppContext, route: Route): Promise<{ live?: LiveService; allowed: boolean }> => {
    const origin = originOf(c, own)
    if (route.access === 'public') return { allowed: true }
    if (route.access === 'service') {
      const live = await adapters.live.find(c.req.param('agency') ?? '', c.req.param('service') ?? '')
      if (!live) throw new Refused(404, 'not-found')
      return { live, allowed: await mayRead(c, live, origin) }
    }
    if (route.access === 'some-service') {
      if (origin.origin === null || origin.sameOrigin) return { allowed: true }
      for (const live of await adapters.live.all()) if (await mayRead(c, live, origin)) return { allowed: true }
    }
    return { allowed: false }
  }
  const allow = (c: AppContext, route: Route, allowed: boolean) => {
    const origin = c.req.header('origin')
    const to = route.access === 'public' ? '*' : origin && allowed && !own.has(origin) ? origin : null
    c.set('readers', {
      ...crossOrigin,
      ...(to === null ? {} : { 'Access-Control-Allow-Origin': to }),
      ...(route.access === 'public' ? {} : { Vary: 'Origin' }),
    })
  }
  const isCrossOrigin = ({ access }: Route) => access === 'service' || access === 'some-service' || access === 'public'

  const handle = async (c: AppContext, route: Route): Promise<Response> => {
    const now = adapters.clock.now()
    let live: LiveService | undefined
    if (isCrossOrigin(route)) {
      const found = await crossOriginOf(c, route)
      live = found.live
      c.set('live', live)
      allow(c, route, found.allowed)
      if (!found.allowed) throw new Refused(403, 'origin')
    }
    const key = route.access === 'user' ? keyIn(c) : null
    // A request with a key is a program's: no cookie is looked at, so no other site can make a browser send it.
    if ((route.access === 'first-party' || route.access === 'user') && key === null && !isFirstParty(c, own)) throw new Refused(403, 'forbidden')
    const actor =
      route.access === 'user' ? await allowed(route, await (key === null ? currentActor(c, adapters, config, now) : keyActor(key, adapters, now)), now) : null
    const body = route.body && 'limit' in route.body ? await readJson(c, route.body, await checkOf(route.id, route.body.schema)) : null
    const call: Call = {
      c,
      adapters,
      config,
      web,
      now,
      // No accessor: each object would get a hidden class of its own, which only a full collection frees, and with it all
      // that the request holds.
      language: interfaceLanguage(c.req.query('lang'), c.req.header('accept-language')),
      param: (name) => c.req.param(name) ?? '',
      query: (name) => c.req.query(name),
      header: (name) => c.req.header(name),
      body: <T>() => body as T,
      live() {
        if (!live) throw new Error(`${route.id} is no route of a service`)
        return live
      },
      actor() {
        if (!actor) throw new Error(`${route.id} is open to people who are not signed in`)
        return actor
      },
      deed() {
        return { actor: call.actor().name, at: now.toISOString() }
      },
      reading() {
        const { grants } = call.actor()
        const { permission } = route
        return {
          roles: (service) => (permission ? rolesFor({ grants }, permission, service) : []),
          client: clientAddress(c, config),
          purpose: c.req.query('purpose'),
          language: call.language,
        }
      },
    }
    return route.handle(call)
  }

  const byPath = new Map<string, Route[]>()
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route])
  for (const [path, group] of byPath) {
    const pattern = path.replace(/\{(\w+)\+\}/g, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1')
    const methods = group.map((route) => route.method)
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    for (const route of group) app.on(route.method, pattern, (c) => handle(c, route))
    const open = group.filter(isCrossOrigin)
    const acceptPatch = group.find((one) => one.acceptPatch)?.acceptPatch
    app.on('OPTIONS', pattern, async (c) => {
      if (acceptPatch) c.header('Accept-Patch', acceptPatch)
      const wanted = c.req.header('access-control-request-method')
      const route = open.find(({ method }) => method === wanted)
      if (!route) return c.body(null, 204, { Allow: allowed })
      const may = await crossOriginOf(c, route)
      allow(c, route, may.allowed)
      if (!may.allowed) throw new Refused(403, 'origin')
      c.header('Access-Control-Allow-Methods', open.map(({ method }) => method).join(', '))
      c.header('Access-Control-Allow-Headers', acceptPatch ? [...requestHeaders, ...uploadHeaders].join(', ') : requestHeaders.join(', '))
      c.header('Access-Control-Max-Age', '600')
      return c.body(null, 204)
    })
    app.all(pattern, () => {
      throw new Refused(405, 'method', { headers: { Allow: allowed } })
    })
  }
}

async function readJson(c: AppContext, { limit, keys: maxKeys = 1000 }: { limit: number; keys?: number }, check: ValidateFunction): Promise<unknown> {
  if (!/^application\/json(;|$)/i.test(c.req.header('content-type') ?? '')) throw new Refused(415, 'content-type')
  const bytes = await requestBody(c).read(limit)
  if (bytes === 'too-large') throw new Refused(413, 'too-large', { params: { count: limit } })
  const { depth, keys } = scanJson(bytes)
  if (depth > maxDepth || keys > maxKeys) throw new Refused(400, 'json')
  let value: unknown
  try {
    value = parseJson(bytes)
  } catch (error) {
    throw new Refused(400, 'json', jsonProblems(error))
  }
  if (!check(value)) throw new Refused(400, 'shape', { errors: shapeProblems(check.errors) })
  return value
}
