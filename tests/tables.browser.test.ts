/**
 * Repeated groups drawn as tables: names by column and row, problems that say row and column, totals, cards where there is
 * no room, by keyboard and in both directions; and what arrives.
 */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const both = (en: string, fa: string) => ({ en, fa })
const definition: ServiceDefinition = {
  format: 1,
  id: 'means',
  languages: ['en', 'fa'],
  title: both('Means test', 'سنجش توان مالی'),
  agency: { name: both('City', 'شهر') },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'means',
      title: both('Your means', 'توان مالی شما'),
      fields: [
        {
          id: 'income',
          type: 'group',
          label: both('Income of a month', 'درآمد یک ماه'),
          repeat: { as: 'table', each: 'kind', totals: ['amount'] },
          rules: [{ rule: { '>': [{ sum: [{ var: 'income' }, { var: 'amount' }] }, { money: 10 }] }, message: both('Too little to live on', 'کم است') }],
          fields: [
            {
              id: 'kind',
              type: 'radio',
              label: both('Kind', 'نوع'),
              options: [
                { value: 'wages', label: both('Wages', 'دستمزد') },
                { value: 'rent', label: both('Rent', 'اجاره') },
              ],
            },
            { id: 'amount', type: 'money', label: both('Amount', 'مبلغ') },
            { id: 'taxed', type: 'checkbox', label: both('Taxed', 'مالیات') },
          ],
        },
        {
          id: 'trips',
          type: 'group',
          label: both('Trips', 'سفرها'),
          repeat: { as: 'table', min: 1, max: 3, add: both('Add a trip', 'افزودن سفر'), item: both('Trip', 'سفر'), totals: ['nights'] },
          fields: [
            { id: 'place', type: 'text', label: both('Place', 'جا') },
            { id: 'start', type: 'date', label: both('First day', 'روز نخست') },
            { id: 'nights', type: 'number', integer: true, label: both('Nights', 'شب‌ها'), hint: both('Whole ones', 'کامل') },
            { id: 'why', type: 'text', label: both('Reason', 'دلیل'), when: { '>': [{ var: 'nights' }, 5] } },
          ],
        },
      ],
    },
  ],
} as unknown as ServiceDefinition

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launch(), serviceHost([definition], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

const start = async (page: Page, language: string) => {
  await page.goto(`${host.agency}/?lang=${language}&service=means`)
  await page.getByRole('button', { name: language === 'fa' ? 'شروع' : 'Start now' }).click()
  await page.locator('.g-table').first().waitFor()
}

test('a table is filled in by row and column, adds up, says what is wrong where, and arrives as rows', async () => {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 1000, height: 900 } })
  await start(page, 'en')
  const income = page.getByRole('table').first()
  await expect(await income.getByRole('columnheader').allInnerTexts()).toEqual(['Amount', 'Taxed'])
  await expect.poll(() => income.getByRole('rowheader').allInnerTexts()).toEqual(['Wages', 'Rent', 'Total'])
  const wages = page.getByRole('textbox', { name: 'Amount (Wages)' })
  const rent = page.getByRole('textbox', { name: 'Amount (Rent)' })
  await wages.fill('1200.50')
  await expect.poll(() => income.locator('output').textContent()).toBe('€1,200.50')
  await page.getByRole('checkbox', { name: 'Taxed (Rent)' }).check()
  // From cell to cell along the row.
  await wages.focus()
  await page.keyboard.press('Tab')
  await expect.poll(() => page.getByRole('checkbox', { name: 'Taxed (Wages)' }).evaluate((box) => box.matches(':focus'))).toBe(true)

  const trips = page.getByRole('table').nth(1)
  await page.getByRole('textbox', { name: 'Place (Trip 1)' }).fill('Volos')
  await page.getByRole('group', { name: 'First day (Trip 1)' }).getByRole('textbox', { name: 'Day' }).fill('3')
  await page.getByRole('button', { name: 'Add a trip' }).click()
  const second = page.getByRole('textbox', { name: 'Place (Trip 2)' })
  await expect.poll(() => second.evaluate((box) => box.matches(':focus'))).toBe(true)
  await page.getByRole('textbox', { name: 'Nights (Trip 2)' }).fill('6')
  // A condition of the row shows its cell, and the other row's stays empty in its column.
  await page.getByRole('textbox', { name: 'Reason (Trip 2)' }).fill('Rest')
  await expect.poll(() => page.getByRole('textbox', { name: 'Reason (Trip 1)' }).count()).toBe(0)
  const cells = await trips.locator('tbody tr').nth(1).getByRole('cell').all()
  expect(cells).toHaveLength(5)

  await page.getByRole('button', { name: 'Continue' }).click()
  const summary = page.locator('.g-summary')
  await summary.waitFor()
  expect((await summary.getByRole('link').allInnerTexts()).map((text) => text.split(':')[0])).toEqual([
    'Rent, Amount',
    'Trip 1, First day',
    'Trip 1, Nights',
    'Trip 2, Place',
    'Trip 2, First day',
  ])
  await summary.getByRole('link', { name: 'Trip 1, Nights' }).click()
  await expect.poll(() => page.getByRole('textbox', { name: 'Nights (Trip 1)' }).evaluate((box) => box.matches(':focus'))).toBe(true)
  expect(await axe(page)).toEqual([])

  // Removed, the row after it takes its name, and the focus stays near.
  await page.getByRole('button', { name: 'Remove Trip 1' }).click()
  await expect.poll(() => page.getByRole('textbox', { name: 'Reason (Trip 1)' }).inputValue()).toBe('Rest')
  await expect.poll(() => page.getByRole('textbox', { name: 'Place (Trip 2)' }).count()).toBe(0)
  await expect.poll(() => trips.locator('output').textContent()).toBe('6')
  await rent.fill('0')
  await page.getByRole('textbox', { name: 'Place (Trip 1)' }).fill('Volos')
  for (const [part, value] of Object.entries({ Day: '3', Month: '2', Year: '2026' }))
    await page.getByRole('group', { name: 'First day (Trip 1)' }).getByRole('textbox', { name: part }).fill(value)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor()
  await expect.poll(() => page.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(['Wages', 'Rent', 'Trip 1'])
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('K7QF').first().waitFor()
  expect(host.received.at(-1)?.submission.answers).toEqual({
    income: [
      { kind: 'wages', amount: 120050, taxed: false },
      { kind: 'rent', amount: 0, taxed: true },
    ],
    trips: [{ place: 'Volos', start: '2026-02-03', nights: 6, why: 'Rest' }],
  })
  expect(faults).toEqual([])
  await close()
})

test.each(['en', 'fa'])('each row is a card with the words of the columns where there is no room, in %s', async (language) => {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 320, height: 800 }, forcedColors: language === 'fa' ? 'active' : 'none' })
  await start(page, language)
  const label = page.locator('.g-table tbody .g-label').first()
  expect((await label.boundingBox())?.width).toBeGreaterThan(20)
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  const [amount, box] = await Promise.all([page.locator('#f-income-0-amount').boundingBox(), page.locator('#f-income-0-taxed').boundingBox()])
  expect(box?.y).toBeGreaterThan((amount?.y ?? 0) + (amount?.height ?? 0))
  expect(await axe(page)).toEqual([])
  // The control: with room, the same words are for those alone who do not see the column.
  await page.setViewportSize({ width: 1000, height: 800 })
  expect((await label.boundingBox())?.width).toBeLessThanOrEqual(1)
  expect(faults).toEqual([])
  await close()
})
