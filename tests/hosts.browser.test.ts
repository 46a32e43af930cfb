/**
 * Pages as agencies have them, with what frameworks, old scripts and careless style sheets do to whatever stands on them.
 * On each the service works: its first page is filled in and continued, and where the page meddles with what sending takes, it is sent.
 * Or it fails closed, with a sentence.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { compile } from 'tailwindcss'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { openPage } from './harness.ts'
import { parkingPermit } from './parking-permit.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

let host: ServiceHost
let site: AgencySite
let browser: Browser

beforeAll(async () => {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: install one, or set CHROMIUM to a binary')
  const inPersian = { ...parkingPermit, id: 'persian-permit', locale: { ...parkingPermit.locale, calendar: 'persian' as const } }
  host = await serviceHost(
    [parkingPermit, inPersian, { ...parkingPermit, id: 'other-permit', title: { en: 'Get a visitor permit', fa: 'مجوز مهمان' } }],
    '2026-01-05',
  )
  site = await agencySite()
  // Playwright turns the back/forward cache off; people's browsers have it.
  browser = await chromium.launch({
    executablePath,
    args: [...chromiumFlags, '--enable-features=BackForwardCache'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
  await site?.close()
})

const tag = (attributes = '', service = 'parking-permit') =>
  `<script type="module" src="${host.origin}/embed.js" data-service="city/${service}" ${attributes}></script>`

interface Host {
  body?: string
  head?: string
  /** Scripts and styles of the page's own, by file name; the page links them. */
  files?: Record<string, { type: string; body: string }>
  policy?: string
  headers?: Record<string, string>
  doctype?: false
}

async function open({ body, head = '', files = {}, policy, headers = {}, doctype }: Host) {
  const opened = await openPage(browser, { viewport: { width: 1000, height: 900 } })
  opened.page.setDefaultTimeout(10_000)
  for (const [name, file] of Object.entries(files)) site.files.set(`/${name}`, file)
  const own = Object.keys(files)
    .map((name) => (name.endsWith('.css') ? `<link rel="stylesheet" href="/${name}">` : `<script src="/${name}"></script>`))
    .join('')
  const whole = pageOf(`<h1>Agency</h1>${body ?? tag()}`, { head: head + own })
  site.files.set('/', {
    headers: { ...headers, ...(policy === undefined ? {} : { 'content-security-policy': policy }) },
    body: doctype === false ? whole.replace('<!doctype html>', '') : whole,
  })
  await opened.page.goto(`${site.origin}/`)
  return opened
}

/** Starts, is told what is wrong, fills in, and goes on to the second page. */
async function goOn(page: Page, service = page.locator('guichet-service').first()) {
  await service.getByRole('button', { name: 'Start now' }).click()
  await service.getByRole('heading', { level: 1, name: 'About you' }).waitFor()
  await service.getByRole('button', { name: 'Continue' }).click()
  await service.locator('.g-summary').waitFor()
  await service.getByRole('textbox', { name: 'Full name' }).fill('Ana Lee')
  for (const [name, value] of [
    ['birth-day', '3'],
    ['birth-month', '2'],
    ['birth-year', '1990'],
    ['email', 'ana@example.org'],
  ] as const)
    await service.locator(`[name="${name}"]`).fill(value)
  await service.getByRole('button', { name: 'Continue' }).click()
  await service.getByRole('heading', { level: 1, name: 'Your car' }).waitFor()
}

