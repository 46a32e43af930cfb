/**
 * Save and come back, and never lose nor double what was sent: two browser contexts as two devices, on an agency's page of
 * another origin under a strict policy with Trusted Types, against a server in a process of its own that can be killed.
 */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'
import { type KillableServer, killableServer } from './killable-server.ts'

const dogLicence = (): ServiceDefinition => ({
  format: 1,
  id: 'dog-licence',
  languages: ['en', 'fa'],
  title: { en: 'Get a dog licence', fa: 'پروانهٔ سگ' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'About you', fa: 'دربارهٔ شما' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } },
        { id: 'age', type: 'number', label: { en: 'Your age', fa: 'سن' }, integer: true, min: 1 },
        { id: 'nickname', type: 'text', label: { en: 'Nickname', fa: 'نام خودمانی' }, optional: true },
      ],
    },
    {
      id: 'dogs',
      title: { en: 'Your dogs', fa: 'سگ‌های شما' },
      fields: [
        {
          id: 'dogs',
          type: 'group',
          label: { en: 'Dogs', fa: 'سگ‌ها' },
          repeat: { min: 1, max: 3, add: { en: 'Add a dog', fa: 'افزودن سگ' }, item: { en: 'Dog', fa: 'سگ' } },
          fields: [{ id: 'call', type: 'text', label: { en: 'Name of the dog', fa: 'نام سگ' } }],
        },
      ],
    },
    {
      id: 'last',
      title: { en: 'Anything else', fa: 'چیز دیگر' },
      fields: [{ id: 'remark', type: 'textarea', label: { en: 'Remark', fa: 'توضیح' }, optional: true }],
    },
  ],
  documents: [{ id: 'photo', label: { en: 'Photo of the dog', fa: 'عکس سگ' }, accept: ['pdf', 'png'] }],
})

let browser: Browser
let server: KillableServer
const contexts: BrowserContext[] = []

beforeAll(async () => {
  server = await killableServer()
  server.offer(dogLicence(), { preset: 'open', rules: { encryption: { mode: 'at-rest' } } })
  ;[browser] = await Promise.all([launch(), server.start()])
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})
beforeEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
})

/** A device: what it keeps is its own. */
async function device() {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, acceptDownloads: true })
  contexts.push(context)
  return context
}
async function visit(context: BrowserContext) {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text())
  })
  await page.goto(`${server.agency}/dog-licence`)
  await page.getByRole('button', { name: 'Start now' }).waitFor()
  return { page, faults }
}
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const go = async (page: Page, on = 'Continue') => page.getByRole('button', { name: on, exact: true }).click()
const saved = (page: Page) => page.getByText(/^Saved\. It is kept until/).waitFor()

