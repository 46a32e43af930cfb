/** The server's own pages, as people see them: wide and narrow, left and right, light and dark, without JavaScript of ours. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let reference: string

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
  const service = `${server.url}/v1/services/demo/en-order-case`
  const body = JSON.parse(readFileSync(join(import.meta.dirname, '../examples/en-order-case/submissions/valid-small-return.json'), 'utf8'))
  const documents: Record<string, string[]> = {}
  for (const target of Object.keys(body.documents ?? {})) {
    const file = await fetch(`${service}/attachments?target=${target}&name=a.pdf`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: '%PDF-1.4 %%EOF',
    })
    documents[target] = [((await file.json()) as { id: string }).id]
  }
  const sent = await fetch(`${service}/submissions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ ...body, version: 1, documents }),
  })
  expect(sent.status).toBe(201)
  reference = ((await sent.json()) as { reference: string }).reference
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

interface Found {
  faults: string[]
  wider: number
  paper: string
}

/** What a machine finds wrong; how far the page sticks out; the colour it is on. */
async function look(page: Page): Promise<Found> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    const { violations } = await (globalThis as unknown as { axe: { run(on: Document, options: object): Promise<{ violations: Violation[] }> } }).axe.run(
      document,
      {
        runOnly: tags,
      },
    )
    interface Violation {
      id: string
      nodes: { target: string[] }[]
    }
    return {
      faults: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      paper: getComputedStyle(document.body).backgroundColor,
    }
  })
}

// Every two of width, language and scheme meet.
const looks = [
  { width: 1100, lang: 'en', scheme: 'light' },
  { width: 1100, lang: 'fa', scheme: 'dark' },
  { width: 320, lang: 'en', scheme: 'dark' },
  { width: 320, lang: 'fa', scheme: 'light' },
] as const

describe.each(looks)('at $width px in $lang, $scheme', ({ width, lang, scheme }) => {
  it('every page is whole and accessible', async () => {
    // axe is ours, not the page's: it may get past the page's policy.
    const { page, faults, close } = await openPage(browser, { viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true })
    const whole = async (name: string) => {
      const { paper, ...found } = await look(page)
      expect(found, name).toEqual({ faults: [], wider: 0 })
      expect(paper === 'rgb(255, 255, 255)', `${name} is light`).toBe(scheme === 'light')
      await expect.poll(() => page.locator('html').getAttribute('dir')).toBe(lang === 'fa' ? 'rtl' : 'ltr')
    }
    /** What is in a service's language begins where the page's own lines begin. */
    const aligned = async (lines: string) => {
      const edges = await page.locator(lines).evaluateAll((elements) =>
        elements.map((element) => {
          const range = document.createRange()
          range.selectNodeContents(element)
          const box = range.getBoundingClientRect()
          return Math.round(getComputedStyle(document.documentElement).direction === 'rtl' ? box.right : box.left)
        }),
      )
      expect(edges.length).toBeGreaterThan(1)
      // A line that is broken may keep the space it was broken at.
      expect(Math.max(...edges) - Math.min(...edges), edges.join(', ')).toBeLessThan(10)
    }
    await page.goto(`${server.url}/?lang=${lang}`)
    await whole('/')
    await aligned('h1, .services :is(h2, h3, p)')
    await page.goto(`${server.url}/s/demo/fa-parvane?lang=${lang}`)
    await page.locator('guichet-service h1').waitFor()
    await whole('/s/demo/fa-parvane')
    // Thousands of elements of a few kinds, whose words are English: looked through where it is narrow, and once in each scheme.
    if (lang === 'en') {
      await page.goto(`${server.url}/reference?lang=${lang}`)
      await whole('/reference')
    }
    await page.goto(`${server.url}/status?lang=${lang}`)
    await whole('/status')
    expect(faults).toEqual([])

    await page.getByRole('textbox').fill('hello')
    await page.getByRole('button').click()
    await page.getByRole('alert').waitFor()
    await whole('/status with a wrong code')
    await page.getByRole('textbox').fill(reference)
    await page.getByRole('button').click()
    await page.getByRole('list').waitFor()
    await whole('/status with the right code')
    await aligned('main > h1, main > p')

    await page.goto(`${server.url}/nothing?lang=${lang}`)
    await whole('/nothing')
    await close()
  })
})
