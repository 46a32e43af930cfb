/** The pages of examples/pages, served by an agency's site and opened: with the real server's address in place of HOST. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgencySite, agencySite } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { parkingPermit } from './parking-permit.ts'

const pages = fileURLToPath(new URL('../examples/pages/', import.meta.url))
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-pages-'))
  site = await agencySite()
  mkdirSync(join(folder, 'permit'))
  const { fee: _, ...permit } = parkingPermit
  writeFileSync(join(folder, 'permit/definition.json'), JSON.stringify(permit))
  writeFileSync(join(folder, 'permit/policy.json'), JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder }))
  for (const name of readdirSync(pages)) {
    const type = types[name.split('.').at(-1) as string]
    if (!type) continue
    const body = readFileSync(join(pages, name), 'utf8').replaceAll('https://HOST', server.url).replaceAll('AGENCY/SERVICE', `demo/${permit.id}`)
    site.files.set(`/${name}`, { type, body })
  }
  site.files.set('/favicon.ico', { type: 'image/x-icon', body: '' })
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (name: string) => {
  const opened = await openPage(browser)
  opened.page.setDefaultTimeout(10_000)
  await opened.page.goto(`${site.origin}/${name}`)
  return opened
}

test.each(['plain.html', 'strict-csp.html', 'theme.html'])('%s shows the service, which can be started', async (name) => {
  const { page, faults, close } = await open(name)
  const service = page.locator('guichet-service')
  await service.getByRole('button', { name: 'Start now' }).click()
  await service.getByRole('textbox', { name: 'Full name' }).fill('Ana')
  // A theme's rules for inputs and labels do not reach those of the service.
  expect(
    await service
      .locator('label')
      .first()
      .evaluate((label) => getComputedStyle(label).display),
  ).toBe('block')
  expect((await axe(page)).filter((found) => found.includes('guichet-'))).toEqual([])
  expect(faults).toEqual([])
  await close()
})

test('plain.html lets people follow a case below it', async () => {
  const { page, close } = await open('plain.html')
  await page.locator('guichet-status').getByRole('textbox', { name: 'Tracking code' }).waitFor()
  await close()
})

test('theme.css gives the service its colours', async () => {
  const { page, close } = await open('theme.html')
  const start = page.locator('guichet-service').getByRole('button', { name: 'Start now' })
  await start.waitFor()
  expect(await start.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(40, 48, 61)')
  await close()
})

test('spa.html mounts one element after the other', async () => {
  const { page, faults, close } = await open('spa.html')
  await page.getByRole('link', { name: 'Get a resident parking permit' }).click()
  await page.locator('guichet-service').getByRole('button', { name: 'Start now' }).waitFor()
  await page.getByRole('link', { name: 'Follow a case' }).click()
  await page.locator('guichet-status').getByRole('textbox').waitFor()
  await expect.poll(() => page.locator('guichet-service').count()).toBe(0)
  await page.goBack()
  await page.locator('guichet-service').getByRole('button', { name: 'Start now' }).waitFor()
  expect(faults).toEqual([])
  await close()
})
