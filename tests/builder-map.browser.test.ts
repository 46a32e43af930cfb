/** The map of pages and ends, going to a part by its name, and adding a question by typing “/”. */
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

function branched(id: string) {
  const definition = permit(id)
  definition.pages.push({
    id: 'more',
    title: { en: 'More', fa: 'بیشتر' },
    when: { '==': [{ var: 'kind' }, 'food'] },
    fields: [{ id: 'note', type: 'textarea', label: { en: 'Note', fa: 'یادداشت' } }],
  })
  definition.routes = [{ when: { '==': [{ var: 'gas' }, true] }, to: 'auto_reject' }, { to: 'auto_approve' }]
  return definition
}

it('draws the pages, says who comes past each, and leads there', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(branched('mapped'))
  await ada.open('mapped')
  await toView(page, 'Map', 'Map')
  const lines = async () => (await page.locator('builder-map .step').allInnerTexts()).map((line) => line.replaceAll(/\s+/g, ' ').trim())
  await eventually(lines).toEqual([
    'About you everybody comes here 4 questions (1 with a condition)',
    'More only if Kind of stall is “Food” 1 question',
    'Required documents only if Do you use gas? is yes and €1.00 + Income > €0.00 1 document',
    'Check the answers and send everybody comes here',
    expect.stringMatching(/goes here if Do you use gas\? is yes$/),
    expect.stringMatching(/goes here otherwise$/),
  ])
  await expect.poll(() => page.locator('builder-map svg').count()).toBe(6)
  expect(await axe(page)).toEqual([])
  await press(page, exactly('More'))
  await eventually(async () => (await focused(page)).value).toBe('More')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('goes to a part by typing, and adds a question by typing its kind', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(branched('jumped'))
  await ada.open('jumped')
  await page.keyboard.press('ControlOrMeta+k')
  await eventually(async () => (await focused(page)).id).toBe('wanted')
  expect(await axe(page)).toEqual([])
  await page.keyboard.type('note')
  await eventually(() => page.locator('builder-jump [role=status]').textContent()).toBe('1 found')
  await expect.poll(() => page.locator('builder-jump input').getAttribute('aria-activedescendant')).toBe('choice-0')
  await page.keyboard.press('Enter')
  await eventually(async () => (await focused(page)).value).toBe('Note')

  // From the outline: “/” and a kind
  await page.locator('builder-outline [data-part="/pages/1/fields/0"]').click()
  await page.keyboard.press('/')
  await eventually(async () => (await focused(page)).value).toBe('/')
  await page.keyboard.type('date')
  await eventually(() => page.locator('builder-jump [aria-selected=true]').textContent()).toContain('Date')
  await page.keyboard.press('Enter')
  await eventually(async () => (await ada.draft('jumped')).pages[1]?.fields.map(({ type }) => type)).toEqual(['textarea', 'date'])
  await eventually(async () => (await focused(page)).value).toBe('Date')
  // What is not there is said, and Enter does nothing
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('no such part')
  await eventually(() => page.locator('builder-jump [role=status]').textContent()).toBe('0 found')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('builder-jump dialog[open]').count()).toBe(1)
  // What is undone in a dialog is what was typed there, and not the draft behind it.
  await page.keyboard.press('ControlOrMeta+z')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('builder-jump dialog[open]').count()).toBe(0)
  await eventually(async () => (await ada.draft('jumped')).pages[1]?.fields.map(({ type }) => type)).toEqual(['textarea', 'date'])
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(async () => (await ada.draft('jumped')).pages[1]?.fields.map(({ type }) => type)).toEqual(['textarea'])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('shows both in Persian, from right to left, on the smallest page', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' })
  const { page } = ada
  await ada.put(branched('fa-map'))
  await ada.open('fa-map')
  await toView(page, 'نقشه', 'نقشه')
  await eventually(() => page.locator('builder-map .step').count()).toBe(6)
  expect(await axe(page)).toEqual([])
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(wide).toBeLessThanOrEqual(seen as number)
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('/date')
  await eventually(() => page.locator('builder-jump [role=option]').count()).toBeGreaterThan(0)
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