/** From the second page to the tracking code: a file, the check, and what is sent. */
async function sendIn(page: Page, service = page.locator('guichet-service').first()) {
  const before = host.received.length
  await service.locator('#f-plate').fill('12-D-345')
  await service.getByRole('radio', { name: 'Me', exact: true }).check()
  await service.locator('[name=fuel]').selectOption('petrol')
  await service.locator('[name=weeks]').fill('10')
  await service.locator('[name=truth]').check()
  await service.getByRole('button', { name: 'Continue' }).click()
  await service.getByRole('heading', { level: 1, name: 'Documents' }).waitFor()
  await service.locator('input[type=file]').setInputFiles({ name: 'registration.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await service
    .getByRole('button', { name: /^(Remove|Replace).*registration\.pdf$/ })
    .first()
    .waitFor()
  await service.getByRole('button', { name: 'Continue' }).click()
  await service.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => service.locator('.g-code').textContent(), { timeout: 10_000 }).toBe('K7QF 2M9X W3TD 8HNA')
  expect(host.received.slice(before).map(({ submission }) => [submission.answers.name, submission.answers.weeks])).toEqual([['Ana Lee', 10]])
}

/** How a button and an input of ours look, for comparison with an untouched page. */
const looks = (page: Page) =>
  page
    .locator('guichet-service')
    .first()
    .evaluate((element) => {
      const root = element.shadowRoot as ShadowRoot
      const of = (selector: string) => {
        const { fontSize, lineHeight, display, borderTopWidth, paddingTop, backgroundColor, color, boxSizing, fontFamily, textAlign, listStyleType } =
          getComputedStyle(root.querySelector(selector) as Element)
        return { fontSize, lineHeight, display, borderTopWidth, paddingTop, backgroundColor, color, boxSizing, fontFamily, textAlign, listStyleType }
      }
      return { section: of('.g'), heading: of('h1'), button: of('.g-button'), list: of('ul, ol') }
    })

describe('content security policies', () => {
  test.each([
    ['strict, with Trusted Types and their names', () => strictPolicy(host.origin)],
    ['strict, with Trusted Types', () => strictPolicy(host.origin, { types: "require-trusted-types-for 'script'" })],
    ['strict, without Trusted Types', () => strictPolicy(host.origin, { types: '' })],
  ])('%s', async (_, policy) => {
    const { page, faults, close } = await open({ policy: policy() })
    await goOn(page)
    expect(await axe(page)).toEqual([])
    await sendIn(page)
    expect(faults).toEqual([])
    await close()
  })

  test.each([
    ['nonces alone', "'nonce-abc'"],
    ['nonces, and what is loaded by what has one', "'nonce-abc' 'strict-dynamic'"],
  ])('strict, by %s', async (_, scripts) => {
    const policy = strictPolicy(host.origin).replace(/script-src [^;]*/, `script-src ${scripts}`)
    const { page, faults, close } = await open({ policy, body: tag('nonce="abc"') })
    await goOn(page)
    expect(faults).toEqual([])
    await close()
  })

  test('one that does not let the server be asked: a sentence, and a way to try again', async () => {
    const { page, close } = await open({ policy: `default-src 'none'; script-src ${host.origin}; style-src ${host.origin}` })
    await page.getByRole('alert').getByText('cannot be reached').waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await close()
  })

  test('one that refuses our template policy: a sentence stands in for the service', async () => {
    const { page, close } = await open({ policy: strictPolicy(host.origin, { types: "require-trusted-types-for 'script'; trusted-types 'none'" }) })
    await page.locator('guichet-service').getByText('cannot be reached').waitFor()
    await close()
  })
})

const own = createRequire(import.meta.url)
/** What an agency's build makes of it: the theme, the reset, and the classes of a page around ours. */
async function tailwind(): Promise<string> {
  const { build } = await compile('@import "tailwindcss"', {
    async loadStylesheet(id) {
      const path = own.resolve(id === 'tailwindcss' ? 'tailwindcss/index.css' : id)
      return { path, base: dirname(path), content: readFileSync(path, 'utf8') }
    },
  })
  return build(['container', 'mx-auto', 'text-xs', 'hidden', 'flex', 'uppercase'])
}

describe('style sheets', async () => {
  const untouched = async () => {
    const { page, close } = await open({})
    await page.locator('guichet-service h1').waitFor()
    const seen = await looks(page)
    await close()
    return seen
  }
  test.each([
    ['* { all: unset }', '* { all: unset }'],
    ['* { all: unset !important }, even', '*, *::before, *::after { all: unset !important; display: revert !important }'],
    ['Bootstrap', readFileSync(own.resolve('bootstrap/dist/css/bootstrap.min.css'), 'utf8')],
    ['Tailwind', await tailwind()],
    [
      'a page that is zoomed by its root, spaced and upper case',
      'html { font-size: 62.5% } body { letter-spacing: 4px; word-spacing: 9px; text-transform: uppercase; line-height: 0.8; visibility: visible }',
    ],
  ])('%s: looks as on an untouched page, and works', async (_, css) => {
    const { page, faults, close } = await open({ files: { 'page.css': { type: 'text/css', body: css } } })
    await page.locator('guichet-service h1').waitFor()
    expect(await looks(page)).toEqual(await untouched())
    await goOn(page)
    expect(faults).toEqual([])
    await close()
  })
})

test('what the page sets for one part is there in that part alone, and else follows what is common', async () => {
  const own = {
    '--guichet-button-background': 'rgb(1, 50, 3)',
    '--guichet-button-colour': 'rgb(240, 241, 242)',
    '--guichet-button-radius': '7px',
    '--guichet-input-border': 'rgb(4, 5, 6)',
    '--guichet-input-radius': '3px',
    '--guichet-heading-font': 'monospace',
    '--guichet-heading-colour': 'rgb(7, 8, 9)',
    '--guichet-summary-background': 'rgb(255, 250, 249)',
  }
  const common = '--guichet-radius: 5px; --guichet-colour-primary: rgb(0, 70, 10); --guichet-colour-border: rgb(60, 60, 60)'
  const seen = async (rule: string) => {
    const { page, faults, close } = await open({ files: { 'page.css': { type: 'text/css', body: `guichet-service { ${rule} }` } } })
    await page.getByRole('button', { name: 'Start now' }).click()
    await page.getByRole('heading', { level: 1, name: 'About you' }).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.locator('guichet-service .g-summary').waitFor()
    expect(await axe(page)).toEqual([])
    // One that is not refused: the edge of the others is red.
    const of = (selector: string, names: string[]) =>
      page
        .locator(`guichet-service ${selector}`)
        .first()
        .evaluate((element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name)), names)
    const looks = [
      await of('.g-form > .g-button', ['background-color', 'color', 'border-top-left-radius']),
      await of('#f-phone', ['background-color', 'border-top-color', 'border-top-width', 'border-top-left-radius']),
      await of('h1', ['font-family', 'color']),
      await of('.g-summary', ['background-color']),
    ]
    expect(faults).toEqual([])
    await close()
    return looks
  }
  const text = 'rgb(20, 24, 29)'
  expect(await seen(common)).toEqual([
    ['rgb(0, 70, 10)', 'rgb(255, 255, 255)', '5px'],
    ['rgb(255, 255, 255)', 'rgb(60, 60, 60)', '2px', '5px'],
    ['system-ui, sans-serif', text],
    ['rgba(0, 0, 0, 0)'],
  ])
  expect(
    await seen(
      `${common}; ${Object.entries(own)
        .map((pair) => pair.join(': '))
        .join('; ')}`,
    ),
  ).toEqual([
    ['rgb(1, 50, 3)', 'rgb(240, 241, 242)', '7px'],
    ['rgb(255, 255, 255)', 'rgb(4, 5, 6)', '2px', '3px'],
    ['monospace', 'rgb(7, 8, 9)'],
    ['rgb(255, 250, 249)'],
  ])
})

