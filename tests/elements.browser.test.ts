/** The elements beside the service: the guide alone, following a case, the catalogue; on an agency's strict page. */
import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import unreachable from '../packages/runtime/src/unreachable.json' with { type: 'json' }
import { decide } from '../packages/server/src/cases/decide.ts'
import { readConfig } from '../packages/server/src/config.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused } from './keyboard.ts'

const card: ServiceDefinition = {
  format: 1,
  id: 'reader-card',
  languages: ['en', 'fa'],
  title: { en: 'Get a reader’s card', fa: 'دریافت کارت کتابخوان' },
  summary: { en: 'Borrow from every library.', fa: 'امانت از همهٔ کتاب‌خانه‌ها.' },
  agency: { name: { en: 'Libraries', fa: 'کتابخانه‌ها' }, units: { desk: { en: 'Card desk', fa: 'میز کارت' } } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [{ id: 'you', title: { en: 'You', fa: 'شما' }, fields: [{ id: 'name', type: 'text', label: { en: 'Name', fa: 'نام' } }] }],
  fee: { lines: [{ id: 'card', label: { en: 'Card', fa: 'کارت' }, amount: { money: 350 } }] },
  stages: [
    { id: 'in', label: { en: 'Received', fa: 'دریافت' }, unit: 'desk' },
    { id: 'made', label: { en: 'Card is made', fa: 'ساخت کارت' } },
  ],
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string
let reference: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-elements-'))
  site = await agencySite()
  const policy = JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } })
  for (const name of ['el-heating', 'en-street-use', 'fa-parvane', 'hu-kurzus', 'vi-thuong-tru', 'reader-card']) {
    mkdirSync(join(folder, name))
    const file = join(folder, name, 'definition.json')
    if (name === card.id) writeFileSync(file, JSON.stringify(card))
    else copyFileSync(fileURLToPath(new URL(`../examples/${name}/definition.json`, import.meta.url)), file)
    writeFileSync(join(folder, name, 'policy.json'), policy)
  }
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder }))
  const answer = await fetch(`${server.url}/v1/services/demo/${card.id}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ version: 1, language: 'en', answers: { name: 'Ana' }, documents: {} }),
  })
  ;({ reference } = await answer.json())
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens a page of the agency that has these tags, under the strictest policy. */
async function open(tags: string, { lang = 'en', width = 1000 } = {}) {
  const opened = await openPage(browser, { viewport: { width, height: 900 } })
  opened.page.setDefaultTimeout(10_000)
  site.files.set('/page', { headers: { 'content-security-policy': strictPolicy(server.url) }, body: pageOf(`<h1>Agency</h1>${tags}`, { lang }) })
  await opened.page.addInitScript(() => {
    const told: unknown[] = ((window as never as { told: unknown[] }).told = [])
    for (const name of ['guichet-ready', 'guichet-case', 'guichet-failed'])
      document.addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]))
  })
  await opened.page.goto(`${site.origin}/page`)
  return opened
}
const told = (page: Page) => page.evaluate(() => (window as never as { told: [string, unknown][] }).told)
const script = (file: string, attributes: string) => `<script type="module" src="${server.url}/${file}.js" ${attributes}></script>`

describe('following a case', () => {
  for (const [lang, words] of Object.entries({
    en: { code: 'Tracking code', show: 'Show the case', state: 'Received', now: 'now', unit: 'Card desk', fee: '€3.50', another: 'Follow another case' },
    fa: { code: 'کد رهگیری', show: 'نمایش پرونده', state: 'دریافت شد', now: 'اکنون', unit: 'میز کارت', fee: '۳٫۵۰', another: 'پیگیری پرونده‌ای دیگر' },
  }))
    test(`says in words where it stands, by keyboard, in ${lang}`, async () => {
      const { page, faults, close } = await open(script('status', 'data-place'), { lang })
      const code = page.getByRole('textbox', { name: words.code })
      await code.waitFor()
      await expect.poll(() => page.locator('guichet-status section').getAttribute('dir')).toBe(lang === 'fa' ? 'rtl' : 'ltr')
      await expect.poll(() => code.getAttribute('dir')).toBe('ltr')
      expect(await axe(page)).toEqual([])

      // Nothing, then a code that is nobody's: said at the input, which has the focus.
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.locator('guichet-status .g-error').waitFor()
      expect((await focused(page)).id).toBe('code')
      await page.keyboard.type('0000 0000')
      await page.keyboard.press('Enter')
      await expect.poll(() => page.locator('guichet-status .g-error').textContent()).toMatch(/no case|وجود ندارد/)
      expect((await focused(page)).id).toBe('code')
      await expect.poll(() => code.getAttribute('aria-describedby')).toBe('hint problem')
      expect(await axe(page)).toEqual([])

      await page.keyboard.press('Control+A')
      await page.keyboard.type(reference.toLowerCase().replace(/(.{4})/g, '$1 '))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 2, name: card.title[lang] as string }).waitFor()
      expect((await focused(page)).tag).toBe('h2')
      const current = page.locator('guichet-status [aria-current=step]')
      await expect.poll(() => current.textContent()).toContain(words.now)
      const facts = await page.locator('guichet-status dl').textContent()
      for (const word of [words.state, words.unit, words.fee]) expect(facts).toContain(word)
      expect(await axe(page)).toEqual([])
      await expect.poll(() => told(page)).toContainEqual(['guichet-case', { status: 'received', stage: 'in' }])
      // The code is in no address.
      expect(
        await page.evaluate(() =>
          performance
            .getEntriesByType('resource')
            .map((entry) => entry.name)
            .join(),
        ),
      ).not.toContain(reference)

      await page.getByRole('button', { name: words.another }).click()
      expect((await focused(page)).value).toBe('')
      // The browser itself logs the answer 404.
      expect(faults.filter((fault) => !fault.includes('404'))).toEqual([])
      await close()
    })

  test('shows what was decided and why, in the officer’s words', async () => {
    const { page, close } = await open(script('status', 'data-place'))
    const answer = await fetch(`${server.url}/v1/services/demo/${card.id}/submissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ version: 1, language: 'en', answers: { name: 'Eve' }, documents: {} }),
    })
    const sent = await answer.json()
    const agency = server.adapters.store.agency((await server.adapters.store.findAgency('demo')) as never)
    const by = {
      revision: 1,
      actor: 'user:a',
      now: server.adapters.clock.now(),
      reading: { roles: () => ['owner'], client: null, purpose: undefined, language: 'el' },
    }
    await decide(server.adapters, readConfig({}), agency, { submission: sent.submission, decision: 'accept', note: 'Τα γυαλιά <b>βρέθηκαν</b>', ...by })
    await page.getByRole('textbox').fill(sent.reference)
    await page.keyboard.press('Enter')
    const facts = page.locator('guichet-status dl')
    await facts.waitFor()
    for (const word of ['Approved', 'Last decision', 'Reason', 'Τα γυαλιά <b>βρέθηκαν</b>']) await expect.poll(() => facts.textContent()).toContain(word)
    await expect.poll(() => page.locator('guichet-status .g-said').getAttribute('dir')).toBe('auto')
    await expect.poll(() => page.locator('guichet-status ol').textContent()).toMatch(/Received · done.*Card is made · done/)
    expect(await axe(page)).toEqual([])
    await close()
  })

  test('another language of the element keeps what is shown, and reads it in that language', async () => {
    const { page, close } = await open(script('status', 'data-place data-lang="en"'))
    await page.getByRole('textbox', { name: 'Tracking code' }).fill(reference)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: card.title.en as string }).waitFor()
    await page.evaluate(() => document.querySelector('guichet-status')?.setAttribute('lang', 'fa'))
    await page.getByRole('heading', { name: card.title.fa as string }).waitFor()
    await close()
  })

  test('says so when the server is away, keeps the code, and tries again', async () => {
    const { page, close } = await open(script('status', 'data-place'))
    await page.getByRole('textbox').fill(reference)
    await page.route('**/v1/status*', (route) => route.abort())
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await expect.poll(() => page.getByRole('textbox').inputValue()).toBe(reference)
    await expect.poll(() => told(page)).toContainEqual(['guichet-failed', { reason: 'unreachable' }])
    await page.unroute('**/v1/status*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: card.title.en as string }).waitFor()
    await close()
  })
})

