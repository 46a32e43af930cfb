/**
 * Large files over bad lines: on an agency's page of another origin under a strict policy, against a server in a process of
 * its own that can be killed. What arrives is compared with what was sent, byte by byte.
 */
import { createHash } from 'node:crypto'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch } from './harness.ts'
import { type KillableServer, killableServer } from './killable-server.ts'

const definition: ServiceDefinition = {
  format: 1,
  id: 'plans',
  languages: ['en', 'fa'],
  title: { en: 'Hand in plans', fa: 'تحویل نقشه‌ها' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'houses',
      title: { en: 'Houses', fa: 'خانه‌ها' },
      fields: [
        {
          id: 'houses',
          type: 'group',
          label: { en: 'Houses', fa: 'خانه‌ها' },
          repeat: { min: 1, max: 2, add: { en: 'Add a house', fa: 'افزودن خانه' }, item: { en: 'House', fa: 'خانه' } },
          fields: [
            {
              id: 'floors',
              type: 'group',
              label: { en: 'Floors', fa: 'طبقه‌ها' },
              repeat: { min: 1, max: 2, add: { en: 'Add a floor', fa: 'افزودن طبقه' }, item: { en: 'Floor', fa: 'طبقه' } },
              fields: [{ id: 'plan', type: 'file', label: { en: 'Plan', fa: 'نقشه' }, accept: ['pdf'], maxBytes: 20_000_000, maxFiles: 3, optional: true }],
            },
          ],
        },
      ],
    },
  ],
}

let browser: Browser
let server: KillableServer
const contexts: BrowserContext[] = []

beforeAll(async () => {
  server = await killableServer()
  server.offer(definition, { preset: 'open', rules: { encryption: { mode: 'at-rest' }, uploads: { types: ['pdf'], maxBytes: 20_000_000, maxFiles: 10 } } })
  ;[browser] = await Promise.all([launch(), server.start()])
})
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Bytes that tell their place, behind what makes a PDF of them. */
function plan(name: string, size: number) {
  const buffer = Buffer.alloc(size)
  for (let i = 0; i < size; i++) buffer[i] = 97 + ((i * 7 + (i >> 12)) % 26)
  buffer.write('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n')
  return { name, mimeType: 'application/pdf', buffer }
}
const digestOf = (bytes: Buffer) => `sha256-${createHash('sha256').update(bytes).digest('base64url')}`

