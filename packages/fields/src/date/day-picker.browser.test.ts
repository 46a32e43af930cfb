/** A day is chosen from a month, by keyboard alone. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage } from '../browser-page.test-helper.ts'

const folder = join(import.meta.dirname, '..')
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const context = { locale: { timeZone: 'Asia/Tehran', calendar: 'persian', currency: 'IRR', decimals: 0 }, today: '2026-01-05', tables: {} }
const question = (settings: { type: string; [key: string]: unknown }, input: unknown = null) => ({
  name: settings.type,
  settings: { id: 'q', label: { en: 'Arrival', fa: 'ورود' }, ...settings },
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
  page.setDefaultTimeout(5000)
  // Through the inspector, which no policy of the page holds.
  await page.evaluate(axeSource)
})
afterAll(() => browser?.close())

const draw = (settings: { type: string; [key: string]: unknown }, language: string, input: unknown = null) =>
  page.evaluate(([q, l]) => (globalThis as never as { draw: (q: object[], l: string) => void }).draw(q, l), [
    [question(settings, input)] as object[],
    language,
  ] as const)
const values = () => page.locator('input').evaluateAll((boxes: HTMLInputElement[]) => boxes.map((box) => box.value))
const answer = () => page.evaluate('inputs[0]')
const dialog = () => page.getByRole('dialog')
const title = () => dialog().getByRole('heading').textContent()
/** What stands in the focus, as it is called. */
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)
const keys = async (...names: string[]) => {
  for (const name of names) await page.keyboard.press(name)
}
const broken = () =>
  page.evaluate<string[]>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html)))`)
/** From the last box on, as one comes there by Tab. */
async function open(button: string) {
  await page.locator('input').last().focus()
  await keys('Tab')
  await expect.poll(focused).toBe(button)
  await keys('Enter')
  await dialog().waitFor()
}

describe('in Persian', () => {
  test('the day that was typed, its week, month and year, and back into the boxes', async () => {
    await draw({ type: 'date' }, 'fa', '۱۴۰۳/۱۲/۳۰')
    // How large the boxes are is the runtime's: its style sheet is not here.
    expect((await broken()).filter((found) => !found.startsWith('target-size'))).toEqual([])
    await open('انتخاب تاریخ')
    await expect.poll(() => dialog().getAttribute('aria-label')).toBe('انتخاب تاریخ')
    await expect.poll(() => page.getByRole('grid', { name: 'اسفند ۱۴۰۳' }).count()).toBe(1)
    await expect.poll(focused).toBe('پنجشنبه ۳۰ اسفند ۱۴۰۳')
    expect(await broken()).toEqual([])
    // The week begins on Saturday, on the right.
    await expect.poll(() => page.getByRole('columnheader').first().textContent()).toBe('ششنبه')
    // To the left is the next day, in the next month.
    await keys('ArrowLeft')
    await expect.poll(focused).toBe('جمعه ۱ فروردین ۱۴۰۴')
    await expect.poll(title).toBe('فروردین ۱۴۰۴')
    await expect.poll(() => dialog().getByRole('heading').getAttribute('aria-live')).toBe('polite')
    await keys('ArrowRight', 'ArrowRight')
    await expect.poll(focused).toBe('چهارشنبه ۲۹ اسفند ۱۴۰۳')
    await keys('Home')
    await expect.poll(focused).toBe('شنبه ۲۵ اسفند ۱۴۰۳')
    await keys('End')
    await expect.poll(focused).toBe('جمعه ۱ فروردین ۱۴۰۴')
    await keys('ArrowUp', 'ArrowDown', 'ArrowDown')
    await expect.poll(focused).toBe('جمعه ۸ فروردین ۱۴۰۴')
    await keys('PageUp')
    await expect.poll(focused).toBe('چهارشنبه ۸ اسفند ۱۴۰۳')
    await keys('Shift+PageDown', 'PageDown')
    await expect.poll(title).toBe('فروردین ۱۴۰۵')
    await keys('Enter')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(focused).toBe('انتخاب تاریخ')
    await expect.poll(values).toEqual(['۸', '۱', '۱۴۰۵'])
    expect(await answer()).toBe('۱۴۰۵/۱/۸')
    await expect.poll(() => page.locator('.g-meant').textContent()).toContain('۸ فروردین ۱۴۰۵')
  })

  test('the last of a long month becomes the last of a short one', async () => {
    await draw({ type: 'date' }, 'fa', '۱۴۰۴/۰۶/۳۱')
    await open('انتخاب تاریخ')
    await keys('PageDown')
    await expect.poll(focused).toContain('۳۰ مهر ۱۴۰۴')
    await keys('Escape')
    await expect.poll(values).toEqual(['۳۱', '۰۶', '۱۴۰۴'])
  })
})

describe('in English', () => {
  test('today is marked; days out of the limits are disabled, and it is said when one is tried', async () => {
    await draw({ type: 'date', min: 'today', max: '2026-02-20' }, 'en')
    await open('Choose a date')
    await expect.poll(title).toBe('Dey 1404')
    await expect.poll(focused).toContain('Monday Dey 15, 1404')
    await expect.poll(() => page.locator('td[aria-current="date"]').getAttribute('aria-label')).toContain('Dey 15')
    // To the left is the day before here.
    await keys('ArrowLeft')
    await expect.poll(focused).toContain('Sunday Dey 14')
    await expect.poll(() => page.locator('td:focus').getAttribute('aria-disabled')).toBe('true')
    expect(await broken()).toEqual([])
    await keys('Enter')
    await expect.poll(() => dialog().getByRole('status').textContent()).toBe('This day cannot be chosen.')
    expect(await broken()).toEqual([])
    await keys('ArrowRight')
    await expect.poll(() => dialog().getByRole('status').textContent()).toBe('')
    await keys('PageDown', 'PageDown')
    await expect.poll(() => page.locator('td:focus').getAttribute('aria-disabled')).toBe('true')
    await keys('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(focused).toBe('Choose a date')
    expect(await answer()).toBe(null)
    await keys('Enter')
    await keys('ArrowRight', 'Space')
    await expect.poll(values).toEqual(['16', '10', '1404'])
    await expect.poll(() => page.locator('#q0-error').count()).toBe(0)
  })

  test('its buttons: the year before, the next month, and out again; the focus stays within', async () => {
    await draw({ type: 'date' }, 'en', '1403/05/10')
    await open('Choose a date')
    // On from the days to the last button, and round to the first.
    await keys('Tab')
    await expect.poll(focused).toBe('Close without choosing')
    await page.getByRole('button', { name: 'Previous year' }).focus()
    await keys('Enter')
    await expect.poll(title).toBe('Mordad 1402')
    await expect.poll(focused).toBe('Previous year')
    await keys('Tab', 'Tab', 'Enter')
    await expect.poll(title).toBe('Shahrivar 1402')
    await keys('Tab', 'Tab')
    await expect.poll(focused).toContain('Shahrivar 10, 1402')
    await keys('Tab', 'Enter')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(focused).toBe('Choose a date')
    await expect.poll(values).toEqual(['10', '05', '1403'])
  })

  test('by hand, at 320 px: every day is 24 px and more', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await draw({ type: 'date' }, 'en', '1403/05/10')
    await page.getByRole('button', { name: 'Choose a date' }).click()
    const sizes = () =>
      dialog()
        .locator('td[tabindex], button')
        .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height)))
    await expect.poll(async () => Math.min(...(await sizes()))).toBeGreaterThanOrEqual(24)
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    await page.getByRole('gridcell', { name: 'Mordad 21, 1403' }).click()
    await expect.poll(values).toEqual(['21', '5', '1403'])
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  test('where colours are forced, the day that was chosen, and today, are still told apart', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    await draw({ type: 'date' }, 'en', '1404/10/14')
    await open('Choose a date')
    const ground = (which: string) => page.locator(which).evaluate((cell) => getComputedStyle(cell).backgroundColor)
    await expect.poll(async () => (await ground('td[aria-selected="true"]')) === (await ground('td[aria-current]'))).toBe(false)
    await expect.poll(() => page.locator('td[aria-current]').evaluate((cell) => getComputedStyle(cell).textDecorationLine)).toBe('underline')
    await page.emulateMedia({ forcedColors: 'none' })
    await keys('Escape')
  })
})

test('a moment and a range have one each', async () => {
  await draw({ type: 'datetime' }, 'en', '1404/10/14T9:30')
  await page.getByRole('button', { name: 'Choose a date' }).press('Enter')
  await keys('ArrowRight', 'Enter')
  expect(await answer()).toBe('1404/10/15T9:30')
  await draw({ type: 'date-range' }, 'en', { from: '1404/10/14', to: '1404/10/20' })
  await page.getByRole('group', { name: 'Last day' }).getByRole('button', { name: 'Choose a date' }).press('Enter')
  await expect.poll(focused).toContain('Dey 20')
  await keys('ArrowDown', 'Enter')
  expect(await answer()).toEqual({ from: '1404/10/14', to: '1404/10/27' })
})

test('days of the Gregorian calendar have boxes alone', async () => {
  await draw({ type: 'date', calendar: 'gregory' }, 'en')
  await expect.poll(() => page.locator('input').count()).toBe(3)
  await expect.poll(() => page.getByRole('button').count()).toBe(0)
})

test('its words are there in every language of the interface', () => {
  const strings: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(import.meta.dirname, 'day-picker-strings.json'), 'utf8'))
  for (const [key, said] of Object.entries(strings)) expect(Object.keys(said).sort(), key).toEqual(['el', 'en', 'fa', 'hu', 'vi'])
})

test('nothing was against the policy of the page', () => expect(faults).toEqual([]))
