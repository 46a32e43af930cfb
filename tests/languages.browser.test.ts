/** A service whose texts are in two languages, not all of them in both: what is read, which way, and what is kept when the language is changed. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { focused } from './keyboard.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const half: ServiceDefinition = {
  format: 1,
  id: 'half',
  languages: ['en', 'fa'],
  title: { en: 'Get a permit', fa: 'دریافت پروانه' },
  agency: { name: { en: 'City of Ravenford' } },
  locale: { timeZone: 'Asia/Tehran', calendar: 'persian', currency: 'IRR', decimals: 0 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      intro: { en: 'As it stands on your card.' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' }, hint: { en: 'Given name first' } },
        { id: 'melli', type: 'identifier', scheme: 'ir.melli', label: { en: 'National code', fa: 'کد ملی' } },
        { id: 'mobile', type: 'phone', country: 'IR', label: { en: 'Mobile phone', fa: 'تلفن همراه' } },
        { id: 'born', type: 'date', label: { en: 'Born on', fa: 'تاریخ تولد' } },
        {
          id: 'way',
          type: 'radio',
          label: { en: 'How shall we write?' },
          options: [
            { value: 'post', label: { en: 'By post' } },
            { value: 'mail', label: { en: 'By email', fa: 'با ایمیل' } },
          ],
        },
        { id: 'note', type: 'content', heading: { en: 'Before you go on' }, body: { en: 'Have your card at hand.' } },
        { id: 'truth', type: 'consent', statement: { en: 'All of it is true.' } },
        { id: 'email', type: 'email', label: { en: 'Email address', fa: 'ایمیل' }, when: { '==': [{ var: 'way' }, 'mail'] } },
      ],
    },
  ],
}

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  ;[host, browser] = await Promise.all([serviceHost([half], '2026-01-05'), launch()])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

/** The language and the way of writing that a text is read in. */
const readAs = (text: Locator) => text.evaluate((element) => [element.closest('[lang]')?.getAttribute('lang'), getComputedStyle(element).direction])
const directionOf = (page: Page, id: string) => page.locator(`#f-${id}`).evaluate((input) => getComputedStyle(input).direction)

test('each text says which language it is in, and what is written from left to right stays so, in Persian', async () => {
  const { page, faults, close } = await openPage(browser)
  await page.goto(`${host.agency}/?service=half&lang=fa`)
  await expect.poll(() => readAs(page.getByRole('heading', { level: 1 }))).toEqual(['fa', 'rtl'])
  await expect.poll(() => readAs(page.getByText('City of Ravenford'))).toEqual(['en', 'ltr'])
  await page.getByRole('button', { name: 'شروع' }).click()
  for (const english of [
    'As it stands on your card.',
    'Given name first',
    'How shall we write?',
    'By post',
    'Before you go on',
    'Have your card at hand.',
    'All of it is true.',
  ])
    await expect.poll(() => readAs(page.getByText(english)), { message: english }).toEqual(['en', 'ltr'])
  for (const persian of ['با ایمیل', 'کد ملی']) await expect.poll(() => readAs(page.getByText(persian).first()), { message: persian }).toEqual(['fa', 'rtl'])
  await page.getByRole('radio', { name: 'با ایمیل' }).check()
  for (const id of ['melli', 'mobile', 'email']) await expect.poll(() => directionOf(page, id), { message: id }).toBe('ltr')
  expect(await axe(page)).toEqual([])

  // What is wrong is said in Persian about a question that has no Persian name.
  await page.getByRole('button', { name: 'ادامه', exact: true }).click()
  await page.locator('.g-summary').waitFor()
  await expect.poll(() => page.locator('.g-summary a').first().textContent()).toContain('نام')
  await page.locator('#f-name').fill('مریم')
  await page.locator('#f-melli').fill('۰۰۷۶۲۲۹۶۴۵')
  await page.locator('#f-mobile').fill('۰۹۱۲ ۳۴۵ ۶۷۸۹')
  for (const [part, text] of Object.entries({ day: '۲۲', month: '۲', year: '۱۳۵۹' })) await page.locator(`[name=born-${part}]`).fill(text)
  await page.locator('#f-email').fill('m@example.org')
  await page.locator('#f-truth').check()
  await page.getByRole('button', { name: 'ادامه', exact: true }).click()
  const answers = page.locator('.g-answers')
  await answers.first().waitFor()
  // Codes and numbers are read as they are written, from the left; the date in the calendar of the service.
  for (const code of ['0076229645', '+98 912 345 6789', 'm@example.org'])
    await expect
      .poll(() => page.locator('bdi', { hasText: code.slice(-5) }).evaluate((shown) => getComputedStyle(shown).direction), { message: code })
      .toBe('ltr')
  await expect.poll(() => answers.first().textContent()).toContain('۲۲ اردیبهشت ۱۳۵۹')
  expect(await axe(page)).toEqual([])
  expect(faults).toEqual([])
  await close()
})

test('another language in the middle of a page loses nothing, right or wrong, and what is sent says in which it was read', async () => {
  const { page, close } = await openPage(browser)
  await page.goto(`${host.agency}/?service=half`)
  await page.getByRole('button', { name: 'Start now' }).click()
  await page.locator('#f-name').fill('Maryam')
  // Neither of these is an answer yet.
  await page.locator('#f-melli').fill('12 34')
  await page.locator('[name=born-month]').fill('2')
  await page.getByRole('radio', { name: 'By email' }).check()
  await page.locator('#f-email').fill('m@')
  const other = page.getByRole('button', { name: 'فارسی' })
  await other.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'دربارهٔ شما' }).waitFor()
  await expect.poll(() => page.locator('#f-name').inputValue()).toBe('Maryam')
  await expect.poll(() => page.locator('#f-melli').inputValue()).toBe('12 34')
  await expect.poll(() => page.locator('[name=born-month]').inputValue()).toBe('2')
  await expect.poll(() => page.locator('#f-email').inputValue()).toBe('m@')
  await expect.poll(() => page.getByRole('radio', { name: 'با ایمیل' }).isChecked()).toBe(true)
  // Whoever changed it is where they were.
  await expect.poll(async () => (await focused(page)).text).toBe('فارسی')

  await page.locator('#f-melli').fill('0076229645')
  await page.locator('#f-mobile').fill('09123456789')
  for (const [part, text] of Object.entries({ day: '22', year: '1359' })) await page.locator(`[name=born-${part}]`).fill(text)
  await page.locator('#f-email').fill('m@example.org')
  await page.locator('#f-truth').check()
  await page.getByRole('button', { name: 'ادامه', exact: true }).click()
  await page.getByRole('button', { name: 'فرستادن' }).click()
  await page.locator('.g-code').waitFor()
  expect(host.received.at(-1)?.submission).toMatchObject({ language: 'fa', answers: { name: 'Maryam', melli: '0076229645', born: '1980-05-12', way: 'mail' } })
  await close()
})
