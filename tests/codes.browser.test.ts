/** Addresses and numbers that are verified by a code, on an agency's page under a strict policy: by keyboard, in two languages, across devices. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailReceiver, openMailReceiver, textOf } from '../packages/server/src/testing/mail-receiver.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused } from './keyboard.ts'

const definition = {
  format: 1,
  id: 'newsletter',
  languages: ['en', 'fa'],
  title: { en: 'News of the library', fa: 'خبرنامهٔ کتابخانه' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهر ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' }, purpose: { en: 'To greet you', fa: 'برای خطاب' } },
        { id: 'email', type: 'email', verify: true, label: { en: 'Email address', fa: 'نشانی ایمیل' }, purpose: { en: 'To write to you', fa: 'برای نامه' } },
      ],
    },
  ],
}

let browser: Browser
let site: AgencySite
let mail: MailReceiver
let server: TestServer
let stop: () => Promise<void>
let folder: string
beforeAll(async () => {
  ;[browser, site, mail] = await Promise.all([launch(), agencySite(), openMailReceiver()])
  folder = mkdtempSync(join(tmpdir(), 'guichet-codes-'))
  mkdirSync(join(folder, 'newsletter'))
  writeFileSync(join(folder, 'newsletter', 'definition.json'), JSON.stringify(definition))
  writeFileSync(join(folder, 'newsletter', 'policy.json'), JSON.stringify({ rules: { origins: { allow: [site.origin] } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder, SMTP_URL: mail.url, MAIL_FROM: 'no-reply@city.example' }))
  for (const lang of ['en', 'fa'])
    site.files.set(`/${lang}`, {
      body: pageOf(`<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/newsletter" data-lang="${lang}"></script>`),
      headers: { 'content-security-policy': strictPolicy(server.url) },
    })
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  await mail?.close()
  rmSync(folder, { recursive: true, force: true })
})

const mailTo = (address: string) => mail.mails.filter(({ to }) => to[0] === address)
async function codeFor(address: string, number = 1) {
  await expect.poll(() => mailTo(address).length).toBe(number)
  return /\b(\d{6})\b/.exec(textOf(mailTo(address)[number - 1] as never))?.[1] as string
}
const status = (page: Page) => page.locator('.g-status').textContent()
const start = async (page: Page, lang = 'en') => {
  await page.goto(`${site.origin}/${lang}`)
  await page.locator('.g-button').first().click()
}

test('an address is confirmed by keyboard alone; changed, it is not confirmed any more', async () => {
  const { page, faults, close } = await openPage(browser)
  await start(page)
  await page.getByLabel('Full name').fill('Mary Byrne')
  await page.getByRole('button', { name: 'Send code' }).press('Enter')
  // Nothing to send it to yet.
  await expect.poll(() => status(page)).toBe('Enter a whole email address first')
  expect((await focused(page)).id).toBe('f-email')
  await page.keyboard.type('mary@example.org')
  await page.keyboard.press('Tab')
  expect((await focused(page)).text).toBe('Send code')
  await page.keyboard.press('Space')
  await expect.poll(async () => (await focused(page)).id).toBe('f-email-code')
  await expect.poll(() => status(page)).toContain('mary@example.org')
  const box = page.locator('#f-email-code')
  await expect.poll(() => box.getAttribute('autocomplete')).toBe('one-time-code')
  await expect.poll(() => box.getAttribute('inputmode')).toBe('numeric')
  await expect.poll(() => page.locator('#f-email-sent').textContent()).toContain('mary@example.org')
  await expect.poll(() => page.getByText('You can have another sent in').count()).toBe(1)
  expect(await axe(page)).toEqual([])
  const code = await codeFor('mary@example.org')
  // A wrong one: said, and marked; the focus is where it is put right.
  await page.keyboard.type(code === '000000' ? '000001' : '000000')
  await page.keyboard.press('Enter')
  await page.getByText('That is not the code. You have 4 more tries.').first().waitFor()
  await expect.poll(async () => (await focused(page)).id).toBe('f-email-code')
  await expect.poll(() => box.getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => box.getAttribute('aria-describedby')).toContain('f-email-code-error')
  expect(await axe(page)).toEqual([])
  // Pasted with a blank, as some write it.
  await box.fill(` ${code.slice(0, 3)} ${code.slice(3)} `)
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await focused(page)).id).toBe('f-email-proved')
  expect((await focused(page)).text).toContain('This address is confirmed')
  expect(await axe(page)).toEqual([])

  await page.getByLabel('Email address').fill('mary2@example.org')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('link', { name: 'Enter the code that we sent to this address' }).waitFor()
  await page.getByLabel('Email address').fill('mary@example.org')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('heading', { name: 'Sent and received' }).waitFor()
  // The only faults are the refusals that were meant.
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([])
  await close()
})

test('what is confirmed stays so in another language and on another device', async () => {
  const { page, close } = await openPage(browser)
  await start(page)
  await page.getByLabel('Full name').fill('Sam Okafor')
  await page.getByLabel('Email address').fill('sam@example.org')
  await page.getByRole('button', { name: 'Send code' }).click()
  await page.locator('#f-email-code').fill(await codeFor('sam@example.org'))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.locator('#f-email-proved').waitFor()
  await page.getByRole('button', { name: 'فارسی' }).click()
  await page.getByText('این نشانی تأیید شد').waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: 'Save and come back later', exact: true }).click()
  await page.getByText(/^Saved\. It is kept until/).waitFor()
  const code = ((await page.locator('guichet-service .g-output').textContent()) ?? '').trim()
  await close()

  const other = await openPage(browser)
  await other.page.goto(`${site.origin}/en`)
  await other.page.getByRole('button', { name: 'Continue a saved application', exact: true }).click()
  await other.page.getByRole('textbox', { name: 'Code of the saved application' }).fill(code)
  await other.page.getByRole('button', { name: 'Open', exact: true }).click()
  await other.page.locator('#f-email-proved').waitFor()
  await other.page.getByRole('button', { name: 'Continue' }).click()
  await other.page.getByRole('button', { name: 'Send', exact: true }).click()
  await other.page.getByRole('heading', { name: 'Sent and received' }).waitFor()
  await other.close()
})

test('the page is right to left, small and accessible in Persian, and takes Persian digits', async () => {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 320, height: 640 } })
  await start(page, 'fa')
  await page.locator('#f-email').fill('ali@example.org')
  await page.getByRole('button', { name: 'فرستادن کد' }).click()
  await page.locator('#f-email-code').waitFor()
  await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
  expect(await axe(page)).toEqual([])
  const code = await codeFor('ali@example.org')
  await page.locator('#f-email-code').fill(code.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[Number(digit)] as string))
  await page.getByRole('button', { name: 'تأیید' }).click()
  await page.getByText('این نشانی تأیید شد').first().waitFor()
  expect(faults).toEqual([])
  await close()
})
