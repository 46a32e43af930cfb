/** What an officer asks for, answered on the page where a case is followed: by keyboard, in two languages, on a strict page, once. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide } from '../packages/server/src/cases/decide.ts'
import { readConfig } from '../packages/server/src/config.ts'
import { pdf } from '../packages/server/src/testing/world.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const card: ServiceDefinition = {
  format: 1,
  id: 'reader-card',
  languages: ['en', 'fa'],
  title: { en: 'Get a reader’s card', fa: 'دریافت کارت کتابخوان' },
  agency: { name: { en: 'Libraries', fa: 'کتابخانه‌ها' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'You', fa: 'شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Name', fa: 'نام' } },
        { id: 'town', type: 'text', label: { en: 'Town', fa: 'شهر' } },
      ],
    },
  ],
  documents: [{ id: 'paper', label: { en: 'Proof of address', fa: 'گواهی نشانی' }, accept: ['pdf'], optional: true }],
  stages: [{ id: 'in', label: { en: 'Received', fa: 'دریافت' }, decisions: ['approve', 'ask_more'] }],
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-addition-'))
  site = await agencySite()
  mkdirSync(join(folder, card.id))
  writeFileSync(join(folder, card.id, 'definition.json'), JSON.stringify(card))
  writeFileSync(join(folder, card.id, 'policy.json'), JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } }))
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer(undefined, { EXAMPLES_DIR: folder })])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
const agencyOf = async () => server.adapters.store.agency((await server.adapters.store.findAgency('demo')) as never)

/** A case that waits for its citizen. */
async function waiting(ask: { fields: string[]; documents: string[]; until?: string }) {
  const answer = await fetch(`${server.url}/v1/services/demo/${card.id}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({ version: 1, language: 'en', answers: { name: 'Ana B.', town: 'Ennistymon' }, documents: {} }),
  })
  const sent = (await answer.json()) as { submission: string; reference: string }
  await decide(server.adapters, readConfig({}), await agencyOf(), {
    submission: sent.submission,
    revision: 1,
    decision: 'ask_more',
    note: 'Your whole name, please.',
    ask,
    actor: 'user:a',
    now: server.adapters.clock.now(),
    reading: { roles: () => ['owner'], client: null, purpose: undefined, language: 'en' },
  })
  return sent
}

const words = {
  en: {
    answer: /^Answer now/,
    next: /^Continue/,
    send: /^Send$/,
    again: /^Try again/,
    arrived: 'Your answer has arrived',
    receipt: 'Save the receipt of your answer',
    until: 'January 20, 2026',
    paper: 'Proof of address',
  },
  fa: {
    answer: /^اکنون پاسخ دهید/,
    next: /^ادامه/,
    send: /^ارسال|^فرستادن|^بفرست/,
    again: /^دوباره/,
    arrived: 'پاسخ شما رسید',
    receipt: 'رسید پاسخ را ذخیره کنید',
    until: '۲۰',
    paper: 'گواهی نشانی',
  },
}

for (const lang of ['en', 'fa'] as const)
  test(`the citizen answers by keyboard, the answer to it is lost, and it is kept once, in ${lang}`, async () => {
    const { submission, reference } = await waiting({ fields: ['name'], documents: ['paper'], until: '2026-01-20' })
    const { page, faults, close } = await openPage(browser, { viewport: { width: 320, height: 900 } })
    page.setDefaultTimeout(20_000)
    const tag = `<script type="module" src="${server.url}/status.js" data-place></script>`
    site.files.set('/page', { headers: { 'content-security-policy': strictPolicy(server.url) }, body: pageOf(`<h1>Agency</h1>${tag}`, { lang }) })
    await page.goto(`${site.origin}/page`)
    await page.getByRole('textbox').fill(reference)
    await page.keyboard.press('Enter')
    const section = page.locator('guichet-status .g-ask')
    await section.waitFor()
    await expect.poll(() => section.textContent()).toContain(words[lang].until)
    await expect.poll(() => section.textContent()).toContain(words[lang].paper)
    expect(await axe(page)).toEqual([])

    await press(page, words[lang].answer)
    const inner = page.locator('guichet-status guichet-service')
    await inner.waitFor()
    await eventually(async () => (await focused(page)).tag).toBe('h1')
    // What was sent in is nowhere on the page, and nothing else is asked.
    expect(
      await page.evaluate(() => document.querySelector('guichet-status')?.shadowRoot?.querySelector('guichet-service')?.shadowRoot?.innerHTML ?? ''),
    ).not.toMatch(/Ana B|Ennistymon/)
    await expect.poll(() => inner.getByRole('textbox').count()).toBe(1)
    expect(await axe(page)).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)

    // Nothing typed: said at the field.
    await press(page, words[lang].next)
    await inner.locator('.g-error').first().waitFor()
    await tabTo(page, ({ tag: at, type }) => at === 'input' && type === 'text', 'the name')
    await page.keyboard.type('Ana Byrne')
    await press(page, words[lang].next)
    await inner.locator('input[type=file]').waitFor({ state: 'attached' })
    await inner.locator('input[type=file]').setInputFiles({ name: 'proof.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) })
    await inner.getByText('proof.pdf').first().waitFor()
    await eventually(() => inner.locator('.g-upload-bar').count()).toBe(0)
    await press(page, words[lang].next)
    await eventually(() => inner.locator('.g-answers').first().textContent()).toContain('Ana Byrne')
    expect(await axe(page)).toEqual([])

    // It arrives, and the answer to it is lost.
    await page.route(
      '**/submissions',
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 1 },
    )
    await tabTo(page, ({ tag: at, type }) => at === 'button' && type === 'submit', 'sending')
    await page.keyboard.press('Enter')
    await inner.locator('.g-failure').waitFor()
    await tabTo(page, ({ tag: at, type }) => at === 'button' && type === 'submit', 'sending once more')
    await page.keyboard.press('Enter')

    await page.getByText(words[lang].arrived).first().waitFor()
    await expect.poll(() => inner.count()).toBe(0)
    expect((await focused(page)).tag).toBe('h2')
    expect(await axe(page)).toEqual([])
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words[lang].receipt }).click()])
    expect(download.suggestedFilename()).toBe(`${submission}-3.json`)
    const agency = await agencyOf()
    expect([(await agency.amendments(submission)).length, (await agency.submission(submission))?.revision]).toEqual([1, 3])
    expect((await agency.attachmentsOf(submission)).map(({ target }) => target)).toEqual(['paper'])
    // Nothing keeps the page from being left, and nothing of the case is in an address.
    expect(
      await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .join(),
      ),
    ).not.toContain(reference)
    expect(faults.filter((fault) => !/ERR_FAILED/.test(fault))).toEqual([])
    await close()
  }, 60_000)

test.each([
  ['the line', /\/(embed\.js|assets\/[^/]*\.js)$/],
  ['the line for the runtime', /\/assets\/[^/]*\.js$/],
])(
  '%s is gone when somebody begins to answer: another press is all that it costs',
  async (_, gone) => {
    const { reference } = await waiting({ fields: ['name'], documents: [] })
    const { page, close } = await openPage(browser)
    page.setDefaultTimeout(20_000)
    const tag = `<script type="module" src="${server.url}/status.js" data-place></script>`
    site.files.set('/page', { headers: { 'content-security-policy': strictPolicy(server.url) }, body: pageOf(tag, { lang: 'en' }) })
    await page.goto(`${site.origin}/page`)
    await page.getByRole('textbox').fill(reference)
    await page.keyboard.press('Enter')
    await page.locator('guichet-status .g-ask').waitFor()
    // What this is about: a browser that did not come by a module may never ask for it again (Chromium 150 does not, 156 does). So none
    // is asked for as one before it is there.
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.resourceType()))
    const without = async (address: string | RegExp, act: () => Promise<unknown>) => {
      asked.length = 0
      await page.route(address, (route) => route.abort('internetdisconnected'))
      await act()
      await page.unroute(address)
      return asked
    }
    const pressed = await without(gone, async () => {
      await press(page, /^Answer now/)
      await page.locator('guichet-status .g-ask [role=alert]').waitFor()
    })
    expect(pressed).toContain('fetch')
    expect(pressed).not.toContain('script')
    // The control.
    const control = `${server.url}/catalog.js`
    expect(await without(control, () => page.evaluate(`import(${JSON.stringify(control)}).catch(() => {})`))).toContain('script')

    await press(page, /^Answer now/)
    await page.locator('guichet-status guichet-service').getByRole('textbox').waitFor()
    await close()
  },
  60_000,
)

test('an officer who has gone on meanwhile is told of, instead of a form', async () => {
  const { submission, reference } = await waiting({ fields: ['name'], documents: [] })
  const { page, close } = await openPage(browser)
  page.setDefaultTimeout(20_000)
  const tag = `<script type="module" src="${server.url}/status.js" data-place></script>`
  site.files.set('/page', { headers: { 'content-security-policy': strictPolicy(server.url) }, body: pageOf(tag, { lang: 'en' }) })
  await page.goto(`${site.origin}/page`)
  await page.getByRole('textbox').fill(reference)
  await page.keyboard.press('Enter')
  await page.locator('guichet-status .g-ask').waitFor()
  await decide(server.adapters, readConfig({}), await agencyOf(), {
    submission,
    revision: 2,
    decision: 'approve',
    actor: 'user:a',
    now: server.adapters.clock.now(),
    reading: { roles: () => ['owner'], client: null, purpose: undefined, language: 'en' },
  })
  await press(page, /^Answer now/)
  await eventually(() => page.locator('guichet-status dl').textContent()).toContain('Approved')
  await expect.poll(() => page.locator('guichet-status .g-ask').count()).toBe(0)
  await close()
}, 60_000)
