/** The applications of examples/pages in React and Vue, built as their own builds would, on an agency's site with the real server. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { vueFiles } from '../examples/pages/vue/vue-files.ts'
import { type AgencySite, agencySite, strictPolicy } from './agency-site.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { parkingPermit } from './parking-permit.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let site: AgencySite
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-frameworks-'))
  site = await agencySite()
  mkdirSync(join(folder, 'permit'))
  const { fee: _, ...permit } = parkingPermit
  writeFileSync(join(folder, 'permit/definition.json'), JSON.stringify(permit))
  writeFileSync(join(folder, 'permit/policy.json'), JSON.stringify({ preset: 'standard', rules: { origins: { allow: [site.origin] } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder }))
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Builds an application, and puts it onto the agency's site under its name. */
async function serve(name: string) {
  const made = await build({
    configFile: false,
    root: fileURLToPath(new URL(`../examples/pages/${name}/`, import.meta.url)),
    base: `/${name}/`,
    logLevel: 'error',
    plugins: [vueFiles()],
    build: { write: false, modulePreload: false },
  })
  const real = (text: string) => text.replaceAll('https://HOST', server.url).replaceAll('AGENCY/SERVICE', `demo/${parkingPermit.id}`)
  for (const output of [made].flat().flatMap((one) => ('output' in one ? one.output : []))) {
    if (output.type === 'chunk') site.files.set(`/${name}/${output.fileName}`, { type: 'text/javascript', body: real(output.code) })
    else if (output.fileName === 'index.html')
      // Trusted Types of an application are its own matter: Vue has a policy for what it is made of.
      site.files.set(`/${name}/`, {
        body: real(String(output.source)),
        headers: { 'content-security-policy': strictPolicy(server.url, { scripts: site.origin, types: "require-trusted-types-for 'script'" }) },
      })
  }
}

test.each(['react', 'vue'])('%s: attributes are set, events heard, methods called, and what is unmounted leaves nothing behind', async (name) => {
  await serve(name)
  const { page, faults, close } = await openPage(browser, { locale: 'en' })
  page.setDefaultTimeout(10_000)
  await page.goto(`${site.origin}/${name}/`)
  const app = (button: string) => page.getByRole('navigation').getByRole('button', { name: button, exact: true })
  const said = page.locator('main > [role=status]')
  const service = page.locator('guichet-service')

  await app('Apply').click()
  await said.getByText('ready', { exact: true }).waitFor()
  await service.getByRole('button', { name: 'Start now' }).click()
  await said.getByText('page you', { exact: true }).waitFor()
  await service.getByRole('textbox', { name: 'Full name' }).fill('Ana Lee')
  // Another value of an attribute keeps what was typed.
  await app('Other language').click()
  await service.getByRole('heading', { level: 1, name: 'دربارهٔ شما' }).waitFor()
  await expect.poll(() => service.locator('#f-name').inputValue()).toBe('Ana Lee')
  await app('Back to the start').click()
  await said.getByText('page start', { exact: true }).waitFor()
  await app('Other language').click()

  await app('Follow a case').click()
  await page.locator('guichet-status').getByRole('textbox').waitFor()
  await expect.poll(() => service.count()).toBe(0)

  const client = await page.context().newCDPSession(page)
  await client.send('HeapProfiler.enable')
  const counted = async () => {
    for (let i = 0; i < 2; i++) await client.send('HeapProfiler.collectGarbage')
    return client.send('Memory.getDOMCounters')
  }
  const mount = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await app('Apply').click()
      await service.getByRole('button', { name: 'Start now' }).click()
      await service.getByRole('textbox', { name: 'Full name' }).fill('Ana')
      await app('Close').click()
      await service.waitFor({ state: 'detached' })
    }
  }
  await mount(3)
  const before = await counted()
  await mount(6)
  await expect.poll(async () => (await counted()).jsEventListeners, { timeout: 15_000 }).toBeLessThanOrEqual(before.jsEventListeners + 2)
  await expect.poll(async () => (await counted()).nodes, { timeout: 15_000 }).toBeLessThanOrEqual(before.nodes + 40)
  // Leaving is not held up by answers of elements that are gone.
  expect(await page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true })))).toBe(true)
  expect(faults).toEqual([])
  await close()
})
