/** Several parts at once, and parts dragged to their place: with the keyboard, with a pointer, and what is said about it. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, unexpected } from './builder-steps.ts'
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

/** A permit with a group and a second page. */
function grouped(id: string) {
  const definition = permit(id)
  const home = { id: 'home', type: 'group', label: { en: 'Home', fa: 'خانه' }, fields: [{ id: 'street', type: 'text', label: { en: 'Street', fa: 'خیابان' } }] }
  definition.pages[0].fields.push(home as never)
  definition.pages.push({ id: 'more', title: { en: 'More', fa: 'بیشتر' }, fields: [{ id: 'note', type: 'textarea', label: { en: 'Note', fa: 'یادداشت' } }] })
  return definition
}
type Fields = readonly { id: string; fields?: Fields }[]
const idsOf = (fields: Fields): string => fields.map(({ id, fields: inner }) => (inner ? `${id}(${idsOf(inner)})` : id)).join(' ')
const shape = async (ada: Awaited<ReturnType<typeof author>>, id: string) =>
  (await ada.draft(id)).pages.map(({ fields }) => idsOf(fields as Fields)).join(' | ')
const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const item = (page: Page, part: string) => page.locator(`builder-outline [data-part="${part}"]`)
const chosen = (page: Page) =>
  page.locator('builder-outline [aria-selected=true]').evaluateAll((lines) => lines.map((line) => (line as HTMLElement).dataset.part))

it('chooses several by keyboard, moves, duplicates, copies, pastes and removes them, one step of undo each', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(grouped('several'))
  await ada.open('several')
  await item(page, '/pages/0/fields/2').click()
  await page.keyboard.press('Shift+ArrowDown')
  await eventually(() => told(page)).toBe('2 parts chosen')
  await expect.poll(() => chosen(page)).toEqual(['/pages/0/fields/2', '/pages/0/fields/3'])
  await expect.poll(() => page.locator('builder-settings h2').textContent()).toBe('2 parts chosen')
  expect(await axe(page)).toEqual([])

  await page.keyboard.press('Alt+ArrowUp')
  await eventually(() => shape(ada, 'several')).toBe('name kind gas income home(street) | note')
  await eventually(() => told(page)).toBe('2 parts; the first: Kind of stall, 2 of 5 in About you')
  expect((await focused(page)).text).toContain('Kind of stall')
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'several')).toBe('name income kind gas home(street) | note')

  // Single lines, with a gap between them
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('Control+ArrowDown')
  await page.keyboard.press('Control+ArrowDown')
  await page.keyboard.press('Control+Space')
  await eventually(() => chosen(page)).toEqual(['/pages/0/fields/0', '/pages/0/fields/2'])
  await press(page, exactly('Duplicate'))
  await eventually(() => shape(ada, 'several')).toBe('name income kind name_2 kind_2 gas home(street) | note')
  await press(page, exactly('Remove'))
  await eventually(() => shape(ada, 'several')).toBe('name income kind gas home(street) | note')
  await eventually(() => told(page)).toBe('2 parts removed')
  expect((await focused(page)).tag).toBe('div')

  // All beside it, into another page by the list
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('ControlOrMeta+a')
  expect((await chosen(page)).length).toBe(5)
  await page.keyboard.press('Shift+ArrowUp')
  await item(page, '/pages/0/fields/1').click()
  await item(page, '/pages/0/fields/3').click({ modifiers: ['Shift'] })
  await page.locator('builder-settings #target').selectOption({ label: 'More' })
  await page.locator('builder-settings #move').press('Enter')
  await eventually(() => shape(ada, 'several')).toBe('name home(street) | note income kind gas')
  await page.locator('builder-editor .head > h1').focus()
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'several')).toBe('name income kind gas home(street) | note')

  // Into another service: what is read there and is not here is named
  await item(page, '/pages/0/fields/1').click()
  await item(page, '/pages/0/fields/3').click({ modifiers: ['ControlOrMeta'] })
  await page.keyboard.press('ControlOrMeta+c')
  await eventually(() => told(page)).toBe('2 parts copied')
  const other = permit('other')
  other.pages[0].fields = [{ id: 'income', type: 'text', label: { en: 'Other' } }]
  other.documents = []
  await ada.put(other)
  await ada.open('other')
  await item(page, '/pages/0/fields/0').click()
  await page.keyboard.press('ControlOrMeta+v')
  await eventually(() => shape(ada, 'other')).toBe('income income_2 gas')
  await eventually(() => told(page)).toContain('Rules that came along read what this service does not have: kind.')
  await expect.poll(() => page.locator('builder-editor .settings .note.bad').textContent()).toContain('kind')
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'other')).toBe('income')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

/** Drags a line to a share of the height of another one. */
async function drag(page: Page, from: string, to: string, share: number, let_go = true) {
  const [start, end] = await Promise.all([item(page, from).boundingBox(), item(page, to).boundingBox()])
  if (!start || !end) throw new Error('a line is not in sight')
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 })
  await page.mouse.move(end.x + end.width / 2, end.y + end.height * share, { steps: 2 })
  if (let_go) await page.mouse.up()
}

it('drags questions beside others, into groups and onto pages, and pages and several at once; Escape lets go', async () => {
  const ada = await author(browser, server, 'fa')
  const { page } = ada
  await ada.put(grouped('dragged'))
  await ada.open('dragged')
  await drag(page, '/pages/0/fields/0', '/pages/0/fields/2', 0.9)
  await eventually(() => shape(ada, 'dragged')).toBe('income kind name gas home(street) | note')
  await eventually(() => told(page)).toContain('Full name')
  expect((await focused(page)).text).toContain('Full name')

  // Into a group, below its own line; then onto the heading of a page
  await drag(page, '/pages/0/fields/0', '/pages/0/fields/4', 0.6, false)
  await eventually(() => item(page, '/pages/0/fields/4').getAttribute('class')).toContain('inside')
  expect(await axe(page)).toEqual([])
  await page.mouse.up()
  await eventually(() => shape(ada, 'dragged')).toBe('kind name gas home(income street) | note')
  await drag(page, '/pages/0/fields/3/fields/0', '/pages/1', 0.5)
  await eventually(() => shape(ada, 'dragged')).toBe('kind name gas home(street) | income note')

  // Let go with Escape: nothing has moved
  await drag(page, '/pages/0/fields/0', '/pages/1/fields/1', 0.9, false)
  await eventually(() => item(page, '/pages/1/fields/1').getAttribute('class')).toContain('after')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect.poll(() => shape(ada, 'dragged')).toBe('kind name gas home(street) | income note')
  await expect.poll(() => page.locator('builder-outline .dragged').count()).toBe(0)

  // Several, then a page
  await item(page, '/pages/0/fields/0').click()
  await item(page, '/pages/0/fields/2').click({ modifiers: ['ControlOrMeta'] })
  await drag(page, '/pages/0/fields/2', '/pages/1/fields/0', 0.1)
  await eventually(() => shape(ada, 'dragged')).toBe('name home(street) | kind gas income note')
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => shape(ada, 'dragged')).toBe('kind name gas home(street) | income note')
  await drag(page, '/pages/1', '/pages/0', 0.1)
  await eventually(() => shape(ada, 'dragged')).toBe('income note | kind name gas home(street)')
  // A group does not go into itself
  await drag(page, '/pages/1/fields/3', '/pages/1/fields/3/fields/0', 0.9)
  await expect.poll(() => shape(ada, 'dragged')).toBe('income note | kind name gas home(street)')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
