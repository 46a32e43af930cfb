import { launch, startTestServer } from './harness.ts'
import { agencyOf, ask, atDesk, offer, quickPasswords, send } from './desk-steps.ts'
const [lang = 'en-GB', scheme = 'light'] = process.argv.slice(2)
const [browser, { server, stop }] = await Promise.all([launch(), startTestServer('2026-01-12T10:00:00Z', {}, { passwords: quickPasswords })])
try {
  await offer(server)
  for (let i = 0; i < 6; i++) await send(server, { name: `Sam Okafor ${i}`, cards: [] })
  const { page, faults, close } = await atDesk(browser, server, { locale: lang, colorScheme: scheme as 'dark', viewport: { width: 1300, height: 900 } })
  await page.locator('desk-inbox li[data-case]').first().waitFor()
  await page.screenshot({ path: '/tmp/desk-inbox.png' })
  await page.locator('desk-inbox li[data-case] a').first().click()
  await page.locator('desk-decision #decide').waitFor()
  await page.screenshot({ path: '/tmp/desk-case.png', fullPage: true })
  await page.setViewportSize({ width: 320, height: 640 })
  console.log('wide', await page.evaluate(() => document.documentElement.scrollWidth))
  await page.screenshot({ path: '/tmp/desk-case-320.png', fullPage: true })
  await page.goto(`${server.url}/desk/#/`)
  await page.locator('desk-inbox li[data-case]').first().waitFor()
  console.log('wide', await page.evaluate(() => document.documentElement.scrollWidth))
  await page.screenshot({ path: '/tmp/desk-inbox-320.png' })
  console.log(faults)
  await close()
} finally { await browser.close(); await stop() }
