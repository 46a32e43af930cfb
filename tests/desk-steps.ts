/** What browser tests of the desk have in common: a service whose cases move, cases of it, and officers who are signed in. */
import type { Policy } from '@guichet/schemas'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { publish } from '../packages/server/src/services/publish.ts'
import { movingDefinition } from '../packages/server/src/testing/cases.ts'
import { answersOf } from '../packages/server/src/testing/world.ts'
import { scryptPasswords } from '../packages/server/src/users/password.ts'
import { openPage, type TestServer } from './harness.ts'

export const officer = { name: 'Ada Officer', email: 'ada@example.org', password: 'correct horse battery' }
export const colleague = { id: 'u-bo', name: 'Bo Colleague', email: 'bo@example.org' }
/** A real password takes half a second. */
export const quickPasswords = scryptPasswords({ N: 2 ** 10, r: 8, p: 1 })

export const agencyOf = async ({ adapters }: TestServer) => adapters.store.agency((await adapters.store.findAgency('demo'))!)

/** Publishes the service, readable on disk, so that what is stored can be looked for. */
export async function offer(server: TestServer, rules: Policy['rules'] = {}) {
  const agency = await agencyOf(server)
  const definition = movingDefinition()
  const deed = { actor: 'system', at: server.adapters.clock.now().toISOString() }
  const before = await agency.service(definition.id)
  const revision = await agency.saveService(
    { id: definition.id, definition, policy: { preset: 'open', rules: { encryption: { mode: 'none' }, ...rules } } },
    before?.revision ?? null,
    deed,
  )
  await publish(server.adapters, agency, definition.id, revision, { actor: 'system', language: 'en', acknowledged: 'every' }, server.url)
}

let sent = 0
/** Sends in as a citizen does. */
export async function send(server: TestServer, answers: object = {}, more: object = {}): Promise<{ submission: string; reference: string }> {
  const response = await fetch(`${server.url}/v1/services/demo/library-card/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `desk-test-key-${++sent}-${Math.random().toString(36).slice(2)}` },
    body: JSON.stringify({ ...answersOf(answers), ...more }),
  })
  if (response.status !== 201) throw new Error(await response.text())
  return response.json() as Promise<{ submission: string; reference: string }>
}

/** Asks the server as the page itself does. */
export const ask = (page: Page, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  page.evaluate(
    async ([verb, address, content, more]) => {
      const response = await fetch(`/v1/admin/${address}`, {
        method: verb,
        headers: { 'content-type': 'application/json', ...(more as object) },
        ...(content ? { body: JSON.stringify(content) } : {}),
      })
      return { status: response.status, body: await response.json().catch(() => null) }
    },
    [method, path, body ?? null, headers] as [string, string, object | null, object],
  )

/** Somebody at the desk, signed in; the first one makes the account. */
export async function atDesk(browser: Browser, server: TestServer, options: BrowserContextOptions & { hash?: string } = {}) {
  const { hash = '', ...context } = options
  const opened = await openPage(browser, { viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...context })
  const { page } = opened
  await page.goto(`${server.url}/desk/`)
  await page.locator('staff-sign-in').waitFor()
  const token = new URL(server.setupUrl ?? 'http://none/#setup=').hash.replace('#setup=', '')
  const made = await ask(page, 'POST', 'setup', { token: decodeURIComponent(token), ...officer })
  if (made.status !== 201) await ask(page, 'POST', 'session', { email: officer.email, password: officer.password })
  opened.faults.length = 0
  await page.goto(`${server.url}/desk/${hash}`)
  await page.reload()
  return opened
}
