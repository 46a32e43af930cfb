/** A service of one's own that follows a base, as a file and back; templates that a new service begins with. By keyboard. */
import { readFileSync } from 'node:fs'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, toView, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

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

const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const toServices = async (page: Page) => {
  await page.goto(`${server.url}/builder/#/`)
  await page.reload()
  await page.locator('builder-services .services li').first().waitFor()
  await page.locator('builder-templates fieldset').waitFor()
}
const idsOf = ({ pages }: ServiceDefinition) => pages.flatMap(({ fields }) => fields.map(({ id }) => id))

it('makes a version of one’s own of a service, updates it from the base, and loses nothing, also by way of a file', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('vendor'))
  await ada.publish('vendor')
  await toServices(page)
  expect(await axe(page)).toEqual([])
  await page.locator('builder-services [data-own="vendor"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  expect(page.url()).toContain('#/services/vendor-2')
  const mine = await ada.draft('vendor-2')
  expect(mine).toMatchObject({ id: 'vendor-2', 'x-base': { from: 'service:vendor', version: 1 } })
  mine.agency.name = { en: 'Town', fa: 'شهرک' }
  mine.pages[0].fields.push({ id: 'badge', type: 'text', label: { en: 'Badge', fa: 'نشان' } } as never)
  ;(mine.pages[0].fields[0] as { label: object }).label = { en: 'Your name', fa: 'نام' }
  await ada.put(mine)

  const next = permit('vendor')
  next.pages[0].fields.splice(1, 0, { id: 'shop', type: 'text', label: { en: 'Name of the stall', fa: 'نام غرفه' } } as never)
  ;(next.pages[0].fields[0] as { label: object }).label = { en: 'Name in full', fa: 'نام' }
  await ada.put(next)
  await ada.publish('vendor')

  await ada.open('vendor-2')
  await toView(page, 'Base', 'Base')
  await page.getByText('Version 2 of the base is there.').waitFor()
  await press(page, exactly('Update to version 2'))
  await page.locator('builder-merge').waitFor()
  expect(await axe(page)).toEqual([])
  await expect.poll(() => page.locator('builder-merge fieldset legend').allTextContents()).toEqual(['Your name – Question – English'])
  await tabTo(page, (at) => at.type === 'radio', 'the first choice')
  await page.keyboard.press('Space')
  await press(page, exactly('Merge both'))
  await eventually(() => told(page)).toBe('Updated from the base. Undo goes back to before.')
  await eventually(async () => idsOf(await ada.draft('vendor-2'))).toEqual(['name', 'shop', 'income', 'kind', 'gas', 'badge'])
  const updated = await ada.draft('vendor-2')
  expect(updated).toMatchObject({ id: 'vendor-2', agency: { name: { en: 'Town' } }, 'x-base': { version: 2 } })
  expect(updated.pages[0].fields[0]?.label).toEqual({ en: 'Your name', fa: 'نام' })
  await eventually(async () => (await focused(page)).text).toBe('Base')
  // The link goes back with what was made from it, so that the update can be made again.
  await page.keyboard.press('Control+z')
  await eventually(async () => idsOf(await ada.draft('vendor-2'))).not.toContain('shop')
  await page.getByText('Version 2 of the base is there.').waitFor()
  await page.keyboard.press('Control+Shift+z')
  await eventually(async () => idsOf(await ada.draft('vendor-2'))).toContain('shop')

  await toView(page, 'Embed and file', 'Embed and file')
  const downloading = page.waitForEvent('download')
  await press(page, exactly('Save as file'))
  const text = readFileSync(await (await downloading).path(), 'utf8')
  expect(idsOf(JSON.parse(text).base.definition)).toEqual(['name', 'shop', 'income', 'kind', 'gas'])
  await toServices(page)
  await page
    .locator('builder-services #service-file')
    .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text.replaceAll('"vendor-2"', '"elsewhere"')) })
  await press(page, /^\s*Take it as a new service/)
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  expect((await ada.draft('elsewhere')) as object).toMatchObject({ id: 'elsewhere', 'x-base': { from: 'service:vendor', version: 2 } })
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('begins a service with a template that was searched for and looked at, and with one that the agency kept', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 700 } })
  const { page } = ada
  await ada.put(permit('kept'))
  await ada.open('kept')
  await toView(page, 'جاسازی و پرونده', 'جاسازی و پرونده')
  await press(page, exactly('نگهداری به‌عنوان الگوی نهاد'))
  await page.getByText('به‌عنوان نسخهٔ ۱ نگه داشته شد.').waitFor()
  await toServices(page)
  // The empty page, what the agency kept, four of the builder, six examples of the server.
  await expect.poll(() => page.locator('builder-templates [data-template]').count()).toBe(12)
  await page.locator('builder-templates #template-search').focus()
  await page.keyboard.type('وقت')
  await eventually(() =>
    page.locator('builder-templates [data-template]').evaluateAll((found) => found.map((one) => (one as HTMLElement).dataset.template)),
  ).toEqual(['', 'appointment'])
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.locator('builder-templates details').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('builder-templates builder-preview guichet-service').waitFor()
  expect(await axe(page)).toEqual([])
  if (process.env.SCREENS) await page.locator('builder-services form[aria-labelledby]').screenshot({ path: `${process.env.SCREENS}/templates-fa.png` })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await page.locator('builder-services input[name=title]').focus()
  await page.keyboard.type('My visit')
  await page.keyboard.press('Enter')
  await page.locator('builder-outline [role=treeitem]').first().waitFor()
  const made = await ada.draft('my-visit')
  expect(made).toMatchObject({ id: 'my-visit', languages: ['fa'], title: { fa: 'My visit' } })
  expect(idsOf(made)).toEqual(['subject', 'day', 'part_of_day', 'needs', 'full_name', 'email', 'phone'])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
