/** The way out of the builder into a page, by keyboard: tags for every kind of page, and a look at the page that has one. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import messages from '../packages/builder/src/versions.messages.json' with { type: 'json' }
import { type AgencySite, agencySite, pageOf } from './agency-site.ts'
import { axe } from './axe.ts'
import { author, eventually, exactly, fill, permit, tick, toView, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
beforeAll(async () => {
  site = await agencySite()
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer(undefined, { EGRESS_ALLOW: new URL(site.origin).host })])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
})

it('gives the tag for what is to be shown and for the page it goes into, and looks at that page', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('stall'), { rules: { origins: { allow: ['https://city.example'] } } })
  await ada.open('stall')
  await toView(page, 'Embed and file', 'Embed and file')
  await page.getByText('Publish the service first').waitFor()
  const box = (name: string) => page.locator(`builder-share [data-tag="${name}"] textarea`)
  await box('page').waitFor()
  const tag = `<script type="module" src="${server.url}/embed.js" data-service="demo/stall"></script>`
  await expect.poll(() => box('page').inputValue()).toBe(tag)
  await expect.poll(() => box('csp').inputValue()).toContain(`script-src ${server.url};`)
  expect(await axe(page)).toEqual([])

  const choose = async (label: string, letters: string) => {
    await tabTo(page, (at) => at.tag === 'select' && at.label === label, label)
    await page.keyboard.type(letters)
  }
  await choose('What to show', 'Foll')
  await expect.poll(() => box('page').inputValue()).toBe(`<script type="module" src="${server.url}/status.js" data-place></script>`)
  // Only a service is shown in a frame.
  await expect.poll(() => page.locator('builder-embed #host option').allTextContents()).not.toContain('A page whose own scripts must not see the answers')
  await page.keyboard.press('Shift+Tab')
  await choose('What to show', 'The s')
  await choose('What the page is made with', 'Word')
  await tick(page, 'Pin this release')
  const { release, files } = await (await fetch(`${server.url}/v1/embedding`)).json()
  await expect.poll(() => box('page').inputValue()).toContain('<guichet-service service="demo/stall"><a href=')
  await expect
    .poll(() => box('site').inputValue())
    .toBe(`<script type="module" src="${server.url}/pinned/${release}/embed.js" integrity="${files['embed.js']}" crossorigin="anonymous"></script>`)
  expect(await axe(page)).toEqual([])

  // The page as it is now lacks everything; the author mends it line by line.
  const shown = async () => {
    await eventually(async () => (await focused(page)).id).toBe('result')
    return page.locator('builder-page-check li').evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset.code))
  }
  await press(page, exactly('Check the page'))
  await eventually(async () => (await focused(page)).id).toBe('address')
  await expect.poll(() => page.locator('builder-page-check #address').getAttribute('aria-describedby')).toBe('missing')
  site.files.set('/permits', { body: pageOf('<h1>Permits</h1>') })
  await fill(page, 'Address of the page', `${site.origin}/permits`)
  await page.keyboard.press('Enter')
  expect(await shown()).toEqual(['tag-missing'])
  const line = page.locator('builder-page-check li textarea').first()
  await expect.poll(() => line.inputValue()).toBe(tag)

  await ada.publish('stall')
  site.files.set('/permits', { body: pageOf(`<h1>Permits</h1>${tag}`), headers: { 'content-security-policy': "script-src 'self'" } })
  await page.locator('builder-page-check #address').focus()
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('builder-page-check [data-level=wrong]').count()).toBe(2)
  expect((await shown()).slice(0, 2)).toEqual(['csp-script', 'origin'])
  await expect.poll(() => line.inputValue()).toContain(`script-src 'self' ${server.url};`)
  expect(await axe(page)).toEqual([])

  // An address inside is not looked at, and the reason is said.
  await fill(page, 'Address of the page', '10.0.0.1/admin')
  await page.keyboard.press('Enter')
  await eventually(() => page.locator('builder-page-check [data-code=page-refused]').count()).toBe(1)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('in Persian, on a narrow screen: what was found is told in that language, and nothing is wider than the screen', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 800 } })
  const { page } = ada
  await ada.put(permit('stall-fa'))
  await ada.open('stall-fa')
  await toView(page, messages['view.share'].fa, messages['view.share'].fa)
  site.files.set('/fa', { body: '<!doctype html><p>Hello</p>' })
  const check = page.locator('builder-page-check')
  await check.locator('#address').fill(`${site.origin}/fa`)
  await page.keyboard.press('Enter')
  await check.locator('[data-code=tag-missing] strong').getByText('باید تغییر کند').waitFor()
  await check.getByText('صفحه برچسب اسکریپتی از کارساز Guichet ندارد').waitFor()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
