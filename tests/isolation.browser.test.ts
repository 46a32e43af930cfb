/** A service in a frame of its own: the page around sees its height and its steps, and neither answers nor code. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
beforeAll(async () => {
  const [launched, started] = await Promise.all([launch(), startTestServer()])
  browser = launched
  ;({ server, stop } = started)
  agency = createServer((_, response) => {
    const policy = `default-src 'none'; script-src ${server.url}; connect-src ${server.url}; frame-src ${server.url}; img-src data:; require-trusted-types-for 'script'`
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(content)
  })
  await new Promise<void>((resolve) => agency.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await browser?.close()
  agency?.close()
  await stop?.()
})

/** A page of an agency, on an origin of its own. */
let agency: Server
let content = ''
const origin = () => `http://localhost:${(agency.address() as AddressInfo).port}`
async function agencyPage(body: string) {
  content = `<!doctype html><html lang="en"><head><title>Agency</title><link rel="icon" href="data:,"></head><body><main><h1>Agency</h1>${body}</main></body></html>`
  const opened = await openPage(browser, { locale: 'en', viewport: { width: 900, height: 700 } })
  await opened.page.addInitScript(() => {
    const events: [string, unknown][] = []
    Object.assign(globalThis, { heard: events })
    for (const name of ['ready', 'page', 'submitted', 'failed'])
      addEventListener(`guichet-${name}`, (event) => events.push([name, (event as CustomEvent).detail]))
  })
  await opened.page.goto(origin())
  return opened
}
const heard = (page: Page) => page.evaluate(() => (globalThis as unknown as { heard: [string, unknown][] }).heard)
const tag = (service: string) => `<script type="module" src="${server.url}/embed.js" data-service="demo/${service}" data-isolation="iframe"></script>`

test('is shown at its full height, goes on step by step, and tells nothing of what is typed', async () => {
  const { page, faults, close } = await agencyPage(tag('en-order-case'))
  const frame = page.frameLocator('guichet-service iframe')
  await frame.getByRole('button', { name: 'Start now' }).waitFor()
  expect(await axe(page)).toEqual([])
  const title = await frame.locator('guichet-service h1').textContent()
  await expect.poll(() => page.locator('guichet-service iframe').getAttribute('title')).toBe(title?.trim())
  // No bar of its own: the frame is as high as what is in it.
  await expect.poll(() => frame.locator('html').evaluate((root) => root.scrollHeight - innerHeight)).toBeLessThanOrEqual(0)

  await frame.getByRole('button', { name: 'Start now' }).click()
  await frame.locator('guichet-service form').waitFor()
  const input = frame.locator('guichet-service input[type=text]').first()
  await input.fill('Ana Secret')
  await expect.poll(() => heard(page)).toContainEqual(['page', { page: expect.any(String) }])
  expect((await heard(page))[0]).toEqual(['ready', {}])
  expect(JSON.stringify(await heard(page))).not.toContain('Secret')
  // A script of the page finds an element and a frame of another origin in it, and gets no further.
  expect(
    await page.evaluate(() => {
      const element = document.querySelector('guichet-service') as HTMLElement & { inputs?: unknown; view?: unknown }
      const inside = element.shadowRoot?.querySelector('iframe') as HTMLIFrameElement
      return [element.inputs, element.view, inside.contentDocument]
    }),
  ).toEqual([undefined, null, null])

  // Another language keeps what was typed: the frame is not loaded anew.
  const languages = await frame.locator('guichet-service .g-languages button').count()
  if (languages > 1) {
    await page.evaluate(() => document.querySelector('guichet-service')?.setAttribute('lang', 'en'))
    await expect.poll(() => input.inputValue()).toBe('Ana Secret')
  }
  expect(faults).toEqual([])
  await close()
})

test('is refused to a page that may not embed the service, which says so instead of staying empty', async () => {
  const { page, close } = await agencyPage(tag('el-heating'))
  await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor({ timeout: 20_000 })
  await expect.poll(() => page.locator('guichet-service iframe').isVisible()).toBe(false)
  expect(await heard(page)).toContainEqual(['failed', { reason: 'unreachable' }])
  await close()
})

test('headers let exactly the listed pages show it', async () => {
  const headers = async (path: string) => (await fetch(`${server.url}${path}`)).headers
  const framed = await headers('/frame/demo/el-heating')
  expect(framed.get('content-security-policy')).toContain(`frame-ancestors 'self' ${server.demoUrl};`)
  expect((await headers('/frame/demo/en-order-case')).get('content-security-policy')).toContain("frame-ancestors 'self' *;")
  expect(framed.get('x-frame-options')).toBeNull()
  const page = await headers('/s/demo/en-order-case')
  expect(page.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(page.get('x-frame-options')).toBe('DENY')
  const missing = await headers('/frame/demo/no-such-service')
  expect(missing.get('content-security-policy')).toContain("frame-ancestors 'none'")
  const injected = await (await fetch(`${server.url}/frame/demo/en-order-case?scheme=${encodeURIComponent('"><script>')}`)).text()
  expect(injected).toContain('<meta name="color-scheme" content="normal">')
})
