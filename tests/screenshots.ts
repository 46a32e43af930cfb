/** `npm run screenshots`: the pictures of README and docs, from a real server with the example services. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, startServer } from '@guichet/server'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { fillDemo } from '../examples/demo-cases.ts'
import { clockAt, launch, openPage, startTestServer } from './harness.ts'
import { press } from './keyboard.ts'

const folder = join(import.meta.dirname, '../docs/screenshots')
mkdirSync(folder, { recursive: true })

const desktop = { width: 1100, height: 900 }
const phone = { width: 320, height: 640 }

const [browser, { server, stop }] = await Promise.all([launch(), startTestServer()])

/** Opens a page, brings it into a state, and takes its picture. */
async function shot(name: string, address: string, options: BrowserContextOptions, prepare: (page: Page) => Promise<void> = async () => {}, fullPage = false) {
  const { page, faults: all, close } = await openPage(browser, { reducedMotion: 'reduce', ...options })
  await page.goto(address)
  await prepare(page)
  // Asking who is signed in is answered with 401 when nobody is, and browsers log that.
  const faults = all.filter((fault) => !/status of 401/.test(fault))
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage })
  await close()
  console.log(`${name}.png${faults.length > 0 ? `: ${faults.join('; ')}` : ''}`)
  if (faults.length > 0) process.exitCode = 1
}

