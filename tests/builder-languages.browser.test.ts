/** Every screen of the builder, walked through by keyboard in each language: what is read there is in that language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { directionOf } from '@guichet/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readExamples } from '../examples/case.ts'
import { type Author, author, eventually, exactly, toView, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { press, tabTo } from './keyboard.ts'
import { englishIn, messagesIn, shownOn, strangersIn } from './spoken.ts'

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

/** Names that are the same in every language: kinds of files, of currencies, of programs, of what answers are made up of. */
const names = [
  'PDF JPG PNG HEIC WebP DOCX XLSX ODT CSV TXT ICS JSON XLIFF HTML URL CSS SVG MB KB Chrome Linux Guichet Sample Sam Okafor example org https http localhost',
]

/** What the browser itself calls languages, countries, currencies and days. */
function browsersWords(language: string): string[] {
  const [tongues, regions] = (['language', 'region'] as const).map((type) => new Intl.DisplayNames([language], { type }))
  const dates = (['full', 'medium'] as const).map((dateStyle) => new Intl.DateTimeFormat(language, { dateStyle, timeStyle: 'short', timeZone: 'UTC' }))
  const codes = readExamples().flatMap(({ definition }) => definition.languages)
  const currencies = readExamples().map(({ definition }) => definition.locale.currency)
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return [
    ...[...codes, 'de', 'fr', 'tr', 'ar', 'uk', 'ro', 'sq'].map((tag) => tongues?.of(tag) ?? ''),
    ...letters.flatMap((one) => letters.map((other) => regions?.of(`${one}${other}`) ?? '')),
    ...currencies.map((currency) => new Intl.NumberFormat(language, { style: 'currency', currency }).format(1)),
    ...Array.from({ length: 366 }, (_, day) => dates.map((date) => date.format(Date.UTC(2024, 0, 1 + day))).join(' ')),
  ]
}

/** All that the examples and the templates say: both are listed. */
function services(): string[] {
  const folder = join(import.meta.dirname, '../packages/builder/src/templates')
  const templates = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as object)
  const definitions = [...readExamples().map(({ definition }) => definition), ...templates]
  return definitions.flatMap((definition) => [...JSON.stringify(definition).matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([text]) => JSON.parse(text) as string))
}

/** Looks at what is shown, until it stays in the language: what comes from the server or by a piece of code of its own comes later. */
function looker(page: Page, language: string, content: readonly string[]) {
  const english = englishIn(language)
  const strangers = strangersIn(language, [...content, ...names, ...browsersWords(language)])
  return async (where: string) => {
    await expect
      .poll(async () => {
        const shown = await shownOn(page)
        // Nothing found means something only if there was something to look at.
        if (shown.length < 8) return [where, 'empty']
        const own = shown.filter(({ lang, text }) => lang === language && !content.includes(text))
        return [
          where,
          await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
          own.flatMap(({ text }) => english(text) ?? []),
          own.flatMap(({ text }) => strangers(text)),
          // A name of a language in its own letters is in that language; all else that is marked as English was left in it.
          shown.filter(({ lang, text }) => lang === 'en' && text !== 'English' && !content.includes(text)).map(({ text }) => text),
        ]
      })
      .toEqual([where, [language, directionOf(language)], [], [], []])
  }
}

/** What is folded away in the settings is opened, by Enter on each heading. */
async function unfoldAll(page: Page) {
  const closed = page.locator('builder-settings details:not([open]) > summary')
  for (let left = await closed.count(); left > 0; left--) {
    await closed.first().focus()
    await page.keyboard.press('Enter')
    await eventually(() => closed.count()).toBe(left - 1)
  }
}

/** Goes down the outline line by line; the settings follow. */
async function walkOutline(page: Page, look: (where: string) => Promise<void>): Promise<string[]> {
  const seen: string[] = []
  const current = page.locator('builder-outline [role=treeitem][tabindex="0"]')
  await current.focus()
  await page.keyboard.press('Home')
  for (let last = ''; ; ) {
    await eventually(async () => (await current.getAttribute('data-part')) !== last).toBe(true)
    last = (await current.getAttribute('data-part')) as string
    seen.push(last)
    const name = (await current.locator('.name').textContent())?.trim() as string
    await eventually(async () => (await page.locator('builder-settings h2').first().textContent())?.trim()).toBe(name)
    await unfoldAll(page)
    await look(last)
    await current.focus()
    if (last === '@source') return seen
    await page.keyboard.press('ArrowDown')
  }
}

