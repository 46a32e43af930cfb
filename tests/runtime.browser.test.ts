/**
 * The built runtime on a foreign page under a strict content security policy with Trusted Types: the whole way by
 * keyboard, what happens when things go wrong, and axe on every kind of screen, left to right and right to left.
 */
import type { ServerResponse } from 'node:http'
import type { ServiceDefinition } from '@guichet/schemas'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'
import { axe } from './axe.ts'
import { fillPage, focused, press, tabTo } from './keyboard.ts'
import { arrival, car, giveDocuments, parkingPermit, you } from './parking-permit.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const next = /^(Continue|ادامه)$/

/** Rows inside rows, a condition above what it depends on, a rule of the page, a page of one question. */
const household: ServiceDefinition = {
  format: 1,
  id: 'household',
  languages: ['en'],
  title: { en: 'Register a household' },
  agency: { name: { en: 'City of Ravenford' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'size',
      title: { en: 'How many rooms do you have?' },
      fields: [{ id: 'rooms', type: 'number', label: { en: 'How many rooms do you have?' }, integer: true, min: 1 }],
    },
    {
      id: 'people',
      title: { en: 'Who lives here?' },
      fields: [
        { id: 'note', type: 'text', label: { en: 'Why so many?' }, when: { '>': [{ count: [{ var: 'members' }] }, 1] } },
        {
          id: 'members',
          type: 'group',
          label: { en: 'Members' },
          repeat: { min: 1, max: 3, add: { en: 'Add a member' }, item: { en: 'Member' } },
          fields: [
            { id: 'name', type: 'text', label: { en: 'Name' }, unique: true },
            {
              id: 'pets',
              type: 'group',
              label: { en: 'Pets' },
              repeat: { add: { en: 'Add a pet' }, item: { en: 'Pet' } },
              fields: [{ id: 'kind', type: 'text', label: { en: 'Kind of animal' } }],
            },
          ],
        },
      ],
      checks: [{ id: 'room', rule: { '<=': [{ count: [{ var: 'members' }] }, { var: 'rooms' }] }, message: { en: 'There are more people than rooms' } }],
    },
  ],
}

let host: ServiceHost
let browser: Browser

beforeAll(async () => {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: install one, or set CHROMIUM to a binary')
  host = await serviceHost([parkingPermit, household], '2026-01-05')
  browser = await chromium.launch({ executablePath, args: chromiumFlags })
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

interface Visit {
  page: Page
  /** What broke the policy, was logged as an error, or was thrown. */
  faults: string[]
}

async function open(query: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, ...options })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of [45]\d\d|ERR_FAILED|ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE/.test(message.text()))
      faults.push(message.text())
  })
  await page.exposeFunction('reportFault', (fault: string) => faults.push(fault))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      (window as never as { reportFault(fault: string): void }).reportFault(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
    const events: unknown[] = ((window as never as { told: unknown[] }).told = [])
    for (const name of ['guichet-ready', 'guichet-page', 'guichet-submitted', 'guichet-failed'])
      document.addEventListener(name, (event) => events.push([name, (event as CustomEvent).detail]))
  })
  await page.goto(`${host.agency}/?${query}`)
  await page.locator('guichet-service h1').first().waitFor()
  return { page, faults }
}
const told = (page: Page) => page.evaluate(() => (window as never as { told: [string, Record<string, unknown>][] }).told)
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

