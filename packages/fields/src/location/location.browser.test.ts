import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPage } from '../browser-page.test-helper.ts'

const messages = JSON.parse(readFileSync(join(import.meta.dirname, 'location.messages.json'), 'utf8'))
const context = { locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 }, today: '2026-01-05', tables: {} }
const tiles = 'https://tiles.test'
const start = { latitude: 37.98, longitude: 23.73, zoom: 13 }
const map = { tiles: `${tiles}/{z}/{x}/{y}.png`, attribution: { en: '© Test maps' }, attributionLink: `${tiles}/licence`, start }
const tile = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

let browser: Browser
let page: Page
let faults: string[]
const asked: { url: string; referrer: string | undefined }[] = []
let answer: 'tiles' | 'nothing' = 'tiles'

beforeAll(async () => {
  const opened = await openPage(join(import.meta.dirname, '../views-page.view.ts'), 'typeof draw === "function"', tiles)
  ;({ browser, page, faults } = opened)
  await page.route('https://tiles.*/**', async (route) => {
    asked.push({ url: route.request().url(), referrer: (await route.request().allHeaders()).referer })
    return answer === 'tiles' ? route.fulfill({ contentType: 'image/png', body: tile }) : route.abort()
  })
})
afterAll(() => browser?.close())
beforeEach(() => {
  asked.length = 0
  faults.length = 0
  answer = 'tiles'
})

/** Every question is new, and so is its map. */
const draw = (settings: object, input: unknown = null, language = 'en') =>
  page.evaluate(([questions, l]) => (globalThis as never as { draw: (q: object[], l: string) => void }).draw(questions, l), [
    [{ settings: { id: 'q', type: 'location', label: { en: 'Place' }, ...settings }, context, messages, input }] as object[],
    language,
  ] as const)
const typed = () => page.evaluate('inputs[0]')
const status = () => page.locator('[role=status]').textContent()
const focused = () => page.evaluate('document.activeElement.id')
const view = () => page.locator('.g-map-view')
const button = (name: string) => page.getByRole('button', { name, exact: true })
const near = (text: unknown, [latitude, longitude]: readonly [number, number], by = 0.0004) => {
  const [found = 0, foundToo = 0] = String(text).split(', ').map(Number)
  return Math.abs(found - latitude) < by && Math.abs(foundToo - longitude) < by
}
/** A place of the map, in parts of its size. */
async function at(x: number, y: number): Promise<readonly [number, number]> {
  const box = (await view().boundingBox()) as { x: number; y: number; width: number; height: number }
  return [box.x + box.width * x, box.y + box.height * y]
}

test('a map shows the tiles of the place, and asks nobody else; without its address it asks nobody', async () => {
  await draw({})
  await expect.poll(() => view().count()).toBe(0)
  await draw({ map })
  await expect.poll(() => page.locator('.g-map-view img').count()).toBeGreaterThan(3)
  // Of 8192 by 8192 tiles, those around Athens.
  await expect.poll(() => asked.map(({ url }) => url)).toContain(`${tiles}/13/4636/3161.png`)
  expect(asked.filter(({ url }) => !/^https:\/\/tiles\.test\/13\/46\d\d\/31\d\d\.png$/.test(url))).toEqual([])
  expect(new Set(asked.map(({ referrer }) => referrer))).toEqual(new Set(['https://page.test/']))
  await expect.poll(() => page.getByRole('link', { name: '© Test maps' }).getAttribute('href')).toBe(`${tiles}/licence`)
  expect(faults).toEqual([])
})

test('a place is shown by pressing, dragging, keys or buttons, and stands in the input each time', async () => {
  await draw({ map })
  await page.mouse.click(...(await at(0.5, 0.5)))
  await expect.poll(async () => near(await typed(), [37.98, 23.73])).toBe(true)
  await expect.poll(() => status()).toMatch(/^Point 1 is at 37\.9\d+, 23\.7\d+\.$/)
  const first = await typed()
  // Dragging the map puts nothing.
  await page.mouse.move(...(await at(0.8, 0.5)))
  await page.mouse.down()
  await page.mouse.move(...(await at(0.3, 0.5)), { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => typed()).toBe(first)
  const mark = page.locator('.g-map-point')
  const before = (await mark.boundingBox()) as { x: number; y: number; width: number; height: number }
  expect(before.width).toBeGreaterThanOrEqual(24)
  const [x, y] = [before.x + before.width / 2, before.y + before.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 60, y - 40, { steps: 5 })
  await page.mouse.up()
  await expect.poll(async () => (await typed()) !== first).toBe(true)
  const dragged = await typed()
  expect(Number(String(dragged).split(', ')[1])).toBeGreaterThan(23.73)

  await view().focus()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(status).toMatch(/^The middle of the map is at /)
  await page.keyboard.press('+')
  await expect.poll(() => asked.some(({ url }) => url.startsWith(`${tiles}/14/`))).toBe(true)
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await typed()) !== dragged).toBe(true)
  const byKey = await typed()
  for (const name of ['Move the map left', 'Move the map up', 'Zoom out', 'Zoom in']) await button(name).press('Enter')
  await button('Put a point into the middle').press('Enter')
  await expect.poll(async () => (await typed()) !== byKey).toBe(true)
  const [latitude = 0, longitude = 0] = String(await typed())
    .split(', ')
    .map(Number)
  const [latitudeBefore = 0, longitudeBefore = 0] = String(byKey).split(', ').map(Number)
  expect([latitude > latitudeBefore, longitude < longitudeBefore]).toEqual([true, true])
  // Without dragging: a point that is pressed is chosen, and goes where is pressed next.
  await page.locator('.g-map-point circle').click()
  await expect.poll(status).toBe('Point 1 is chosen. Press where it is to go.')
  await page.mouse.click(...(await at(0.2, 0.2)))
  await expect.poll(async () => near(await typed(), [latitude, longitude], 1e-6)).toBe(false)
  expect(faults).toEqual([])
})

