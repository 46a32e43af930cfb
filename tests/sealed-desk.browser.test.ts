/**
 * The keys of a sealed service from the first to the last: an officer's own key, the recovery kit, the service's key, a case
 * opened at the desk, and everything opened again with the kit alone.
 */
import { readFileSync } from 'node:fs'
import type { ServiceDefinition } from '@guichet/schemas'
import { clearPart, fileInfo, newKeyPair, type SealedService, sealedTarget, sealFile, sealSubmission } from '@guichet/sealing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '../packages/server/src/services/publish.ts'
import { axe } from './axe.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'

const canary = 'Zaphod Canary 4711'
const pdf = Buffer.from('%PDF-1.4 canary of a file')
const passphrase = 'correct horse battery staple'
const report: ServiceDefinition = {
  format: 1,
  id: 'report',
  languages: ['en'],
  title: { en: 'Report a wrong' },
  summary: { en: 'In confidence.' },
  agency: { name: { en: 'City of Ravenford' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'what',
      title: { en: 'What happened' },
      fields: [
        { id: 'district', type: 'text', label: { en: 'District' } },
        { id: 'story', type: 'textarea', label: { en: 'Your report' } },
        { id: 'proof', type: 'file', label: { en: 'Proof' }, optional: true, accept: ['pdf'] },
      ],
    },
  ],
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let page: Page
const faults: string[] = []

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer('2026-01-05T10:00:00Z', { EXAMPLES_DIR: 'off' })])
  const agency = await agencyOf()
  const policy = { rules: { origins: { allow: [] }, encryption: { mode: 'sealed' as const, clear: ['district'] } } }
  await agency.saveService({ id: 'report', definition: report, policy }, null, { actor: 'system', at: '2026-01-05T08:00:00.000Z' })
  page = await (await browser.newContext({ viewport: { width: 1100, height: 900 }, acceptDownloads: true })).newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text())
  })
  await page.goto(`${server.url}/desk/`)
  await page.evaluate(
    async ({ token }) => {
      const answer = await fetch('/v1/admin/setup', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' }),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    { token: (server.setupUrl as string).split('#setup=')[1] as string },
  )
  await page.reload()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

const agencyOf = async () => server.adapters.store.agency((await server.adapters.store.agencies())[0]!.id)
const told = (text: string | RegExp) => page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' })
/** Each press of Tab until something is focused: no pointer is used. */
const press = async (name: string) => {
  await page.getByRole('button', { name, exact: true }).focus()
  await page.keyboard.press('Enter')
}

/** As a citizen's browser does; gives the number of the case. */
async function send(): Promise<string> {
  const agency = await agencyOf()
  const at = `${server.url}/v1/services/${agency.id}/report`
  const service = (await (await fetch(`${at}/recipients`)).json()) as SealedService
  const { key, content } = await sealFile(new Blob([pdf]).stream(), fileInfo({ agency: agency.id, service: 'report' }))
  const body = await new Response(content).blob()
  const uploaded = await fetch(`${at}/attachments?target=${sealedTarget}&name=sealed`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  })
  const { id, size, digest } = (await uploaded.json()) as { id: string; size: number; digest: string }
  const file = { id, key, name: 'proof.pdf', type: 'application/pdf', size: pdf.length, sealed: { size, digest } }
  const part = clearPart({ language: 'en', answers: { district: 'north' } })
  const answers = { district: 'north', story: canary, proof: [{ id, name: file.name, size: file.size, type: file.type }] }
  const sealed = await sealSubmission(service, { clear: part, answers, files: [file] })
  const response = await fetch(`${at}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `desk-${crypto.randomUUID()}` },
    body: JSON.stringify({ version: 1, language: 'en', answers: part.answers, documents: {}, atDesk: [], sealed }),
  })
  const answer = (await response.json()) as { submission: string }
  if (response.status !== 201) throw new Error(JSON.stringify(answer))
  return answer.submission
}

test('keys are made, a case is opened, and the kit alone opens everything again', { timeout: 240_000 }, async () => {
  await page.goto(`${server.url}/desk/#/keys`)
  await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor()

  // One's own key: what is too short or typed differently is said.
  await page.getByLabel('New passphrase').fill('short')
  await page.getByLabel('The same once more').fill('short')
  await press('Make my key')
  await page.getByText('needs at least 16 characters').waitFor()
  await page.getByLabel('New passphrase').fill(passphrase)
  await page.getByLabel('The same once more').fill(passphrase)
  await press('Make my key')
  await told('Your key is made')

  // The kit: shown once, typed back from the paper, published.
  await press('Make the recovery kit')
  await told('The kit is made')
  const shares = await page.locator('.share .code').allTextContents()
  expect(shares).toHaveLength(3)
  expect(await axe(page)).toEqual([])
  const typed = page.getByLabel('Type sheet 1 from the paper', { exact: false })
  await typed.fill(shares[0]!.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')))
  await press('Publish the recovery key')
  await page.getByText('has a mistake', { exact: false }).waitFor()
  await typed.fill(shares[0]!.toLowerCase().replaceAll('-', ' '))
  await press('Publish the recovery key')
  await told('The recovery key is published')
  await expect.poll(() => page.locator('.share').count()).toBe(0)

  // The service's key.
  await page.getByLabel('Service', { exact: true }).selectOption('report')
  await page.getByText('This service has no key yet').waitFor()
  await press('Make the service’s key')
  await told('Key number 1 is published')
  const pin = await page.getByLabel('Line for the page').inputValue()
  expect(await axe(page)).toEqual([])

  const agency = await agencyOf()
  await publish(server.adapters, agency, 'report', 1, { actor: 'system', language: 'en', acknowledged: 'every' }, server.url)
  const published = (await (await fetch(`${server.url}/v1/services/${agency.id}/report/recipients`)).json()) as { fingerprint: string }
  expect(pin).toBe(`data-keys="${published.fingerprint}"`)

  // A case, in a page where nothing is unlocked.
  const number = await send()
  await page.goto(`${server.url}/desk/#/cases/${number}`)
  await page.reload()
  await page.getByRole('heading', { name: 'Sealed' }).waitFor()
  await expect.poll(() => page.getByText(canary).count()).toBe(0)
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Your passphrase').fill('not the passphrase at all')
  await press('Open')
  await page.getByText('This is not your passphrase').waitFor()
  await page.getByLabel('Your passphrase').fill(passphrase)
  await press('Open')
  await page.getByText(canary).waitFor()
  await expect.poll(() => page.getByText('do not keep to the rules').count()).toBe(0)
  expect(await axe(page)).toEqual([])
  const [download] = await Promise.all([page.waitForEvent('download'), press('Open and save proof.pdf')])
  expect(download.suggestedFilename()).toBe('proof.pdf')
  expect(readFileSync((await download.path()) as string)).toEqual(pdf)

  // Everybody's keys are lost: a new key of one's own opens nothing, and two sheets of three open everything.
  const [lost] = await agency.sealingKeys('officer')
  await agency.addSealingKey({ ...lost!, number: 2, publicKey: (await newKeyPair()).public }, [], { actor: 'system', at: '2026-01-05T10:00:00.000Z' })
  const wraps = async () => (await agency.sealingWraps('report')).length
  const before = await wraps()
  await page.goto(`${server.url}/desk/#/keys`)
  await page.reload()
  await page.getByLabel('Service', { exact: true }).selectOption('report')
  await page.getByText('All keys are lost').click()
  await page.getByLabel('Sheets of the recovery kit').fill(`${shares[1]}\n${shares[1]}`)
  await press('Open with the kit')
  await page.getByText('is there twice').waitFor()
  expect(await wraps()).toBe(before)
  await page.getByLabel('Sheets of the recovery kit').fill(`${shares[2]}\n${shares[0]}`)
  await press('Open with the kit')
  await told('The service’s keys are yours now')
  expect(await wraps()).toBe(before + 1)
  expect(faults).toEqual([])
})