describe('the calendar of a Persian day', () => {
  const everything = '* { all: unset } dialog, table, td, button { display: none !important; color: red !important; font-size: 3px !important }'
  test.each([
    ['fa', 'شروع', 'انتخاب تاریخ', 'اسفند ۱۴۰۴', ['۳۰', '۱۲', '۱۴۰۳']],
    ['en', 'Start now', 'Choose a date', 'Esfand 1404', ['30', '12', '1403']],
  ] as const)('in %s, on a page of 320 px that unsets all and lets little in', async (lang, start, choose, month, chosen) => {
    const { page, faults, close } = await open({
      body: tag(`data-lang="${lang}"`, 'persian-permit'),
      files: { 'page.css': { type: 'text/css', body: everything } },
      policy: strictPolicy(host.origin).replace('style-src ', `style-src ${site.origin} `),
    })
    await page.setViewportSize({ width: 320, height: 700 })
    const service = page.locator('guichet-service')
    await service.getByRole('button', { name: start }).click()
    const button = service.getByRole('button', { name: choose })
    await button.waitFor()
    expect(await axe(page)).toEqual([])
    await button.press('Enter')
    const dialog = service.getByRole('dialog', { name: choose })
    await dialog.waitFor()
    // Today is 15 Dey 1404: two months on, and back to the year before.
    for (const key of ['PageDown', 'PageDown']) await page.keyboard.press(key)
    await service.getByRole('grid', { name: month }).waitFor()
    expect(await axe(page)).toEqual([])
    await expect
      .poll(() =>
        dialog.evaluate((d) => {
          const { left, right, top, bottom } = d.getBoundingClientRect()
          return [left >= 0, right <= innerWidth, top >= 0, bottom <= innerHeight, d.scrollWidth - d.clientWidth, d.scrollHeight - d.clientHeight]
        }),
      )
      .toEqual([true, true, true, true, 0, 0])
    const sizes = () =>
      dialog
        .locator('td[tabindex], button')
        .evaluateAll((all) => Math.min(...all.map((each) => each.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))))
    await expect.poll(sizes).toBeGreaterThanOrEqual(24)
    for (const key of ['Shift+PageUp', 'End', 'Home']) await page.keyboard.press(key)
    const day = dialog.locator('td').filter({ hasText: chosen[0] })
    await day.click()
    await expect.poll(() => service.locator('[name^="birth-"]').evaluateAll((boxes: HTMLInputElement[]) => boxes.map(({ value }) => value))).toEqual(chosen)
    await expect.poll(() => button.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(true)
    expect(faults).toEqual([])
    await close()
  })
})

