/** What protects a service is told before sending, to whoever asks, in the words of its rules. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, permit } from './builder-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

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

it('is fetched when it is opened, by keyboard, and not before', async () => {
  const ada = await author(browser, server)
  const definition = permit('guarded')
  definition.pages[0].fields = [{ id: 'note', type: 'text', label: { en: 'Note', fa: 'یادداشت' }, maxLength: 80, optional: true }]
  definition.pages.length = 1
  for (const part of ['fee', 'documents', 'computed', 'routes', 'stages', 'guide'] as const) delete definition[part]
  await ada.put(definition)
  await ada.publish('guarded')
  await ada.close()
  const { page, faults, close } = await openPage(browser, { viewport: { width: 320, height: 800 }, locale: 'fa' })
  const asked: string[] = []
  page.on('request', (request) => void (request.url().includes('/protection?') && asked.push(request.url())))
  await page.goto(`${server.url}/s/demo/guarded?lang=fa`)
  await page.locator('.g-button-start').click()
  await page.locator('form .g-button').last().click()
  const summary = page.locator('details.g-more > summary')
  await summary.waitFor()
  expect(asked).toEqual([])
  await summary.focus()
  await page.keyboard.press('Enter')
  await page.locator('details.g-more li').first().waitFor()
  await expect.poll(() => page.locator('details.g-more li').allTextContents()).toContain('پاسخ‌ها و پرونده‌های شما پیش از ذخیره شدن رمزگذاری می‌شوند.')
  expect(asked).toHaveLength(1)
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(await axe(page)).toEqual([])
  expect(faults).toEqual([])
  await close()
})