describe('a service of ten fields', () => {
  for (const language of ['en', 'fa'])
    test(`goes the whole way by keyboard, in ${language}`, async () => {
      const { page, faults } = await open(`service=parking-permit&lang=${language}`)
      const before = host.received.length
      const clean = async (what: string) => expect(await axe(page), what).toEqual([])
      await clean('start')
      await expect.poll(() => page.locator('guichet-service section').first().getAttribute('dir')).toBe(language === 'fa' ? 'rtl' : 'ltr')

      await press(page, /^(Start now|شروع)$/)
      await expect.poll(async () => (await focused(page)).tag).toBe('h1')
      await clean('page')

      // Nothing answered: the summary has the focus, and its links lead to the questions.
      await fillPage(page, {}, {}, next)
      await expect.poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('g-summary')
      await clean('errors')
      await expect.poll(() => page.locator('.g-summary a').count()).toBe(3)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      const name = await focused(page)
      expect(name.name).toBe('name')
      expect(name.label).toBe(language === 'fa' ? 'نام و نام خانوادگی' : 'Full name')
      const field = page.locator('#f-name')
      await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true')
      const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
      await expect.poll(() => page.locator(`#${described.at(-1)}`).textContent()).toMatch(/^(Error:|خطا:)/)
      expect(new URL(page.url()).hash).toBe('')

      await fillPage(page, you, {}, next)
      await expect.poll(async () => (await focused(page)).text).toBe(language === 'fa' ? 'خودروی شما' : 'Your car')
      await fillPage(page, car, {}, next)

      await heading(page, language === 'fa' ? 'مدارک' : 'Documents')
      await giveDocuments(page)
      await clean('documents')
      await tabTo(page, (at) => next.test(at.text), 'Continue')
      await page.keyboard.press('Enter')

      await heading(page, language === 'fa' ? 'پیش از فرستادن، پاسخ‌هایتان را بررسی کنید' : 'Check your answers before sending')
      await clean('check')
      await expect.poll(() => page.locator('.g-table tfoot td').textContent()).toBe(language === 'fa' ? '‎€۳۵٫۰۰' : '€35.00')
      await press(page, /^(Send|فرستادن)$/)
      await page.locator('.g-code').waitFor()
      await expect.poll(async () => (await focused(page)).tag).toBe('h1')
      await clean('confirmation')
      await expect.poll(() => page.locator('.g-code').textContent()).toBe('K7QF 2M9X W3TD 8HNA')
      await expect.poll(() => page.locator('.g-code').getAttribute('dir')).toBe('ltr')
      // On paper: the code in words and as a picture, and nothing to press.
      await page.emulateMedia({ media: 'print' })
      await expect.poll(() => page.locator('.g-code').isVisible()).toBe(true)
      await expect.poll(() => page.locator('.g-qr').isVisible()).toBe(true)
      await expect.poll(() => page.locator('guichet-service button:visible').count()).toBe(0)
      await page.emulateMedia({ media: null })

      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.g-screen, section').getByRole('button').last().click()])
      expect(download.suggestedFilename()).toBe('parking-permit-K7QF2M9XW3TD8HNA.json')

      expect(host.received.slice(before).map(({ submission }) => submission)).toEqual([
        {
          version: 1,
          language,
          answers: {
            name: 'Ana Lee',
            birth: '1990-02-03',
            email: 'ana@example.org',
            plate: '12-D-345',
            holder: 'company',
            fuel: 'petrol',
            weeks: 10,
            truth: true,
          },
          documents: { registration: [expect.stringMatching(/^att-/)] },
          atDesk: ['letter'],
        },
      ])
      await expect
        .poll(() => told(page))
        .toEqual([
          ['guichet-ready', {}],
          ['guichet-page', { page: 'you' }],
          ['guichet-page', { page: 'car' }],
          ['guichet-page', { page: 'documents' }],
          ['guichet-page', { page: 'check' }],
          ['guichet-submitted', { reference: 'K7QF2M9XW3TD8HNA' }],
          ['guichet-page', { page: 'sent' }],
        ])
      expect(faults).toEqual([])
      await page.close()
    })

  test('keeps answers through Back, a change from the check, and another language', async () => {
    const { page, faults } = await open('service=parking-permit')
    await press(page, /^Start now$/)
    await fillPage(page, you, {}, next)
    await heading(page, 'Your car')
    await fillPage(page, { ...car, holder: 'me' }, {}, next)
    await heading(page, 'Documents')
    // Not the company's car: its letter is not asked for.
    await expect.poll(() => page.locator('input[type=file]').count()).toBe(1)
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await expect.poll(() => page.locator('#f-plate').inputValue()).toBe('12-D-345')
    await page.locator('.g-form > .g-button').click()
    await page.locator('input[type=file]').setInputFiles({ name: 'registration.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
    await arrival(page)
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')

    // The change calls for a letter: the documents come before the check.
    await page.getByRole('button', { name: 'Change Who does the car belong to?' }).click()
    await expect.poll(async () => (await focused(page)).name).toBe('holder')
    await page.getByLabel('A company').check()
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Documents')
    await page.locator('#d-letter-desk').check()
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')

    await page.getByRole('button', { name: 'فارسی' }).click()
    await heading(page, 'پیش از فرستادن، پاسخ‌هایتان را بررسی کنید')
    await expect.poll(() => page.locator('.g-answers').first().textContent()).toContain('Ana Lee')
    await expect.poll(() => page.locator('.g-answers').last().textContent()).toContain('registration.pdf')
    expect(faults).toEqual([])
    await page.close()
  })

  test('sends again with the same key when the answer is lost, and takes the server’s problems to their pages', async () => {
    const { page, faults } = await open('service=parking-permit')
    await press(page, /^Start now$/)
    await fillPage(page, you, {}, next)
    await heading(page, 'Your car')
    await fillPage(page, car, {}, next)
    await heading(page, 'Documents')
    await giveDocuments(page)
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')

    const before = host.received.length
    const refuse = (response: ServerResponse) =>
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: 'about:blank',
          title: 'Invalid',
          status: 422,
          errors: [{ pointer: '/email', code: 'email.unknown', detail: 'This address does not exist' }],
        }),
      )
    let answering = false
    // Taken, but the answer breaks off on its way. (A connection that is cut before that, Chromium tries again by itself.)
    const lose = (response: ServerResponse) => {
      host.refuseNext = answering ? refuse : lose
      response.writeHead(201, { 'content-length': '1000' }).write('{', () => response.destroy())
    }
    host.refuseNext = lose
    await press(page, /^Send$/)
    await page.locator('.g-failure').waitFor()
    await expect.poll(() => page.locator('.g-failure').textContent()).toContain('cannot be reached')
    await expect.poll(() => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).toBe('g-failure')
    expect(await axe(page)).toEqual([])
    expect(page.url()).toContain(host.agency)

    // It is tried again by itself, and the next answer arrives.
    answering = true
    await page.getByRole('link', { name: 'Email address: This address does not exist' }).click()
    await heading(page, 'About you')
    await expect.poll(async () => (await focused(page)).name).toBe('email')
    await expect.poll(() => page.locator('#f-email-error').textContent()).toContain('This address does not exist')
    await page.keyboard.press('End')
    await page.keyboard.type('.ie')
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')
    await page.getByRole('button', { name: 'Send' }).dblclick()
    await page.locator('.g-code').waitFor()

    const sent = host.received.slice(before)
    const corrected = sent.pop()
    expect(sent.length).toBeGreaterThan(1)
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
    expect(corrected?.key).not.toBe(sent[0]?.key)
    expect(corrected?.submission.answers.email).toBe('ana@example.org.ie')
    expect(faults).toEqual([])
    await page.close()
  })
})