describe('scripts of the page', () => {
  test.each([
    [
      'fetch is patched, and adds a header and a delay',
      `const own = window.fetch; window.fetch = function (resource, options) { window.asked = (window.asked || 0) + 1; return new Promise((done) => setTimeout(done, 50)).then(() => own(resource, Object.assign({}, options))) }`,
    ],
    [
      'prototypes hold more, enumerable',
      `Object.prototype.extra = 'polluted'; Object.prototype.each = function (f) { for (const key in this) f(key) }; Object.prototype.clone = function () { return JSON.parse(JSON.stringify(this)) }; Array.prototype.last = function () { return this[this.length - 1] }; String.prototype.contains = function () { return false }`,
    ],
    [
      'old polyfills stand in for what browsers have',
      `Array.prototype.flat = function () { return [].concat.apply([], this) }; Array.prototype.includes = function (x) { return this.indexOf(x) >= 0 }; window.Event = class extends Event {}; window.$ = window.jQuery = () => { throw new Error('not for us') }`,
    ],
    [
      'keys and submits are caught on the document',
      `for (const name of ['submit', 'keydown', 'input', 'change', 'click']) document.addEventListener(name, (event) => { event.stopPropagation() }, false)`,
    ],
    ['a global named after our ids', `window.name = 'about'; window.status = 'x'; window.event = null; window.f = 1`],
  ])('%s', async (_, body) => {
    const { page, faults, close } = await open({ files: { 'page.js': { type: 'text/javascript', body } } })
    await goOn(page)
    await sendIn(page)
    expect(faults).toEqual([])
    await close()
  })

  test('fetch is broken for good: a sentence', async () => {
    const { page, close } = await open({
      files: { 'page.js': { type: 'text/javascript', body: 'window.fetch = () => { throw new Error("blocked by an extension") }' } },
    })
    await page.getByText('cannot be reached').waitFor()
    await close()
  })
})