describe('the catalogue', () => {
  test('lists what the page may embed, finds it however it is typed, and links to it', async () => {
    const { page, faults, close } = await open(script('catalog', 'data-place data-href="/apply/{service}?lang={language}"'))
    const items = page.locator('guichet-catalog li:visible')
    await items.first().waitFor()
    // One that belongs to two events stands under each.
    const found = async () => [...new Set(await items.getByRole('link').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname)))]
    expect([await items.count(), (await found()).length]).toEqual([7, 6])
    expect(await axe(page)).toEqual([])
    const search = page.getByRole('searchbox')
    for (const [lang, typed, service] of [
      ['en', 'STREET', 'en-street-use'],
      ['el', 'επιδομα θερμανσησ', 'el-heating'],
      ['el', 'ΘΈΡΜΑΝΣΗΣ', 'el-heating'],
      ['vi', 'dang ky thuong tru', 'vi-thuong-tru'],
      ['fa', 'پروانه كسب', 'fa-parvane'],
      ['hu', 'targy es TANFOLYAM', 'hu-kurzus'],
    ] as const) {
      await page.evaluate((lang) => document.querySelector('guichet-catalog')?.setAttribute('lang', lang), lang)
      await expect.poll(() => page.locator('guichet-catalog section').getAttribute('lang')).toBe(lang)
      await search.fill(typed)
      await expect.poll(found, { message: typed }).toEqual([`/apply/${service}`])
      await expect.poll(() => items.getByRole('link').first().getAttribute('href')).toMatch(new RegExp(`^${site.origin}/apply/${service}\\?lang=`))
    }
    await page.evaluate(() => document.querySelector('guichet-catalog')?.setAttribute('lang', 'en'))
    await page.getByRole('searchbox', { name: 'Search for a service' }).fill('street')
    await expect.poll(() => page.getByRole('status').textContent()).toBe('1 service')
    await search.fill('zzzz')
    await page.getByText('No service matches.').waitFor()
    await expect.poll(() => items.count()).toBe(0)
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Show all services' }).click()
    await expect.poll(() => items.count()).toBe(7)
    expect((await focused(page)).id).toBe('search')
    expect(faults).toEqual([])
    await close()
  })

  test('groups by life event, and shows one alone', async () => {
    const { page, faults, close } = await open(script('catalog', 'data-place'))
    const groups = page.locator('guichet-catalog [role=group]:visible')
    await groups.first().waitFor()
    const names = () => groups.getByRole('heading', { level: 3 }).allTextContents()
    await expect
      .poll(() => names())
      .toEqual(['Starting education', 'Looking for a place to live', 'Starting a business', 'Needing a licence or certificate', 'Other services'])
    // A service under two events is counted once.
    await expect.poll(() => page.getByRole('status').textContent()).toBe('6 services')
    expect(await axe(page)).toEqual([])
    await page.getByLabel('What is happening?').selectOption('education')
    await expect.poll(names).toEqual(['Starting education'])
    await expect.poll(() => page.locator('guichet-catalog li:visible').count()).toBe(1)
    await page.getByRole('searchbox').fill('zzzz')
    await page.getByRole('button', { name: 'Show all services' }).click()
    await expect.poll(names).toHaveLength(5)
    // An event's name is searched, too.
    await page.getByRole('searchbox').fill('certificate')
    await expect.poll(names).toEqual(['Needing a licence or certificate'])
    await page.evaluate(() => document.querySelector('guichet-catalog')?.setAttribute('event', 'education'))
    await page.getByRole('searchbox').fill('')
    await expect.poll(() => page.locator('guichet-catalog li:visible').count()).toBe(1)
    await expect.poll(() => page.getByLabel('What is happening?').count()).toBe(0)
    expect(faults).toEqual([])
    await close()
  })

  test('marks each language, reads right to left, and never links to a script', async () => {
    const { page, close } = await open(script('catalog', 'data-place data-href="javascript:alert({service})"'), { lang: 'fa', width: 320 })
    await page.locator('guichet-catalog h4').first().waitFor()
    await expect.poll(() => page.locator('guichet-catalog section').getAttribute('dir')).toBe('rtl')
    await expect.poll(() => page.locator('guichet-catalog h4[lang=en]').first().getAttribute('dir')).toBe('ltr')
    await expect.poll(() => page.locator('guichet-catalog a').count()).toBe(0)
    expect(await axe(page)).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await close()
  })

  test('is empty in words, and says when the server is away', async () => {
    const { page, close } = await open(script('catalog', 'data-place data-agency="nobody"'))
    await page.getByText('No service is published yet.').waitFor()
    await page.route('**/v1/services*', (route) => route.abort())
    await page.evaluate(() => document.querySelector('guichet-catalog')?.setAttribute('lang', 'hu'))
    await page.getByRole('alert').getByText('nem érhető el').waitFor()
    await page.unroute('**/v1/services*')
    await page.getByRole('button', { name: 'Újrapróbálás' }).click()
    await page.getByText('Még nincs közzétett szolgáltatás.').waitFor()
    await close()
  })
})

