/**
 * What ends by time is told of before it ends, on an agency's page of another origin: the browser's clock is moved, the server's
 * follows. The focus stays where it was, one press gives more time, and what was typed outlives every end.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ForgingIdp, forgingIdp } from '../packages/server/src/testing/idp/forging-idp.ts'
import { providerFile } from '../packages/server/src/testing/idp/world.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

const minutes = 60_000
const closesIn = 150
/** The server of the tests has no service that closes: examples are always open. What it would say of one stands in time-limits.test.ts. */
const closing = (page: Page) =>
  page.route('**/time-limits', (route) => {
    const now = Date.now() + ahead
    const body = JSON.stringify({ now: new Date(now).toISOString(), closes: new Date(now + closesIn * minutes).toISOString(), filesHours: 48 })
    return route.fulfill({ body, contentType: 'application/json', headers: { 'access-control-allow-origin': '*' } })
  })

const definitionOf = (id: string, more: object = {}) => ({
  format: 1,
  id,
  languages: ['en', 'fa'],
  title: { en: 'Register a beehive', fa: 'ثبت کندو' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } },
        { id: 'email', type: 'email', label: { en: 'Email', fa: 'ایمیل' }, verify: true, optional: true },
        { id: 'map', type: 'file', label: { en: 'A map', fa: 'نقشه' }, accept: ['pdf'], optional: true },
      ],
    },
    { id: 'last', title: { en: 'Anything else', fa: 'چیز دیگر' }, fields: [{ id: 'remark', type: 'textarea', label: { en: 'Remark', fa: 'توضیح' } }] },
  ],
  ...more,
})

let browser: Browser
let idp: ForgingIdp
let site: AgencySite
let server: TestServer
let stop: () => Promise<void>
let folder: string
/** How far the server's clock is ahead, in milliseconds. */
let ahead = 0
const open: (() => Promise<void>)[] = []

beforeAll(async () => {
  ;[browser, idp, site] = await Promise.all([launch(), forgingIdp(), agencySite()])
  folder = mkdtempSync(join(tmpdir(), 'guichet-time-'))
  const offer = (id: string, definition: object, rules: object) => {
    mkdirSync(join(folder, id))
    writeFileSync(join(folder, id, 'definition.json'), JSON.stringify(definition))
    const policy = { rules: { origins: { allow: [site.origin] }, encryption: { mode: 'none' }, ...rules } }
    writeFileSync(join(folder, id, 'policy.json'), JSON.stringify(policy))
  }
  offer('signed', definitionOf('signed'), { 'sign-in': { demand: 'required', level: 'substantial' } })
  offer('open', definitionOf('open'), {})
  ;({ server, stop } = await startTestServer(
    undefined,
    {
      SIGN_IN_PROVIDERS: providerFile(idp.issuer).path,
      EGRESS_ALLOW: idp.place,
      EXAMPLES_DIR: folder,
      DRAFT_DAYS: '1',
      PURGE_AFTER_HOURS: '6',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'service@city.example',
    },
    { clock: { now: () => new Date(Date.now() + ahead) } },
  ))
  const headers = { 'content-security-policy': strictPolicy(server.url) }
  for (const id of ['signed', 'open'])
    for (const language of ['en', 'fa']) {
      const tag = `<script type="module" src="${server.url}/embed.js" data-service="demo/${id}" data-lang="${language}"></script>`
      site.files.set(`/${id}/${language}`, { body: pageOf(`<h1>Agency</h1>${tag}`, { lang: language }), headers })
    }
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  await idp?.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  ahead = 0
  await Promise.all(open.splice(0).map((close) => close()))
})

/** Up to the first page, with a name typed and the focus in it, and the limits asked for. */
async function begin(path: string, { start = 'Start now', name = 'Full name', before = async (_: Page): Promise<unknown> => undefined, watched = true } = {}) {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 900, height: 900 }, timezoneId: 'UTC' })
  open.push(close)
  await page.clock.install({ time: Date.now() + ahead })
  await before(page)
  await page.goto(site.origin + path)
  page.setDefaultTimeout(8000)
  const told = watched ? page.waitForResponse(/\/time-limits$/) : null
  await page.getByRole('button', { name: start }).click()
  await page.getByLabel(name).pressSequentially('Ana')
  await page.clock.runFor(500)
  await told
  return { page, faults }
}
/** Moves both clocks. */
async function pass(page: Page, time: number) {
  ahead += time
  await page.clock.fastForward(time)
  await page.clock.runFor(11_000)
}
const notice = (page: Page) => page.getByRole('group', { name: 'Time left' })
const status = (page: Page) => page.locator('guichet-service .g-status').textContent()
const focus = (page: Page) => page.evaluate(() => document.querySelector('guichet-service')?.shadowRoot?.activeElement?.id ?? '')

