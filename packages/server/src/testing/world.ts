/** A whole server in a temporary folder, without a port, with a clock of its own. For tests. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldTypes } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { Policy, Receipt, ServiceDefinition } from '@guichet/schemas'
import { type Adapters, type Overrides, openAdapters } from '../adapters.ts'
import { type App, createApp } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { digestOf } from '../digest.ts'
import { inspectHere } from '../files/inspector.ts'
import { createLog } from '../log.ts'
import { publish } from '../services/publish.ts'
import type { Store } from '../store/store.ts'
import { scryptPasswords } from '../users/password.ts'
import { clockAlone } from './clock-alone.ts'
import libraryCard from './library-card.json' with { type: 'json' }

export const foreign = 'https://www.city.example'
export const own = 'http://127.0.0.1:8080'
export const setupToken = 'the-token-of-the-test'

/** What tests read of answers; which of it is there, the expectation says. */
interface Body {
  id: string
  reference: string
  submission: string
  receivedAt: string
  receipt: { payload: Receipt; jws: string }
  fee: { lines: object[]; total: number }
  errors: { pointer: string; code: string; detail: string }[]
  type: string
  title: string
  keys: { kty: string; kid: string }[]
  services: { agency: string; service: string; id: string; url: string; revision: number }[]
  versions: { version: number; digest: string }[]
  findings: { code: string; severity: string }[]
  messages: Record<string, unknown>
  paths: Record<string, Record<string, { operationId: string; responses: object }>>
  [more: string]: unknown
}
export type TestResponse = Omit<Response, 'json'> & { json(): Promise<Body> }

export interface World {
  app: App
  adapters: Adapters
  config: Config
  folder: string
  /** Lines of the log. */
  log: string[]
  setTime(iso: string): void
  /** Publishes a definition for an agency, which is made if need be. */
  offer(definition?: ServiceDefinition, policy?: Policy, agency?: string): Promise<void>
  request(path: string, init?: RequestInit & { client?: string | null }): Promise<TestResponse>
  send(
    body: unknown,
    options?: { key?: string; service?: string; origin?: string; raw?: string | Uint8Array<ArrayBuffer>; client?: string | null },
  ): Promise<TestResponse>
  /** Everything on disk as one Latin-1 string: for looking whether something got there. */
  disk(): string
  close(): Promise<void>
}

/** The fixture, open to changes. */
export const definitionOf = (change: (definition: ServiceDefinition) => void = () => {}): ServiceDefinition => {
  const definition = structuredClone(libraryCard) as unknown as ServiceDefinition
  change(definition)
  return definition
}
/** Lets the foreign page in and keeps answers readable, so that tests can look for them. */
export const plainPolicy: Policy = { rules: { origins: { allow: [foreign] }, encryption: { mode: 'none' } } }

let counter = 0
export const newKey = () => `test-key-${++counter}-${Math.random().toString(36).slice(2)}`

/** Where a world keeps its rows. */
export interface RowPlace {
  env: Record<string, string>
  /** Opens them in another way than a server does. */
  open?(folder: string, now: () => Date): Promise<Store>
  /** Everything of it on disk. */
  disk(): string
  giveBack(): Promise<void>
}
/** SQLite in the world's own folder, which is looked through anyhow. */
let lend = async (): Promise<RowPlace> => ({ env: {}, disk: () => '', giveBack: async () => {} })
/** Lets all tests of a file keep their rows elsewhere, until what it gives is called. */
export const keepRowsIn = (other: typeof lend): (() => void) => {
  const before = lend
  lend = other
  return () => {
    lend = before
  }
}

export async function createWorld(env: Record<string, string> = {}, overrides: Overrides = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-'))
  const rows = await lend()
  const config = readConfig({ DATA_DIR: folder, EXAMPLES_DIR: 'off', LOG_LEVEL: 'debug', ...rows.env, ...env })
  let now = new Date('2026-01-05T08:00:00.000Z')
  const log: string[] = []
  const clock = { now: () => new Date(now) }
  const adapters = openAdapters(config, {
    clock,
    lived: clockAlone(clock),
    log: createLog('debug', { write: (line) => log.push(line) }),
    // A real password takes half a second; users/admin.test.ts has one test of that.
    passwords: scryptPasswords({ N: 2 ** 10, r: 8, p: 1 }),
    inspect: inspectHere,
    // In this thread: a worker takes half a second to start. definitions/linter.test.ts has the real one.
    lint: async (definition) => lint(definition, overrides.types ?? (fieldTypes as unknown as FieldTypes), fieldSettings),
    ...(rows.open ? { store: await rows.open(folder, () => clock.now()) } : {}),
    ...overrides,
  })
  const app = createApp(adapters, config)

  const world: World = {
    app,
    adapters,
    config,
    folder,
    log,
    setTime(iso) {
      now = new Date(iso)
    },
    async offer(definition = definitionOf(), policy = plainPolicy, agencyName = 'city') {
      const id = await adapters.store.ensureAgency(agencyName, `Agency ${agencyName}`, now.toISOString())
      const agency = adapters.store.agency(id)
      const before = await agency.service(definition.id)
      const revision = await agency.saveService({ id: definition.id, definition, policy }, before?.revision ?? null, { actor: 'system', at: now.toISOString() })
      await publish(adapters, agency, definition.id, revision, { actor: 'system', language: 'en', acknowledged: 'every' }, config.baseUrl)
      await agency.offerSetup(digestOf(setupToken))
    },
    async request(path, { client = '203.0.113.7', ...init } = {}) {
      return app.request(path, init, { ...(client === null ? {} : { client }) }) as Promise<TestResponse>
    },
    send(body, { key = newKey(), service = 'city/library-card', origin, raw, client = '203.0.113.7' } = {}) {
      return world.request(`/v1/services/${service}/submissions`, {
        method: 'POST',
        client,
        headers: { 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}), ...(origin ? { Origin: origin } : {}) },
        body: raw ?? JSON.stringify(body),
      })
    },
    disk() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n') + rows.disk()
    },
    async close() {
      await adapters.store.close()
      await rows.giveBack()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return world
}

export const answersOf = (more: object = {}) => ({ version: 1, language: 'en', answers: { name: 'Sam Okafor', student: false, cards: [], ...more } })

/** A PNG of one pixel. */
export const png = new Uint8Array(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
export const pdf = new TextEncoder().encode('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