describe('what comes late', () => {
  /** Has what the page still loads wait; gives what lets it come. */
  const hold = async (page: Page) => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let waiting = 0
    await page.route('**/assets/*.js', async (route) => {
      waiting++
      await gate
      await route.continue()
    })
    await page.evaluate(() => {
      ;(window as never as { told: unknown[] }).told.length = 0
    })
    return { release, waiting: () => waiting }
  }
  const steps = async (page: Page) => (await told(page)).filter(([name]) => name === 'guichet-page').map(([, { page }]) => page)
  const show = (page: Page, step: string) =>
    page.locator('guichet-service').evaluate((element, step) => (element as never as { show(step: string): void }).show(step), step)

  test('a step that was asked for before another one does not take its place', async () => {
    const { page, faults } = await open('service=parking-permit')
    const { release, waiting } = await hold(page)
    await show(page, '#check')
    await expect.poll(waiting).toBeGreaterThan(0)
    await show(page, 'you')
    await heading(page, 'About you')
    release()
    // What it waited for is there by the time that this is: it waits for the same.
    await show(page, '#documents')
    await heading(page, 'Documents')
    await expect.poll(() => steps(page)).toEqual(['you', 'documents'])
    expect(faults).toEqual([])
    await page.close()
  })

  test('Back, pressed while what Continue needs is on its way, is where one stays', async () => {
    const { page, faults } = await open('service=parking-permit')
    const { release, waiting } = await hold(page)
    await press(page, /^Start now$/)
    await heading(page, 'About you')
    await fillPage(page, you, {}, next)
    await expect.poll(waiting).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await heading(page, 'Get a resident parking permit')
    release()
    // The second Continue waits for what the first one did, and so comes after it.
    await press(page, /^Start now$/)
    await heading(page, 'About you')
    await page.getByRole('button', { name: 'Continue' }).click()
    await heading(page, 'Your car')
    await expect.poll(() => steps(page)).toEqual(['you', 'start', 'you', 'car'])
    expect(faults).toEqual([])
    await page.close()
  })
})

