/** `npm run screenshots`: the pictures of README and docs, from a real server with the example services. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launch, openPage, startTestServer } from './harness.ts'
import { press } from './keyboard.ts'

const folder = join(import.meta.dirname, '../docs/screenshots')
mkdirSync(folder, { recursive: true })

const desktop = { width: 1100, height: 900 }
const phone = { width: 320, height: 640 }

const [browser, { server, stop }] = await Promise.all([launch(), startTestServer()])

/** Opens a page, brings it into a state, and takes its picture. */
async function shot(name: string, address: string, options: BrowserContextOptions, prepare: (page: Page) => Promise<void> = async () => {}, fullPage = false) {
  const { page, faults, close } = await openPage(browser, { reducedMotion: 'reduce', ...options })
  await page.goto(address)
  await prepare(page)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage })
  await close()
  console.log(`${name}.png${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`)
  if (faults.length > 0) process.exitCode = 1
}

const heading = (page: Page) => page.locator('guichet-service h1').waitFor()
const begin = (text: RegExp) => async (page: Page) => {
  await heading(page)
  await press(page, text)
  await page.locator('guichet-service form').waitFor()
}
try {
  await shot('embed-desktop', `${server.demoUrl}/el-heating`, { viewport: desktop, locale: 'el' }, begin(/Έναρξη|Ξεκιν/))
  await shot('embed-start', `${server.demoUrl}/en-street-use`, { viewport: desktop, locale: 'en' }, heading, true)
  await shot('embed-phone', `${server.demoUrl}/vi-thuong-tru`, { viewport: phone, locale: 'vi', deviceScaleFactor: 2 }, begin(/Bắt đầu/))
  await shot('embed-rtl', `${server.demoUrl}/fa-parvane`, { viewport: desktop, locale: 'fa' }, begin(/شروع|آغاز/))
  await shot('embed-dark', `${server.demoUrl}/hu-kurzus`, { viewport: desktop, locale: 'hu', colorScheme: 'dark' }, begin(/Kezd|Indít/))
  await shot('embed-errors', `${server.demoUrl}/en-order-case`, { viewport: desktop, locale: 'en' }, async (page) => {
    await begin(/Start/)(page)
    await press(page, /Continue/)
    await page.locator('guichet-service .g-error').first().waitFor()
  })
  await shot('catalogue', server.url, { viewport: desktop, locale: 'en' })
  await shot('status', `${server.url}/status?lang=en`, { viewport: desktop, locale: 'en' })
} finally {
  await browser.close()
  await stop()
}
