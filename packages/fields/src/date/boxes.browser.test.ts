/** Questions of several boxes, filled in by keyboard. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../browser-page.test-helper.ts'

const folder = join(import.meta.dirname, '..')
const context = { locale: { timeZone: 'Asia/Tehran', calendar: 'persian', currency: 'IRR', decimals: 0 }, today: '2026-01-05', tables: {} }
const question = (settings: { type: string; [key: string]: unknown }, input: unknown = null) => ({
  name: settings.type,
  settings: { id: 'q', label: { en: 'Label', fa: 'برچسب' }, ...settings },
  context,
  messages: JSON.parse(readFileSync(join(folder, settings.type, `${settings.type}.messages.json`), 'utf8')),
  input,
})

let browser: Browser
let page: Page
let faults: string[]
beforeAll(async () => {
  const opened = await openPage(join(folder, 'views-page.view.ts'), 'typeof draw === "function"')
  browser = opened.browser
  page = opened.page
  faults = opened.faults
})
afterAll(() => browser?.close())

const draw = (questions: object[], language: string) =>
  page.evaluate(([q, l]) => (globalThis as never as { draw: (q: object[], l: string) => void }).draw(q, l), [questions, language] as const)
const input = async () => ((await page.evaluate('inputs')) as unknown[])[0]
const values = () => page.locator('input').evaluateAll((boxes: HTMLInputElement[]) => boxes.map((box) => box.value))
const type = (...parts: string[]) =>
  parts.reduce(async (before, part, i) => {
    await before
    if (i > 0) await page.keyboard.press('Tab')
    await page.keyboard.type(part)
  }, Promise.resolve())

test('a Persian date, day first, with what it means beside it', async () => {
  await draw([question({ type: 'date', max: 'today' })], 'fa')
  await page.getByLabel('روز').focus()
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('q0')
  await type('۲۲', '۰۲', '۱۳۵')
  expect(await input()).toBe('۱۳۵/۰۲/۲۲')
  await expect.poll(() => page.locator('#q0-error').textContent()).toContain('۱۳۵۹')
  await page.keyboard.type('۹')
  expect(await values()).toEqual(['۲۲', '۰۲', '۱۳۵۹'])
  await expect.poll(() => page.locator('.g-meant').textContent()).toContain('۲۲ اردیبهشت ۱۳۵۹')
  await expect.poll(() => page.locator('#q0-error').count()).toBe(0)
})

test('a date that is pasted whole fills all boxes; a stored one is shown in the calendar of the field', async () => {
  await draw([question({ type: 'date' })], 'fa')
  await page.getByLabel('ماه').fill('1403/12/30')
  expect(await values()).toEqual(['30', '12', '1403'])
  await draw([question({ type: 'date' }, '2025-03-20')], 'fa')
  expect(await values()).toEqual(['۳۰', '۱۲', '۱۴۰۳'])
  await page.getByLabel('سال').fill('۱۴۰۴')
  await expect.poll(() => page.locator('#q0-error').textContent()).toContain('۲۹')
  await expect.poll(() => page.locator('[aria-invalid]').count()).toBe(1)
  await expect.poll(() => page.getByLabel('روز').getAttribute('aria-invalid')).toBe('true')
})

test('correcting the middle of a part leaves the cursor there', async () => {
  await draw([question({ type: 'date', calendar: 'gregory' }, '1980-05-12')], 'en')
  await page.getByLabel('Year').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Delete')
  await page.keyboard.type('9')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.type('x')
  await expect.poll(() => page.getByLabel('Year').inputValue()).toBe('19x90')
})

test('a date and a time', async () => {
  await draw([question({ type: 'datetime', calendar: 'gregory' })], 'hu')
  await page.getByLabel('Év').focus()
  await type('2026', '1', '14', '9:30')
  expect(await input()).toBe('2026/1/14T9:30')
  await expect.poll(() => page.locator('#q0-error').count()).toBe(0)
  await page.getByLabel('Időpont').fill('25:00')
  await expect.poll(() => page.locator('#q0-error').textContent()).toContain('24 órás')
  expect(await values()).toEqual(['2026', '1', '14', '25:00'])
  expect(await page.locator('[aria-invalid]').evaluateAll((boxes) => boxes.map(({ id }) => id))).toEqual(['q0-time'])
})

test('an address by levels, and a text that came from elsewhere', async () => {
  const levels = ['Tỉnh/Thành phố', 'Phường/Xã', 'Số nhà, đường'].map((vi) => ({ vi }))
  await draw([question({ type: 'address', levels, needed: ['region', 'city'] })], 'vi')
  await page.getByLabel('Tỉnh/Thành phố').focus()
  await type('TP. Hồ Chí Minh', 'Phường Bến Thành', '12 Lê Lợi')
  expect(await input()).toEqual({ region: 'TP. Hồ Chí Minh', city: 'Phường Bến Thành', lines: '12 Lê Lợi' })
  await page.getByLabel('Phường/Xã').fill('')
  await expect.poll(() => page.getByLabel('Phường/Xã').getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => page.locator('[aria-invalid]').count()).toBe(1)
  await draw([question({ type: 'address' }, 'Ερμού 10, 54624 Θεσσαλονίκη')], 'el')
  await expect.poll(() => page.locator('#q0').inputValue()).toBe('Ερμού 10, 54624 Θεσσαλονίκη')
  await page.getByLabel('Πόλη').fill('Θεσσαλονίκη')
  expect(await input()).toEqual({ lines: 'Ερμού 10, 54624 Θεσσαλονίκη', city: 'Θεσσαλονίκη' })
  await expect.poll(() => page.locator('#q0').getAttribute('autocomplete')).toBe('street-address')
})

test('nothing was against the policy of the page', () => expect(faults).toEqual([]))