async function answerPages(page: Page, name = 'Ana Lee') {
  await go(page, 'Start now')
  await page.getByRole('textbox', { name: 'Full name' }).fill(name)
  await page.getByRole('textbox', { name: 'Your age' }).fill('41')
  await page.getByRole('textbox', { name: 'Nickname' }).fill('Annie')
  await go(page)
  await page.getByRole('textbox', { name: 'Name of the dog' }).fill('Rex')
}
async function upload(page: Page) {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'rex.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n') })
  await page.getByRole('button', { name: /Remove.*rex\.pdf/ }).waitFor()
}
async function toCheck(page: Page, name?: string) {
  await answerPages(page, name)
  await go(page)
  await go(page)
  await upload(page)
  await go(page)
  await heading(page, 'Check your answers before sending')
}
const shownCode = async (page: Page) => ((await page.locator('guichet-service .g-output').textContent()) ?? '').trim()
async function saveAndNote(page: Page): Promise<string> {
  await go(page, 'Save and come back later')
  await saved(page)
  return shownCode(page)
}
async function resume(page: Page, code: string) {
  await go(page, 'Continue a saved application')
  await page.getByRole('textbox', { name: 'Code of the saved application' }).fill(code)
  await go(page, 'Open')
}
/** All that a page's origin keeps, as far as it can be read. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const read = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)))
    const found: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie, location.href]
    for (const { name } of await indexedDB.databases()) {
      const database = await read(indexedDB.open(name as string))
      for (const store of database.objectStoreNames) {
        for (const value of await read(database.transaction(store).objectStore(store).getAll())) {
          if (value instanceof CryptoKey) found.push(`key, extractable: ${value.extractable}`)
          else found.push(new TextDecoder('latin1').decode(value as Uint8Array))
        }
      }
      database.close()
    }
    return JSON.stringify(found)
  })

describe('a draft', () => {
  test('is saved on one device and gone on with on another, with its rows, file, step and language', async () => {
    const one = await visit(await device())
    await answerPages(one.page)
    await go(one.page, 'Add a dog')
    await one.page.getByRole('textbox', { name: 'Name of the dog' }).nth(1).fill('Bella')
    await go(one.page)
    await go(one.page)
    await upload(one.page)
    await one.page.getByRole('button', { name: 'فارسی' }).click()
    await one.page.getByRole('button', { name: 'ذخیره و ادامه در وقتی دیگر' }).click()
    await one.page.getByText(/^ذخیره شد\. تا/).waitFor()
    // axe brings styles that the policy refuses, which is no fault of ours.
    expect(one.faults).toEqual([])
    expect(await axe(one.page)).toEqual([])
    const code = await shownCode(one.page)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}$/)

    // The server has it, and cannot read it; nor can whoever looks into this browser.
    expect(server.count('drafts')).toBe(1)
    for (const secret of ['Ana Lee', 'Bella', code, code.replaceAll('-', '')]) {
      expect(server.disk()).not.toContain(secret)
      expect(await kept(one.page)).not.toContain(secret)
    }

    const other = await visit(await device())
    await resume(other.page, code.toLowerCase().replaceAll('-', ' ').replace('0', 'o'))
    await heading(other.page, 'مدارک')
    await other.page.getByText('rex.pdf').first().waitFor()
    await other.page.getByText('پاسخ‌های ذخیره‌شدهٔ شما بازگشت.', { exact: false }).first().waitFor()
    expect(other.page.url()).not.toContain(code.slice(0, 4))
    await other.page.getByRole('button', { name: 'English' }).click()
    await go(other.page)
    await heading(other.page, 'Check your answers before sending')
    for (const answer of ['Ana Lee', '41', 'Annie', 'Rex', 'Bella', 'rex.pdf']) await other.page.getByText(answer, { exact: true }).first().waitFor()
    const before = server.count('submissions')
    await go(other.page, 'Send')
    await heading(other.page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    // What was sent is no draft any more.
    await expect.poll(() => server.count('drafts')).toBe(0)
    expect(other.faults).toEqual([])
  })

  test('is saved by itself on every Continue from then on, and leaving is safe once the code was noted', async () => {
    const context = await device()
    const { page } = await visit(context)
    await answerPages(page)
    const code = await saveAndNote(page)
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    /** Whether leaving asks first. */
    const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
    await expect.poll(() => asks()).toBe(true)
    const [download] = await Promise.all([page.waitForEvent('download'), go(page, 'Save as a text file')])
    expect(download.suggestedFilename()).toBe('dog-licence.txt')
    const { readFileSync } = await import('node:fs')
    expect(readFileSync(await download.path(), 'utf8')).toContain(code)
    await expect.poll(() => asks()).toBe(false)
    await page.getByRole('textbox', { name: 'Name of the dog' }).fill('Max')
    await expect.poll(() => asks()).toBe(true)
    await go(page)
    await heading(page, 'Anything else')
    await saved(page)
    await page.reload()
    expect(asked).toEqual([])
    await page.getByRole('button', { name: 'Start now' }).waitFor()
    await resume(page, code)
    await heading(page, 'Anything else')
    await go(page, 'Back')
    await expect.poll(() => page.getByRole('textbox', { name: 'Name of the dog' }).inputValue()).toBe('Max')
  })

  test('is offered beside the button that starts, or right below it on a phone, also once the box for the code was open', async () => {
    const { page, faults } = await visit(await device())
    const start = page.getByRole('button', { name: 'Start now' })
    const resume = page.getByRole('button', { name: 'Continue a saved application' })
    const gaps = async () => {
      const [one, other] = [await start.boundingBox(), await resume.boundingBox()]
      if (!one || !other) return null
      const middle = (box: typeof one) => box.y + box.height / 2
      return { lines: Math.abs(middle(one) - middle(other)) > one.height / 2 ? 2 : 1, near: other.y - one.y < 2 * one.height }
    }
    const follows = async () => {
      await start.focus()
      await page.keyboard.press('Tab')
      return (await focused(page)).text
    }
    await expect.poll(gaps).toEqual({ lines: 1, near: true })
    expect(await follows()).toBe('Continue a saved application')
    await page.setViewportSize({ width: 320, height: 640 })
    await expect.poll(gaps).toEqual({ lines: 2, near: true })
    await page.setViewportSize({ width: 1000, height: 900 })
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('#guichet-draft-code').evaluate((box) => box.matches(':focus'))).toBe(true)
    // axe writes styles of its own, which the policy refuses.
    expect(faults).toEqual([])
    expect(await axe(page)).toEqual([])
    // On to the first page, where saving stands below the questions, and back.
    await go(page, 'Start now')
    await heading(page, 'About you')
    await expect.poll(() => page.getByRole('button', { name: 'Save and come back later' }).isVisible()).toBe(true)
    await go(page, 'Back')
    await expect.poll(gaps).toEqual({ lines: 1, near: true })
    expect(await follows()).toBe('Continue a saved application')
  })

  test('gives the same sentence for a wrong code, a mistyped one and one that is gone', async () => {
    const { page } = await visit(await device())
    await page.getByRole('button', { name: 'فارسی' }).click()
    await page.getByRole('button', { name: 'ادامهٔ درخواست ذخیره‌شده' }).click()
    await page.getByRole('textbox', { name: 'کد درخواست ذخیره‌شده' }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('button', { name: 'Start now' }).waitFor()
    await page.getByRole('textbox', { name: 'Code of the saved application' }).waitFor()
    for (const code of ['K7QF', 'UUUU-UUUU-UUUU-UUUU-UUUU-UUUU-UU', '0123-4567-89AB-CDEF-GHJK-MNPQ-RS', '']) {
      const input = page.getByRole('textbox', { name: 'Code of the saved application' })
      await input.fill(code)
      await go(page, 'Open')
      await page.getByText('There is no saved application with this code. Check the code and try again.').waitFor()
      await expect.poll(async () => (await focused(page)).id).toBe('guichet-draft-code')
      await expect.poll(() => input.getAttribute('aria-invalid')).toBe('true')
      await expect.poll(() => input.getAttribute('aria-describedby')).toContain('guichet-draft-code-error')
    }
    expect(await axe(page)).toEqual([])
  })

  test('moves to the version that was published meanwhile, keeps what fits, and says what changed', async () => {
    const { page } = await visit(await device())
    await answerPages(page)
    const code = await saveAndNote(page)
    const changed = dogLicence()
    const [you, dogs] = changed.pages as [ServiceDefinition['pages'][0], ServiceDefinition['pages'][0]]
    you.fields = [
      { id: 'name', type: 'text', label: { en: 'Your name in full', fa: 'نام کامل' } },
      { id: 'age', type: 'select', label: { en: 'Your age group', fa: 'گروه سنی' }, options: [{ value: 'adult', label: { en: 'Adult', fa: 'بزرگسال' } }] },
      { id: 'town', type: 'text', label: { en: 'Town', fa: 'شهر' } },
    ]
    server.offer(changed)
    await server.kill()
    await server.start()
    try {
      const other = await visit(await device())
      await resume(other.page, code)
      await heading(other.page, 'About you')
      const notice = other.page.getByRole('note').filter({ hasText: 'The service has been changed since you saved' })
      await notice.waitFor()
      const lists = await notice.locator('p, li').allInnerTexts()
      expect(lists.slice(2)).toEqual([
        'These questions changed. Answer them again:',
        'Your age group',
        'These are no longer asked. What you gave was left out:',
        'Nickname',
        'These are new:',
        'Town',
      ])
      expect((await focused(other.page)).text).toContain('The service has been changed')
      expect(await axe(other.page)).toEqual([])
      await expect.poll(() => other.page.getByRole('textbox', { name: 'Your name in full' }).inputValue()).toBe('Ana Lee')
      await other.page.getByRole('combobox', { name: 'Your age group' }).selectOption('adult')
      await other.page.getByRole('textbox', { name: 'Town' }).fill('Ravenford')
      await go(other.page)
      await heading(other.page, String(dogs.title.en))
      await expect.poll(() => other.page.getByRole('textbox', { name: 'Name of the dog' }).inputValue()).toBe('Rex')
    } finally {
      server.offer(dogLicence())
      await server.kill()
      await server.start()
    }
  })

  test('saved from two windows: the second is told, chooses, and nothing is lost', async () => {
    const context = await device()
    const one = await visit(context)
    await answerPages(one.page)
    const code = await saveAndNote(one.page)
    const two = await visit(await device())
    await resume(two.page, code)
    await heading(two.page, 'Your dogs')
    await two.page.getByRole('textbox', { name: 'Name of the dog' }).fill('Second')
    // That it is saved stands there since it was opened: only the server's answer says that this is.
    const stored = two.page.waitForResponse((response) => response.request().method() === 'PUT' && response.url().includes('/drafts/'))
    await go(two.page)
    expect((await stored).status()).toBeLessThan(300)
    await one.page.getByRole('textbox', { name: 'Name of the dog' }).fill('First')
    await go(one.page)
    const alert = one.page.getByRole('alert').filter({ hasText: 'saved from another window or device' })
    await alert.waitFor()
    expect(await axe(one.page)).toEqual([])
    await go(one.page, 'Keep both: save this one under a new code')
    await saved(one.page)
    const another = await shownCode(one.page)
    expect(another).not.toBe(code)
    for (const [which, dog] of [
      [code, 'Second'],
      [another, 'First'],
    ] as const) {
      const third = await visit(await device())
      await resume(third.page, which)
      await heading(third.page, 'Anything else')
      await go(third.page, 'Back')
      await expect.poll(() => third.page.getByRole('textbox', { name: 'Name of the dog' }).inputValue()).toBe(dog)
    }
  })

  test('that cannot be saved now is saved when the line is back, also when only the answer was lost', async () => {
    const context = await device()
    const { page } = await visit(context)
    await answerPages(page)
    const code = await saveAndNote(page)
    let losing = true
    await context.route('**/drafts/*', async (route) => {
      if (!losing || route.request().method() !== 'PUT') return route.continue()
      // It gets there; its answer does not come back.
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('textbox', { name: 'Name of the dog' }).fill('Lost and found')
    await go(page)
    await page.getByText('Not saved yet: there is no connection.', { exact: false }).waitFor()
    expect(await axe(page)).toEqual([])
    losing = false
    await saved(page)
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    const other = await visit(await device())
    await resume(other.page, code)
    await heading(other.page, 'Anything else')
  })

  test('is not offered where the browser cannot seal, and says so', async () => {
    const context = await device()
    // As on a page that came over http from another machine.
    await context.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined }))
    const { page } = await visit(context)
    await toCheck(page)
    await go(page, 'Save and come back later')
    await page.getByText('Saving is off, because this page was not loaded over a secure connection (https).', { exact: false }).waitFor()
    expect(await axe(page)).toEqual([])
    await go(page, 'Send')
    await heading(page, 'Sent and received')
  })

  test('by keyboard alone', async () => {
    const { page } = await visit(await device())
    await press(page, /^Start now$/)
    await tabTo(page, ({ name }) => name === 'name', 'the name')
    await page.keyboard.type('Kim Key')
    await press(page, /^Save and come back later$/)
    await saved(page)
    expect((await focused(page)).text).toBe('Your code to come back')
    const code = await shownCode(page)
    await press(page, /^Save as a text file$/)
    const other = await visit(await device())
    await press(other.page, /^Continue a saved application$/)
    await expect.poll(async () => (await focused(other.page)).id).toBe('guichet-draft-code')
    await other.page.keyboard.type(code)
    await other.page.keyboard.press('Enter')
    await heading(other.page, 'About you')
    await expect.poll(() => other.page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Kim Key')
  })
})