describe('pages of an unusual kind', () => {
  test('without a doctype: looks as on any other, and works', async () => {
    const plain = await open({})
    await plain.page.locator('guichet-service h1').waitFor()
    const expected = await looks(plain.page)
    await plain.close()
    const { page, faults, close } = await open({ doctype: false })
    await page.locator('guichet-service h1').waitFor()
    expect(await page.evaluate(() => document.compatMode)).toBe('BackCompat')
    expect(await looks(page)).toEqual(expected)
    await goOn(page)
    expect(faults).toEqual([])
    await close()
  })

  test('with a base that leads elsewhere: everything is asked of the server', async () => {
    const { page, faults, close } = await open({ head: '<base href="https://elsewhere.example/a/">' })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await goOn(page)
    expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('isolated from other origins (COOP and COEP)', async () => {
    const { page, faults, close } = await open({
      headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    })
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await goOn(page)
    expect(faults).toEqual([])
    await close()
  })

  test('in a sandbox without an origin, where nothing can be stored', async () => {
    site.files.set('/inner', { body: pageOf(tag()) })
    const { page, close } = await open({
      body: `<iframe sandbox="allow-scripts allow-forms" src="${site.origin}/inner" width="900" height="800" title="Preview"></iframe>`,
    })
    const frame = page.frameLocator('iframe[title=Preview]')
    expect(await frame.locator('html').evaluate(() => origin)).toBe('null')
    await frame.getByRole('button', { name: 'Start now' }).click()
    await frame.getByRole('textbox', { name: 'Full name' }).fill('Ana Lee')
    await frame.getByRole('button', { name: 'Continue' }).click()
    await frame.locator('.g-summary').waitFor()
    await close()
  })

  test('put together by a tag manager, after the page has been read', async () => {
    const { page, faults, close } = await open({
      body: '<div id="slot"></div>',
      files: {
        'page.js': {
          type: 'text/javascript',
          body: `addEventListener('load', () => { const script = document.createElement('script'); script.type = 'module'; script.src = '${host.origin}/embed.js'; script.dataset.service = 'city/parking-permit'; document.querySelector('#slot').append(script) })`,
        },
      },
    })
    await goOn(page)
    await expect.poll(() => page.locator('#slot guichet-service').count()).toBe(1)
    expect(faults).toEqual([])
    await close()
  })
})

describe('several on a page', () => {
  test('two services at once', async () => {
    const { page, faults, close } = await open({ body: tag() + tag('', 'other-permit'), policy: strictPolicy(host.origin) })
    await expect
      .poll(() => page.locator('guichet-service h1').allTextContents(), { timeout: 5000 })
      .toEqual(['Get a resident parking permit', 'Get a visitor permit'])
    await goOn(page, page.locator('guichet-service').nth(1))
    // The first is where it was.
    await goOn(page, page.locator('guichet-service').nth(0))
    expect(await axe(page)).toEqual([])
    // Both are sent, each by itself.
    for (const nth of [1, 0]) await sendIn(page, page.locator('guichet-service').nth(nth))
    expect(faults).toEqual([])
    await close()
  })

  test('the same service twice: each keeps its own answers', async () => {
    const { page, faults, close } = await open({ body: tag() + tag('data-lang="fa"') })
    await page.locator('guichet-service h1').nth(1).waitFor()
    await goOn(page, page.locator('guichet-service').nth(0))
    const second = page.locator('guichet-service').nth(1)
    await second.getByRole('button', { name: 'شروع' }).click()
    await second.getByRole('heading', { level: 1, name: 'دربارهٔ شما' }).waitFor()
    await expect.poll(() => second.locator('#f-name').inputValue()).toBe('')
    expect(faults).toEqual([])
    await close()
  })
})

describe('coming and going', () => {
  test('a page that mounts and unmounts the element leaves nothing behind', async () => {
    const { page, faults, close } = await open({ body: `<div id="app"></div><script type="module" src="${host.origin}/embed.js"></script>` })
    const client = await page.context().newCDPSession(page)
    await client.send('HeapProfiler.enable')
    const mount = (times: number) =>
      page.evaluate(async (times) => {
        await customElements.whenDefined('guichet-service')
        const app = document.querySelector('#app') as HTMLElement
        for (let i = 0; i < times; i++) {
          const element = document.createElement('guichet-service')
          element.setAttribute('service', 'city/parking-permit')
          const ready = new Promise((resolve) => element.addEventListener('guichet-ready', resolve))
          app.replaceChildren(element)
          await ready
          // Something is typed, so that all listeners there are have been set.
          const shown = new Promise((resolve) => element.addEventListener('guichet-page', resolve, { once: true }))
          element.shadowRoot?.querySelector<HTMLElement>('.g-button-start')?.click()
          await shown
          const input = element.shadowRoot?.querySelector<HTMLInputElement>('#f-name') as HTMLInputElement
          input.value = 'Ana'
          input.dispatchEvent(new Event('input', { bubbles: true }))
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        app.replaceChildren()
      }, times)
    const counted = async () => {
      await client.send('HeapProfiler.collectGarbage')
      await client.send('HeapProfiler.collectGarbage')
      const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters')
      return { nodes, jsEventListeners }
    }
    await mount(3)
    const before = await counted()
    await mount(20)
    // What waits for an idle moment holds on to its element until then, and a busy machine has few.
    await expect.poll(async () => (await counted()).jsEventListeners, { timeout: 15_000 }).toBeLessThanOrEqual(before.jsEventListeners + 2)
    await expect.poll(async () => (await counted()).nodes, { timeout: 15_000 }).toBeLessThanOrEqual(before.nodes + 40)
    // Leaving the page is not held up by answers of elements that are gone.
    expect(await page.evaluate(() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(false)
    expect(faults).toEqual([])
    await close()
  })

  test('an element that is moved keeps its answers', async () => {
    const { page, faults, close } = await open({ body: `${tag()}<div id="elsewhere"></div>` })
    await goOn(page)
    await page.evaluate(() => document.querySelector('#elsewhere')?.append(document.querySelector('guichet-service') as Element))
    await page.getByRole('button', { name: 'Back', exact: true }).click()
    await expect.poll(() => page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Ana Lee')
    expect(faults).toEqual([])
    await close()
  })

  test('back and forward: the page comes back from the cache as it was left, and goes on', async () => {
    site.files.set('/next', { body: pageOf('<h1>Next</h1>') })
    const { page, faults, close } = await open({})
    await page.evaluate(() => addEventListener('pageshow', (event) => document.documentElement.setAttribute('data-cached', String(event.persisted))))
    await page.getByRole('button', { name: 'Start now' }).click()
    await page.getByRole('heading', { level: 1, name: 'About you' }).waitFor()
    await page.goto(`${site.origin}/next`)
    // Playwright waits for a load, which does not come for a page from the cache.
    await page.evaluate(() => history.back())
    await page.getByRole('heading', { level: 1, name: /About you|Get a resident/ }).waitFor()
    // Nothing was typed, so nothing keeps the page out of the cache.
    await expect.poll(() => page.locator('html').getAttribute('data-cached')).toBe('true')
    await page.getByRole('textbox', { name: 'Full name' }).fill('Ana')
    expect(faults).toEqual([])
    await close()
  })

  test('back and forward with answers typed: whoever leaves all the same finds them again, and goes on', async () => {
    site.files.set('/next', { body: pageOf('<h1>Next</h1>') })
    const { page, faults, close } = await open({})
    page.on('dialog', (dialog) => void dialog.accept())
    await page.evaluate(() => addEventListener('pageshow', (event) => document.documentElement.setAttribute('data-cached', String(event.persisted))))
    await page.getByRole('button', { name: 'Start now' }).click()
    await page.getByRole('textbox', { name: 'Full name' }).pressSequentially('Ana')
    await page.goto(`${site.origin}/next`)
    await page.evaluate(() => history.back())
    await expect.poll(() => page.locator('html').getAttribute('data-cached')).toBe('true')
    await expect.poll(() => page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Ana')
    await page.getByRole('textbox', { name: 'Full name' }).press('End')
    await page.getByRole('textbox', { name: 'Full name' }).pressSequentially(' Li')
    await expect.poll(() => page.getByRole('textbox', { name: 'Full name' }).inputValue()).toBe('Ana Li')
    expect(faults).toEqual([])
    await close()
  })

  test('leaving with answers that are not sent is asked about', async () => {
    const { page, close } = await open({})
    await page.getByRole('button', { name: 'Start now' }).click()
    await page.getByRole('textbox', { name: 'Full name' }).pressSequentially('A')
    let asked = 0
    page.on('dialog', (dialog) => {
      asked++
      void dialog.accept()
    })
    await page.goto(`${site.origin}/`)
    expect(asked).toBe(1)
    await close()
  })
})

describe('what is missing', () => {
  test('storage is blocked', async () => {
    const { page, faults, close } = await open({
      files: {
        'page.js': {
          type: 'text/javascript',
          body: `for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError') } }); Object.defineProperty(Document.prototype, 'cookie', { get() { throw new DOMException('denied', 'SecurityError') }, set() { throw new DOMException('denied', 'SecurityError') } })`,
        },
      },
    })
    await goOn(page)
    await sendIn(page)
    expect(faults).toEqual([])
    await close()
  })

  test('the runtime is slow: the page is there meanwhile and nothing wrong is said, then the service works', async () => {
    const opened = await openPage(browser)
    const { page } = opened
    await page.route('**/assets/*.js', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await route.continue()
    })
    site.files.set('/', { body: pageOf(`<h1>Agency</h1>${tag()}<p id="after">After</p>`) })
    await page.goto(`${site.origin}/`, { waitUntil: 'commit' })
    await page.locator('guichet-service').waitFor({ state: 'attached' })
    await expect.poll(() => page.locator('#after').isVisible()).toBe(true)
    await expect.poll(() => page.locator('guichet-service').textContent()).toBe('')
    expect(await page.locator('guichet-service').evaluate((element) => element.shadowRoot)).toBeNull()
    await page.getByRole('button', { name: 'Start now' }).waitFor({ timeout: 20_000 })
    await goOn(page)
    expect(opened.faults).toEqual([])
    await opened.close()
  })

  test('the runtime never comes: a sentence, in the language of the page', async () => {
    const { page, close } = await openPage(browser)
    await page.route('**/assets/*.js', (route) => route.abort())
    site.files.set('/', { body: pageOf(tag(), { lang: 'el' }) })
    await page.goto(`${site.origin}/`)
    await page.locator('guichet-service').getByText('Η υπηρεσία δεν είναι διαθέσιμη').waitFor()
    await close()
  })
})

describe('on paper', () => {
  test('no buttons, and every word readable', async () => {
    const { page, close } = await open({})
    await page.getByRole('button', { name: 'Start now' }).waitFor()
    await page.emulateMedia({ media: 'print' })
    await expect.poll(() => page.getByRole('button', { name: 'Start now' }).isVisible()).toBe(false)
    await expect.poll(() => page.getByRole('heading', { level: 1, name: 'Get a resident parking permit' }).isVisible()).toBe(true)
    await close()
  })

  test('what was dark on the screen is dark ink on white', async () => {
    const { page, close } = await open({ head: '<meta name="color-scheme" content="light dark">' })
    await page.emulateMedia({ colorScheme: 'dark' })
    const heading = page.locator('guichet-service h1')
    await heading.waitFor()
    /** From 0, black, to 255. */
    const brightness = () =>
      heading.evaluate((element) => {
        const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number)
        return (red + green + blue) / 3
      })
    await expect.poll(() => brightness()).toBeGreaterThan(150)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await expect.poll(() => brightness()).toBeLessThan(100)
    await close()
  })
})
