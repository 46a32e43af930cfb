/** Translating a whole service by keyboard, and with files that go to translators and come back. */
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, tick, toView, unexpected } from './builder-steps.ts'
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

const halfDone = (id: string) => {
  const definition = permit(id)
  definition.pages[0].title = { en: 'About you' }
  definition.pages[0].fields[0] = { id: 'name', type: 'text', label: { en: 'Full name' } }
  return definition
}

it('fills in what is missing side by side', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(halfDone('texts'))
  await ada.open('texts')
  await toView(page, 'Translation', 'Translation')
  await expect.poll(() => page.locator('builder-translation [data-counts]').textContent()).toBe('English: 11 of 11 · Persian: 9 of 11')
  expect(await axe(page)).toEqual([])
  await tick(page, 'Only missing')
  await eventually(() => page.locator('builder-translation tbody tr').count()).toBe(2)
  await tabTo(page, (at) => at.tag === 'textarea', 'the first missing text')
  await page.keyboard.type('دربارهٔ شما')
  await tabTo(page, (at) => at.tag === 'textarea' && at.value === '', 'the next missing text')
  await page.keyboard.type('نام')
  await page.keyboard.press('Tab')
  await eventually(async () => (await ada.draft('texts')).pages[0].fields[0]?.label).toEqual({ en: 'Full name', fa: 'نام' })
  expect((await ada.draft('texts')).pages[0].title).toEqual({ en: 'About you', fa: 'دربارهٔ شما' })
  await eventually(() => page.locator('builder-translation [data-counts]').textContent()).toBe('English: 11 of 11 · Persian: 11 of 11')
  // How far each language is, where it is published
  await page.locator('builder-editor #publish').focus()
  await page.keyboard.press('Enter')
  await page.locator('builder-publish dialog[open]').getByText('Translated: English: 100% of the texts · Persian: 100% of the texts').waitFor()
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it.each([
  ['CSV', 'csv'],
  ['XLIFF 2', 'xlf'],
])('sends texts out as %s and takes them back', async (format, ending) => {
  const ada = await author(browser, server)
  const { page } = ada
  const id = `file-${ending}`
  await ada.put(halfDone(id))
  await ada.open(id)
  await toView(page, 'Translation', 'Translation')
  const downloading = page.waitForEvent('download')
  await press(page, exactly(`Save as ${format}`))
  const download = await downloading
  expect(download.suggestedFilename()).toBe(`${id}.en-fa.${ending}`)
  const text = readFileSync(await download.path(), 'utf8')
  expect(text).toContain('Gas safety certificate')
  const back =
    ending === 'csv'
      ? text.replace('"Full name",""', '"Full name","نام کامل"').replace('"About you",""', '"Another page","دربارهٔ شما"')
      : text
          .replace('<source>Full name</source>', '<source>Full name</source><target>نام کامل</target>')
          .replace('<source>About you</source>', '<source>Another page</source><target>دربارهٔ شما</target>')
  await page.locator('builder-translation #file').setInputFiles({ name: `back.${ending}`, mimeType: 'text/plain', buffer: Buffer.from(back) })
  // What it would change is seen first; nothing is taken before.
  const changes = page.locator('builder-translation .changes')
  await eventually(() => changes.textContent()).toContain('نام کامل')
  await eventually(async () => (await focused(page)).text).toBe('The file would change 1 text')
  expect((await ada.draft(id)).pages[0].fields[0]?.label).not.toHaveProperty('fa')
  expect(await axe(page)).toEqual([])
  await press(page, exactly('Take these texts'))
  await eventually(() => page.locator('builder-translation [data-told]').textContent()).toContain('1 text taken from the file.')
  // What was translated from another original is not taken unseen.
  await expect.poll(() => page.locator('builder-translation [data-told]').textContent()).toContain('1 text has another original now than in the file')
  const draft = await ada.draft(id)
  expect(draft.pages[0].fields[0]?.label).toEqual({ en: 'Full name', fa: 'نام کامل' })
  expect(draft.pages[0].title).toEqual({ en: 'About you' })
  const another = ending === 'csv' ? text.replace(`"id:${id}"`, '"id:elsewhere"') : text.replace(`<file id="${id}"`, '<file id="elsewhere"')
  await page.locator('builder-translation #file').setInputFiles({ name: `other.${ending}`, mimeType: 'text/plain', buffer: Buffer.from(another) })
  await eventually(() => page.locator('builder-translation [role=alert]').textContent()).toContain('another service: elsewhere')
  await page.locator('builder-translation #file').setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('nothing') })
  await eventually(() => page.locator('builder-translation [role=alert]').textContent()).toContain('The first line must name the columns')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('in Persian, and in one language says so', async () => {
  const ada = await author(browser, server, 'fa')
  const { page } = ada
  await ada.put(halfDone('fa-texts'))
  await ada.open('fa-texts')
  await toView(page, 'ترجمه', 'ترجمه')
  expect(await axe(page)).toEqual([])
  const { fa: _fa, ...title } = permit('one').title
  await ada.put({ ...halfDone('one'), languages: ['en'], title })
  await ada.open('one')
  await toView(page, 'ترجمه', 'ترجمه')
  await press(page, exactly('رفتن به زبان‌ها'))
  await eventually(async () => page.locator('builder-settings h2').textContent()).toContain('زبان')
  expect((await focused(page)).tag).not.toBe('body')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
