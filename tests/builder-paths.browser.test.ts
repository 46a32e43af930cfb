/** Ways through a service: found, looked at, kept as examples, and noticed when they give something else; by keyboard. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, fill, permit, toView, unexpected } from './builder-steps.ts'
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

it('finds ways, shows them, and keeps one that every later version must pass', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('ways'))
  await ada.open('ways')
  await toView(page, 'Ways through', 'Ways through')
  const ways = page.locator('builder-paths [data-way]')
  await eventually(() => ways.count()).toBeGreaterThan(1)
  await eventually(() => page.locator('builder-paths [role=status]').first().textContent()).toMatch(/^\d+ ways found\.$/)
  const texts = (await ways.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
  expect(texts.some((text) => text.includes('Documents: Gas safety certificate'))).toBe(true)
  expect(texts.some((text) => !text.includes('Documents:'))).toBe(true)
  await expect.poll(() => page.locator('builder-paths builder-preview guichet-service').count()).toBe(1)
  expect(await axe(page)).toEqual([])

  // One that needs the certificate is looked at: the preview is filled in with it.
  const number = texts.findIndex((text) => text.includes('Gas safety certificate')) + 1
  await press(page, exactly(`Look at way ${number}`))
  await eventually(() => ways.nth(number - 1).getAttribute('class')).toBe('shown')
  const preview = page.locator('builder-paths builder-preview guichet-service')
  await eventually(() => preview.getByRole('heading', { level: 1 }).textContent()).toMatch(/Check/)
  await eventually(async () => (await preview.locator('dl, main, section').first().textContent())?.replaceAll(/\s+/g, ' ')).toContain('Food')
  expect((await focused(page)).text).toBe(`Look at way ${number}`)

  await press(page, exactly(`Keep way ${number} as an example`))
  await eventually(async () => (await ada.draft('ways')).examples?.length).toBe(1)
  expect((await ada.draft('ways')).examples?.[0]?.expects.documents).toEqual({ safety: 1 })
  const example = page.locator('builder-paths [data-example]')
  await eventually(() => example.getAttribute('data-example')).toBe('same')
  await page.locator('builder-paths h2').first().focus()
  await fill(page, 'Name of example 1', 'Food with gas')
  await page.keyboard.press('Tab')
  await eventually(async () => (await ada.draft('ways')).examples?.[0]?.name).toBe('Food with gas')

  // The document is no longer asked for: the example says so, and the version is not published.
  const draft = await ada.draft('ways')
  await ada.put({ ...draft, documents: [] })
  await ada.open('ways')
  await toView(page, 'Ways through', 'Ways through')
  await eventually(() => example.getAttribute('data-example')).toBe('changed')
  await expect.poll(() => example.textContent()).toContain('The example “Food with gas” no longer asks for the same documents.')
  expect(await axe(page)).toEqual([])
  await expect(ada.publish('ways')).rejects.toThrow()
  await press(page, exactly('Expect of “Food with gas” what it gives now'))
  await eventually(() => example.getAttribute('data-example')).toBe('same')
  await press(page, exactly('Remove “Food with gas”'))
  await eventually(async () => (await focused(page)).text).toBe('Examples')
  await eventually(async () => (await ada.draft('ways')).examples).toBeUndefined()
  expect(ada.faults.filter((fault) => unexpected(fault) && !/status of 422/.test(fault))).toEqual([])
  await ada.close()
})

it('does so in Persian, on a phone', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 700 } })
  const { page } = ada
  const never = permit('fa-ways')
  never.pages[0]?.fields.push({
    id: 'no',
    type: 'text',
    label: { en: 'No', fa: 'نه' },
    when: { and: [{ '==': [{ var: 'kind' }, 'food'] }, { '==': [{ var: 'kind' }, 'x'] }] },
  })
  await ada.put(never)
  await ada.open('fa-ways')
  await toView(page, 'مسیرها', 'مسیرها')
  await eventually(() => page.locator('builder-paths [data-missing]').count()).toBe(1)
  await expect.poll(() => page.locator('builder-paths [data-missing]').textContent()).toContain('هرگز پرسیده نمی‌شود')
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(await axe(page)).toEqual([])
  await ada.close()
})
