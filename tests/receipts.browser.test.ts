/** Checking without us: the page that checks receipts, opened from a file, and the page of a log. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let tracking: string
const folder = mkdtempSync(join(tmpdir(), 'guichet-receipts-'))
const at = (name: string) => join(folder, name)

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) })
const keepLog = async () => {
  const { store, auditLog } = server.adapters
  for (const { id } of await store.agencies()) await auditLog.grow(id, server.url)
}

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
  const body = JSON.parse(readFileSync(join(import.meta.dirname, '../examples/en-order-case/submissions/valid-small-return.json'), 'utf8'))
  const documents: Record<string, string[]> = {}
  for (const target of Object.keys(body.documents ?? {})) {
    const sent = await fetch(`${server.url}/v1/services/demo/en-order-case/attachments?target=${target}&name=a.pdf`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: '%PDF-1.4 %%EOF',
    })
    documents[target] = [((await sent.json()) as { id: string }).id]
  }
  const submit = await post('/v1/services/demo/en-order-case/submissions', { ...body, version: 1, documents }, { 'Idempotency-Key': crypto.randomUUID() })
  expect(submit.status).toBe(201)
  const { reference } = (await submit.json()) as { reference: string }
  tracking = reference
  await keepLog()
  const receipt = { ...((await (await post('/v1/receipt', { reference })).json()) as { jws: string }), answers: body.answers }
  writeFileSync(at('good.json'), JSON.stringify(receipt))
  const { jws } = receipt
  writeFileSync(at('forged.json'), JSON.stringify({ ...receipt, jws: `${jws.slice(0, -6)}${jws.at(-6) === 'A' ? 'B' : 'A'}${jws.slice(-5)}` }))
  writeFileSync(at('other-answers.json'), JSON.stringify({ ...body.answers, name: 'Somebody else' }))
  writeFileSync(at('sent.pdf'), '%PDF-1.4 %%EOF')
  writeFileSync(at('nothing.json'), '{"a":1}')
  const page = await fetch(`${server.url}/verify`)
  expect(page.headers.get('content-disposition')).toContain('attachment')
  writeFileSync(at('verify.html'), await page.text())
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await stop?.()
  rmSync(folder, { recursive: true, force: true })
})

/** The saved page, with nothing to reach. */
async function opened(language: string, file = 'verify.html'): Promise<{ page: Page; faults: string[]; close(): Promise<void> }> {
  const found = await openPage(browser, { offline: true, locale: language, viewport: { width: 320, height: 800 } })
  await found.page.goto(`${pathToFileURL(at(file))}?lang=${language}`)
  return found
}
const choose = (page: Page, id: string, name: string) => page.locator(`#${id}`).setInputFiles(at(name))

describe('the saved page', () => {
  it('says of a good receipt that it is authentic, what it is about, and where in the log it stands; by keyboard alone', async () => {
    const { page, faults, close } = await opened('en')
    await choose(page, 'receipt', 'good.json')
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Check' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Authentic', exact: true }).waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Authentic')
    const text = await page.locator('.verdict').textContent()
    expect(text).toContain('These answers were received.')
    expect(text).toMatch(/In the log: entry [\d,]+ of [\d,]+\./)
    expect(await axe(page, { plain: true })).toEqual([])
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
    // Another copy of the answers is not what was sent.
    await choose(page, 'answers', 'other-answers.json')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('heading', { name: 'Authentic, but not everything fits' }).waitFor()
    await page.getByText('These are not the answers that were received.').waitFor()
    await choose(page, 'files', 'sent.pdf')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('sent.pdf is none of the files that were received.').waitFor()
    expect(faults).toEqual([])
    await close()
  })

  it('says of a forged one that it is not authentic, and of something else that it is no receipt', async () => {
    const { page, faults, close } = await opened('en')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('Choose the receipt file first.').waitFor()
    await choose(page, 'receipt', 'forged.json')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('heading', { name: 'Not authentic' }).waitFor()
    await expect.poll(() => page.locator('.verdict').textContent()).not.toContain('In the log')
    await choose(page, 'receipt', 'nothing.json')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('heading', { name: 'Not a receipt' }).waitFor()
    expect(await axe(page, { plain: true })).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  it.each([
    ['el', 'Έλεγχος', 'Γνήσια'],
    ['vi', 'Kiểm tra', 'Xác thực'],
    ['hu', 'Ellenőrzés', 'Hiteles'],
    ['fa', 'بررسی', 'معتبر'],
  ])('speaks %s, and keeps what was chosen when the language changes', async (language, check, authentic) => {
    const { page, close } = await opened('en')
    await choose(page, 'receipt', 'good.json')
    await page.locator(`nav button[lang="${language}"]`).click()
    await page.getByRole('button', { name: check, exact: true }).click()
    await page.getByRole('heading', { name: authentic, exact: true }).waitFor()
    await expect.poll(() => page.locator('html').getAttribute('dir')).toBe(language === 'fa' ? 'rtl' : 'ltr')
    expect(await axe(page, { plain: true })).toEqual([])
    await close()
  })

  it('lets in no script but its own', async () => {
    const { page, close } = await opened('en')
    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      try {
        script.textContent = 'globalThis.ran = true'
        document.head.append(script)
      } catch {}
      return 'ran' in globalThis
    })
    expect(ran).toBe(false)
    await close()
  })
})

