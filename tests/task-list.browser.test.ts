/** A long service by its task list, on an agency's page of another origin under a strict policy, by keyboard. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { eventually } from './builder-steps.ts'
import { launch } from './harness.ts'
import { focused, press } from './keyboard.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const definition = {
  format: 1,
  id: 'move-house',
  languages: ['en', 'fa'],
  title: { en: 'Tell us that you have moved', fa: 'اعلام جابه‌جایی' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  taskList: {
    sections: [
      { id: 'person', title: { en: 'About you', fa: 'دربارهٔ شما' }, pages: ['name', 'more'] },
      { id: 'home', title: { en: 'Your new home', fa: 'خانهٔ تازهٔ شما' }, pages: ['home'], after: ['person'] },
      { id: 'pets', title: { en: 'Your pets', fa: 'حیوان‌های شما' }, pages: ['pets'] },
    ],
  },
  pages: [
    {
      id: 'name',
      title: { en: 'Your name', fa: 'نام شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } },
        { id: 'has_pets', type: 'checkbox', label: { en: 'I have pets', fa: 'حیوان دارم' }, optional: true },
      ],
    },
    { id: 'more', title: { en: 'More about you', fa: 'بیشتر' }, fields: [{ id: 'age', type: 'number', label: { en: 'Your age', fa: 'سن' }, max: 150 }] },
    { id: 'home', title: { en: 'Where you live', fa: 'نشانی' }, fields: [{ id: 'street', type: 'text', label: { en: 'Street', fa: 'خیابان' } }] },
    {
      id: 'pets',
      title: { en: 'Which pets', fa: 'کدام حیوان' },
      when: { '==': [{ var: 'has_pets' }, true] },
      fields: [{ id: 'pets', type: 'text', label: { en: 'Pets', fa: 'حیوان‌ها' } }],
    },
  ],
} as unknown as ServiceDefinition

let browser: Browser
let host: ServiceHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launch(), serviceHost([definition], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

async function visit(language: string, start: string, width = 900) {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  page.setDefaultTimeout(10_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(`${host.agency}/?service=move-house&lang=${language}`)
  await page.getByRole('button', { name: start }).click()
  return { page, faults }
}
const list = (page: Page) => page.getByRole('heading', { level: 1, name: 'Your application' }).waitFor()
const states = (page: Page) =>
  page
    .locator('guichet-service .g-task')
    .evaluateAll((items) =>
      Object.fromEntries(items.map((item) => [item.querySelector('.g-link, span')?.textContent, item.querySelector('.g-tag')?.textContent])),
    )
const go = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test('parts are filled in in any order, and each says how far it is', async () => {
  const { page, faults } = await visit('en', 'Start now')
  await list(page)
  await eventually(async () => (await focused(page)).text).toBe('Your application')
  await eventually(() => states(page)).toEqual({ 'About you': 'Not started', 'Your new home': 'Cannot start yet' })
  expect(await axe(page)).toEqual([])
  await expect.poll(() => page.getByText('First finish: About you').count()).toBe(1)
  // What cannot be started is no button; what can says its state to who does not see it.
  await expect.poll(() => page.getByRole('button', { name: 'Your new home' }).count()).toBe(0)
  const about = page.getByRole('button', { name: 'About you' })
  expect(
    await about.evaluate((button) => (button.getRootNode() as ShadowRoot).getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent),
  ).toBe('Not started')
  await press(page, /^About you$/)
  await page.getByLabel('Full name').fill('Ana Lee')
  await page.getByLabel('I have pets').check()
  // Out, and in again where it was left.
  await go(page, 'Back')
  await list(page)
  await eventually(() => states(page)).toEqual({ 'About you': 'In progress', 'Your new home': 'Cannot start yet', 'Your pets': 'Not started' })
  await go(page, 'About you')
  await go(page, 'Continue')
  await page.getByLabel('Your age').fill('200')
  await go(page, 'Continue')
  await page.locator('guichet-service .g-summary').waitFor()
  await go(page, 'Back')
  await page.getByLabel('Full name').waitFor()
  await go(page, 'Back')
  await eventually(() => states(page)).toMatchObject({ 'About you': 'There is a problem', 'Your new home': 'Cannot start yet' })
  await go(page, 'About you')
  await page.getByLabel('Your age').fill('41')
  await go(page, 'Continue')
  await list(page)
  await eventually(() => states(page)).toEqual({ 'About you': 'Done', 'Your new home': 'Not started', 'Your pets': 'Not started' })
  await expect.poll(() => page.getByRole('button', { name: 'Check your answers and send' }).count()).toBe(0)
  for (const [part, label] of [
    ['Your pets', 'Pets'],
    ['Your new home', 'Street'],
  ] as const) {
    await go(page, part)
    await page.getByLabel(label).fill('Rex')
    await go(page, 'Continue')
    await list(page)
  }
  expect(await axe(page)).toEqual([])
  // In another language nothing is lost.
  await page.getByRole('button', { name: 'فارسی' }).click()
  await page.getByRole('heading', { level: 1, name: 'درخواست شما' }).waitFor()
  await expect.poll(() => page.locator('guichet-service .g-tag-done').count()).toBe(3)
  await page.getByRole('button', { name: 'English' }).click()
  await list(page)
  await go(page, 'Check your answers and send')
  await go(page, 'Change Street')
  await page.getByLabel('Street').fill('Main Street')
  await go(page, 'Continue')
  await go(page, 'Send')
  await page.locator('guichet-service .g-code').first().waitFor()
  expect(host.received.at(-1)?.submission.answers).toMatchObject({ name: 'Ana Lee', age: 41, street: 'Main Street', pets: 'Rex' })
  expect(faults).toEqual([])
  await page.close()
})

test('in Persian at 320 px, dark', async () => {
  const { page, faults } = await visit('fa', 'شروع', 320)
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('heading', { level: 1, name: 'درخواست شما' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(await axe(page)).toEqual([])
  expect(faults).toEqual([])
  await page.close()
})
