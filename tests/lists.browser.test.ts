/** A list of thousands that stays on the server: found by typing, page by page, kept while the line is gone, shown in words. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const definition = {
  format: 1,
  id: 'streets',
  languages: ['en', 'el'],
  title: { en: 'Parking', el: 'Στάθμευση' },
  agency: { name: { en: 'City', el: 'Δήμος' } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  tables: {
    streets: Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`s${i}`, { name: `Οδός ${i} Μύλων`, name_en: `Mill Street ${i}` }])),
  },
  pages: [
    {
      id: 'where',
      title: { en: 'Where', el: 'Πού' },
      fields: [
        { id: 'street', type: 'search-select', label: { en: 'Street', el: 'Οδός' }, optionsFrom: { table: 'streets', label: 'name' }, paged: true },
        { id: 'note', type: 'text', label: { en: 'Note', el: 'Σημείωση' }, optional: true },
      ],
    },
  ],
} as unknown as ServiceDefinition

/** The same question over a list that is kept at an address. */
const elsewhere = {
  ...definition,
  id: 'lanes',
  tables: {},
  pages: [
    {
      id: 'where',
      title: { en: 'Where', el: 'Πού' },
      fields: [{ id: 'lane', type: 'search-select', label: { en: 'Lane', el: 'Δρόμος' }, optionsAt: { address: 'https://lanes.example/list.json' } }],
    },
  ],
} as unknown as ServiceDefinition

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launch(), serviceHost([definition, elsewhere], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

test('is searched as one types, in pages, by keyboard; the line may go; the answer is kept and shown in words', async () => {
  const { page, faults, close } = await openPage(browser)
  await page.goto(`${host.agency}/?lang=en&service=streets`)
  await page.getByRole('button', { name: 'Start now' }).click()
  const box = page.getByRole('combobox', { name: 'Street' })
  await box.pressSequentially('mill street')
  const options = page.getByRole('option')
  await expect.poll(() => options.count()).toBe(50)
  // One question for what was typed in one go, or nearly.
  expect(host.lists.length).toBeLessThan('mill street'.length)
  await expect.poll(() => page.locator('.g-search-note').textContent()).toContain('50 of 4,000')
  expect(await axe(page)).toEqual([])
  // From the last one on, the next page follows and the place in the list is kept.
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => box.getAttribute('aria-activedescendant')).toBe('f-street-o49')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => box.getAttribute('aria-activedescendant')).toBe('f-street-o50')
  await expect.poll(() => options.count()).toBe(100)

  // The line is gone: it is said, what was typed stays, and the search goes on by itself when it is back.
  host.listsDown = true
  await box.fill('mill street 37')
  await expect.poll(() => page.getByRole('status').filter({ hasText: 'cannot be reached' }).count()).toBe(1)
  await expect.poll(() => box.inputValue()).toBe('mill street 37')
  host.listsDown = false
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await expect.poll(() => options.first().textContent()).toContain('Mill Street 37')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => box.inputValue()).toBe('Mill Street 37')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor()
  await expect.poll(() => page.locator('.g-answer-value').first().textContent()).toContain('Mill Street 37')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('K7QF').first().waitFor()
  expect(host.received.at(-1)?.submission.answers).toEqual({ street: 's37' })
  expect(faults.filter((fault) => !/ERR_EMPTY_RESPONSE|Failed to load/.test(fault))).toEqual([])
  await close()
})

test('what is written in full is taken, what is in no list is refused', async () => {
  const { page, close } = await openPage(browser)
  await page.goto(`${host.agency}/?lang=en&service=streets`)
  await page.getByRole('button', { name: 'Start now' }).click()
  const box = page.getByRole('combobox', { name: 'Street' })
  await box.fill('no such street')
  await expect.poll(() => page.locator('.g-search-note').textContent()).toBe('Nothing found')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect.poll(() => page.locator('.g-summary').textContent()).toContain('what you have written is not among them')
  await box.fill('MILL street 12')
  await page.getByRole('option', { name: 'Mill Street 12', exact: true }).waitFor()
  await page.keyboard.press('Tab')
  await expect.poll(() => box.inputValue()).toBe('Mill Street 12')
  await close()
})

test('a list that is kept at an address is searched by the server, and what was chosen goes along with its words', async () => {
  const { page, faults, close } = await openPage(browser)
  host.kept = [
    { value: 'l1', label: { en: 'Mill Lane', el: 'Οδός Μύλων' } },
    { value: 'l2', label: { und: 'Λεωφόρος' } },
  ]
  await page.goto(`${host.agency}/?lang=en&service=lanes`)
  await page.getByRole('button', { name: 'Start now' }).click()
  const box = page.getByRole('combobox', { name: 'Lane' })
  await box.pressSequentially('μυλων')
  await expect.poll(() => page.getByRole('option').allTextContents()).toEqual([expect.stringContaining('Mill Lane')])
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => box.inputValue()).toBe('Mill Lane')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor()
  await expect.poll(() => page.locator('.g-answer-value').first().textContent()).toContain('Mill Lane')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('K7QF').first().waitFor()
  expect(host.received.at(-1)?.submission.answers).toEqual({ lane: { value: 'l1', label: { en: 'Mill Lane' } } })
  // The page asks nobody but the server.
  expect(faults).toEqual([])
  await close()
})