async function signIn(page: Page) {
  await page.getByRole('button', { name: 'Sign in with National sign-in' }).first().click()
  await page.getByText('You are signed in as Ana Papadopoulou.').waitFor()
  await page.clock.runFor(500)
}

test('a sign-in is made longer by one press, as often as it is asked for, and when it ends nothing is lost', async () => {
  const { page, faults } = await begin('/signed/en')
  await signIn(page)
  await page.getByLabel('Full name').focus()
  const at = await focus(page)
  await pass(page, 50 * minutes)
  await expect.poll(() => notice(page).count()).toBe(0)
  await pass(page, 5 * minutes)
  await notice(page)
    .getByText(/^Your sign-in ends in 5 minutes \(.+\)\. What you have typed stays on this page\.$/)
    .waitFor()
  // Said, and the person is where they were.
  await expect.poll(() => status(page)).toContain('Your sign-in ends in 5 minutes')
  await expect.poll(() => focus(page)).toBe(at)
  expect(await axe(page)).toEqual([])
  await notice(page).getByRole('button', { name: 'Stay signed in' }).click()
  await notice(page)
    .getByText(/^You stay signed in until/)
    .waitFor()
  await expect.poll(() => notice(page).getByRole('button').count()).toBe(0)
  // The first hour is over, and the session is not.
  await pass(page, 50 * minutes)
  await expect.poll(() => page.getByText('You are signed in as Ana Papadopoulou.').count()).toBe(1)
  await pass(page, 11 * minutes)
  await notice(page)
    .getByText(/^Your sign-in has ended\. Nothing you typed is lost/)
    .waitFor()
  await expect.poll(() => status(page)).toContain('Your sign-in has ended')
  await expect.poll(() => page.getByLabel('Full name').inputValue()).toBe('Ana')
  await page.getByLabel('Full name').fill('Ana Lee')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Remark').fill('None')
  // The provider's clock is not moved.
  ahead = 0
  await signIn(page)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.locator('guichet-service .g-code').first().waitFor()
  expect(faults).toEqual([])
})

test('a sign-in that the server does not make longer is said to have ended', async () => {
  const { page } = await begin('/signed/en')
  await signIn(page)
  await pass(page, 56 * minutes)
  await notice(page).getByRole('button', { name: 'Stay signed in' }).waitFor()
  // By the server's clock it is over.
  ahead += 10 * minutes
  await notice(page).getByRole('button', { name: 'Stay signed in' }).click()
  await notice(page)
    .getByText(/^Your sign-in has ended/)
    .waitFor()
  await expect.poll(() => page.getByLabel('Full name').inputValue()).toBe('Ana')
})

test('without the watch nobody is warned: these tests would fail', async () => {
  const assets = fileURLToPath(new URL('../packages/runtime/dist/assets', import.meta.url))
  const watch = readdirSync(assets).find((file) => readFileSync(join(assets, file), 'utf8').includes('time.session.soon'))
  expect(watch).toBeDefined()
  const { page } = await begin('/signed/en', { watched: false, before: (page) => page.route(`**/${watch}`, (route) => route.abort()) })
  await signIn(page)
  await pass(page, 56 * minutes)
  await expect.poll(() => notice(page).count()).toBe(0)
})

test('a service that closes says so while there is time, whatever the clock of the reader says', async () => {
  // A browser whose clock is a day behind.
  const { page, faults } = await begin('/open/en', {
    before: async (page) => {
      await closing(page)
      await page.clock.setSystemTime(Date.now() - 24 * 60 * minutes)
    },
  })
  await notice(page)
    .getByText(/^This service closes in 2 hours \(.+\)\. Send before then/)
    .waitFor()
  await expect.poll(() => notice(page).getByRole('button').count()).toBe(0)
  await pass(page, (closesIn - 60) * minutes)
  await expect.poll(() => status(page)).toMatch(/This service closes in (59|60|61) minutes/)
  await pass(page, 62 * minutes)
  await notice(page)
    .getByText(/^This service has closed and takes nothing more\. Nothing you typed is lost/)
    .waitFor()
  await expect.poll(() => page.getByLabel('Full name').inputValue()).toBe('Ana')
  expect(await axe(page)).toEqual([])
  expect(faults).toEqual([])
})

