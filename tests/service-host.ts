/**
 * The built runtime behind a small stand-in for the server, and pages of an agency on another origin that embed it under
 * a strict content security policy. Tests ask it what was received, and have it fail.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, computedValues, createSession, feeOf, type Json, type Problem, requiredDocuments, routeOf, validate } from '@guichet/core'
import { fieldTypes } from '@guichet/fields'
import type { Answers, ServiceDefinition, Submission } from '@guichet/schemas'
import type { ListOption } from '../packages/server/src/lists/read-list.ts'
import { isRemote } from '../packages/server/src/lists/remote-lists.ts'
import { listPage } from '../packages/server/src/services/list-page.ts'
import type { LiveService } from '../packages/server/src/services/live.ts'
import { viewService } from '../packages/server/src/services/view-service.ts'
import { builtFolders } from '../packages/server/src/web.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

const liveOf = (definition: ServiceDefinition) =>
  ({
    agency: { id: 'city' },
    version: { service: definition.id, version: 1, digest: 'sha256-n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg', definition },
    program: compile(definition, fieldTypes),
    whole: compile(definition, fieldTypes),
    sealed: null,
    policy: { asks: {} },
  }) as unknown as LiveService

/** What the server answers for a service, in one language: made by the server's own code, so that its weight is the real one. */
export const viewOf = (definition: ServiceDefinition, language: string, today: string) =>
  viewService(liveOf(definition), language, undefined, new Date(`${today}T12:00:00Z`), builtFolders)

export interface Received {
  key: string
  submission: Submission
}

export interface ServiceHost {
  /** Origin of the stand-in server. */
  origin: string
  /** Origin of the agency's pages. `/<lang>` embeds the service there; see `pages`. */
  agency: string
  received: Received[]
  uploads: { target: string; name: string; bytes: number }[]
  /** Requests for options; while `listsDown`, nobody answers them. */
  lists: string[]
  listsDown: boolean
  /** What is found at any address that keeps a list. */
  kept: readonly ListOption[]
  /** What the next submission is answered with, instead of being taken. */
  refuseNext: ((response: ServerResponse) => void) | null
  close(): Promise<void>
}

const mediaTypes: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css', '.woff2': 'font/woff2' }

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
const send = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(body))
}
const listen = (server: Server) =>
  new Promise<string>((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)))

export async function serviceHost(definitions: readonly ServiceDefinition[], today: string): Promise<ServiceHost> {
  const host: ServiceHost = {
    origin: '',
    agency: '',
    received: [],
    uploads: [],
    lists: [],
    listsDown: false,
    kept: [],
    refuseNext: null,
    close: async () => {},
  }
  const find = (id: string) => definitions.find((definition) => definition.id === id)
  const dist = join(root, 'packages/runtime/dist')

  const server = createServer(async (request, response) => {
    const url = new URL(request.url as string, 'http://host')
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type, idempotency-key')
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const [, , agency, service, resource] = url.pathname.slice(1).split('/')
    if (!url.pathname.startsWith('/v1/')) {
      const file = join(dist, normalize(url.pathname))
      if (!existsSync(file)) return send(response, 404, {})
      response.writeHead(200, { 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream' })
      return response.end(readFileSync(file))
    }
    const definition = agency === 'city' ? find(service as string) : undefined
    if (!definition) return send(response, 404, { type: 'about:blank', status: 404, title: 'No such service' })
    const language = url.searchParams.get('lang') ?? ''
    const view = viewOf(definition, definition.languages.includes(language) ? language : definition.languages[0], today)
    if (!resource) return send(response, 200, view)
    if (resource === 'versions') {
      host.lists.push(url.search)
      if (host.listsDown) return response.destroy()
      const path = url.pathname.split('/').at(-1) as string
      const live = liveOf(definition)
      const node = live.whole.nodes.get(path)
      const [value, query = ''] = [url.searchParams.get('value'), url.searchParams.get('q') ?? '']
      return send(
        response,
        200,
        listPage(
          live,
          path,
          language,
          value === null ? { query, from: Number(url.searchParams.get('from')) } : { value },
          node && isRemote(node) ? { options: host.kept, byValue: new Map(host.kept.map((option) => [option.value, option])) } : null,
        ),
      )
    }

    if (resource === 'time-limits') return send(response, 200, { now: new Date().toISOString(), filesHours: 48 })
    const body = await bodyOf(request)
    if (resource === 'attachments') {
      const [target = '', name = ''] = [url.searchParams.get('target') ?? '', url.searchParams.get('name') ?? '']
      host.uploads.push({ target, name, bytes: body.length })
      return send(response, 201, { id: `att-${host.uploads.length}`, name, type: request.headers['content-type'], size: body.length, digest: '0' })
    }
    if (url.pathname.endsWith('/started')) return response.writeHead(204).end()
    const submission = JSON.parse(body.toString('utf8')) as Submission
    host.received.push({ key: String(request.headers['idempotency-key']), submission })
    const refuse = host.refuseNext
    host.refuseNext = null
    if (refuse) return refuse(response)
    const session = createSession(compile(definition, fieldTypes), {
      today,
      answers: submission.answers as Answers,
      documents: submission.documents,
      atDesk: submission.atDesk,
    })
    const problems = validate(session)
    if (problems.length > 0)
      return send(response, 422, {
        type: 'about:blank',
        title: 'Invalid',
        status: 422,
        errors: problems.map((problem: Problem) => ({ pointer: problem.pointer, code: problem.code, detail: problem.code })),
      })
    const route = routeOf(session)
    send(response, 201, {
      reference: 'K7QF2M9XW3TD8HNA',
      submission: '01j',
      receivedAt: `${today}T09:00:00Z`,
      documents: requiredDocuments(session).map(({ document, copies }) => ({ id: document.id, copies })),
      computed: computedValues(session) as Record<string, Json>,
      fee: feeOf(session),
      route: route && { to: route.to, reason: route.reason, remedy: route.remedy },
      receipt: { payload: { service: definition.id }, jws: 'a.b.c' },
    })
  })
  host.origin = await listen(server)

  const agency = createServer((request, response) => {
    const url = new URL(request.url as string, 'http://agency')
    if (url.pathname === '/favicon.ico') return response.writeHead(204).end()
    const language = url.searchParams.get('lang') ?? 'en'
    const services = url.searchParams.getAll('service')
    const { origin } = host
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src ${origin}; style-src ${origin}; connect-src ${origin}; img-src ${origin} data:; require-trusted-types-for 'script'`,
    })
    const tags = services.map((service) => `<script type="module" src="${origin}/embed.js" data-service="city/${service}"></script>`).join('\n')
    const scheme = url.searchParams.get('scheme')
    response.end(`<!doctype html>
<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Agency</title>${scheme ? `<meta name="color-scheme" content="${scheme}">` : ''}</head>
<body><main>${tags}</main></body></html>`)
  })
  host.agency = await listen(agency)
  host.close = async () => {
    for (const each of [server, agency]) {
      each.closeAllConnections()
      await new Promise((resolve) => each.close(resolve))
    }
  }
  return host
}
