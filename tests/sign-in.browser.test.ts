/**
 * A citizen signs in on an agency's page of another origin, under a strict policy, without a cookie; comes back with what was
 * answered, and sends. Whatever goes wrong on the way is said in a sentence, and no answer is lost.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type ForgingIdp, forgingIdp } from '../packages/server/src/testing/idp/forging-idp.ts'
import { providerFile } from '../packages/server/src/testing/idp/world.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

const definition = {
  format: 1,
  id: 'bee-keeping',
  languages: ['en', 'fa'],
  title: { en: 'Register a beehive', fa: 'ثبت کندو' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } },
        { id: 'hives', type: 'number', label: { en: 'How many hives', fa: 'تعداد کندو' }, integer: true, min: 1 },
      ],
    },
    {
      id: 'last',
      title: { en: 'Anything else', fa: 'چیز دیگر' },
      fields: [{ id: 'remark', type: 'textarea', label: { en: 'Remark', fa: 'توضیح' }, optional: true }],
    },
  ],
}

let browser: Browser
let idp: ForgingIdp
let site: AgencySite
let server: TestServer
let stop: () => Promise<void>
let folder: string
/** Hours that the server's clock is ahead. */
let ahead = 0
const open: (() => Promise<void>)[] = []

beforeAll(async () => {
  ;[browser, idp, site] = await Promise.all([launch(), forgingIdp(), agencySite()])
  folder = mkdtempSync(join(tmpdir(), 'guichet-sign-in-'))
  const examples = join(folder, 'bee-keeping')
  mkdirSync(examples)
  writeFileSync(join(examples, 'definition.json'), JSON.stringify(definition))
  const policy = {
    rules: {
      origins: { allow: [site.origin] },
      encryption: { mode: 'none' },
      'sign-in': { demand: 'required', level: 'substantial', fills: { name: 'name' } },
    },
  }
  writeFileSync(join(examples, 'policy.json'), JSON.stringify(policy))
  ;({ server, stop } = await startTestServer(
    undefined,
    { SIGN_IN_PROVIDERS: providerFile(idp.issuer).path, EGRESS_ALLOW: idp.place, EXAMPLES_DIR: folder },
    { clock: { now: () => new Date(Date.now() + ahead * 3600_000) } },
  ))
  const tag = (language: string, more = '') =>
    `<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/bee-keeping" data-lang="${language}" ${more}></script>`
  const headers = { 'content-security-policy': `${strictPolicy(server.url)}; frame-src ${server.url}` }
  for (const language of ['en', 'fa']) site.files.set(`/${language}`, { body: pageOf(tag(language), { lang: language }), headers })
  site.files.set('/framed', { body: pageOf(tag('en', 'data-isolation="iframe"')), headers })
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
  idp.forgery = {}
  await Promise.all(open.splice(0).map((close) => close()))
})

async function visit(path = '/en?topic=bees#more') {
  const opened = await openPage(browser, { viewport: { width: 900, height: 900 } })
  open.push(opened.close)
  await opened.page.goto(`${site.origin}${path}`)
  return opened
}
const said = {
  en: ['Start now', 'How many hives', 'Sign in with National sign-in', 'Full name'],
  fa: ['شروع', 'تعداد کندو', 'ورود با ورود ملی', 'نام'],
} as const

/** Up to the first page, with one answer given. */
async function begin(page: Page, language: 'en' | 'fa' = 'en') {
  const [start, hives] = said[language]
  await page.getByRole('button', { name: start }).click()
  await page.getByLabel(hives).fill('3')
}
const signIn = (page: Page, language: 'en' | 'fa' = 'en') => page.getByRole('button', { name: said[language][2] }).first().click()
const hives = (page: Page, language: 'en' | 'fa' = 'en') => page.getByLabel(said[language][1])
const submissions = async () => {
  const { adapters } = server
  return adapters.store.agency((await adapters.store.findAgency('demo'))!).submissions()
}

/** How many citizens the server holds for signed in. */
const signedIn = async () => {
  const { store } = server.adapters
  const counted = await store.agency((await store.findAgency('demo'))!).countCitizenSessions('')
  return [...counted.values()].reduce((sum, each) => sum + each, 0)
}

test('signs in, comes back with the answers, and sends: what the provider states cannot be changed', async () => {
  const before = (await submissions()).length
  const { page, faults } = await visit()
  await begin(page)
  expect(await axe(page)).toEqual([])
  await signIn(page)
  await page.getByText('You are signed in as Ana Papadopoulou.').waitFor()
  // Whoever signs out is so at the server as well, and may sign in again.
  expect(await signedIn()).toBe(1)
  await page.getByRole('button', { name: 'Sign out here' }).click()
  await expect.poll(signedIn).toBe(0)
  await signIn(page)
  await page.getByText('You are signed in as Ana Papadopoulou.').waitFor()
  await expect.poll(() => hives(page).inputValue()).toBe('3')
  // The page is as it was, and nothing of the way is left in its address.
  expect(page.url()).toBe(`${site.origin}/en?topic=bees#more`)
  const name = page.getByLabel('Full name')
  expect([await name.inputValue(), await name.evaluate((input: HTMLInputElement) => input.readOnly)]).toEqual(['Ana Papadopoulou', true])
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Remark').fill('By the river')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.locator('guichet-service .g-code').first().waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Sign in' }).count()).toBe(0)
  const all = await submissions()
  expect(all).toHaveLength(before + 1)
  expect(JSON.parse(Buffer.from(all.at(-1)!.answers).toString())).toEqual({ name: 'Ana Papadopoulou', hives: 3, remark: 'By the river' })
  // Nothing of the person stays, at the server or in the browser.
  await expect.poll(signedIn).toBe(0)
  expect(await page.evaluate(async () => [sessionStorage.length, localStorage.length, (await indexedDB.databases()).length <= 1])).toEqual([0, 0, true])
  expect(faults).toEqual([])
})