describe('what was sent', () => {
  const submissions = '**/submissions'

  test('twice by a double click, or again after Back, counts once', async () => {
    const { page } = await visit(await device())
    await toCheck(page, 'Dora Double')
    const before = server.count('submissions')
    await page.getByRole('button', { name: 'Send', exact: true }).dblclick()
    await heading(page, 'Sent and received')
    await page.goto('about:blank')
    await page.goBack()
    await page.locator('guichet-service h1').first().waitFor()
    expect(server.count('submissions')).toBe(before + 1)
    await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0)
  })

  test('goes on by itself when the line is back, and counts once though it had arrived', async () => {
    const context = await device()
    const { page } = await visit(context)
    await toCheck(page, 'Nora Network')
    const before = server.count('submissions')
    let losing = true
    await context.route(submissions, async (route) => {
      if (!losing) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await go(page, 'Send')
    await page.getByText('It is tried again by itself', { exact: false }).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await kept(page)).not.toContain('Nora')
    expect(await kept(page)).toContain('key, extractable: false')
    losing = false
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    expect(await kept(page)).not.toContain('key, extractable')
  })

  test.each([
    ['had arrived', true],
    ['had not', false],
  ])('goes on by itself, and counts once, where the browser keeps nothing: the first try %s', async (_, arrives) => {
    const context = await device()
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('denied', 'SecurityError')
          },
        })
    })
    const { page, faults } = await visit(context)
    await toCheck(page, 'Bella Blocked')
    const before = server.count('submissions')
    let away = true
    await context.route(submissions, async (route) => {
      if (!away) return route.continue()
      if (arrives) await route.fetch()
      await route.abort()
    })
    await go(page, 'Send')
    await page.getByText('Your answers are still here', { exact: false }).waitFor()
    away = false
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    expect(faults).toEqual([])
  })

  test.each([
    ['had arrived', true],
    ['had not', false],
  ])('and changed because no answer came counts once: the first try %s', async (_, arrives) => {
    const context = await device()
    const { page, faults } = await visit(context)
    await toCheck(page, 'Cleo Change')
    const before = server.count('submissions')
    let away = true
    // The withdrawal finds no way either, at first.
    await context.route(/\/submissions(\/withdrawal)?$/, async (route) => {
      if (!away) return route.continue()
      if (arrives && route.request().url().endsWith('/submissions')) await route.fetch()
      await route.abort()
    })
    await go(page, 'Send')
    await page.getByText('It is tried again by itself', { exact: false }).waitFor()
    await page.getByRole('button', { name: /^Change.*Nickname/ }).click()
    await page.getByRole('textbox', { name: 'Nickname' }).fill('Cle')
    await go(page)
    await heading(page, 'Check your answers before sending')
    const tried = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/withdrawal'))
    await go(page, 'Send')
    await tried
    expect(server.count('submissions')).toBe(before + (arrives ? 1 : 0))
    away = false
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    await expect.poll(() => page.getByText('What you sent first had already arrived', { exact: false }).count()).toBe(arrives ? 1 : 0)
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
    expect(faults).toEqual([])
  })

  test.each([
    ['arrived', true],
    ['never left', false],
  ])('goes on after the tab was closed while sending: the first try %s', async (_, arrives) => {
    const context = await device()
    const first = await visit(context)
    await toCheck(first.page, 'Theo Tab')
    const before = server.count('submissions')
    let closing = true
    await context.route(submissions, async (route) => {
      if (!closing) return route.continue()
      // Held back for ever, it would be sent off after all when the tab goes.
      if (!arrives) return route.abort()
      await route.fetch()
      // Its answer never comes.
    })
    await go(first.page, 'Send')
    if (arrives) await expect.poll(() => server.count('submissions')).toBe(before + 1)
    else await expect.poll(() => first.page.evaluate(() => localStorage.length)).toBe(1)
    await first.page.close()
    closing = false
    const { page, faults } = await visit(context)
    await page.getByText('It has been received.', { exact: false }).waitFor()
    // axe brings styles that the policy refuses, which is no fault of ours.
    expect(faults).toEqual([])
    expect(await axe(page)).toEqual([])
    expect(server.count('submissions')).toBe(before + 1)
    await go(page, 'Show the tracking code')
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0)
    // There is nothing to go on with any more.
    const again = await visit(context)
    await expect.poll(() => again.page.getByText('no answer came', { exact: false }).count()).toBe(0)
    expect(again.faults).toEqual([])
  })

  test.each([
    ['before it arrived', false],
    ['after it had arrived', true],
  ])('goes on over a server that was killed %s and started again', async (_, arrives) => {
    const context = await device()
    const { page } = await visit(context)
    await toCheck(page, 'Kai Kill')
    const before = server.count('submissions')
    let killing = true
    await context.route(submissions, async (route) => {
      if (!killing) return route.continue()
      killing = false
      if (arrives) await route.fetch()
      await server.kill()
      await route.abort()
    })
    await go(page, 'Send')
    await page.getByText('It is tried again by itself', { exact: false }).waitFor()
    expect(server.count('submissions')).toBe(before + (arrives ? 1 : 0))
    await server.start()
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
  })

  test('from a draft on two devices counts once', async () => {
    const context = await device()
    const one = await visit(context)
    await answerPages(one.page, 'Pat Pair')
    await go(one.page)
    await go(one.page)
    await upload(one.page)
    const code = await saveAndNote(one.page)
    await go(one.page)
    await saved(one.page)
    const before = server.count('submissions')
    await context.route(submissions, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await go(one.page, 'Send')
    await one.page.getByText('It is tried again by itself', { exact: false }).waitFor()
    expect(server.count('submissions')).toBe(before + 1)
    const other = await visit(await device())
    await resume(other.page, code)
    await heading(other.page, 'Check your answers before sending')
    await go(other.page, 'Send')
    await heading(other.page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
  })

  test('from a draft, changed and changed back on two devices, still finds its way in, once', async () => {
    const first = await visit(await device())
    await toCheck(first.page, 'Vera Volta')
    const code = await saveAndNote(first.page)
    const before = server.count('submissions')
    const context = first.page.context()
    let away = true
    await context.route(/\/submissions(\/withdrawal)?$/, (route) => (away ? route.abort() : route.continue()))
    const rename = async (page: Page, name: string) => {
      await page.getByRole('button', { name: /^Change.*Nickname/ }).click()
      await page.getByRole('textbox', { name: 'Nickname' }).fill(name)
      await go(page)
      await heading(page, 'Check your answers before sending')
    }
    await go(first.page, 'Send')
    await first.page.getByText('It is tried again by itself', { exact: false }).waitFor()
    await rename(first.page, 'Vee')
    // The first answers are withdrawn; the others get no further, for want of an answer.
    await context.unroute(/\/submissions(\/withdrawal)?$/)
    await context.route(submissions, (route) => (away ? route.abort() : route.continue()))
    await go(first.page, 'Send')
    await first.page.getByText('It is tried again by itself', { exact: false }).waitFor()

    const second = await visit(await device())
    await resume(second.page, code)
    await heading(second.page, 'Check your answers before sending')
    await go(second.page, 'Send')
    await heading(second.page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
    away = false
  })

  test('and refused after the tab was closed comes back into the form', async () => {
    const context = await device()
    const first = await visit(context)
    await toCheck(first.page, 'Remy Refused')
    const before = server.count('submissions')
    let stage: 'lose' | 'refuse' | 'through' = 'lose'
    let lost = 0
    await context.route(submissions, async (route) => {
      if (stage === 'through') return route.continue()
      if (stage === 'lose') {
        await route.abort()
        lost++
        return
      }
      await route.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        headers: { 'access-control-allow-origin': '*' },
        body: JSON.stringify({
          type: 'https://guichet.dev/problems/answers',
          title: 'Wrong',
          status: 422,
          errors: [{ pointer: '/name', code: 'x', detail: 'Write your name in full' }],
        }),
      })
    })
    await go(first.page, 'Send')
    await expect.poll(() => first.page.evaluate(() => localStorage.length)).toBe(1)
    // A page that is closed lets go of what is held up on its way: it is lost first.
    await expect.poll(() => lost).toBe(1)
    await first.page.close()
    stage = 'refuse'
    const { page } = await visit(context)
    await page.getByText('It could not be taken:', { exact: false }).waitFor()
    await go(page, 'Open the answers')
    await heading(page, 'Check your answers before sending')
    await page.getByRole('link', { name: /Write your name in full/ }).click()
    await expect.poll(() => page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Remy Refused')
    await page.getByRole('textbox', { name: 'Full name' }).fill('Remy Accepted')
    await go(page)
    await page.getByText('rex.pdf').first().waitFor()
    stage = 'through'
    await go(page, 'Send')
    await heading(page, 'Sent and received')
    expect(server.count('submissions')).toBe(before + 1)
  })
})
