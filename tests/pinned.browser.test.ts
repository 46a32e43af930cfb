/**
 * Pages that pin a release: the browser refuses a file of which a byte was changed, and the page says so. Each change is one
 * that runs where nothing is pinned.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AgencySite, agencySite, pageOf } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { parkingPermit } from './parking-permit.ts'

interface Tag {
  element: string
  host: string
  pinned: boolean
  pieces: { place: string; code: string }[]
  policy: string
}

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string
let tags: Tag[]
let release: string
let files: Record<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-pinned-'))
  site = await agencySite()
  mkdirSync(join(folder, 'permit'))
  const { fee: _, ...permit } = parkingPermit
  writeFileSync(join(folder, 'permit/definition.json'), JSON.stringify(permit))
  writeFileSync(join(folder, 'permit/policy.json'), JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder }))
  ;({ tags, release, files } = await (await fetch(`${server.url}/v1/embedding?service=demo/${permit.id}`)).json())
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

const tagFor = (element: string, { host = 'html', pinned = true } = {}) => {
  const tag = tags.find((one) => one.element === element && one.host === host && one.pinned === pinned)
  if (!tag) throw new Error(`no tag for ${element} in ${host}`)
  return { code: tag.pieces.map(({ code }) => code).join('\n'), policy: tag.policy }
}

/** `changed`: of these files the page gets other bytes than the server has. */
async function open(body: string, { policy = '', changed = null as RegExp | null, more = '', lang = 'en' } = {}) {
  const opened = await openPage(browser, { locale: 'en' })
  const { page } = opened
  page.setDefaultTimeout(10_000)
  const asked: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    // What is fetched before it is loaded is there once.
    if (!pathname.endsWith('.js') || request.resourceType() !== 'fetch') asked.push(pathname)
  })
  if (changed)
    await page.route(
      (url) => changed.test(url.pathname),
      async (route) => {
        const response = await route.fetch()
        await route.fulfill({ response, body: `${await response.text()}\n;globalThis.changed=true${more}` })
      },
    )
  site.files.set('/', { headers: policy ? { 'content-security-policy': policy } : {}, body: pageOf(`<h1>Agency</h1>${body}`, { lang }) })
  await page.goto(`${site.origin}/`)
  return { ...opened, asked }
}
const ran = (page: Page) => page.evaluate(() => (globalThis as { changed?: boolean }).changed === true)
const start = (page: Page) => page.locator('guichet-service').getByRole('button', { name: 'Start now' })