describe('the page of a log', () => {
  const address = (language: string) => `${server.url}/log/demo?lang=${language}`

  it('is checked in the browser, and against what this browser saw before', async () => {
    const { page, faults, close } = await openPage(browser)
    await page.goto(address('en'))
    await page.getByText('Checked in your browser').waitFor()
    expect(await axe(page, { plain: true })).toEqual([])
    const { store } = server.adapters
    const [first] = await store.agencies()
    await store.agency(first!.id).audit('submission.read', 'submission:x', { actor: 'user:u', at: new Date().toISOString() })
    await keepLog()
    await page.reload()
    await page.getByText('It also continues the state that this browser saw').waitFor()
    // The control: what it remembers is another log.
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage)) {
        const seen = JSON.parse(localStorage.getItem(key) ?? '{}')
        localStorage.setItem(key, JSON.stringify({ ...seen, root: btoa('x'.repeat(32)) }))
      }
    })
    await page.reload()
    await page.getByText('This does not hold').waitFor()
    expect(faults).toEqual([])
    await close()
  })

  it.each(['en', 'el', 'vi', 'hu', 'fa'])('says the essentials without a script, in %s, on a narrow screen', async (language) => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false, viewport: { width: 320, height: 900 }, colorScheme: 'dark' })
    await page.goto(address(language))
    const text = (await page.locator('main').textContent()) ?? ''
    expect(text).toContain('/.well-known/guichet/log/demo+')
    expect(text).not.toMatch(/\blog\.[a-z]/)
    await expect.poll(() => page.locator('table').count()).toBeGreaterThan(0)
    await close()
  })
})

/** Last, as it changes what everything is signed with. */
describe('a key that was revoked', () => {
  it('is named on the saved page, which trusts the log instead, once the receipt was saved again', async () => {
    const { store, auditLog, keys } = server.adapters
    keys.rotation.revoke(keys.signer.kid, new Date())
    for (const { id } of await store.agencies()) {
      await store.agency(id).audit('signing-key.revoked', 'key:x', { actor: 'operator', at: new Date().toISOString() })
      await auditLog.grow(id, server.url, 'renew')
    }
    writeFileSync(at('later.html'), await (await fetch(`${server.url}/verify`)).text())
    const { page, faults, close } = await opened('en', 'later.html')
    await choose(page, 'receipt', 'good.json')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('heading', { name: 'Signed by a key that was revoked' }).waitFor()
    await expect.poll(() => page.locator('.verdict').textContent()).toMatch(/revoked this key on .*20\d\d.*The proof is signed by a key that was revoked/s)
    expect(await axe(page, { plain: true })).toEqual([])
    writeFileSync(at('again.json'), await (await post('/v1/receipt', { reference: tracking })).text())
    await choose(page, 'receipt', 'again.json')
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByRole('heading', { name: 'Authentic', exact: true }).waitFor()
    await page.getByText('Its key was revoked on').waitFor()
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
    expect(faults).toEqual([])
    await close()
    const log = await openPage(browser)
    await log.page.goto(`${server.url}/log/demo?lang=en`)
    await log.page.getByText('Checked in your browser').waitFor()
    await log.close()
  })
})
