/** What browser tests of the builder have in common: an author who is signed in and works by keyboard. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openPage, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

/** Drafts are saved a moment after an edit, and machines may be slow. */
export const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
export const exactly = (text: string) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)
/** Asking who is signed in is answered with 401 when nobody is, and browsers log that as a failure. */
export const unexpected = (fault: string) => !/status of 401/.test(fault)

const account = { name: 'Ada Author', email: 'ada@example.org', password: 'correct horse battery' }

export interface Author {
  page: Page
  faults: string[]
  close(): Promise<void>
  /** Opens a service in the editor. */
  open(service: string): Promise<void>
  /** What the server has, once all is saved. */
  draft(service: string): Promise<ServiceDefinition>
  /** Puts a draft onto the server, as if it had been made before. */
  put(definition: ServiceDefinition, policy?: object): Promise<void>
  publish(service: string): Promise<void>
}

const send = (page: Page, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
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

/** The first author of a server signs herself up; the next ones in. `language`: that of the builder. */
export async function author(browser: Browser, server: TestServer, language = 'en', options: BrowserContextOptions = {}): Promise<Author> {
  const opened = await openPage(browser, { viewport: { width: 1400, height: 900 }, locale: language === 'en' ? 'en-GB' : language, ...options })
  const { page } = opened
  await page.goto(`${server.url}/builder/`)
  await page.locator('staff-sign-in').waitFor()
  const token = new URL(server.setupUrl ?? 'http://none/#setup=').hash.replace('#setup=', '')
  const made = await send(page, 'POST', 'setup', { token: decodeURIComponent(token), ...account })
  if (made.status !== 201) expect((await send(page, 'POST', 'session', { email: account.email, password: account.password })).status).toBe(200)
  opened.faults.length = 0
  const steps: Author = {
    ...opened,
    async open(service) {
      await page.goto(`${server.url}/builder/#/`)
      await page.reload()
      await page.goto(`${server.url}/builder/#/services/${service}`)
      await page.locator('builder-outline [role=treeitem]').first().waitFor()
    },
    async draft(service) {
      // What is drawn may still be of the time before the last edit: it is drawn first.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
      await page.locator('builder-editor [data-save="saved"]').waitFor()
      return (await send(page, 'GET', `services/${service}`)).body.definition
    },
    async put(definition, policy = {}) {
      let { body, status } = await send(page, 'POST', 'services', { definition })
      if (status === 409) body = (await send(page, 'GET', `services/${definition.id}`)).body
      status = (await send(page, 'PUT', `services/${definition.id}`, { definition, policy }, { 'if-match': `"${body.revision}"` })).status
      expect(status).toBe(200)
      opened.faults.length = 0
    },
    async publish(service) {
      const { body } = await send(page, 'GET', `services/${service}`)
      const order = (acknowledged: string[]) => send(page, 'POST', `services/${service}/publish`, { acknowledged }, { 'if-match': `"${body.revision}"` })
      const first = await order([])
      const { status } = first.status === 422 ? await order(first.body.findings.map(({ code }: { code: string }) => code)) : first
      expect(status).toBe(201)
      opened.faults.length = 0
    },
  }
  return steps
}

/** Goes to one of the editor's views with the keyboard; the focus is on its heading then. */
export async function toView(page: Page, name: string, heading: string) {
  await page.locator('builder-editor .head > h1').focus()
  await press(page, exactly(name))
  await eventually(async () => {
    const { tag, text } = await focused(page)
    return [tag, text]
  }).toEqual(['h2', heading])
}

/** Ticks the next check box whose label begins so. */
export async function tick(page: Page, label: string) {
  await tabTo(page, (at) => at.type === 'checkbox' && at.label.startsWith(label), `check box ${label}`)
  await page.keyboard.press('Space')
}

/** Writes into the next input whose label is this. */
export async function fill(page: Page, label: string, text: string) {
  await tabTo(page, (at) => ['input', 'textarea'].includes(at.tag) && at.label === label, `input ${label}`, 400)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

/** A service small enough to look through. */
export const permit = (id: string): ServiceDefinition => ({
  format: 1,
  id,
  languages: ['en', 'fa'],
  title: { en: 'Stall permit', fa: 'مجوز غرفه' },
  agency: { name: { en: 'City', fa: 'شهر' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } },
        { id: 'income', type: 'money', label: { en: 'Income', fa: 'درآمد' }, optional: true },
        {
          id: 'kind',
          type: 'radio',
          label: { en: 'Kind of stall', fa: 'گونهٔ غرفه' },
          options: [
            { value: 'food', label: { en: 'Food', fa: 'خوراک' } },
            { value: 'craft', label: { en: 'Crafts', fa: 'صنایع دستی' } },
          ],
        },
        { id: 'gas', type: 'yes-no', label: { en: 'Do you use gas?', fa: 'گاز به کار می‌برید؟' }, when: { '==': [{ var: 'kind' }, 'food'] } },
      ],
    },
  ],
  documents: [
    {
      id: 'safety',
      label: { en: 'Gas safety certificate', fa: 'گواهی ایمنی گاز' },
      when: { and: [{ var: 'gas' }, { '>': [{ '+': [{ money: 100 }, { var: 'income' }] }, { money: 0 }] }] },
    },
  ],
  fee: { lines: [{ id: 'base', label: { en: 'Base', fa: 'پایه' }, amount: { money: 1000 } }] },
  tables: { rate: { food: { day: 12.5, busy: true }, craft: { day: 8, busy: false } } },
})
