/** Shared blocks: kept from one service, put into another, changed in both, brought together; by keyboard, and in Persian at 320 pixels. */
import type { Browser, Page } from 'playwright-core'
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

type Field = { id: string; label: Record<string, string>; 'x-block'?: { block: string; version: number; use: number; part: string } }
type Ada = Awaited<ReturnType<typeof author>>
const fields = async (ada: Ada, service: string) => (await ada.draft(service)).pages[0].fields as unknown as Field[]
const shape = async (ada: Ada, service: string) =>
  (await fields(ada, service)).map(({ id, label, 'x-block': mark }) => `${id}: ${label.en}${mark ? ` = ${mark.block}/${mark.part} ${mark.version}` : ''}`)
const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const item = (page: Page, part: string) => page.locator(`builder-outline [data-part="${part}"]`)

/** Writes another text for a question into its settings. */
async function reword(page: Page, part: string, before: string, after: string) {
  await item(page, part).click()
  await page.keyboard.press('Enter')
  await eventually(async () => (await focused(page)).value).toBe(before)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(after)
}

/** A service of one question beside those of the block. */
function other(id: string) {
  const definition = permit(id)
  definition.title = { en: 'Other permit', fa: 'مجوز دیگر' }
  definition.pages[0].fields = [{ id: 'income', type: 'text', label: { en: 'Where from', fa: 'از کجا' } }] as never
  definition.documents = []
  return definition
}

it('is kept, put in by typing, changed in both services, and brought together where both changed the same', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('first'))
  await ada.put(other('second'))
  await ada.open('first')
  // Two questions become a block.
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('Shift+ArrowDown')
  await press(page, exactly('Keep as shared block…'))
  await eventually(async () => (await focused(page)).label).toBe('Name')
  expect(await axe(page)).toEqual([])
  await page.keyboard.type('Person')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Who applies')
  await press(page, exactly('Keep'))
  await eventually(() => told(page)).toBe('Kept as shared block: Person, version 1')
  await eventually(() => shape(ada, 'first')).toEqual([
    'name: Full name = person/name 1',
    'income: Income = person/income 1',
    'kind: Kind of stall',
    'gas: Do you use gas?',
  ])
  await eventually(() => item(page, '/pages/0/fields/0').locator('[data-block]').textContent()).toBe('Person, version 1')
  await eventually(() => page.locator('builder-canvas [data-part="/pages/0/fields/0"] [data-block]').count()).toBe(1)

  // Put into another service by typing, where one of its names is taken, and reworded there.
  await ada.open('second')
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('/')
  await page.keyboard.type('person')
  await eventually(() => page.locator('builder-jump [role=option]').count()).toBeGreaterThan(0)
  await eventually(() => page.locator('builder-jump [aria-selected=true]').textContent()).toContain('Shared block')
  await page.keyboard.press('Enter')
  await eventually(() => shape(ada, 'second')).toEqual(['income: Where from', 'name: Full name = person/name 1', 'income_2: Income = person/income 1'])
  await reword(page, '/pages/0/fields/1', 'Full name', 'Applicant')
  await eventually(async () => (await fields(ada, 'second'))[1]?.label.en).toBe('Applicant')

  // The first service rewords the same, and another one, and keeps the next version.
  await ada.open('first')
  await reword(page, '/pages/0/fields/0', 'Full name', 'Name in full')
  await reword(page, '/pages/0/fields/1', 'Income', 'Income a year')
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('Shift+ArrowDown')
  await press(page, exactly('Keep as shared block…'))
  await eventually(() => page.locator('builder-keep-block #name').inputValue()).toBe('Person')
  await press(page, exactly('Keep'))
  await eventually(() => told(page)).toBe('Kept as shared block: Person, version 2')

  // Where it is used: the other service has something to decide, in the words of the merge that two authors have.
  await toView(page, 'Shared blocks', 'Shared blocks')
  await press(page, exactly('Where it is used'))
  const second = page.locator('builder-blocks [data-service="second"]')
  await second.waitFor()
  await eventually(() => second.locator('.note').textContent()).toContain('1')
  await eventually(() => second.locator('.changes').textContent()).toContain('Income a year')
  await expect.poll(() => page.locator('builder-blocks [data-service="first"] [type=checkbox]').count()).toBe(0)
  expect(await axe(page)).toEqual([])
  await press(page, exactly('Decide for “Other permit”'))
  await second.locator('builder-merge fieldset').waitFor()
  await tabTo(page, ({ type, label }) => type === 'radio' && label.includes('Applicant'), 'ours')
  await page.keyboard.press('Space')
  await press(page, exactly('Merge both'))
  await eventually(() => page.locator('builder-blocks [role=status].note').textContent()).toBe('1 service updated')
  await expect.poll(() => shape(ada, 'second')).toEqual(['income: Where from', 'name: Applicant = person/name 2', 'income_2: Income a year = person/income 2'])

  // Detached it is the service's own; undo takes that back.
  await page.locator('builder-blocks [data-detach]').click()
  await eventually(async () => (await fields(ada, 'first')).slice(0, 2).map((field) => field['x-block'])).toEqual([undefined, undefined])
  await page.keyboard.press('Control+z')
  await eventually(async () => (await fields(ada, 'first'))[1]?.['x-block']?.version).toBe(2)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('in Persian at 320 pixels: the chosen service is updated without a question', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 800 } })
  const { page } = ada
  const mark = (part: string) => ({ 'x-block': { block: 'narrow', version: 1, use: 1, part } })
  const content = (label: string) => ({
    guichet: 'part',
    kind: 'field',
    parts: [{ id: 'name', type: 'text', label: { fa: label } }],
    tables: {},
    languages: ['fa'],
  })
  await ada.put({
    ...other('third'),
    pages: [{ id: 'you', title: { fa: 'شما' }, fields: [{ id: 'who', type: 'text', label: { fa: 'نام' }, ...mark('name') }] }] as never,
  })
  for (const [after, label] of ['نام', 'نام کامل'].entries())
    expect(
      await page.evaluate(
        async (body) =>
          (await fetch('/v1/admin/library/block', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status,
        { id: 'narrow', after, title: { fa: 'شخص' }, content: content(label) },
      ),
    ).toBe(201)
  await ada.put(other('fourth'))
  await ada.open('fourth')
  await page.locator('builder-editor [data-view-of="blocks"]').click()
  await page.locator('builder-blocks [data-block="narrow"] [data-where]').click()
  const third = page.locator('builder-blocks [data-service="third"]')
  await eventually(() => third.locator('.changes').textContent()).toContain('نام کامل')
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(await axe(page)).toEqual([])
  await third.locator('[type=checkbox]').check()
  await page.locator('builder-blocks [data-update]').click()
  await eventually(async () => (await fields(ada, 'third'))[0]).toMatchObject({ id: 'who', label: { fa: 'نام کامل' }, 'x-block': { version: 2 } })
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