describe('a refusal', () => {
  test('for an answer in a row leads to the row, with what was typed', async () => {
    const { page, faults } = await open('service=household')
    await press(page, /^Start now$/)
    await fillPage(page, { rooms: '3' }, {}, next)
    await heading(page, 'Who lives here?')
    const name = page.getByRole('textbox', { name: 'Name' })
    await name.fill('Ana "Ó" <b>Lee</b> 😀')
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')
    host.refuseNext = (response) =>
      response
        .writeHead(422, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'about:blank', title: 'x', status: 422, errors: [{ pointer: '/members/0/name', code: 'x', detail: 'No such person' }] }))
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('link', { name: /No such person/ }).click()
    await heading(page, 'Who lives here?')
    await expect.poll(() => name.inputValue()).toBe('Ana "Ó" <b>Lee</b> 😀')
    await name.fill('Ana Lee')
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.g-code').waitFor()
    expect(host.received.at(-1)?.submission.answers).toMatchObject({ members: [{ name: 'Ana Lee' }] })
    expect(faults).toEqual([])
    await page.close()
  })
})

describe('repeated groups', () => {
  test('add and remove rows inside rows with the keyboard, and keep the others as they were', async () => {
    const { page, faults } = await open('service=household')
    await press(page, /^Start now$/)
    // The page's one question is its heading.
    await heading(page, 'How many rooms do you have?')
    await expect.poll(() => page.locator('h1 label').count()).toBe(1)
    await fillPage(page, { rooms: '2' }, {}, next)
    await heading(page, 'Who lives here?')

    // One row is needed, so one is there.
    await expect.poll(() => page.getByRole('group', { name: 'Member 1' }).count()).toBe(1)
    await expect.poll(() => page.locator('#f-note').count()).toBe(0)
    await page.locator('#f-members-0-name').fill('Ana')
    await page.getByRole('button', { name: 'Add a member' }).focus()
    await page.keyboard.press('Enter')
    expect((await focused(page)).id).toBe('f-members-1-name')
    // What has appeared stands above, and is said.
    await expect.poll(() => page.locator('.g-status').textContent()).toContain('Member 2')
    await expect.poll(() => page.locator('#f-note').isVisible()).toBe(true)
    await page.keyboard.type('Ben')
    await page.locator('#f-members-1-pets').focus()
    await page.keyboard.press('Enter')
    expect((await focused(page)).id).toBe('f-members-1-pets-0-kind')
    await page.keyboard.type('cat')
    await page.getByRole('button', { name: 'Add a member' }).click()
    await page.keyboard.type('Ana')
    await expect.poll(() => page.getByRole('button', { name: 'Add a member' }).count()).toBe(0)
    expect(await axe(page)).toEqual([])

    await page.locator('#f-note').fill('We like it')
    await page.locator('.g-form > .g-button').click()
    const links = page.locator('.g-summary a')
    await expect
      .poll(() => links.allTextContents())
      .toEqual(['Member 3, Name: This is already in another entry of the list. Change one of the two', 'There are more people than rooms'])
    await links.first().click()
    expect((await focused(page)).id).toBe('f-members-2-name')

    // The first row goes: the others move up with what they hold, and the focus stays near.
    await page.getByRole('button', { name: 'Remove Member 1' }).click()
    expect((await focused(page)).id).toBe('f-members')
    await expect.poll(() => page.locator('#f-members-0-name').inputValue()).toBe('Ben')
    await expect.poll(() => page.locator('#f-members-0-pets-0-kind').inputValue()).toBe('cat')
    await expect.poll(() => page.locator('#f-members-1-name').inputValue()).toBe('Ana')
    await page.locator('#f-members-1-name').fill('Cleo')
    await page.locator('.g-form > .g-button').click()
    await heading(page, 'Check your answers before sending')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('.g-code').waitFor()
    expect(host.received.at(-1)?.submission.answers).toEqual({
      rooms: 2,
      note: 'We like it',
      members: [
        { name: 'Ben', pets: [{ kind: 'cat' }] },
        { name: 'Cleo', pets: [] },
      ],
    })
    expect(faults).toEqual([])
    await page.close()
  })
})

