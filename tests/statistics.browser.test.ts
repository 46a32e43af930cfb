/** The published statistics as people see them: read by a machine that knows barriers, narrow, from right to left, in the dark. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { press } from './keyboard.ts'
import { fillStatistics } from './statistics-figures.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser: Browser
let server: TestServer
let stop: () => Promise<void>

const agency = async () => server.adapters.store.agency((await server.adapters.store.findAgency('demo'))!)

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer('2027-01-05T10:00:00Z', { PUBLISH_STATISTICS: 'demo' })])
  await fillStatistics(await agency(), '2025-01', 24)
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

/** What axe finds wrong, and how far the page sticks out to the side. */
async function look(page: Page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    interface Violation {
      id: string
      nodes: { target: string[] }[]
    }
    const { axe } = globalThis as unknown as { axe: { run(on: Document, options: object): Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return {
      faults: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }
  })
}

describe('the page of statistics', () => {
  it.each([
    ['en', { width: 1200, height: 900 }, 'light'],
    ['fa', { width: 1200, height: 900 }, 'dark'],
    ['hu', { width: 320, height: 640 }, 'light'],
    ['fa', { width: 320, height: 640 }, 'light'],
  ] as const)('has no barrier a machine finds, in %s at %o, %s', async (language, viewport, colorScheme) => {
    const { page, faults, close } = await openPage(browser, { viewport, colorScheme, javaScriptEnabled: true })
    await page.goto(`${server.url}/statistics/demo?lang=${language}`)
    for (const details of await page.locator('details').all()) await details.locator('summary').click()
    expect(await look(page)).toEqual({ faults: [], wider: 0 })
    expect(faults).toEqual([])
    await close()
  })

  it('is read from the right in Persian: the first month, the scale and the bars begin there', async () => {
    const placed = async (language: string) => {
      const { page, close } = await openPage(browser, { viewport: { width: 1200, height: 900 } })
      await page.goto(`${server.url}/statistics/demo?lang=${language}`)
      const x = async (selector: string) => (await page.locator(selector).first().boundingBox())!.x
      const places = {
        scaleFirst: (await x('.columns .scale')) < (await x('.columns .plot')),
        firstMonthFirst: (await x('.plot g:first-of-type rect')) < (await x('.plot g:last-of-type rect')),
        barAtStart: (await x('.bars tr:nth-child(2) .drawn rect')) - (await x('.bars tr:nth-child(2) .drawn svg')) < 1,
      }
      const number = await page.locator('.tiles strong').first().textContent()
      await close()
      return { places, number }
    }
    const [english, persian] = [await placed('en'), await placed('fa')]
    expect(english.places).toEqual({ scaleFirst: true, firstMonthFirst: true, barAtStart: true })
    expect(persian.places).toEqual({ scaleFirst: false, firstMonthFirst: false, barAtStart: false })
    expect(english.number).toMatch(/^[\d,]+$/)
    expect(persian.number).toMatch(/^[۰-۹٬]+$/)
  })

  it('is found from the catalogue and filtered without scripts', async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false })
    await page.goto(`${server.url}/?lang=en`)
    await page.getByRole('link', { name: 'Statistics of Demo agency' }).click()
    const all = await page.locator('.tiles strong').first().textContent()
    await page.getByLabel('Service', { exact: true }).selectOption('en-order-case')
    await page.getByLabel('By', { exact: true }).selectOption('quarter')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('heading', { name: 'In brief: Quarter 4 of 2026' }).waitFor()
    await expect.poll(() => page.locator('.tiles strong').first().textContent()).not.toBe(all)
    await expect.poll(() => page.getByRole('img', { name: 'Sent over time' }).count()).toBe(1)
    await close()
  })
})

describe('somebody who begins', () => {
  it('is counted once, by the runtime, with no cookie and nothing else', async () => {
    const { page, faults, close } = await openPage(browser, { locale: 'en' })
    const told: { url: string; body: string | null; cookie: string | undefined }[] = []
    page.on('request', (request) => {
      if (request.url().includes('/started')) told.push({ url: request.url(), body: request.postData(), cookie: request.headers().cookie })
    })
    await page.goto(`${server.url}/s/demo/en-order-case?lang=en`)
    await page.locator('guichet-service h1').waitFor()
    await press(page, /Start/)
    const field = page.locator('guichet-service input:not([type=radio]):not([type=checkbox]), guichet-service textarea').first()
    await field.waitFor()
    expect(told).toEqual([])
    const answered = page.waitForResponse((response) => response.url().includes('/started'))
    await field.fill('1')
    expect((await answered).status()).toBe(204)
    await field.fill('12')
    expect(told).toEqual([{ url: `${server.url}/v1/services/demo/en-order-case/started?lang=en`, body: null, cookie: undefined }])
    await server.adapters.statistics.tally.flush()
    const today = (await (await agency()).daily('2027-01-01', '2027-01-31')).filter(({ service }) => service === 'en-order-case')
    expect(today).toMatchObject([
      { measure: 'opened', channel: 'web', language: 'en', count: 1 },
      { measure: 'started', channel: 'web', language: 'en', count: 1 },
    ])
    expect(faults).toEqual([])
    await close()
  })
})
