/** Each finished theme on an agency's page: readable in light and dark, from both sides, at 320 px, with a colour that by itself could not be read. */
import { mkdirSync } from 'node:fs'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch } from './harness.ts'
import { parkingPermit } from './parking-permit.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const names = ['simple', 'civic', 'soft'] as const
const themed = (theme: (typeof names)[number]): ServiceDefinition => ({
  ...parkingPermit,
  id: theme,
  agency: { ...parkingPermit.agency, theme, colours: { primary: '#ffd200', accent: '#ffd200' } },
})
/** Where pictures go, for who wants to look: SCREENSHOTS=folder. */
const folder = process.env.SCREENSHOTS

let browser: Browser
let host: ServiceHost
beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true })
  ;[browser, host] = await Promise.all([launch(), serviceHost([...names.map(themed), parkingPermit], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

test.each(names)('%s', async (theme) => {
  for (const [language, width, scheme] of [
    ['en', 1000, 'light'],
    ['en', 320, 'dark'],
    ['fa', 320, 'light'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
    await page.goto(`${host.agency}/?service=${theme}&lang=${language}&scheme=${scheme}`)
    const section = page.locator('guichet-service section.g')
    await page.locator('guichet-service .g-button-start').waitFor()
    expect(await axe(page), `${language} ${scheme}, start`).toEqual([])
    await page.locator('guichet-service .g-button-start').click()
    await page.locator('guichet-service .g-fields').waitFor()
    expect(await axe(page), `${language} ${scheme}, page`).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await section.evaluate((element) => getComputedStyle(element).getPropertyValue('--guichet-space'))).not.toBe('')
    if (folder) await page.screenshot({ path: `${folder}/${theme}-${language}-${width}-${scheme}.png` })
    await page.close()
  }
})

test('a service without a theme has nothing of one', async () => {
  const page = await browser.newPage()
  await page.goto(`${host.agency}/?service=${parkingPermit.id}`)
  const section = page.locator('guichet-service section.g')
  await page.locator('guichet-service .g-button-start').waitFor()
  expect(await section.evaluate((element) => getComputedStyle(element).getPropertyValue('--guichet-space'))).toBe('')
  await page.close()
})
