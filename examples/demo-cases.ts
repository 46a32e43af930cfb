/**
 * Cases for a server that somebody tries for the first time (`npm start`): the examples' own answers, sent in over the last
 * two weeks by way of the server's own routes, and decided about as officers would. So the desk is not empty when they come.
 *
 * Run by itself it fills a new database, and does nothing if there is one.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, createSession, requiredDocuments } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Answers, Json, ServiceDefinition } from '@guichet/schemas'
import { type Adapters, type Config, ConfigError, createApp, openAdapters, readConfig } from '@guichet/server'
import { decide } from '../packages/server/src/cases/decide.ts'
import { needsNote, offered } from '../packages/server/src/cases/graph.ts'
import { seed } from '../packages/server/src/seed.ts'
import { sampleFor } from './sample-files.ts'

const dayMs = 86_400_000
/** For how many days the agency has been at work. */
const days = 14

/** Whom every preset lets read and decide. */
const reading = { roles: () => ['officer'], client: '127.0.0.1', purpose: 'handling', language: 'en' }

interface Filled {
  service: string
  /** The day for which it was written. */
  today: string
  language: string
  answers: Answers
}

/** The answers in `submissions/valid-*.json` of each example. */
function filledIn(folder: string): Filled[] {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'submissions')) && existsSync(join(folder, entry.name, 'cases.json')))
    .flatMap(({ name }) => {
      const { today } = read(join(folder, name, 'cases.json'))
      return readdirSync(join(folder, name, 'submissions'))
        .filter((file) => file.startsWith('valid-'))
        .sort()
        .map((file) => ({ service: name, today, ...read(join(folder, name, 'submissions', file)) }))
    })
}

/** Dates of about now, moved by whole weeks: what is about weekdays still holds. Dates of birth stay. */
export function moved(value: Json, from: string, to: Date): Json {
  const weeks = Math.floor((to.getTime() - Date.parse(from)) / (7 * dayMs))
  const one = (text: string) => {
    const [date = '', rest = ''] = [text.slice(0, 10), text.slice(10)]
    if (!/^\d{4}-\d\d-\d\d(T|$)/.test(text) || Math.abs(Date.parse(date) - Date.parse(from)) > 2 * 365 * dayMs) return text
    return new Date(Date.parse(date) + weeks * 7 * dayMs).toISOString().slice(0, 10) + rest
  }
  if (typeof value === 'string') return one(value)
  if (Array.isArray(value)) return value.map((item) => moved(item, from, to))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, moved(item, from, to)]))
  return value
}

/** What officers wrote, in the language of the case. */
const asked: Readonly<Record<string, string>> = {
  en: 'Please send the second page as well: it is missing.',
  el: 'Στείλτε παρακαλώ και τη δεύτερη σελίδα: λείπει.',
  vi: 'Xin gửi thêm trang thứ hai: trang này còn thiếu.',
  hu: 'Kérjük, küldje be a második oldalt is, mert hiányzik.',
  fa: 'لطفاً صفحهٔ دوم را هم بفرستید؛ این صفحه نیست.',
}

/** Makes the agency as if two weeks ago, and gives how many cases there are. What a service does not take today is left out. */
export async function fillDemo(config: Config, now: Date): Promise<number> {
  if (config.examplesDir === null) return 0
  let time = now.getTime() - days * dayMs
  const adapters: Adapters = openAdapters(config, { clock: { now: () => new Date(time) } })
  try {
    const agency = adapters.store.agency(await seed(adapters, config, config.demoPort === null ? null : `http://localhost:${config.demoPort}`))
    const app = createApp(adapters, config)
    const own = { Origin: config.baseUrl, 'Sec-Fetch-Site': 'same-origin' }
    const post = async (path: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) => {
      const response = await app.request(path, { method: 'POST', headers: { ...own, ...headers }, body }, { client: '127.0.0.1' })
      return response.status === 201 ? ((await response.json()) as { id: string; submission: string }) : null
    }

    const send = async ({ service, today, language, answers: written }: Filled): Promise<string | null> => {
      const live = await adapters.live.find(agency.id, service)
      if (!live) return null
      const definition: ServiceDefinition = live.version.definition
      const answers = moved(written, today, new Date(time)) as Answers
      const session = createSession(compile(definition, fieldTypes as never), { today: new Date(time).toISOString().slice(0, 10), answers })
      const documents: Record<string, string[]> = {}
      for (const { document, copies } of requiredDocuments(session)) {
        documents[document.id] = []
        for (let i = 0; i < copies; i++) {
          const { name, type, bytes } = sampleFor(document)
          const path = `/v1/services/${agency.id}/${service}/attachments?target=${document.id}&name=${encodeURIComponent(name)}`
          const file = await post(path, { 'Content-Type': type, 'Content-Length': String(bytes.length) }, bytes)
          if (!file) return null
          documents[document.id]?.push(file.id)
        }
      }
      const body = JSON.stringify({ version: live.version.version, language, answers, documents })
      const sent = await post(`/v1/services/${agency.id}/${service}/submissions`, { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() }, body)
      return sent?.submission ?? null
    }

    /** An officer's step, if the case has not closed: mostly on, now and then back. */
    const step = async (id: string, ask: boolean) => {
      const found = await agency.submission(id)
      const live = found && (await adapters.live.find(agency.id, found.service, found.version))
      if (!found || !live) return
      const offers = offered(live.version.definition, found)
      const decision = (ask && offers.find((offer) => offer === 'ask_more' || offer === 'send_back')) || offers.find((offer) => !needsNote.has(offer))
      if (!decision) return
      const note = needsNote.has(decision) ? (asked[found.language] ?? asked.en) : undefined
      // Of two who decide one after the other no stage asks for other eyes.
      const actor = found.revision % 2 === 0 ? 'operator' : 'system'
      const request = { submission: id, revision: found.revision, decision, note, actor, now: new Date(time), reading }
      await decide(adapters, config, agency, request).catch((error) => {
        if ((error as { code?: string }).code !== 'four-eyes') throw error
      })
    }

    const all = filledIn(config.examplesDir)
    const held: string[] = []
    for (let day = 0; day < days; day++) {
      time = now.getTime() - (days - day) * dayMs + 60_000
      for (let i = 0; i < all.length; i++)
        if ((i + day) % 7 === 0) {
          const id = await send(all[i] as Filled)
          time += 60_000
          if (id) held.push(id)
        }
      // A third of what lies there goes on each day, so that some has come far and some has not begun.
      for (const [i, id] of held.entries())
        if ((i + day) % 3 === 0 && day < days - 2) {
          await step(id, i % 5 === 0)
          time += 60_000
        }
    }
    return held.length
  } finally {
    await adapters.store.close()
  }
}

/** Whether this is a server to be tried, that nobody has used yet. What is wrong with the settings the server itself says. */
function toFill(): Config | null {
  try {
    const config = readConfig({ ...process.env, LOG_LEVEL: 'error' })
    const tried = config.demoPort !== null && config.agency === 'demo' && config.databaseUrl === null
    return tried && !existsSync(join(config.dataDir, 'guichet.db')) ? config : null
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const config = toFill()
  if (config) await fillDemo(config, new Date())
}