describe('the script tag', () => {
  test('puts a service where each tag stands, also where a tag is added later', async () => {
    const { page, faults } = await open('service=parking-permit&service=household')
    await expect.poll(() => page.locator('guichet-service h1').allTextContents()).toEqual(['Get a resident parking permit', 'Register a household'])
    await expect.poll(() => page.locator('script[data-service] + guichet-service').count()).toBe(2)
    await page.evaluate(() => {
      const script = document.createElement('script')
      const first = document.querySelector('script') as HTMLScriptElement
      script.type = 'module'
      script.dataset.service = 'city/household'
      script.dataset.lang = 'en'
      // Trusted Types guard a script's address; a page that adds one has its own policy.
      const policy = (window as never as { trustedTypes: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } }).trustedTypes
      script.src = policy.createPolicy('page', { createScriptURL: (url: string) => url }).createScriptURL(first.src)
      document.querySelector('main')?.append(script)
    })
    await expect.poll(() => page.locator('guichet-service h1').count()).toBe(3)
    expect(faults).toEqual([])
    await page.close()
  })

  test('what it loads first begins with the hint to compile all of it at once, and nothing else does', async () => {
    const page = await browser.newPage()
    const bodies: Promise<string>[] = []
    page.on('response', (response) => {
      // What is fetched before it is run counts once.
      if (response.url().startsWith(`${host.origin}/assets/`) && response.request().resourceType() === 'script') bodies.push(response.text())
    })
    await page.goto(`${host.agency}/?service=parking-permit`)
    await heading(page, 'Get a resident parking permit')
    await expect.poll(async () => (await Promise.all(bodies)).map((body) => body.startsWith('//# allFunctionsCalledOnLoad\n'))).toEqual([true, false])
    await page.close()
  })

  test('says so when the server cannot be reached, in the page’s language, and tries again', async () => {
    const page = await browser.newPage()
    let away = true
    await page.route('**/v1/services/**', (route) => (away ? route.abort() : route.continue()))
    await page.goto(`${host.agency}/?service=parking-permit&lang=fa`)
    await page.getByRole('alert').getByText('دسترسی به این خدمت ممکن نیست').waitFor()
    expect(await axe(page)).toEqual(expect.not.arrayContaining([expect.stringContaining('color')]))
    away = false
    await page.getByRole('button', { name: 'تلاش دوباره' }).click()
    await heading(page, 'دریافت مجوز پارک ساکنان')
    await page.close()
  })

  test('keeps readable in the dark and at 320 pixels, and leaves the page around alone', async () => {
    const { page } = await open('service=parking-permit&scheme=light dark', { colorScheme: 'dark', viewport: { width: 320, height: 640 } })
    const title = await page.title()
    await press(page, /^Start now$/)
    await fillPage(page, {}, {}, next)
    await page.locator('.g-summary').waitFor()
    expect(await axe(page)).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    await expect.poll(() => page.title()).toBe(title)
    expect(await page.evaluate(() => document.head.querySelectorAll('link, style').length)).toBe(0)
    await page.close()
  })
})
