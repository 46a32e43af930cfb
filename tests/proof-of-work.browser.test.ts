/** The calculation before sending, on an agency's page under a strict policy: nobody sees it, nobody waits long, it counts once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

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
  folder = mkdtempSync(join(tmpdir(), 'guichet-proof-'))
  mkdirSync(join(folder, 'lost-keys'))
  writeFileSync(join(folder, 'lost-keys', 'definition.json'), JSON.stringify(definition))
  writeFileSync(
    join(folder, 'lost-keys', 'policy.json'),
    JSON.stringify({ rules: { origins: { allow: [site.origin] }, 'proof-of-work': { demand: 'required' } } }),
  )
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

async function toTheCheck(page: Page) {
  await page.goto(site.origin)
  await page.getByRole('button', { name: 'Start now' }).click()
  await page.getByLabel('Full name').fill('Mary Byrne')
  await page.getByRole('button', { name: 'Continue' }).click()
}
const sent = (page: Page) => page.getByRole('heading', { name: 'Sent and received' }).waitFor()

test('is done while somebody fills in, without a puzzle, and lets them send', async () => {
  const { page, faults, close } = await openPage(browser)
  const asked: string[] = []
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await toTheCheck(page)
  await expect.poll(() => asked.filter((line) => line.endsWith('/challenge')).length).toBe(1)
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await sent(page)
  expect(asked.filter((line) => line.endsWith('/challenge'))).toHaveLength(1)
  expect(faults).toEqual([])
  await close()
})

test('is done anew where the first one does not count any more, and nobody notices', async () => {
  const { page, close } = await openPage(browser)
  let spoilt = 0
  await page.route('**/submissions', async (route) => {
    const headers = await route.request().allHeaders()
    if (route.request().method() !== 'POST' || spoilt++ > 0) return route.continue()
    return route.continue({ headers: { ...headers, 'guichet-proof': 'bm90aGluZw' } })
  })
  await toTheCheck(page)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await sent(page)
  expect(spoilt).toBe(2)
  await close()
})

test('a challenge that does not come keeps nothing from being sent later', async () => {
  const { page, close } = await openPage(browser)
  await page.route('**/challenge', (route) => route.abort())
  await toTheCheck(page)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor()
  await page.unroute('**/challenge')
  await page.getByRole('button', { name: 'Try again' }).click()
  await sent(page)
  await close()
})