test('the notice stays in sight, and never covers what has the focus', async () => {
  const { page } = await begin('/open/en', { before: closing })
  await notice(page)
    .getByText(/closes/)
    .waitFor()
  await page.setViewportSize({ width: 900, height: 520 })
  // A page that is longer than the window.
  await page.evaluate(() => {
    document.body.style.paddingBlock = '600px'
  })
  /** What stands in the middle of what has the focus, and whether the notice is in the window. */
  const seen = () =>
    page.evaluate(() => {
      const root = document.querySelector('guichet-service')?.shadowRoot
      const at = root?.activeElement
      if (!root || !at) return null
      const { top, bottom, left, width } = at.getBoundingClientRect()
      const over = root.elementFromPoint(left + width / 2, (top + bottom) / 2)
      const box = root.querySelector('.g-time')?.getBoundingClientRect()
      const isThere = box !== undefined && box.top >= -1 && box.bottom <= innerHeight
      return { focus: at.id || at.className, covered: !!over?.closest('.g-time') && !at.closest('.g-time'), notice: isThere }
    })
  await page.getByRole('button', { name: 'Continue' }).focus()
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  // Up to the first button of the service.
  const [above] = await page.locator('guichet-service :is(button, input)').evaluateAll((all) => all.map((one) => one.id || one.className))
  for (let focused: string | undefined; focused !== above; ) {
    await page.keyboard.press('Shift+Tab')
    await expect.poll(seen).toMatchObject({ covered: false, notice: true })
    focused = (await seen())?.focus
  }
  // Without the room that is left for it, it would: this test would fail.
  await page.evaluate(() => {
    const root = document.querySelector('guichet-service')?.shadowRoot as ShadowRoot
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { scroll-margin: 0 !important }')
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    const input = root.querySelector('input') as HTMLInputElement
    input.blur()
    scrollTo(0, scrollY + input.getBoundingClientRect().top)
    input.focus()
  })
  await expect.poll(async () => (await seen())?.covered).toBe(true)
})

test('in Persian, from right to left, in a narrow window', async () => {
  const { page } = await begin('/open/fa', { start: 'شروع', name: 'نام', before: closing })
  await page.setViewportSize({ width: 320, height: 800 })
  await page
    .getByText(/^این خدمت ۲ ساعت بعد/)
    .first()
    .waitFor()
  expect(await axe(page)).toEqual([])
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
})

test('files that are neither sent nor saved are told of, and one press keeps them; so is what was saved', async () => {
  const { page, faults } = await begin('/open/en')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'map.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n') })
  await page.getByRole('button', { name: /Remove.*map\.pdf/ }).waitFor()
  await page.clock.runFor(11_000)
  await pass(page, 4.5 * 60 * minutes)
  await notice(page)
    .getByText(/^The files you added are deleted in \d+ minutes/)
    .waitFor()
  await notice(page).getByRole('button', { name: 'Save, and keep them for longer' }).click()
  await page.clock.runFor(1000)
  await page.getByText(/^Saved\. It is kept until/).waitFor()
  await expect.poll(() => notice(page).count()).toBe(0)
  await pass(page, 13 * 60 * minutes)
  await notice(page)
    .getByText(/^What you saved is deleted in \d+ hours/)
    .waitFor()
  await notice(page).getByRole('button', { name: 'Keep it for longer' }).click()
  await notice(page)
    .getByText(/^It is kept until/)
    .waitFor()
  // Left alone, it goes; what was typed does not, and can be saved under the same code.
  const code = await page.locator('guichet-service .g-output').textContent()
  await pass(page, 25 * 60 * minutes)
  await notice(page)
    .getByText(/^What you saved is not kept on the server any more/)
    .waitFor()
  await expect.poll(() => page.getByLabel('Full name').inputValue()).toBe('Ana')
  await notice(page).getByRole('button', { name: 'Keep it for longer' }).click()
  await notice(page)
    .getByText(/^It is kept until/)
    .waitFor()
  await expect.poll(() => page.locator('guichet-service .g-output').textContent()).toBe(code)
  // The browser says of a file of the draft that is gone what the server says of it; nothing else is wrong.
  expect(faults.filter((fault) => !/status of (404|412)/.test(fault))).toEqual([])
})

test('a code says when it ends, and that it has ended', async () => {
  const { page } = await begin('/open/en')
  await page.getByRole('textbox', { name: /^Email/ }).fill('ana@example.org')
  await page.getByRole('button', { name: 'Send code' }).click()
  await page.getByRole('textbox', { name: 'Code of 6 digits' }).waitFor()
  await page.getByRole('textbox', { name: 'Code of 6 digits' }).fill('123')
  await pass(page, 7 * minutes)
  await expect.poll(() => page.getByText(/The code works for/).count()).toBe(0)
  await pass(page, 1 * minutes)
  await page.getByText('The code works for 2 more minutes. You can have another sent.').first().waitFor()
  await expect.poll(() => status(page)).toContain('The code works for')
  await pass(page, 2 * minutes)
  await page
    .getByText(/^The code does not work any more\. What you typed is still here/)
    .first()
    .waitFor()
  await expect.poll(() => page.getByRole('textbox', { name: 'Code of 6 digits' }).inputValue()).toBe('123')
  await expect.poll(() => page.getByRole('button', { name: 'Send another code' }).count()).toBe(1)
})