const heading = (page: Page) => page.locator('guichet-service h1').waitFor()
const begin = (text: RegExp) => async (page: Page) => {
  await heading(page)
  await press(page, text)
  await page.locator('guichet-service form').waitFor()
}
try {
  await shot('embed-desktop', `${server.demoUrl}/el-heating`, { viewport: desktop, locale: 'el' }, begin(/Έναρξη|Ξεκιν/))
  await shot('embed-start', `${server.demoUrl}/en-street-use`, { viewport: desktop, locale: 'en' }, heading, true)
  await shot('embed-phone', `${server.demoUrl}/vi-thuong-tru`, { viewport: phone, locale: 'vi', deviceScaleFactor: 2 }, async (page) => {
    await heading(page)
    await press(page, /Bắt đầu/)
    await page.locator('guichet-service .g-task').first().waitFor()
  })
  await shot('embed-rtl', `${server.demoUrl}/fa-parvane`, { viewport: desktop, locale: 'fa' }, begin(/شروع|آغاز/))
  await shot('embed-dark', `${server.demoUrl}/hu-kurzus`, { viewport: desktop, locale: 'hu', colorScheme: 'dark' }, begin(/Kezd|Indít/))
  await shot('embed-errors', `${server.demoUrl}/en-order-case`, { viewport: desktop, locale: 'en' }, async (page) => {
    await begin(/Start/)(page)
    await press(page, /Continue/)
    await page.locator('guichet-service .g-error').first().waitFor()
  })
  /** Signed in once, when the account is made: signing in again and again is braked, as it should be. */
  const author: BrowserContextOptions = { viewport: { width: 1400, height: 900 } }
  const account = async (page: Page) => {
    await page.locator('builder-setup form').waitFor()
    await page.fill('#name', 'Ada Author')
    await page.fill('#email', 'ada@example.org')
    await page.fill('#password', 'correct horse battery')
    await page.keyboard.press('Enter')
    await page.locator('builder-services .services li').first().waitFor()
    // Not the language that was spoken meanwhile.
    author.storageState = { cookies: await page.context().cookies(), origins: [] }
  }
  const signedIn = (page: Page) => page.locator('builder-outline [role=treeitem]').first().waitFor()
  /** Opens a part of a service in the editor, and waits for its settings and the preview. */
  const edit = (part: string) => async (page: Page) => {
    await signedIn(page)
    await page.locator(`builder-outline [data-part="${part}"]`).click()
    await page.locator('builder-preview guichet-service h1').first().waitFor()
    await page.locator('builder-settings input, builder-settings textarea').first().waitFor()
    await page.waitForTimeout(500)
  }
  /** A part of the service that is no question: its settings alone. */
  const at = (part: string) => async (page: Page) => {
    await signedIn(page)
    await page.locator(`builder-outline [data-part="${part}"]`).click()
    await page.locator('builder-preview guichet-service h1').first().waitFor()
    // The server says what the rules are.
    if (part === '@access') await page.locator('builder-policy fieldset').first().waitFor()
    await page.waitForTimeout(500)
  }
  /** What there is to show, as the editor itself has it: a new view or section is not forgotten. */
  const places = async (): Promise<[string[], string[]]> => {
    const { page, close } = await openPage(browser, { ...author, locale: 'en-GB' })
    await page.goto(service('en-street-use'))
    await signedIn(page)
    const of = (selector: string, name: string) =>
      page.locator(selector).evaluateAll((elements, attribute) => elements.map((each) => each.getAttribute(attribute) as string), name)
    const found: [string[], string[]] = [await of('[data-view-of]', 'data-view-of'), await of('builder-outline [data-part^="@"]', 'data-part')]
    await close()
    // These have pictures of their own above and below.
    return [found[0].filter((name) => !['edit', 'paths', 'share'].includes(name)), found[1].filter((section) => section !== '@privacy')]
  }
  await shot('builder-services', server.setupUrl as string, { ...author, locale: 'en-GB' }, account)
  const service = (id: string) => `${server.url}/builder/#/services/${id}`
  await shot('builder-desktop', service('en-street-use'), { ...author, locale: 'en-GB' }, edit('/documents/0'))
  await shot('builder-ways', service('en-street-use'), { ...author, locale: 'en-GB' }, async (page) => {
    await signedIn(page)
    await page.getByRole('button', { name: 'Ways through' }).click()
    await page.getByRole('button', { name: 'Look at way 2', exact: true }).click()
    await page.locator('builder-paths builder-preview guichet-service h1').waitFor()
  })
  const view = (name: string, ready: string) => async (page: Page) => {
    await signedIn(page)
    await page.getByRole('button', { name, exact: true }).click()
    await page.locator(ready).first().waitFor()
    await page.waitForTimeout(500)
  }
  await shot(
    'builder-embed',
    service('en-street-use'),
    { ...author, locale: 'en-GB' },
    view('Embed and file', 'builder-share code, builder-share pre, builder-share textarea'),
  )
  await shot('builder-canvas', service('en-street-use'), { ...author, locale: 'en-GB' }, async (page) => {
    await edit('/pages/1/fields/1')(page)
    await page.locator('builder-canvas [data-part="/pages/1/fields/1"]').dblclick()
    await page.locator('builder-canvas textarea').waitFor()
  })
  await shot('builder-privacy', service('en-street-use'), { ...author, locale: 'en-GB' }, async (page) => {
    await signedIn(page)
    await page.locator('builder-outline [data-part="@privacy"]').click()
    await page.locator('builder-settings button', { hasText: 'Add' }).first().click()
    await page.locator('builder-settings textarea').first().waitFor()
    await page.locator('builder-preview guichet-service h1').first().waitFor()
  })
  const [views, sections] = await places()
  for (const name of views)
    await shot(`builder-view-${name}`, service(name === 'translation' ? 'el-heating' : 'en-street-use'), { ...author, locale: 'en-GB' }, async (page) => {
      await signedIn(page)
      await page.locator(`[data-view-of="${name}"]`).click()
      await page.locator('[data-view]').waitFor()
      await page.waitForTimeout(500)
    })
  for (const section of sections) await shot(`builder-part-${section.slice(1)}`, service('en-street-use'), { ...author, locale: 'en-GB' }, at(section))
  for (const [name, button] of Object.entries({ history: 'History', publish: 'Publish…' }))
    await shot(`builder-${name}`, service('en-street-use'), { ...author, locale: 'en-GB' }, async (page) => {
      await edit('/pages/1/fields/0')(page)
      await page.locator('builder-settings textarea, builder-settings input[type=text]').first().fill('Which street do you want to use?')
      await page.keyboard.press('Tab')
      await page.getByRole('button', { name: button, exact: true }).first().click()
      await page.locator('dialog[open]').waitFor()
      await page.waitForTimeout(500)
    })
  for (const name of ['people', 'agency', 'account'])
    await shot(`builder-${name}`, `${server.url}/builder/#/${name}`, { ...author, locale: 'en-GB' }, async (page) => {
      await page.locator(`nav [aria-current=page][href="#/${name}"]`).waitFor()
      await page.waitForTimeout(500)
    })
  await shot('builder-rtl', service('fa-parvane'), { ...author, locale: 'fa' }, edit('/pages/0/fields/3'))
  await shot('builder-dark', service('hu-kurzus'), { ...author, locale: 'hu', colorScheme: 'dark' }, edit('/pages/1/fields/0'))
  await shot('builder-phone', service('el-heating'), { viewport: phone, locale: 'el', deviceScaleFactor: 2, storageState: author.storageState }, signedIn)
  await shot('catalogue', server.url, { viewport: desktop, locale: 'en' })
  await shot('status', `${server.url}/status?lang=en`, { viewport: desktop, locale: 'en' })
  await desk()
} finally {
  await browser.close()
  await stop()
}

