/**
 * A service that is sealed end to end, on an agency's page of another origin under the strictest policy with Trusted Types:
 * the citizen is told, everything is sealed in the browser, nothing readable leaves it, and the holder of a key opens it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import { fileInfo, fingerprintOf, type KeyPair, newKeyPair, openFile, openSubmission, type SealedService } from '@guichet/sealing'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openCase } from '../packages/server/src/cases/open-case.ts'
import { publish } from '../packages/server/src/services/publish.ts'
import { addEpoch, addRecovery } from '../packages/server/src/testing/sealing-keys.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'

const canary = 'Zaphod Canary 4711'
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
const report: ServiceDefinition = {
  format: 1,
  id: 'report',
  languages: ['en', 'fa'],
  title: { en: 'Report a wrong', fa: 'گزارش تخلف' },
  summary: { en: 'In confidence.', fa: 'محرمانه.' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'what',
      title: { en: 'What happened', fa: 'چه شد' },
      fields: [
        { id: 'district', type: 'text', label: { en: 'District', fa: 'منطقه' } },
        { id: 'story', type: 'textarea', label: { en: 'Your report', fa: 'گزارش شما' } },
        { id: 'proof', type: 'file', label: { en: 'Proof', fa: 'مدرک' }, optional: true, accept: ['pdf'] },
      ],
    },
  ],
  routes: [{ when: { '==': [{ var: 'district' }, 'north'] }, to: 'north' }, { to: 'south' }],
  stages: [
    { id: 'north', label: { en: 'North', fa: 'شمال' } },
    { id: 'south', label: { en: 'South', fa: 'جنوب' } },
  ],
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let epoch: KeyPair
let recovery: KeyPair
let print: string
const contexts: BrowserContext[] = []

beforeAll(async () => {
  ;[browser, { server, stop }, site, epoch, recovery] = await Promise.all([
    launch(),
    startTestServer('2026-01-05T10:00:00Z', { EXAMPLES_DIR: 'off' }),
    agencySite(),
    newKeyPair(),
    newKeyPair(),
  ])
  const { adapters } = server
  const agency = await agencyOf()
  await addRecovery(agency, 1, recovery)
  await addEpoch(agency, 'report', 1, epoch)
  const policy = { rules: { origins: { allow: [site.origin] }, encryption: { mode: 'sealed' as const, clear: ['district'] } } }
  const revision = await agency.saveService({ id: 'report', definition: report, policy }, null, { actor: 'system', at: '2026-01-05T08:00:00.000Z' })
  await publish(adapters, agency, 'report', revision, { actor: 'system', language: 'en', acknowledged: 'every' }, server.url)
  const published: SealedService & { fingerprint: string } = await (await fetch(`${server.url}/v1/services/${agency.id}/report/recipients`)).json()
  print = published.fingerprint
  expect(await fingerprintOf(published)).toBe(print)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await stop?.()
})
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
})

const agencyOf = async () => server.adapters.store.agency((await server.adapters.store.agencies())[0]!.id)

/** Opens the agency's page; `keys`: what it pins. Keeps all that the browser sends. */
async function visit(more = `data-keys="${print}"`, lang = 'en') {
  const agency = await agencyOf()
  site.files.set('/', {
    headers: { 'Content-Security-Policy': `${strictPolicy(server.url)}; frame-src ${server.url}` },
    body: pageOf(`<script type="module" src="${server.url}/embed.js" data-service="${agency.id}/report" ${more}></script>`, { lang }),
  })
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } })
  contexts.push(context)
  const page = await context.newPage()
  const faults: string[] = []
  const sent: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text())
  })
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()} ${request.postDataBuffer()?.toString('latin1') ?? ''}`))
  await page.goto(`${site.origin}/`)
  return { page, context, faults, sent }
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
async function fill(page: Page, { file = true } = {}) {
  await press(page, 'Start now')
  await page.getByLabel('District').fill('north')
  await page.getByLabel('Your report').fill(canary)
  if (file) {
    await page.getByLabel('Proof').setInputFiles({ name: `${canary}.pdf`, mimeType: 'application/pdf', buffer: pdf })
    await page.getByText(`${canary}.pdf`).first().waitFor()
    await expect.poll(() => page.locator('.g-upload-bar').count()).toBe(0)
  }
  await press(page, 'Continue')
  await page.getByRole('heading', { level: 1, name: 'Check your answers before sending' }).waitFor()
}
const cases = async () => (await agencyOf()).submissions()
const notNothing = (form: string) => expect(form.length).toBeGreaterThan(100)

describe('a sealed service', () => {
  test('is told, sealed, sent, and opened by the holder of the key alone', { timeout: 120_000 }, async () => {
    const { page, faults, sent } = await visit()
    await page.getByText('are encrypted in this browser before they are sent', { exact: false }).waitFor()
    // What the server can no longer do for whoever sends.
    await page.getByText('Nobody can show you afterwards what you sent, and files are not scanned for viruses', { exact: false }).waitFor()
    await expect.poll(() => page.locator('guichet-service .g-notice li').allTextContents()).toEqual([expect.stringContaining('District')])
    expect(await axe(page)).toEqual([])
    await fill(page)
    await press(page, 'Send')
    await page.locator('.g-code').waitFor()
    expect(faults).toEqual([])

    // Nothing readable has left the browser, but what is clear.
    const all = sent.join('\n')
    notNothing(all)
    for (const secret of [canary, 'Canary', encodeURIComponent(canary), '%PDF']) expect(all.includes(secret)).toBe(false)
    expect(all).toContain('"district":"north"')

    const agency = await agencyOf()
    const row = (await cases()).at(-1)!
    expect(row.stage).toBe('north')
    const reading = { roles: () => ['officer'], client: null, purpose: 'handling', language: 'en' }
    const opened = await openCase(server.adapters, agency, row.id, { actor: 'test', at: '2026-01-05T10:00:00.000Z' }, reading)
    const { part, clear, definition } = opened.sealed!
    const content = await openSubmission({ agency: agency.id, service: 'report', version: 1, submission: row.id, definition, clear, sealed: part }, epoch)
    const [file] = content.files
    expect(content.answers).toMatchObject({ district: 'north', story: canary, proof: [{ id: file?.id, name: `${canary}.pdf`, size: pdf.length }] })
    expect(file).toMatchObject({ name: `${canary}.pdf`, type: 'application/pdf', size: pdf.length })
    const [attachment] = await agency.attachmentsOf(row.id)
    const { attachmentBox } = await import('../packages/server/src/files/attachment.ts')
    const stored = server.adapters.files.read(agency.id, file!.id, attachmentBox(server.adapters, agency.id, attachment!))
    const bytes = await new Response(openFile(stored, file!.key, fileInfo({ agency: agency.id, service: 'report' }))).arrayBuffer()
    expect(Buffer.from(bytes)).toEqual(pdf)

    // Nor is any of it on the server's disk.
    const disk = readdirSync(server.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n')
    expect(disk).toContain('report')
    expect([canary, 'Canary', '%PDF'].filter((secret) => disk.includes(secret))).toEqual([])
  })

  test('sends nothing where the page pins other keys, says so, and keeps the answers', { timeout: 60_000 }, async () => {
    const { page, faults, sent } = await visit(`data-keys="sha256-${'A'.repeat(43)}"`)
    await fill(page, { file: false })
    const before = (await cases()).length
    await press(page, 'Send')
    const failure = page.locator('.g-failure')
    await failure.getByText('are not those that this page expects', { exact: false }).waitFor()
    await expect.poll(() => failure.getByText('Your answers are still here', { exact: false }).count()).toBeGreaterThan(0)
    expect(sent.filter((line) => line.startsWith('POST') && line.includes('/submissions'))).toEqual([])
    expect((await cases()).length).toBe(before)
    await expect.poll(() => page.getByText(canary).count()).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })

  test('waits without a connection, holding nothing that can be read, and is sent once at the next visit', { timeout: 90_000 }, async () => {
    const { page, context } = await visit()
    await fill(page, { file: false })
    const before = (await cases()).length
    await context.route('**/submissions', (route) => route.abort())
    await press(page, 'Send')
    await page.locator('.g-failure').waitFor()
    const held = await page.evaluate(async () => {
      const open = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('guichet')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      const store = open.transaction('boxes').objectStore('boxes')
      const got = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)))
      const names = await got(store.getAllKeys())
      const key = (await got(store.get('key'))) as CryptoKey
      const place = String(names.find((name) => name !== 'key'))
      const box = (await got(store.get(place))) as Uint8Array<ArrayBuffer>
      open.close()
      // As any script of the page could: the outer box opens here, and what is in it must not be readable either.
      const iv = box.subarray(0, 12)
      const inside = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(place) }, key, box.subarray(12))
      return new TextDecoder().decode(inside).trim()
    })
    expect(held).toContain('"district":"north"')
    expect(held.includes('Canary')).toBe(false)
    await context.unroute('**/submissions')
    await page.close({ runBeforeUnload: false })
    const again = await context.newPage()
    await again.goto(`${site.origin}/`)
    await again.getByRole('button', { name: 'Show the tracking code' }).waitFor()
    expect((await cases()).length).toBe(before + 1)
  })

  test('is sealed in a frame as well, and says in Persian what it means, on a narrow page', { timeout: 60_000 }, async () => {
    const { page, faults } = await visit(`data-keys="${print}" data-isolation="iframe"`, 'fa')
    await page.setViewportSize({ width: 320, height: 800 })
    const frame = page.frameLocator('guichet-service iframe')
    await frame.getByText('رمزگذاری می‌شوند', { exact: false }).first().waitFor()
    await expect.poll(() => frame.locator('guichet-service').getAttribute('keys')).toBe(print)
    expect(faults).toEqual([])
  })

  test('is not begun in a browser that cannot seal', { timeout: 60_000 }, async () => {
    const { context } = await visit()
    await context.addInitScript(() => {
      Object.defineProperty(crypto.subtle, 'generateKey', { value: () => Promise.reject(new DOMException('no', 'NotSupportedError')) })
    })
    const page = await context.newPage()
    await page.goto(`${site.origin}/`)
    await page.getByText('needs a browser that can encrypt', { exact: false }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Start now' }).count()).toBe(0)
  })
})
