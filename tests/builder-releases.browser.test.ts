/** A version for a day to come and the shadow run, by keyboard, in English and Persian. */
import type { Browser } from 'playwright-core'
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

it.each([
  ['en', 'Try it on the last submissions', 'Try', 'Publish', 'Versions', 'Call back', 'Called back'],
  ['fa', 'آزمودن روی آخرین درخواست‌ها', 'آزمودن', 'انتشار', 'نسخه‌ها', 'پس گرفتن', 'پس گرفته شد'],
])('in %s: the draft is tried, waits for its day, and is called back', async (language, summary, tryIt, publish, versions, callBack, calledBack) => {
  const service = `stall-${language}`
  const ada = await author(browser, server, language)
  const { page } = ada
  await ada.put(permit(service))
  await ada.publish(service)
  await ada.open(service)
  await page.locator('builder-editor #publish').focus()
  await page.keyboard.press('Enter')
  const dialog = page.locator('builder-publish dialog[open]')
  await dialog.locator('[data-changes="0"]').waitFor()

  await press(page, exactly(summary))
  await tabTo(page, (at) => at.id === 'purpose', 'the purpose')
  await page.keyboard.type('Trying a rule')
  await press(page, exactly(tryIt))
  await dialog.locator('[data-looked="0"]').waitFor()
  expect((await focused(page)).id).toBe('result')
  expect(await axe(page)).toEqual([])

  for (const tick of await dialog.locator('.tick input').all()) await tick.check()
  await tabTo(page, (at) => at.id === 'from', 'the date')
  await dialog.locator('#from').fill('2027-06-01T09:00')
  await press(page, exactly(publish))
  await eventually(async () => (await focused(page)).tag).toBe('h2')
  await expect.poll(() => dialog.locator('h2').count()).toBe(1)
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')

  await toView(page, versions, versions)
  const waiting = page.locator('builder-releases [data-release]')
  await eventually(() => waiting.first().getAttribute('data-release')).toBe('waiting')
  await expect.poll(() => page.locator('builder-versions .versions > li').count()).toBe(1)
  expect(await axe(page)).toEqual([])
  await press(page, exactly(callBack))
  await eventually(() => waiting.first().getAttribute('data-release')).toBe('withdrawn')
  await expect.poll(() => waiting.first().textContent()).toContain(calledBack)
  expect((await focused(page)).tag).toBe('h3')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