test('in Persian, from right to left', async () => {
  const { page, faults } = await visit('/fa')
  await begin(page, 'fa')
  expect(await axe(page)).toEqual([])
  await signIn(page, 'fa')
  await page.getByText('با نام Ana Papadopoulou وارد شده‌اید.').waitFor()
  await expect.poll(() => hives(page, 'fa').inputValue()).toMatch(/^[3۳]$/)
  expect(await axe(page)).toEqual([])
  expect(faults).toEqual([])
})

test.each([
  [
    'refused by the person',
    'You did not sign in',
    () => ({
      callback: (query: URLSearchParams) => {
        query.delete('code')
        query.set('error', 'access_denied')
      },
    }),
  ],
  ['of a level too low', 'not sure enough for this service', () => ({ change: ({ payload }: { payload: Record<string, unknown> }) => (payload.acr = 'low') })],
  ['that proves nothing', 'The sign-in did not work', () => ({ change: ({ payload }: { payload: Record<string, unknown> }) => (payload.nonce = 'another') })],
  ['at a provider that breaks in the middle', 'does not work at the moment', () => ({ tokenEndpoint: { status: 503 } })],
])('a sign-in %s is said, and the answers are there', async (_, sentence, forge) => {
  idp.forgery = forge()
  const { page } = await visit()
  await begin(page)
  await signIn(page)
  const alert = page.getByRole('alert').filter({ hasText: sentence })
  await alert.waitFor()
  await expect.poll(() => alert.textContent()).toContain('answers are kept')
  await expect.poll(() => hives(page).inputValue()).toBe('3')
  expect(page.url()).toBe(`${site.origin}/en?topic=bees#more`)
  expect(await axe(page)).toEqual([])
  // The next try works.
  idp.forgery = {}
  await signIn(page)
  await page.getByText('You are signed in as').waitFor()
  await expect.poll(() => hives(page).inputValue()).toBe('3')
})

test('a provider that is down is said before the page is left', async () => {
  // What it says of itself is believed for a minute.
  ahead = 1
  idp.forgery = { discovery: () => ({}) }
  const { page } = await visit()
  await begin(page)
  await signIn(page)
  await page.getByRole('alert').filter({ hasText: 'Signing in does not work at the moment' }).waitFor()
  expect([await hives(page).inputValue(), page.url()]).toEqual(['3', `${site.origin}/en?topic=bees#more`])
})

test('a session that ends in the middle: signing in again goes on where it was, and what was answered is sent', async () => {
  const before = (await submissions()).length
  const { page } = await visit()
  await begin(page)
  await signIn(page)
  await page.getByText('You are signed in as').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Remark').fill('Late')
  await page.getByRole('button', { name: 'Continue' }).click()
  ahead = 2
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'Your sign-in has ended' }).waitFor()
  expect(await submissions()).toHaveLength(before)
  expect(await axe(page)).toEqual([])
  ahead = 0
  await page.locator('.g-form').getByRole('button', { name: 'Sign in with National sign-in' }).click()
  await page.getByText('You are signed in as').waitFor()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.locator('guichet-service .g-code').first().waitFor()
  expect(JSON.parse(Buffer.from((await submissions()).at(-1)!.answers).toString())).toMatchObject({ hives: 3, remark: 'Late' })
})

test('in a frame of its own the page around goes to the provider and back, and sees neither code nor answers', async () => {
  const { page } = await visit('/framed')
  const frame = page.frameLocator('guichet-service iframe')
  await frame.getByRole('button', { name: 'Start now' }).click()
  await frame.getByLabel('How many hives').fill('5')
  await frame.getByRole('button', { name: 'Sign in with National sign-in' }).click()
  await frame.getByText('You are signed in as Ana Papadopoulou.').waitFor()
  await expect.poll(() => frame.getByLabel('How many hives').inputValue()).toBe('5')
  expect(page.url()).toBe(`${site.origin}/framed`)
  await frame.getByRole('button', { name: 'Continue' }).click()
  await frame.getByRole('button', { name: 'Continue' }).click()
  await frame.getByRole('button', { name: 'Send', exact: true }).click()
  await frame.locator('guichet-service .g-code').first().waitFor()
  expect(JSON.parse(Buffer.from((await submissions()).at(-1)!.answers).toString())).toMatchObject({ hives: 5 })
})

test('a code that somebody else brings to the page signs nobody in', async () => {
  const { page } = await visit('/en?guichet-sign-in=AAAA')
  await page.getByRole('button', { name: 'Start now' }).waitFor()
  await page.getByText('You need to sign in before you send').waitFor()
  await expect.poll(() => page.url()).toBe(`${site.origin}/en`)
})
