/**
 * A picture of what a good document looks like: in its place, asked for when somebody opens it; where the page's policy lets none of the
 * server's pictures in, a link.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { author, unexpected } from './builder-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { press } from './keyboard.ts'

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const both = (en: string, fa: string) => ({ en, fa })
const definition = {
  format: 1,
  id: 'card',
  languages: ['en', 'fa'],
  title: both('Get a card', 'دریافت کارت'),
  agency: { name: both('City of Ravenford', 'شهرداری ریونفورد') },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [{ id: 'one', title: both('You', 'شما'), fields: [{ id: 'name', type: 'text', label: both('Name', 'نام'), optional: true }] }],
  documents: [
    {
      id: 'photo',
      label: both('Photo', 'عکس'),
      example: both('Looking straight ahead', 'رو به جلو'),
      examplePicture: { src: `data:image/png;base64,${pixel}`, alt: both('A face before a light wall', 'چهره‌ای جلوی دیوار روشن') },
      atDesk: true,
    },
  ],
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-example-'))
  mkdirSync(join(folder, 'card'))
  writeFileSync(join(folder, 'card', 'definition.json'), JSON.stringify(definition))
  writeFileSync(join(folder, 'card', 'policy.json'), JSON.stringify({ preset: 'open' }))
  ;[browser, site, { server, stop }] = await Promise.all([launch(), agencySite(), startTestServer(undefined, { EXAMPLES_DIR: folder })])
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await stop?.()
  rmSync(folder, { recursive: true, force: true })
})

const words = {
  en: { start: /^Start now$/, on: /^Continue$/ },
  fa: { start: /^شروع$/, on: /^ادامه$/ },
} as const

test.each(['en', 'fa'] as const)('is shown where somebody opens it, and asked for only then, in %s', async (lang) => {
  site.files.set('/', {
    headers: { 'content-security-policy': strictPolicy(server.url) },
    body: pageOf(`<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/card" data-lang="${lang}"></script>`, { lang }),
  })
  const { page, faults, close } = await openPage(browser, { viewport: { width: 320, height: 700 } })
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/pictures/') && asked.push(request.url()))
  await page.goto(site.origin)
  await page.locator('guichet-service h1').waitFor()
  await press(page, words[lang].start)
  await page.locator('guichet-service #f-name').waitFor()
  await press(page, words[lang].on)
  const picture = page.locator('guichet-service img.g-example')
  await picture.waitFor({ state: 'attached' })
  expect(asked).toEqual([])
  await page.locator('guichet-service details summary').focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  await expect.poll(() => page.getByRole('img', { name: definition.documents[0]?.examplePicture.alt[lang] as string }).isVisible()).toBe(true)
  expect(asked.length).toBe(1)
  await expect.poll(() => page.locator('guichet-service details a').isVisible()).toBe(false)
  expect(await axe(page)).toEqual([])
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  expect(faults).toEqual([])
  await close()
})

test('on a page whose policy lets no picture of the server in, it is a link', async () => {
  site.files.set('/', {
    headers: { 'content-security-policy': strictPolicy(server.url).replace(/img-src [^;]*/, 'img-src data:') },
    body: pageOf(`<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/card"></script>`),
  })
  const { page, close } = await openPage(browser)
  await page.goto(site.origin)
  await page.locator('guichet-service h1').waitFor()
  await press(page, words.en.start)
  await page.locator('guichet-service #f-name').waitFor()
  await press(page, words.en.on)
  await page.locator('guichet-service details summary').focus()
  await page.keyboard.press('Enter')
  const link = page.locator('guichet-service details a')
  await link.waitFor()
  await expect.poll(() => page.locator('guichet-service img.g-example').isVisible()).toBe(false)
  const address = (await link.getAttribute('href')) as string
  expect((await fetch(address)).headers.get('content-type')).toBe('image/png')
  expect(await axe(page)).toEqual([])
  await close()
})

test.each([
  ['en', 'Picture of a good one'],
  ['fa', 'تصویر یک نمونهٔ درست'],
])('an author puts it in, in %s: made small, with the words of the document until there are better ones, and taken out again', async (language, title) => {
  const ada = await author(browser, server, language)
  const { page } = ada
  const service = `card-${language}`
  const [document] = definition.documents
  const { examplePicture: _none, ...plain } = document as (typeof definition.documents)[number]
  await ada.put({ ...definition, id: service, documents: [plain] } as never)
  await ada.open(service)
  await page.locator('builder-outline [data-part="/documents/0"]').click()
  await page.locator('builder-settings').getByRole('heading', { name: title }).waitFor()
  // Larger than pictures in a definition may be.
  const large = await page.evaluate(() => {
    const canvas = globalThis.document.createElement('canvas')
    canvas.width = canvas.height = 1400
    const context = canvas.getContext('2d') as CanvasRenderingContext2D
    const pixels = context.createImageData(1400, 1400)
    for (let i = 0; i < pixels.data.length; i++) pixels.data[i] = i % 4 === 3 ? 255 : (i * 2654435761) >>> 24
    context.putImageData(pixels, 0, 0)
    return canvas.toDataURL('image/png').split(',')[1] as string
  })
  await page.locator('builder-settings #file').setInputFiles({ name: 'good.png', mimeType: 'image/png', buffer: Buffer.from(large, 'base64') })
  await page.locator('builder-settings img.logo').waitFor()
  expect(await axe(page)).toEqual([])
  const picture = (await ada.draft(service)).documents?.[0]?.examplePicture
  expect(picture?.src).toMatch(/^data:image\/jpeg;base64,/)
  expect(picture?.src.length).toBeLessThanOrEqual(100_000)
  expect(picture?.alt).toEqual(plain.label)
  await page.locator('builder-settings .danger.small').click()
  await page.locator('builder-settings img.logo').waitFor({ state: 'detached' })
  await expect.poll(async () => (await ada.draft(service)).documents?.[0]?.examplePicture).toBeUndefined()
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
