/** A field type made outside this repository, on a page of an agency that allows the server's scripts and its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildForPages } from '../examples/field-type-outside/build.ts'
import messages from '../examples/field-type-outside/licence-plate.messages.json' with { type: 'json' }
import { licencePlate } from '../examples/field-type-outside/licence-plate.ts'
import permit from '../examples/field-type-outside/parking-permit.json' with { type: 'json' }
import settings from '../examples/field-type-outside/schema.json' with { type: 'json' }
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { Hand } from './author-hand.ts'
import { axe } from './axe.ts'
import { author, eventually, unexpected } from './builder-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let folder: string
let site: AgencySite

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-outside-'))
  await buildForPages(folder)
  mkdirSync(join(folder, 'services/permit'), { recursive: true })
  writeFileSync(join(folder, 'services/permit/definition.json'), JSON.stringify(permit))
  site = await agencySite()
  writeFileSync(join(folder, 'services/permit/policy.json'), JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } }))
  ;({ server, stop } = await startTestServer(
    undefined,
    { EXAMPLES_DIR: join(folder, 'services') },
    { outsideTypes: [{ type: licencePlate, schema: settings, messages, module: join(folder, 'licence-plate.js') }] },
  ))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the agency's page, which has a script of its own: the type. */
async function openAgency(page: Page, attribute: string, script: string | null = readFileSync(join(folder, 'licence-plate.js'), 'utf8')) {
  site.files.clear()
  if (script !== null) site.files.set('/types/licence-plate.js', { type: 'text/javascript', body: script })
  site.files.set('/permit', {
    // One policy of the name `lit-html` may be made: a second copy of it would be refused.
    headers: { 'content-security-policy': strictPolicy(server.url, { scripts: "'self'" }) },
    body: pageOf(`<script type="module" src="${server.url}/embed.js" data-service="demo/parking-permit" ${attribute}></script>`, { lang: 'el' }),
  })
  await page.goto(`${site.origin}/permit`)
}
test('a module named on the script tag draws, checks and stores the type', async () => {
  const { page, faults, close } = await openPage(browser)
  await openAgency(page, 'data-types="types/licence-plate.js"')
  await page.getByRole('button', { name: 'Έναρξη' }).click()
  const plate = page.getByRole('textbox', { name: 'Αριθμός πινακίδας' })
  await plate.fill('ΑΒΓ-1234')
  await page.getByRole('button', { name: 'Συνέχεια' }).click()
  // The server sends the type's own sentences with the service.
  await page.locator('.g-summary').getByText(messages.format.el).waitFor()
  await expect.poll(() => plate.getAttribute('aria-invalid')).toBe('true')
  expect(await axe(page)).toEqual([])
  await plate.fill('χυζ ۹۸۷۶')
  await page.getByRole('button', { name: 'Συνέχεια' }).click()
  await page.getByText('XYZ-9876').waitFor()
  await page.locator('.g-form > .g-button').click()
  await page.locator('.g-code').waitFor()
  expect(faults).toEqual([])
  await close()
})

test('the styles of the type come with it', async () => {
  const { page, close } = await openPage(browser)
  await openAgency(page, 'data-types="types/licence-plate.js"')
  await page.getByRole('button', { name: 'Έναρξη' }).click()
  const transform = await page.locator('.g-plate').evaluate((input) => getComputedStyle(input).textTransform)
  expect(transform).toBe('uppercase')
  await close()
})

test.each([
  ['it is not named', '', null],
  ['it does not arrive', 'data-types="types/licence-plate.js"', null],
  ['it holds something else', 'data-types="types/licence-plate.js"', 'export default { plate: true }'],
])('where the module is missing, as %s, a sentence stands in for the service', async (_, attribute, script) => {
  const { page, close } = await openPage(browser)
  await page.addInitScript(() => {
    document.addEventListener('guichet-failed', () => document.documentElement.setAttribute('data-failed', ''))
  })
  await openAgency(page, attribute as string, script as string | null)
  await page.getByRole('alert').waitFor()
  expect((await page.getByRole('alert').textContent())?.trim()).not.toBe('')
  await expect.poll(() => page.locator('html[data-failed]').count()).toBe(1)
  await close()
})

test('the server names the module of a type in its own pages and in the tags that it gives out, of services that use it', async () => {
  const text = async (path: string) => (await fetch(`${server.url}${path}`)).text()
  expect(await text('/s/demo/parking-permit')).toContain(' data-types="/types/licence-plate.js"')
  expect(await text('/frame/demo/parking-permit')).toContain(' types="/types/licence-plate.js"')
  const { tags } = JSON.parse(await text('/v1/embedding?service=demo/parking-permit')) as {
    tags: { element: string; host: string; pinned: boolean; pieces: { code: string }[] }[]
  }
  const codeOf = (element: string, host: string) =>
    tags
      .filter((tag) => tag.element === element && tag.host === host && !tag.pinned)
      .flatMap(({ pieces }) => pieces.map(({ code }) => code))
      .join('\n')
  expect(codeOf('service', 'html')).toMatch(/ data-types="http[^" ]+\/types\/licence-plate\.js"/)
  expect(codeOf('service', 'react')).toMatch(/ types="http[^" ]+\/types\/licence-plate\.js"/)
  expect(codeOf('guide', 'html')).not.toContain('/types/')
})

/** A service of one page, in which an author is about to ask for a plate. */
const begun = (id: string, ...more: object[]) =>
  ({
    format: 1,
    id,
    languages: ['en'],
    title: { en: 'Garage' },
    agency: { name: { en: 'City' } },
    locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: [{ id: 'you', title: { en: 'About you' }, fields: [{ id: 'name', type: 'text', label: { en: 'Full name' } }, ...more] }],
  }) as unknown as ServiceDefinition

