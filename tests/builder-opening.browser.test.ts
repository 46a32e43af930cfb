/** What is said and where the keyboard is while a service is on its way to the editor. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { author, eventually, permit, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused } from './keyboard.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

it('says that it is loading where that takes a moment, and is then read from its heading on', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('slow'))
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(/\/v1\/admin\/services\/slow$/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto('about:blank')
  await page.goto(`${server.url}/builder/#/services/slow`, { waitUntil: 'commit' })
  const loading = page.locator('builder-app').getByRole('status').getByText('Loading')
  await loading.waitFor()
  await eventually(() => page.locator('builder-editor').count()).toBe(0)
  release()
  await eventually(async () => {
    const { tag, text } = await focused(page)
    return [tag, text]
  }).toEqual(['h1', 'Stall permit'])
  await eventually(() => loading.count()).toBe(0)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('what the editor needs begins with the hint to compile all of it at once, and nothing else does', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('hint'))
  const asked = new Map<string, string>()
  page.on('request', (request) => {
    const [, name] = /assets\/([\w-]+)-[\w-]{8}\.js$/.exec(request.url()) ?? []
    if (name) asked.set(name, request.url())
  })
  await ada.open('hint')
  await eventually(() => asked.has('en')).toBe(true)
  // Read apart from the page: what it was answered is gone once it goes elsewhere.
  const isHinted = async (url: string) => (await (await fetch(url)).text()).startsWith('//# allFunctionsCalledOnLoad\n')
  const hinted = await Promise.all([...asked].map(async ([name, url]) => ((await isHinted(url)) ? [name] : [])))
  expect(hinted.flat().sort()).toEqual(['app', 'editor'])
  await ada.close()
})