describe('the guide alone', () => {
  test('asks its questions, and shows what follows as they are answered', async () => {
    const { page, faults, close } = await open(script('guide', 'data-service="demo/el-heating" data-lang="el"'), { lang: 'el' })
    const questions = page.getByRole('group', { name: 'Δείτε τι χρειάζεστε' })
    await questions.waitFor()
    expect(await axe(page)).toEqual([])
    const required = page.locator('guichet-guide h2:text-is("Τι χρειάζεστε") + ul li')
    const before = await required.count()
    await questions
      .getByRole('radio', { name: /Ενοίκιο|ενοικ|Μισθ|μισθ/i })
      .first()
      .check()
    await expect.poll(() => required.count()).toBe(before + 1)
    // What a good one looks like is there for whoever opens it.
    await page.locator('guichet-guide summary', { hasText: 'Παράδειγμα' }).press('Enter')
    await page.getByText('με τις τέσσερις γωνίες μέσα στη φωτογραφία').waitFor()
    // What has changed is said as well.
    await expect.poll(() => page.locator('guichet-guide .g-status').textContent()).toMatch(/δικαιολογητικ/)
    await expect.poll(() => page.getByRole('link', { name: 'Έναρξη' }).getAttribute('href')).toBe(`${server.url}/s/demo/el-heating?lang=el`)
    await expect.poll(() => page.getByText('αποδεικνύει ποιος είστε').count()).toBe(1)
    expect(await axe(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('is the guide for everyone where nothing is asked', async () => {
    const { page, faults, close } = await open(script('guide', `data-service="demo/${card.id}" data-href="/apply?lang={language}"`), { lang: 'fa' })
    await page.getByRole('heading', { name: card.title.fa as string }).waitFor()
    await expect.poll(() => page.locator('guichet-guide input').count()).toBe(0)
    await expect.poll(() => page.locator('guichet-guide .g').textContent()).toContain('۳٫۵۰')
    await expect.poll(() => page.getByRole('link', { name: 'شروع' }).getAttribute('href')).toBe(`${site.origin}/apply?lang=fa`)
    expect(await axe(page)).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('stands beside the service on one page, with one runtime and one policy of its name', async () => {
    const { page, faults, close } = await open(script('guide', 'data-service="demo/en-street-use"') + script('embed', 'data-service="demo/en-street-use"'))
    await page.locator('guichet-guide h2').first().waitFor()
    await page.locator('guichet-service h1').waitFor()
    // The start of the service asks the same questions, and keeps the answers for its pages.
    await page.locator('guichet-service').getByRole('group', { name: 'Find out what you need' }).waitFor()
    const runtimes = await page.evaluate(() => performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('/embed.js')).length)
    expect(runtimes).toBe(1)
    expect(faults).toEqual([])
    await close()
  })

  test('says so when its service cannot be had', async () => {
    const { page, close } = await open(script('guide', 'data-service="demo/nothing"'))
    await page.getByRole('alert').waitFor()
    expect((await told(page)).map(([name]) => name)).toContain('guichet-failed')
    await close()
  })

  test('says so when the runtime does not come', async () => {
    const { page, close } = await openPage(browser)
    await page.route('**/assets/*.js', (route) => route.abort())
    site.files.set('/page', {
      headers: { 'content-security-policy': strictPolicy(server.url) },
      body: pageOf(script('guide', 'data-service="demo/en-street-use"'), { lang: 'fa' }),
    })
    await page.goto(`${site.origin}/page`)
    const guide = page.locator('guichet-guide')
    await expect.poll(() => guide.textContent()).toBe(unreachable.fa.sentence)
    await expect.poll(() => guide.getAttribute('dir')).toBe('rtl')
    await close()
  })
})