describe('a pinned tag', () => {
  test('works under the policy that is printed with it, and loads nothing that is not pinned', async () => {
    const { code, policy } = tagFor('service')
    const { page, faults, asked, close } = await open(code, { policy: `${policy}; trusted-types lit-html` })
    const service = page.locator('guichet-service')
    await start(page).click()
    await service.getByRole('textbox', { name: 'Full name' }).fill('Ana')
    // Everything after the pages: what is loaded while somebody types, once the browser has time for it.
    const scriptsAsked = () => asked.filter((path) => path.endsWith('.js'))
    await expect.poll(() => scriptsAsked().length).toBeGreaterThan(4)
    await page.waitForLoadState('networkidle')
    const scripts = scriptsAsked()
    expect(scripts.filter((path) => !path.startsWith(`/pinned/${release}/`))).toEqual([])
    expect(scripts.length).toBe(new Set(scripts).size)
    // What vouched for the files is gone again.
    await expect.poll(() => page.locator('head link').count()).toBe(1)
    expect((await axe(page)).filter((found) => found.includes('guichet-'))).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test.each(['guide', 'status', 'catalog'])('of the element %s', async (element) => {
    const { code, policy } = tagFor(element)
    const { page, faults, asked, close } = await open(code, { policy })
    await page.locator(`guichet-${element}`).getByRole('heading').first().waitFor()
    expect(asked.filter((path) => path.endsWith('.js') && !path.startsWith(`/pinned/${release}/`))).toEqual([])
    expect(faults).toEqual([])
    await close()
  })

  test('in a frame', async () => {
    const { code, policy } = tagFor('service', { host: 'frame' })
    const { page, close } = await open(code, { policy: `${policy}; img-src data:` })
    await page.frameLocator('guichet-service iframe').getByRole('button', { name: 'Start now' }).waitFor()
    await close()
  })

  test('under a policy that goes by nonces', async () => {
    const { code } = tagFor('service')
    const { page, close } = await open(code.replace('<script ', '<script nonce="abc123" '), {
      policy: `script-src 'nonce-abc123' 'strict-dynamic'; connect-src ${server.url}; object-src 'none'`,
    })
    await start(page).waitFor()
    await close()
  })

  test('beside one that is not pinned: one element serves both', async () => {
    const { page, faults, close } = await open(tagFor('service').code + tagFor('service', { pinned: false }).code)
    await expect.poll(() => start(page).count(), { timeout: 5000 }).toBe(2)
    expect(faults).toEqual([])
    await close()
  })
})

describe('a byte that was changed', () => {
  test('in the module: it does not run, and the link inside the element stays', async () => {
    const { page, close } = await open(tagFor('service').code, { changed: /\/embed\.js$/ })
    await page.waitForLoadState('networkidle')
    expect(await ran(page)).toBe(false)
    const link = page.getByRole('link', { name: 'If nothing else appears here, open it on a page of its own.' })
    await expect.poll(() => link.isVisible()).toBe(true)
    await expect.poll(() => link.getAttribute('href')).toBe(`${server.url}/s/demo/${parkingPermit.id}`)
    await close()
  })

  test('in the module, where the page does not pin it: it runs', async () => {
    const { page, close } = await open(tagFor('service').code.replace(/ integrity="[^"]*"/, ''), { changed: /\/embed\.js$/ })
    await start(page).waitFor()
    expect(await ran(page)).toBe(true)
    await close()
  })

  test('in what the module loads: it does not run, and a sentence says that the service is away', async () => {
    const { page, close } = await open(tagFor('service').code, { changed: /\/assets\//, lang: 'el' })
    await page.locator('guichet-service').getByText('Η υπηρεσία δεν είναι διαθέσιμη').waitFor()
    expect(await ran(page)).toBe(false)
    await close()
  })

  test('in what the module loads, where nothing is pinned: it runs', async () => {
    const { page, close } = await open(tagFor('service', { pinned: false }).code, { changed: /\/assets\// })
    await start(page).waitFor()
    expect(await ran(page)).toBe(true)
    await close()
  })

  test('in files that come later: what is there stays, a sentence says that more did not come, and none of it runs', async () => {
    const { page: whole, asked, close: closeWhole } = await open(tagFor('service').code)
    await start(whole).waitFor()
    const first = new Set(asked)
    await goToSecondPage(whole)
    await whole.waitForLoadState('networkidle')
    const later = [...new Set(asked)].filter((path) => path.startsWith(`/pinned/${release}/assets/`) && !first.has(path))
    await closeWhole()
    expect(later.length).toBeGreaterThan(3)
    const { page, close } = await open(tagFor('service').code, { changed: new RegExp(later.join('|').replaceAll('.', '\\.')) })
    const said = page.locator('guichet-service').getByRole('alert').getByText('try again')
    await goToSecondPage(page, said)
    await said.waitFor()
    await expect.poll(() => page.locator('guichet-service').getByRole('heading', { level: 1 }).isVisible()).toBe(true)
    expect(await ran(page)).toBe(false)
    await close()
  })

  test('in what an element beside the service loads: the link stays', async () => {
    const { page, close } = await open(tagFor('status').code, { changed: /\/assets\// })
    await page.waitForLoadState('networkidle')
    expect(await ran(page)).toBe(false)
    await expect.poll(() => page.getByRole('link', { name: 'If nothing else appears here' }).isVisible()).toBe(true)
    await close()
  })
})

test('a browser that cannot check what it loads gets a sentence, and none of it', async () => {
  const { page, close } = await openPage(browser)
  await page.addInitScript(() => {
    DOMTokenList.prototype.supports = () => false
  })
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  site.files.set('/', { body: pageOf(tagFor('service').code) })
  await page.goto(`${site.origin}/`)
  await page.locator('guichet-service').getByText('cannot be reached').waitFor()
  expect(asked.filter((path) => path.includes('/assets/'))).toEqual([])
  await close()
})

describe('what the server says', () => {
  const at = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })

  test('a file of a release never changes, and any page may check it', async () => {
    for (const file of Object.keys(files)) {
      const response = await at(`/pinned/${release}/${file}`, { origin: 'https://elsewhere.example' })
      expect(response.headers.get('cache-control'), file).toBe('public, max-age=31536000, immutable')
      expect(response.headers.get('access-control-allow-origin'), file).toBe('*')
      expect(response.headers.get('cross-origin-resource-policy'), file).toBe('cross-origin')
      const digest = await crypto.subtle.digest('SHA-384', await response.arrayBuffer())
      expect(`sha384-${Buffer.from(digest).toString('base64')}`, file).toBe(files[file])
    }
  })

  test('a release of before an upgrade goes on being served; one that was taken away is answered for', async () => {
    const kept = join(server.dataDir, 'pinned')
    // The start kept this one for the time after it.
    await expect.poll(() => readdirSync(kept)).toEqual([release])
    const older = '0.0.9-0123456789abcdef'
    cpSync(join(kept, release), join(kept, older), { recursive: true })
    const embedding = await (await at('/v1/embedding')).json()
    expect(embedding.served).toEqual([older, release])
    expect(embedding.release).toBe(release)
    expect((await at(`/pinned/${older}/embed.js`)).status).toBe(200)
    renameSync(join(kept, older), join(folder, older))
    const gone = await at(`/pinned/${older}/embed.js`)
    expect(gone.status).toBe(404)
    expect(gone.headers.get('cache-control')).toBe('no-store')
    expect((await gone.json()).title).toContain('Copy the tag anew')
    for (const path of ['..%2f..%2fguichet.db', '..%2fkeys/index.js', `${release}/..%2f..%2f..%2fguichet.db`, `${release}/..%2f${release}/embed.js`])
      expect((await at(`/pinned/${path}`)).status, path).toBe(404)
  })

  test('names that are none', async () => {
    expect((await at('/v1/embedding?service=demo')).status).toBe(400)
    expect((await at(`/v1/embedding?service=${encodeURIComponent('demo/"><script>')}`)).status).toBe(400)
  })
})

/** To the second page, or until the page says that something did not come. */
async function goToSecondPage(page: Page, said = page.locator('none')) {
  const service = page.locator('guichet-service')
  const next = async (locator: ReturnType<Page['locator']>) => {
    await locator.or(said).first().waitFor()
    return !(await said.isVisible())
  }
  if (!(await next(start(page)))) return
  await start(page).click()
  const name = service.getByRole('textbox', { name: 'Full name' })
  if (!(await next(name))) return
  await name.fill('Ana Lee')
  for (const [field, value] of [
    ['birth-day', '3'],
    ['birth-month', '2'],
    ['birth-year', '1990'],
    ['email', 'ana@example.org'],
  ] as const)
    await service.locator(`[name="${field}"]`).fill(value)
  await service.getByRole('button', { name: 'Continue' }).click()
  await next(service.getByRole('heading', { level: 1, name: 'Your car' }))
}
