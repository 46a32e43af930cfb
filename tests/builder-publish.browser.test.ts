/** Publishing with eyes open, by keyboard: what changes in words, warnings ticked by name, versions looked at and brought back. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, toView, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press } from './keyboard.ts'

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

it('says what changes, wants each warning ticked, and brings an old version back as a draft', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('stall'))
  await ada.publish('stall')
  const changed = structuredClone(permit('stall'))
  delete changed.pages[0].fields[1]?.optional
  changed.fee = { lines: [{ id: 'base', label: { en: 'Base', fa: 'پایه' }, amount: { money: 1250 } }] }
  changed.pages[0].fields[0] = { id: 'name', type: 'text', label: { en: 'Full name' } }
  await ada.put(changed)
  await ada.open('stall')
  // Two people have begun with the version before, and one has sent.
  const sent = (method: string, path: string, more: Record<string, string>, body: object) =>
    fetch(`${server.url}/v1/services/demo/stall/${path}`, { method, headers: { 'content-type': 'application/json', ...more }, body: JSON.stringify(body) })
  for (const id of ['A', 'E'])
    expect((await sent('PUT', `drafts/${id.repeat(43)}`, { 'if-none-match': '*' }, { version: 1, content: 'AAAA', attachments: [] })).status).toBe(200)
  const answers = { name: 'Sam Okafor', income: 10_000, kind: 'craft' }
  const submission = await sent('POST', 'submissions', { 'idempotency-key': 'publish-test-key-1' }, { version: 1, language: 'en', answers })
  expect([submission.status, submission.status === 201 ? '' : await submission.text()]).toEqual([201, ''])

  await press(page, exactly('Publish…'))
  const dialog = page.locator('builder-publish dialog[open]')
  await dialog.locator('[data-changes="3"]').waitFor()
  await expect
    .poll(() => dialog.locator('.changes li').allTextContents())
    .toEqual(['Fee: Base €10.00 → €12.50', 'Full name – Question – Persian: text removed: “نام”', '“Income” became required'])
  // What was begun with the version before: an answer that may no longer be missing is looked at again.
  await expect.poll(() => dialog.locator('[data-begun-of]').allTextContents()).toEqual(['Answers that stay if they still fit: Income'])
  await expect.poll(() => dialog.locator('[data-begun]').textContent()).toContain('None of their answers is left out.')
  await expect
    .poll(() => dialog.locator('[data-under-way]').allTextContents())
    .toEqual(['Now: 2 saved applications of version 1.', 'Now: 1 open case of version 1.'])
  expect(await axe(page)).toEqual([])
  await press(page, exactly('Publish'))
  await eventually(() => dialog.getByRole('alert').textContent()).toBe('Tick each warning first, or put it right.')
  // The keyboard is at the first one that is not ticked.
  expect((await focused(page)).type).toBe('checkbox')
  const warnings = await dialog.locator('input[type=checkbox]').count()
  expect(warnings).toBeGreaterThan(0)
  for (let i = 0; i < warnings; i++) {
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
  }
  await press(page, exactly('Publish'))
  await dialog.locator('builder-copy-box').waitFor()
  await page.keyboard.press('Escape')

  await toView(page, 'Versions', 'Versions')
  await page.locator('builder-versions [data-look="1"]').waitFor()
  await expect.poll(() => page.locator('builder-versions .versions li').count()).toBe(2)
  expect(await axe(page)).toEqual([])
  await press(page, exactly('Look at version 1'))
  await eventually(async () => (await focused(page)).text).toBe('Version 1')
  await expect.poll(() => page.locator('builder-versions .changes li').allTextContents()).toContain('“Income” became required')
  await page.locator('builder-versions guichet-service').getByRole('heading', { name: 'About you' }).waitFor()
  expect(await axe(page)).toEqual([])
  await page.locator('builder-versions h2').first().focus()
  await press(page, exactly('Bring version 1 back as draft'))
  await eventually(async () => (await ada.draft('stall')).pages[0].fields[1]).toMatchObject({ id: 'income', optional: true })
  await expect.poll(() => page.locator('builder-versions .versions li').count()).toBe(2)
  await page.keyboard.press('Control+z')
  await eventually(async () => (await ada.draft('stall')).pages[0].fields[1]).not.toHaveProperty('optional')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('does so in Persian, from right to left', async () => {
  const ada = await author(browser, server, 'fa')
  const { page } = ada
  await ada.put(permit('stall-fa'))
  await ada.publish('stall-fa')
  const changed = structuredClone(permit('stall-fa'))
  delete changed.pages[0].fields[1]?.optional
  await ada.put(changed)
  await ada.open('stall-fa')
  await page.locator('builder-editor #publish').focus()
  await page.keyboard.press('Enter')
  await page.locator('builder-publish [data-changes="1"]').waitFor()
  await expect.poll(() => page.locator('builder-publish .changes li').allTextContents()).toEqual(['«درآمد» الزامی شد'])
  await expect
    .poll(() => page.locator('builder-publish [data-under-way]').allTextContents())
    .toEqual(['اکنون چیزی ذخیره نشده است.', 'اکنون هیچ پرونده‌ای باز نیست.'])
  await expect.poll(() => page.evaluate(() => document.documentElement.dir)).toBe('rtl')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await toView(page, 'نسخه‌ها', 'نسخه‌ها')
  await page.locator('builder-versions [data-look="1"]').waitFor()
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