test('the points of an area are written, pasted, put in order and removed by keyboard; the map follows', async () => {
  await draw({ shape: 'polygon', map, maxPoints: 4 })
  await page.locator('#q0').focus()
  await page.keyboard.type('37.97, 23.72')
  await page.locator('#q0-2').fill('37.97, 23.74')
  await expect.poll(() => page.locator('.g-map-point').count()).toBe(2)
  await page.mouse.click(...(await at(0.5, 0.5)))
  await expect.poll(() => page.locator('.g-map-point').count()).toBe(3)
  expect(String(await typed()).split('\n')).toHaveLength(3)
  await button('Add a point').press('Enter')
  await expect.poll(focused).toBe('q0-4')
  await expect.poll(() => button('Add a point').count()).toBe(0)
  await page.keyboard.type('37.99, 23.71')
  await button('Move point 4 up').press('Enter')
  await expect.poll(status).toBe('It is point 3 now.')
  expect(String(await typed()).split('\n')[2]).toBe('37.99, 23.71')
  await expect.poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Move point 3 up')
  await page.mouse.click(...(await at(0.9, 0.9)))
  await expect.poll(status).toContain('as many points as this question takes')
  await button('Remove point 4').press('Space')
  await expect.poll(status).toBe('Point 4 is removed.')
  await expect.poll(focused).toBe('q0-3')
  await expect.poll(() => typed()).toBe('37.97, 23.72\n37.97, 23.74\n37.99, 23.71')
  await page.locator('#q0-3').evaluate((input: HTMLInputElement) => {
    input.select()
    const data = new DataTransfer()
    data.setData('text/plain', '37.99, 23.74\r\n37.99, 23.72\r\n')
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await expect.poll(typed).toBe('37.97, 23.72\n37.97, 23.74\n37.99, 23.74\n37.99, 23.72')
  await expect.poll(() => page.locator('.g-map-line').getAttribute('d')).toMatch(/^M.*Z$/)
  expect(faults).toEqual([])
})

test.each([
  // Of another folder: what has come once is kept.
  ['they fail', { ...map, tiles: `${tiles}/gone/{z}/{x}/{y}.png` }],
  ['the policy of the page refuses them', { ...map, tiles: 'https://tiles.other.test/{z}/{x}/{y}.png' }],
])('where no tiles come because %s, a sentence stands there and the place is typed', async (_, broken) => {
  answer = 'nothing'
  await draw({ map: broken })
  await expect.poll(status).toBe('The map could not be loaded. Give the place without it.')
  await expect.poll(() => view().count()).toBe(0)
  await page.locator('#q0').fill('37.98, 23.73')
  await expect.poll(() => typed()).toBe('37.98, 23.73')
  await expect.poll(() => faults.length).toBeGreaterThan(0)
})

test('a position that is not known well enough is not taken', async () => {
  const origin = { origin: 'https://page.test' }
  await page.context().grantPermissions(['geolocation'], origin)
  await page.context().setGeolocation({ latitude: 37.98, longitude: 23.73, accuracy: 200 })
  await draw({ accuracy: 50 })
  await button('Use my position').press('Enter')
  await expect.poll(status).toContain('is known to 200 meters only; this question needs 50 meters')
  await expect.poll(() => typed()).toBe(null)
  await page.context().setGeolocation({ latitude: 37.98, longitude: 23.73, accuracy: 20 })
  await button('Use my position').press('Enter')
  await expect.poll(typed).toBe('37.98, 23.73')
})

test('a place in words takes the place of coordinates and gives it back, also from right to left', async () => {
  await draw({ address: true, map }, null, 'fa')
  await expect.poll(() => page.locator('#q0').getAttribute('dir')).toBe('ltr')
  await expect.poll(() => view().getAttribute('dir')).toBe('ltr')
  await button('به‌جای آن با واژه شرح می‌دهم').press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA')
  await page.keyboard.type('پشت مدرسه')
  await expect.poll(() => typed()).toEqual({ address: 'پشت مدرسه' })
  await button('به‌جای آن مختصات می‌دهم').press('Enter')
  await expect.poll(typed).toBe(null)
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('INPUT')
  await expect.poll(() => page.locator('.g-map-view img').count()).toBeGreaterThan(3)
})