/** The desk of an agency that has been at work for two weeks. */
async function desk() {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-screenshots-'))
  const settings = { PORT: '0', DEMO_PORT: 'off', DATA_DIR: dataDir, LOG_LEVEL: 'silent' }
  const moment = '2026-03-10T09:00:00.000Z'
  await fillDemo(readConfig(settings), new Date(moment))
  const busy = await startServer(readConfig(settings), { clock: clockAt(moment) })
  const wide = { viewport: { width: 1300, height: 900 } }
  const enter = async (page: Page) => {
    await page.locator('staff-sign-in form').waitFor()
    await page.fill('#email', 'ada@example.org')
    await page.fill('#password', 'correct horse battery')
    await page.keyboard.press('Enter')
    await page.locator('desk-inbox li[data-case]').first().waitFor()
  }
  const open = (service: string) => async (page: Page) => {
    await enter(page)
    await page.locator(`desk-inbox li[data-case]`, { hasText: service }).locator('a').first().click()
    await page.locator('desk-decision #decide').waitFor()
  }
  const list = `${busy.url}/desk/`
  try {
    await shot('desk-account', busy.setupUrl as string, { ...wide, locale: 'en-GB' }, async (page) => {
      await page.locator('builder-setup form').waitFor()
      await page.fill('#name', 'Ada Officer')
      await page.fill('#email', 'ada@example.org')
      await page.fill('#password', 'correct horse battery')
      await page.keyboard.press('Enter')
      await page.locator('builder-services li').first().waitFor()
    })
    rmSync(join(folder, 'desk-account.png'))
    await shot('desk-inbox', list, { ...wide, locale: 'en-GB' }, enter)
    await shot('desk-case', list, { ...wide, locale: 'en-GB' }, open('order'))
    await shot('desk-case-rtl', list, { ...wide, locale: 'fa' }, open('پروانه'))
    await shot('desk-inbox-dark', list, { ...wide, locale: 'hu', colorScheme: 'dark' }, enter)
    await shot('desk-phone', list, { viewport: phone, locale: 'el', deviceScaleFactor: 2 }, enter)
    await shot('desk-audit', `${list}#/audit`, { ...wide, locale: 'en-GB' }, async (page) => {
      await page.locator('staff-sign-in form').waitFor()
      await page.fill('#email', 'ada@example.org')
      await page.fill('#password', 'correct horse battery')
      await page.keyboard.press('Enter')
      await page.locator('desk-audit tr[data-event]').first().waitFor()
    })
  } finally {
    await busy.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
