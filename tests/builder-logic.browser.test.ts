/** Tables and fee lines as grids, and logic made visible, by keyboard. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, fill, permit, toView, unexpected } from './builder-steps.ts'
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

it('edits fee lines and tables as grids, with cells pasted from a spreadsheet', async () => {
  const ada = await author(browser, server, 'en', { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page } = ada
  await ada.put(permit('grid'))
  await ada.open('grid')
  await toView(page, 'Tables and fee', 'Tables and fee')

  // A fee line more, with its amount
  await fill(page, 'Line 1: amount in EUR', '12,50')
  await press(page, exactly('Add fee line'))
  await eventually(async () => (await focused(page)).label).toBe('Line 2: what it is for')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Deposit')
  await fill(page, 'Line 2: amount in EUR', '100')
  await tabTo(page, (at) => at.label === 'Line 2: refundable', 'refundable')
  await page.keyboard.press('Space')
  await eventually(async () => (await ada.draft('grid')).fee?.lines).toEqual([
    { id: 'base', label: { en: 'Base', fa: 'پایه' }, amount: { money: 1250 } },
    { id: 'line', label: { en: 'Deposit' }, amount: { money: 10000 }, refundable: true },
  ])

  // From row to row with the arrow keys; what is no number is refused in words
  await tabTo(page, (at) => at.label === 'Row food, day', 'a cell')
  await page.keyboard.press('ArrowDown')
  expect((await focused(page)).label).toBe('Row craft, day')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('much')
  await page.keyboard.press('Tab')
  await eventually(() => page.locator('builder-tables [role=alert]').textContent()).toBe('“much” is not a number.')
  expect((await ada.draft('grid')).tables).toEqual(permit('grid').tables)
  expect(await axe(page)).toEqual([])

  // Pasted over the grid, which grows
  await page.evaluate(() => navigator.clipboard.writeText('9,5\tno\r\n20\tyes\r\n'))
  await page.locator('builder-tables h2').focus()
  await tabTo(page, (at) => at.label === 'Row craft, day', 'the cell')
  await page.keyboard.press('ControlOrMeta+v')
  await eventually(async () => (await ada.draft('grid')).tables).toEqual({
    rate: { food: { day: 12.5, busy: true }, craft: { day: 9.5, busy: false }, row_3: { day: 20, busy: true } },
  })

  // Names of rows, columns and the table
  await fill(page, 'Key of row 3', 'music')
  await page.locator('builder-tables h2').focus()
  await fill(page, 'Name of column 1', 'price')
  await page.keyboard.press('Tab')
  await eventually(async () => (await ada.draft('grid')).tables?.rate?.music).toEqual({ price: 20, busy: true })
  await press(page, exactly('Add column to “rate”'))
  await eventually(async () => (await focused(page)).label).toBe('Name of column 3')
  await press(page, exactly('Add row to “rate”'))
  await eventually(async () => (await focused(page)).label).toBe('Key of row 4')

  // A whole new table
  await fill(page, 'Name of the new table', 'Zones')
  await page.keyboard.press('Enter')
  await eventually(async () => (await focused(page)).value).toBe('row')
  await press(page, exactly('Whole table “zones” from a spreadsheet'))
  await tabTo(page, (at) => at.id === 'paste-zones', 'the box')
  await page.evaluate(() => navigator.clipboard.writeText('zone\tName\tFactor\nn\tNorth\t1,2\ns\tSouth\t0.8'))
  await page.keyboard.press('ControlOrMeta+v')
  await press(page, exactly('Take these rows'))
  await eventually(async () => (await ada.draft('grid')).tables?.zones).toEqual({ n: { name: 'North', factor: 1.2 }, s: { name: 'South', factor: 0.8 } })
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('lists all logic in words, leads to its place, and says why a question is shown', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('logic'))
  await ada.open('logic')
  await toView(page, 'Logic', 'Logic')
  const lines = () => page.locator('builder-logic li').allInnerTexts()
  await expect
    .poll(async () => (await lines()).map((line) => line.replaceAll(/\s+/g, ' ')), { timeout: 20_000 })
    .toEqual([
      'Do you use gas? only if Kind of stall is “Food”',
      'Gas safety certificate only if Do you use gas? is yes and €1.00 + Income > €0.00',
      'Base €10.00',
    ])
  expect(await axe(page)).toEqual([])
  await fill(page, 'Search rules', 'certificate')
  await eventually(async () => (await lines()).length).toBe(1)
  await fill(page, 'Search rules', 'stall')
  await eventually(async () => (await lines()).length).toBe(1)
  await press(page, exactly('Do you use gas?'))
  await eventually(async () => (await focused(page)).value).toBe('Do you use gas?')

  const why = page.locator('builder-preview .why')
  await eventually(() => why.getAttribute('data-why')).toBe('notShown')
  await page.locator('builder-editor .preview').focus()
  await press(page, exactly('Why is “Do you use gas?” shown or not?'))
  await eventually(async () => (await why.locator('li').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')).toContain(
    'does not hold: Kind of stall is “Food” Kind of stall: no answer',
  )
  await page.locator('builder-preview [data-fill]').click()
  await page.locator('builder-preview guichet-service').getByLabel('Food').check()
  await eventually(() => why.getAttribute('data-why')).toBe('shown')
  expect((await why.locator('li').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')).toContain('holds: Kind of stall is “Food” Kind of stall: “Food”')
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('does both in Persian', async () => {
  const ada = await author(browser, server, 'fa')
  const { page } = ada
  await ada.put(permit('fa-logic'))
  await ada.open('fa-logic')
  await toView(page, 'جدول‌ها و هزینه', 'جدول‌ها و هزینه')
  expect(await axe(page)).toEqual([])
  await fill(page, 'ردیف 1: مبلغ به EUR'.replace('1', '۱'), '۱۲٫۵')
  await page.keyboard.press('Tab')
  await eventually(async () => (await ada.draft('fa-logic')).fee?.lines?.[0]?.amount).toEqual({ money: 1250 })
  await toView(page, 'منطق', 'منطق')
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
