/** The field that nobody sees: people pass it by, programs fall into it, and whose browser fell into it for them gets out again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const definition = {
  format: 1,
  id: 'lost-keys',
  languages: ['en'],
  title: { en: 'Report lost keys' },
  agency: { name: { en: 'City of Ravenford' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [{ id: 'keys', title: { en: 'Your keys' }, fields: [{ id: 'name', type: 'text', label: { en: 'Full name' } }] }],
}

let browser: Browser
let site: AgencySite
let server: TestServer
let stop: () => Promise<void>
let folder: string
beforeAll(async () => {
  ;[browser, site] = await Promise.all([launch(), agencySite()])
  folder = mkdtempSync(join(tmpdir(), 'guichet-trap-'))
  mkdirSync(join(folder, 'lost-keys'))
  writeFileSync(join(folder, 'lost-keys', 'definition.json'), JSON.stringify(definition))
  writeFileSync(join(folder, 'lost-keys', 'policy.json'), JSON.stringify({ rules: { origins: { allow: [site.origin] }, honeypot: { demand: 'required' } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder }))
  site.files.set('/', {
    body: pageOf(`<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/lost-keys"></script>`),
    headers: { 'content-security-policy': strictPolicy(server.url) },
  })
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

const sent = (page: Page) => page.getByRole('heading', { name: 'Sent and received' }).waitFor()
const trap = (page: Page) => page.locator('#homepage')

test('is nothing to people: no Tab reaches it, no reader names it, and what they send is taken', async () => {
  const { page, faults, close } = await openPage(browser)
  await page.goto(site.origin)
  await page.getByRole('button', { name: 'Start now' }).click()
  await trap(page).waitFor({ state: 'attached' })
  const met: string[] = []
  await tabTo(
    page,
    (at) => {
      met.push(at.id)
      return at.tag === 'button' && at.text === 'Continue'
    },
    'the button',
  )
  expect(met).not.toContain('homepage')
  await expect.poll(() => page.getByRole('textbox').count()).toBe(1)
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Full name').fill('Mary Byrne')
  await press(page, /^Continue$/)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await sent(page)
  expect(faults).toEqual([])
  await close()
})

test('holds what fills in every field; it shows itself then, and nothing is lost', async () => {
  const { page, close } = await openPage(browser)
  await page.goto(site.origin)
  await page.getByRole('button', { name: 'Start now' }).click()
  await page.getByLabel('Full name').waitFor()
  // As a program does.
  await page.locator('guichet-service input').evaluateAll((inputs) => {
    for (const input of inputs as HTMLInputElement[]) {
      input.value = 'https://spam.example'
      input.dispatchEvent(new Event('input', { bubbles: true, composed: true }))
    }
  })
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'A field that people do not see was filled in' }).waitFor()
  const field = page.getByLabel('Leave this empty')
  await field.waitFor()
  expect(await axe(page)).toEqual([])
  await field.focus()
  expect((await focused(page)).label).toBe('Leave this empty')
  await field.fill('')
  await page
    .getByRole('button', { name: /^(Send|Try again)$/ })
    .first()
    .click()
  await sent(page)
  await close()
})

test('refuses whoever does not say that it was left alone', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(`${server.url}/v1/services/demo/lost-keys/submissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `trap-${crypto.randomUUID()}`, origin: site.origin, ...headers },
      body: JSON.stringify({ version: 1, language: 'en', answers: { name: 'Mary' }, documents: {}, atDesk: [] }),
    })
  expect([(await send({})).status, (await send({ 'guichet-trap': 'filled' })).status, (await send({ 'guichet-trap': 'untouched' })).status]).toEqual([
    403, 403, 201,
  ])
})