test('an author asks for a plate with visible controls alone, publishes it, and a citizen answers', { timeout: 120_000 }, async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(begun('garage'))
  await ada.open('garage')
  const hand = new Hand(page)
  await hand.click('button', 'Add question')
  await page.getByRole('dialog').waitFor()
  await page.getByRole('textbox', { name: 'Text of the question' }).fill('Your licence plate')
  await page.locator('builder-type-picker').getByRole('searchbox').fill('licence')
  await page.getByRole('button', { name: /^Licence plate/ }).click()
  // Its panel is made from its schema, and what is chosen there is checked by it.
  await page.locator('builder-settings').getByRole('combobox', { name: 'Kind of vehicle' }).selectOption('motorcycle')
  await eventually(async () => (await ada.draft('garage')).pages[0].fields[1]).toMatchObject({ type: 'licence-plate', vehicle: 'motorcycle' })
  // Drawn by its own view on the canvas.
  await page.locator('builder-preview guichet-service .g-plate').waitFor()
  await expect.poll(() => page.locator('builder-preview').getByText('Your licence plate').count()).toBeGreaterThan(0)
  // And in the preview, with its own sentences.
  await hand.click('button', 'Fill it in')
  await page.locator('builder-preview guichet-service .g-plate').fill('AB')
  await page.locator('builder-preview guichet-service .g-form > .g-button').click()
  await page.locator('builder-preview .g-summary').getByText(messages.format.en).waitFor()
  await hand.click('button', 'Fill it in')
  expect(await axe(page)).toEqual([])

  await hand.click('button', 'Publish…')
  const dialog = page.locator('builder-publish dialog[open]')
  await dialog.getByRole('button', { name: 'Publish', exact: true }).waitFor()
  for (const box of await dialog.getByRole('checkbox').all()) await box.check()
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await dialog.locator('builder-copy-box').waitFor()
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()

  const citizen = await openPage(browser, { locale: 'en-GB' })
  await citizen.page.goto(`${server.url}/s/demo/garage?lang=en`)
  await citizen.page.getByRole('button', { name: 'Start' }).click()
  await citizen.page.getByRole('textbox', { name: 'Full name' }).fill('Sam Okafor')
  const plate = citizen.page.getByRole('textbox', { name: 'Your licence plate' })
  await plate.fill('ΟΧΙ-1234')
  await citizen.page.getByRole('button', { name: 'Continue' }).click()
  await citizen.page.locator('.g-summary').getByText(messages.motorcycle.en).waitFor()
  await plate.fill('οχι-۱۲۳')
  await citizen.page.getByRole('button', { name: 'Continue' }).click()
  await citizen.page.getByText('OXI-123').waitFor()
  await citizen.page.locator('.g-form > .g-button').click()
  await citizen.page.locator('.g-code').waitFor()
  expect(citizen.faults).toEqual([])
  await citizen.close()

  // The desk shows what was answered as the type says it.
  const { page: desk, ...officer } = await author(browser, server)
  await desk.goto(`${server.url}/desk/`)
  await desk.locator('desk-inbox li[data-case] a', { hasText: 'Garage' }).click()
  await expect.poll(() => desk.locator('desk-case .answers').allInnerTexts()).toEqual([expect.stringContaining('OXI-123')])
  expect(await axe(desk)).toEqual([])
  expect(officer.faults.filter(unexpected)).toEqual([])
  await officer.close()
})

test('wrong settings are found while the author types, by the check that the server made', async () => {
  const ada = await author(browser, server)
  await ada.put(begun('boats', { id: 'plate', type: 'licence-plate', label: { en: 'Plate' }, vehicle: 'boat' }))
  await ada.open('boats')
  await eventually(() => ada.page.locator('builder-outline [data-part="/pages/0/fields/1"] .mark.error').textContent()).toContain('1')
  // Told by that check, and not by a type that nobody knows.
  await ada.page.locator('builder-outline [data-part="/pages/0/fields/1"]').click()
  await ada.page.locator('builder-settings').getByRole('combobox', { name: 'Kind of vehicle' }).selectOption('car')
  await eventually(() => ada.page.locator('builder-outline [data-part="/pages/0/fields/1"] .mark.error').count()).toBe(0)
  await ada.close()
})

test('a server that was not handed the type neither offers it nor lets it be published', { timeout: 120_000 }, async () => {
  const without = await startTestServer()
  try {
    const ada = await author(browser, without.server)
    const { page } = ada
    await ada.put(begun('garage', { id: 'plate', type: 'licence-plate', label: { en: 'Plate' } }))
    await ada.open('garage')
    await page.getByRole('button', { name: 'Add question' }).first().click()
    await page.locator('builder-type-picker').getByRole('searchbox').fill('licence')
    await expect.poll(() => page.locator('builder-type-picker [data-type="licence-plate"]').count()).toBe(0)
    await page.keyboard.press('Escape')
    expect((await (await fetch(`${without.server.url}/types/index.js`)).text()).trim()).toBe('export default []')
    expect((await fetch(`${without.server.url}/types/licence-plate.js`)).status).toBe(404)
    const refused = await page.evaluate(async () => {
      const { revision } = await (await fetch('/v1/admin/services/garage')).json()
      const answer = await fetch('/v1/admin/services/garage/publish', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'if-match': `"${revision}"` },
        body: '{"acknowledged":[]}',
      })
      return [answer.status, (await answer.json()).findings.some(({ code }: { code: string }) => code === 'type.unknown')]
    })
    expect(refused).toEqual([422, true])
    await ada.close()
  } finally {
    await without.stop()
  }
})