it.each([
  ['vi', 'vi-thuong-tru'],
  ['hu', 'hu-kurzus'],
  ['el', 'el-heating'],
  ['fa', 'fa-parvane'],
])('in %s every screen is read in that language', { timeout: 400_000 }, async (language, service) => {
  const texts = Object.fromEntries(messagesIn(language)) as Record<string, string>
  const say = (key: string) => texts[key] as string
  const ada: Author = await author(browser, server, language)
  const { page } = ada
  const look = looker(page, language, [...services(), 'Ada Author', 'Demo agency', server.url])

  await page.goto(`${server.url}/builder/#/services`)
  for (const place of ['services', 'people', 'agency', 'account']) {
    await press(page, exactly(say(`nav.${place}`)))
    await page.locator(`nav [aria-current=page][href="#/${place}"]`).waitFor()
    await look(place)
  }

  await ada.open(service)
  const walked = await walkOutline(page, look)
  expect(walked.length).toBeGreaterThan(20)
  expect(walked.slice(-9)).toEqual(['service', 'branding', 'languages', 'fee', 'handling', 'values', 'access', 'privacy', 'source'].map((name) => `@${name}`))

  const views = await page.locator('[data-view-of]').evaluateAll((buttons) => buttons.map((one) => one.getAttribute('data-view-of') as string))
  expect(views).toEqual(['edit', 'tables', 'logic', 'map', 'paths', 'translation', 'versions', 'blocks', 'base', 'share'])
  for (const view of views.filter((one) => one !== 'edit')) {
    await toView(page, say(`view.${view}`), say(`view.${view}`))
    await look(`view ${view}`)
  }
  // From the heading on: what was opened last may stand far below what is wanted.
  const fromHeading = async (name: string) => {
    await page.locator('builder-editor .head > h1').focus()
    await tabTo(page, ({ tag, text }) => tag === 'button' && text === say(name), say(name), 400)
    await page.keyboard.press('Enter')
  }
  await fromHeading('view.edit')
  await page.locator('[data-view-of="edit"][aria-current="page"]').waitFor()
  await page.locator('builder-outline').waitFor()
  for (const act of ['add.field', 'jump.open', 'publish.open', 'history.open']) {
    await fromHeading(act)
    await page.locator('dialog[open]').waitFor()
    await look(act)
    await page.keyboard.press('Escape')
    await eventually(() => page.locator('dialog[open]').count()).toBe(0)
  }
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('shows the view that was asked for last, whichever comes first', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.open('en-street-use')
  // The code of one view comes only once another one is shown.
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const asked = page.waitForRequest(/map-view/)
  await page.route(/map-view/, async (route) => {
    await held
    await route.continue()
  })
  const heading = page.locator('[data-view] h2').first()
  await page.locator('[data-view-of="map"]').click()
  await asked
  await page.locator('[data-view-of="base"]').click()
  await eventually(() => heading.textContent()).toBe('Base')
  release()
  // Here it has come, and whoever waited for it before has gone on.
  await page.evaluate(`import(${JSON.stringify((await asked).url())}).then(() => new Promise((resolve) => requestAnimationFrame(resolve)))`)
  await eventually(() => page.locator('[data-view-of][aria-current=page]').textContent()).toBe('Base')
  await eventually(() => heading.textContent()).toBe('Base')
  await ada.close()
})

it('what was left in English is seen: a sentence, a single word, and what is marked as English', async () => {
  const ada = await author(browser, server, 'hu')
  await ada.page.goto(`${server.url}/builder/#/services`)
  await ada.page.locator('builder-services li').first().waitFor()
  await ada.page.evaluate(() => {
    const add = (tag: string, properties: Partial<HTMLElement>) => document.body.append(Object.assign(document.createElement(tag), properties))
    add('p', { textContent: 'Add question' })
    add('button', { ariaLabel: 'Frobnicate' })
    add('p', { textContent: 'Water meter', lang: 'en' })
  })
  const shown = await shownOn(ada.page)
  const own = shown.filter(({ lang }) => lang === 'hu').map(({ text }) => text)
  const english = englishIn('hu')
  expect(own.flatMap((text) => english(text) ?? [])).toEqual(['add.field'])
  expect(own.flatMap(strangersIn('hu', []))).toContain('frobnicate')
  expect(shown).toContainEqual({ text: 'Water meter', lang: 'en' })
  await ada.close()
})
