/** A field type made outside this repository, on a page of an agency that allows the server's scripts and its own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldTypes } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildForPages } from '../examples/field-type-outside/build.ts'
import messages from '../examples/field-type-outside/licence-plate.messages.json' with { type: 'json' }
import { licencePlate } from '../examples/field-type-outside/licence-plate.ts'
import permit from '../examples/field-type-outside/parking-permit.json' with { type: 'json' }
import settings from '../examples/field-type-outside/schema.json' with { type: 'json' }
import { validateSettings } from '../examples/field-type-outside/validate-settings.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
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
  const types = { ...fieldTypes, [licencePlate.name]: licencePlate } as unknown as FieldTypes
  const allSettings = { ...fieldSettings, [licencePlate.name]: { schema: settings, validate: validateSettings } }
  ;({ server, stop } = await startTestServer(
    undefined,
    { EXAMPLES_DIR: join(folder, 'services') },
    { types, lint: (definition) => lint(definition, types, allSettings as never), messages: { [licencePlate.name]: messages } },
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