async function visit(language = 'en') {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } })
  contexts.push(context)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${server.agency}/plans`)
  if (language === 'fa') await page.getByRole('button', { name: 'فارسی' }).click()
  await page.getByRole('button', { name: language === 'fa' ? 'شروع' : 'Start now' }).click()
  await page.locator('input[type=file]').first().waitFor()
  const line = await context.newCDPSession(page)
  await line.send('Network.enable')
  return { page, faults, line, context }
}
/** Bytes a second; -1: as fast as it goes. */
const throttle = (line: CDPSession, uploadThroughput: number, offline = false) =>
  line.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput })
const done = (page: Page) =>
  page
    .locator('.g-upload-bar')
    .first()
    .evaluate((bar: HTMLProgressElement) => bar.value)
/** What was said to those who do not see it, each once. */
const listen = (page: Page) =>
  page.evaluate(() => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    const root = document.querySelector('guichet-service')?.shadowRoot as ShadowRoot
    new MutationObserver(() => {
      for (const status of root.querySelectorAll('.g-upload [role=status]')) {
        const text = status.textContent ?? ''
        if (text !== '' && text !== said.at(-1)) said.push(text)
      }
    }).observe(root, { subtree: true, childList: true, characterData: true })
  })
const said = (page: Page) => page.evaluate('said') as Promise<string[]>
/** The requests that appended something, by offset. */
function watchParts(page: Page) {
  const parts: { offset: number; status: number }[] = []
  page.on('response', (response) => {
    if (response.request().method() === 'PATCH') parts.push({ offset: Number(response.request().headers()['upload-offset']), status: response.status() })
  })
  return parts
}

describe('a small file', () => {
  test('waits while there is no line, goes on by itself, and arrives as it was sent', async () => {
    const { page, faults, line } = await visit()
    const file = plan('small.pdf', 40_000)
    const arrived: Promise<{ digest: string }>[] = []
    page.on('response', (response) => {
      if (response.status() === 201 && response.url().includes('attachments')) arrived.push(response.json())
    })
    await listen(page)
    const before = server.count('attachments')
    // What is said of waiting comes with the first file; a line that is gone brings nothing.
    await page.locator('input[type=file]').first().setInputFiles(plan('first.pdf', 20_000))
    await page.getByRole('button', { name: 'Remove first.pdf' }).waitFor()
    await throttle(line, -1, true)
    await page.locator('input[type=file]').first().setInputFiles(file)
    await page.getByText('No connection. It goes on by itself', { exact: false }).waitFor()
    expect(server.count('attachments')).toBe(before + 1)
    await throttle(line, -1)
    await page.getByRole('button', { name: 'Remove small.pdf' }).waitFor()
    expect(server.count('attachments')).toBe(before + 2)
    expect((await arrived.at(-1))?.digest).toBe(digestOf(file.buffer))
    const heard = await said(page)
    expect(heard.filter((text) => text.startsWith('The connection is gone'))).toHaveLength(1)
    expect(heard.filter((text) => text.startsWith('The connection is back'))).toHaveLength(1)
    expect(faults).toEqual([])
  })

  test('and a large one, for which there is no room, are said to have none, and are begun anew', async () => {
    const { page, faults } = await visit()
    const requests: string[] = []
    page.on(
      'request',
      (request) => /attachments|uploads/.test(request.url()) && requests.push(`${request.method()} ${request.url().includes('target=') ? 'new' : 'old'}`),
    )
    /** Requests that are answered by "no room". */
    let full = ''
    await page.route('**/v1/**', (route) =>
      route.request().method() === full
        ? route.fulfill({
            status: 507,
            headers: { 'access-control-allow-origin': '*' },
            contentType: 'application/problem+json',
            body: '{"type":"/problems/storage-full","title":"Full"}',
          })
        : route.continue(),
    )
    const input = page.locator('input[type=file]').first()
    for (const [file, method] of [
      [plan('small.pdf', 40_000), 'POST'],
      [plan('large.pdf', 1_500_000), 'PATCH'],
    ] as const) {
      full = method
      requests.length = 0
      await input.setInputFiles(file)
      await page.getByText('There is no room for this file just now', { exact: false }).waitFor()
      await expect.poll(() => page.locator('.g-upload-bar').count()).toBe(0)
      full = ''
      requests.length = 0
      await input.setInputFiles(file)
      await page.getByRole('button', { name: `Remove ${file.name}` }).waitFor()
      // The address of before is not asked any more.
      expect(requests[0]).toBe('POST new')
    }
    expect(faults).toEqual([])
  })
})

describe('a large file', () => {
  test('over a line that is cut twice, to a server that is killed, arrives once and as it was sent', async () => {
    const { page, faults, line } = await visit()
    const file = plan('plan.pdf', 8_000_000)
    const parts = watchParts(page)
    const arrived: { status: number; body: Promise<{ digest: string; size: number }> }[] = []
    page.on('response', (response) => {
      if (response.status() === 201 && response.request().method() === 'PATCH') arrived.push({ status: 201, body: response.json() })
    })
    await listen(page)
    const before = server.count('attachments')
    await throttle(line, 2_500_000)
    await page.locator('input[type=file]').first().setInputFiles(file)
    await expect.poll(() => done(page), { timeout: 30_000 }).toBeGreaterThan(0.2)
    for (const cut of [0.2, 0.5]) {
      await expect.poll(() => done(page), { timeout: 30_000 }).toBeGreaterThan(cut)
      await throttle(line, 2_500_000, true)
      await page.getByText('No connection. It goes on by itself', { exact: false }).waitFor()
      expect(await axe(page)).toEqual([])
      await throttle(line, 2_500_000)
    }
    await expect.poll(() => done(page), { timeout: 30_000 }).toBeGreaterThan(0.7)
    await server.kill()
    await page.getByText('No connection. It goes on by itself', { exact: false }).waitFor()
    await server.start()
    await throttle(line, -1)
    await page.getByRole('button', { name: 'Remove plan.pdf' }).waitFor({ timeout: 60_000 })
    expect(server.count('attachments')).toBe(before + 1)
    expect(arrived).toHaveLength(1)
    expect(await arrived[0]?.body).toMatchObject({ size: file.buffer.length, digest: digestOf(file.buffer) })
    // What was acknowledged was not sent again.
    const kept = parts.filter(({ status }) => status === 204 || status === 201).map(({ offset }) => offset)
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
    const heard = await said(page)
    expect(heard[0]).toBe('Uploading plan.pdf')
    expect(heard.at(-1)).toBe('plan.pdf was uploaded')
    expect(heard.filter((text) => text.startsWith('The connection is gone'))).toHaveLength(3)
    expect(heard.filter((text) => text.startsWith('The connection is back'))).toHaveLength(3)
    // Start, end, three quarters at most, and the line's coming and going: nothing else.
    expect(heard.length).toBeLessThanOrEqual(2 + 3 + 6)
    expect(faults).toEqual([])
  })

  test('tells how much is left and each quarter, in Persian too, and is given up without a trace', async () => {
    const { page, faults, line } = await visit('fa')
    await listen(page)
    await throttle(line, 600_000)
    await page.locator('input[type=file]').first().setInputFiles(plan('plan.pdf', 6_000_000))
    await page.getByText('مانده', { exact: false }).first().waitFor({ timeout: 30_000 })
    await expect.poll(() => page.locator('.g-upload-note').first().textContent()).toMatch(/^٪?[۰-۹]+٪? · حدود [۰-۹]+ ثانیه مانده$/)
    await expect.poll(() => page.locator('.g-upload-bar').first().getAttribute('aria-label')).toBe('در حال بارگذاری plan.pdf')
    expect(await axe(page)).toEqual([])
    await expect.poll(() => said(page), { timeout: 20_000 }).toContainEqual(expect.stringMatching(/^plan\.pdf: .*۲۵.* بارگذاری شد\./))
    const gone = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await page.getByRole('button', { name: /plan\.pdf/ }).press('Enter')
    expect((await gone).status()).toBe(204)
    await expect.poll(() => page.locator('.g-upload-bar').count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.querySelector('guichet-service')?.shadowRoot?.activeElement?.getAttribute('type'))).toBe('file')
    expect((await said(page)).at(-1)).toContain('plan.pdf')
    expect(faults).toEqual([])
  })

  test('of several one after the other, inside groups inside groups, replaced, and never twice', async () => {
    const { page, faults, line } = await visit()
    await page.getByRole('button', { name: 'Add a floor' }).click()
    const input = page.locator('input[type=file]').nth(1)
    const running = new Set<string>()
    let together = 0
    page.on('request', (request) => {
      if (request.method() !== 'PATCH') return
      running.add(request.url())
      together = Math.max(together, running.size)
    })
    page.on('requestfinished', (request) => {
      if (request.method() === 'PATCH' && request.headers()['upload-complete'] === '?1') running.delete(request.url())
    })
    const before = server.count('attachments')
    await throttle(line, 4_000_000)
    const [one, two] = [plan('one.pdf', 1_500_000), plan('two.pdf', 2_500_000)]
    await input.setInputFiles([one, two])
    await page.getByRole('button', { name: 'Remove one.pdf' }).waitFor()
    await page.getByRole('button', { name: 'Remove two.pdf' }).waitFor()
    expect(together).toBe(1)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Replace one.pdf' }).press('Enter')
    await (await chooser).setFiles(plan('three.pdf', 1_200_000))
    await page.getByRole('button', { name: 'Remove three.pdf' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Remove one.pdf' }).count()).toBe(0)
    expect(server.count('attachments')).toBe(before + 3)
    expect(faults).toEqual([])
  })

  test('goes on in another tab, from the draft, where it was when the first one was closed', async () => {
    const { page, line } = await visit()
    const file = plan('plan.pdf', 6_000_000)
    await page.getByRole('button', { name: 'Save and come back later' }).click()
    await page.getByText(/^Saved\. It is kept until/).waitFor()
    const code = ((await page.locator('guichet-service .g-output').textContent()) ?? '').trim()
    const saved = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok())
    const parts = watchParts(page)
    await throttle(line, 1_500_000)
    // A file that is chosen again has the same time of change: it is the same one on disk.
    const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const { join } = await import('node:path')
    const folder = mkdtempSync(join(tmpdir(), 'guichet-upload-'))
    const path = join(folder, 'plan.pdf')
    writeFileSync(path, file.buffer)
    try {
      await page.locator('input[type=file]').first().setInputFiles(path)
      await saved
      await expect.poll(() => parts.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
      await page.context().close()
      contexts.splice(0)
      const before = server.count('attachments')

      const other = await browser.newContext()
      contexts.push(other)
      const again = await other.newPage()
      const later = watchParts(again)
      await again.goto(`${server.agency}/plans`)
      await again.getByRole('button', { name: 'Continue a saved application' }).click()
      await again.getByRole('textbox', { name: 'Code of the saved application' }).fill(code)
      await again.getByRole('button', { name: 'Open', exact: true }).click()
      await again.getByText('plan.pdf had not arrived completely.', { exact: false }).waitFor()
      await again.locator('input[type=file]').first().setInputFiles(path)
      await again.getByRole('button', { name: 'Remove plan.pdf' }).waitFor()
      expect(later[0]?.offset).toBeGreaterThan(0)
      await expect.poll(() => again.getByText('plan.pdf had not arrived completely.', { exact: false }).count()).toBe(0)
      expect(server.count('attachments')).toBe(before + 1)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
