/** Bring and take, by keyboard: tags to copy, a service as a file and back, duplicates, parts copied into another service. */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, toView, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { press } from './keyboard.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

const policy = { rules: { origins: { allow: ['https://city.example'] } } }
const toServices = async (page: Page) => {
  await page.goto(`${server.url}/builder/#/`)
  await page.locator('builder-services .services li').first().waitFor()
}

it('takes a service out as a file, and brings it back as new or, when told so, over the draft', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('swap'), policy)
  await ada.open('swap')
  await toView(page, 'Embed and file', 'Embed and file')
  await page.getByText('Publish the service first').waitFor()
  expect(await axe(page)).toEqual([])
  const downloading = page.waitForEvent('download')
  await press(page, exactly('Save as file'))
  const download = await downloading
  expect(download.suggestedFilename()).toBe('swap.service.json')
  const text = readFileSync(await download.path(), 'utf8')
  expect(JSON.parse(text)).toEqual({ guichet: 'service', definition: permit('swap'), policy })

  await toServices(page)
  const choose = (content: string) =>
    page.locator('builder-services #service-file').setInputFiles({ name: 'swap.json', mimeType: 'application/json', buffer: Buffer.from(content) })
  await choose('{')
  await eventually(() => page.locator('builder-import [role=alert]').textContent()).toBe('This file is not JSON.')
  await choose(text.replaceAll('Stall permit', 'Market stall'))
  await page.getByText('In the file: “Market stall” (swap), in English and Persian').waitFor()
  expect(await axe(page)).toEqual([])
  // Until the author says so, nothing has changed.
  expect(
    (await (await page.request.get(`${server.url}/v1/admin/services/swap`, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).json()).definition.title.en,
  ).toBe('Stall permit')
  await press(page, exactly('Take it as a new service (swap-2)'))
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  expect(page.url()).toContain('#/services/swap-2')
  expect(await ada.draft('swap-2')).toEqual({ ...permit('swap'), id: 'swap-2', title: { en: 'Market stall', fa: 'مجوز غرفه' } })

  await toServices(page)
  await choose(text.replaceAll('Stall permit', 'Market stall'))
  await press(page, exactly('Replace the draft of “swap”'))
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  expect((await ada.draft('swap')).title.en).toBe('Market stall')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('duplicates a service, and copies a question with its rules into another', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('first'), policy)
  await toServices(page)
  await page.locator('builder-services [data-duplicate="first"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  expect(page.url()).toContain('#/services/first-2')
  expect(await ada.draft('first-2')).toEqual({ ...permit('first'), id: 'first-2', title: { en: 'Stall permit (2)', fa: 'مجوز غرفه (2)' } })

  const told = () => page.locator('builder-editor [data-told]').textContent()
  await page.locator('builder-outline [tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await page.keyboard.type('do you')
  await page.keyboard.press('Control+c')
  await eventually(told).toBe('“Do you use gas?” copied. It can be pasted here or into another service.')
  await ada.open('first')
  await page.locator('builder-outline [tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await page.keyboard.type('full')
  await page.keyboard.press('Control+v')
  await eventually(told).toBe('Do you use gas?, 2 of 5 in About you')
  await eventually(async () => (await ada.draft('first')).pages[0].fields.map(({ id }) => id)).toEqual(['name', 'gas_2', 'income', 'kind', 'gas'])
  expect((await ada.draft('first')).pages[0].fields[1]?.when).toEqual({ '==': [{ var: 'kind' }, 'food'] })
  await page.keyboard.press('Control+z')
  await eventually(async () => (await ada.draft('first')).pages[0].fields.length).toBe(4)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('shows both screens in Persian without a fault', async () => {
  const ada = await author(browser, server, 'fa')
  const { page } = ada
  await ada.put(permit('fa-swap'))
  await toServices(page)
  await page
    .locator('builder-services #service-file')
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(permit('fa-swap'))) })
  await page.locator('builder-import h3').waitFor()
  expect(await axe(page)).toEqual([])
  await ada.open('fa-swap')
  await toView(page, 'جاسازی و پرونده', 'جاسازی و پرونده')
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
