/**
 * A server of its own, in this process, that is spoken to as a browser would: set up, publish, upload, send in, follow.
 * Nothing listens on a port; time is what the caller says.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, createSession, type FieldTypes, requiredDocuments } from '@guichet/core'
import type { Answers, Json, ServiceDefinition } from '@guichet/schemas'
import { createApp, type Overrides, openAdapters, type Registers, readConfig } from '@guichet/server'
import { digestOf } from '../packages/server/src/digest.ts'
import { answersDigest } from '../packages/server/src/receipts/receipt.ts'
import type { Outcome } from './case.ts'
import { sampleFor } from './sample-files.ts'

const agency = 'examples'
const origin = 'http://127.0.0.1:8080'

interface Confirmation {
  reference: string
  documents: Outcome['documents']
  computed: Record<string, Json>
  fee: { total: number }
  route: { to: string } | null
  receipt: { payload: { salt: string; answersDigest: string } }
}
interface Problem {
  title: string
  errors?: { pointer: string; code: string; detail: string }[]
}

export interface Sent {
  outcome: Outcome
  /** What was wrong, in the language of the request. */
  problems: NonNullable<Problem['errors']>
}

export interface Road {
  publish(definition: ServiceDefinition, policy: Json): Promise<void>
  /** The service as a page gets it. */
  view(service: string, language: string): Promise<{ messages: Record<string, unknown> }>
  /** Fills the service in on that day, with every document that is asked for, and sends what was typed. */
  send(service: string, today: string, answers: Answers, language: string): Promise<Sent>
  close(): Promise<void>
}

/** @param overrides adapters of the server to replace: its field types, say */
export async function openRoad(types: FieldTypes, overrides: Overrides = {}): Promise<Road> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-examples-'))
  let now = new Date('2026-01-05T10:00:00Z')
  const config = readConfig({ DATA_DIR: folder, BASE_URL: origin, LOG_LEVEL: 'error', EXAMPLES_DIR: 'off', DEMO_PORT: 'off', AGENCY: agency })
  // The registers of the examples answer as their cases say.
  const registers: Registers = { vouched: async ({ definition }) => new Set((definition.lookups ?? []).map(({ id }) => id)) }
  const adapters = openAdapters(config, { types, clock: { now: () => now }, registers, ...overrides })
  const app = createApp(adapters, config)
  const { store } = adapters
  let cookie = ''

  const call = async (method: string, path: string, headers: Record<string, string> = {}, body?: Json | Uint8Array<ArrayBuffer>) => {
    const raw = body instanceof Uint8Array
    const init: RequestInit = {
      method,
      headers: {
        Origin: origin,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: cookie,
        ...(raw || body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    }
    return app.request(path, init, { client: '127.0.0.1' })
  }
  const wanted = async <T>(status: number, response: Response): Promise<T> => {
    const text = await response.text()
    if (response.status !== status) throw new Error(`${response.status} instead of ${status}: ${text}`)
    return JSON.parse(text)
  }

  const id = await store.ensureAgency(agency, 'Examples', now.toISOString())
  const token = randomUUID()
  await store.agency(id).offerSetup(digestOf(token))
  const account = await call('POST', '/v1/admin/setup', {}, { token, email: 'a@example.org', name: 'A', password: randomUUID() })
  cookie = (account.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  await wanted(201, account)

  const base = (service: string) => `/v1/services/${agency}/${service}`

  return {
    async publish(definition, policy) {
      const at = `/v1/admin/services/${definition.id}`
      const body = definition as unknown as Json
      const made = await wanted<{ revision: number }>(201, await call('POST', '/v1/admin/services', {}, { definition: body }))
      const saved = await wanted<{ revision: number }>(200, await call('PUT', at, { 'If-Match': `"${made.revision}"` }, { definition: body, policy }))
      const order = (acknowledged: string[]) => call('POST', `${at}/publish`, { 'If-Match': `"${saved.revision}"` }, { acknowledged })
      const first = await order([])
      // With the warnings that there are, by name.
      const { findings = [] } = first.status === 422 ? ((await first.clone().json()) as { findings?: { code: string }[] }) : {}
      await wanted(201, first.status === 422 ? await order(findings.map(({ code }) => code)) : first)
    },

    view: async (service, language) => wanted(200, await call('GET', base(service), { 'Accept-Language': language })),

    async send(service, today, answers, language) {
      now = new Date(`${today}T10:00:00Z`)
      const headers = { 'Accept-Language': language }
      const view = await wanted<{ version: number; today: string; definition: ServiceDefinition }>(200, await call('GET', base(service), headers))
      const session = createSession(compile(view.definition, types), { today: view.today, answers })
      const documents: Record<string, string[]> = {}
      for (const { document, copies } of requiredDocuments(session)) {
        const ids: string[] = []
        for (let i = 0; i < copies; i++) {
          const file = sampleFor(document)
          const address = `${base(service)}/attachments?target=${document.id}&name=${encodeURIComponent(file.name)}`
          const uploaded = await call('POST', address, { 'Content-Type': file.type, 'Content-Length': String(file.bytes.length) }, file.bytes)
          ids.push((await wanted<{ id: string }>(201, uploaded)).id)
        }
        documents[document.id] = ids
      }
      const submission = { version: view.version, language, answers, documents }
      const response = await call('POST', `${base(service)}/submissions`, { ...headers, 'Idempotency-Key': randomUUID() }, submission)
      if (response.status === 422) {
        const { errors = [] } = await wanted<Problem>(422, response)
        return { outcome: { errors: errors.map(({ pointer }) => pointer), documents: [], computed: {}, fee: 0, to: undefined, stored: {} }, problems: errors }
      }
      const { reference, computed, fee, route, receipt, ...rest } = await wanted<Confirmation>(201, response)
      const stored = session.stored()
      // The receipt is the server's word on what it stored: it must be what was typed, as the browser understood it.
      if (answersDigest(receipt.payload.salt, stored) !== receipt.payload.answersDigest) throw new Error('the receipt is for other answers than those typed')
      const status = await wanted<{ service: string }>(200, await call('POST', '/v1/status', headers, { reference }))
      if (status.service !== service) throw new Error(`the tracking code leads to ${status.service}`)
      return { outcome: { errors: [], documents: rest.documents, computed, fee: fee.total, to: route?.to, stored }, problems: [] }
    },

    async close() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
