/**
 * What an author sets beside the questions: amounts that are worked out, parts of a task list, languages that have to be complete,
 * colours and how they look; and a shadow run over submissions, with a release that somebody else agrees to.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { type Author, author, eventually, exactly, permit, toView, unexpected } from './builder-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let ada: Author
beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer()])
  ada = await author(browser, server)
})
afterAll(async () => {
  await ada?.close()
  await browser?.close()
  await stop?.()
})

/** A request of the page's own; gives the JSON of its answer. */
const post = (page: Page, method: string, path: string, body?: object) =>
  page.evaluate(
    async ([verb, address, content]) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
      return (await fetch(address, { method: verb, headers, ...(content ? { body: JSON.stringify(content) } : {}) })).json()
    },
    [method, path, body ?? null] as [string, string, object | null],
  )

it('an amount is worked out in the grid, with what is wrong with it in words', async () => {
  const { page } = ada
  await ada.put(permit('fees'))
  await ada.open('fees')
  await toView(page, 'Tables and fee', 'Tables and fee')
  const row = page.locator('builder-tables tr[data-line="base"]')
  await row.locator('[data-formula]').focus()
  await page.keyboard.press('Enter')
  await eventually(async () => (await focused(page)).tag).toBe('textarea')
  const type = async (formula: string) => {
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(formula)
    await page.keyboard.press('Escape')
  }
  await type('income +')
  await eventually(() => row.locator('builder-formula [role=alert], builder-formula .wrong').first().textContent()).toMatch(/\S/)
  expect((await ada.draft('fees')).fee?.lines[0]?.amount).toEqual({ money: 1000 })
  await type('income * 0.1')
  await eventually(async () => (await ada.draft('fees')).fee?.lines[0]?.amount).toEqual({ '*': [{ var: 'income' }, 0.1] })
  expect(await axe(page)).toEqual([])
})

it('parts of a task list name pages that there are, and a language has to be complete', async () => {
  const { page } = ada
  await ada.put({ ...permit('parts'), taskList: { sections: [{ id: 'first', title: { en: 'You', fa: 'شما' }, pages: [] }] } })
  await ada.open('parts')
  await page.locator('builder-outline [data-part="@service"]').click()
  const pages = page.locator('builder-settings [data-path="/taskList/sections/0/pages"], builder-settings fieldset:has(> legend:text-is("Pages"))').first()
  await pages.locator('button[id$="-add"]').last().click()
  await eventually(async () => (await ada.draft('parts')).taskList?.sections?.[0]?.pages).toEqual(['you'])

  await page.locator('builder-outline [data-part="@languages"]').click()
  const complete = page.locator('#complete-fa')
  await complete.focus()
  await page.keyboard.press('Space')
  await eventually(async () => (await ada.draft('parts')).completeLanguages).toEqual(['fa'])
  expect(await axe(page)).toEqual([])
  await page.locator('builder-outline [data-part="/pages/0/fields/0"]').click()
  await page.locator('builder-outline [data-part="/pages/0/fields/0"] .mark').waitFor({ state: 'detached' })
  const changed = await ada.draft('parts')
  const [page0] = changed.pages
  await ada.put({ ...changed, pages: [{ ...page0, fields: [{ id: 'name', type: 'text', label: { en: 'Full name' } }, ...page0.fields.slice(1)] }] })
  await ada.open('parts')
  await page
    .locator('builder-findings')
    .first()
    .getByText(/only when complete/)
    .first()
    .waitFor()
})

it('four looks stand side by side, and what became of a colour is told', async () => {
  const { page } = ada
  const definition = permit('looks')
  await ada.put({ ...definition, agency: { ...definition.agency, colours: { primary: '#ffe000' } } })
  await ada.open('looks')
  await page.locator('builder-outline [data-part="@branding"]').click()
  await page.locator('builder-settings [data-looks] summary').focus()
  await page.keyboard.press('Enter')
  for (const look of ['phone', 'desktop', 'dark', 'rtl']) await page.locator(`builder-branding [data-look=${look}] guichet-service h1`).waitFor()
  const direction = (look: string) =>
    page.locator(`builder-branding [data-look=${look}] guichet-service h1`).evaluate((heading) => getComputedStyle(heading).direction)
  expect([await direction('desktop'), await direction('rtl')]).toEqual(['ltr', 'rtl'])
  // Yellow cannot be read on white, and can on the dark ground.
  await eventually(() => page.locator('builder-branding [data-corrections] li').allTextContents()).toEqual([
    expect.stringMatching(/on light: #ffe000 has a contrast of 1\.\d : 1/),
  ])
  expect(await axe(page)).toEqual([])
  expect(ada.faults.filter(unexpected)).toEqual([])
})

it('a shadow run says how far it is, and in words what would become otherwise', async () => {
  const { page } = ada
  await ada.put(permit('shadow'), { preset: 'open' })
  await ada.publish('shadow')
  const answers = { name: 'Ada Lovelace', kind: 'craft' }
  for (let i = 0; i < 5; i++) {
    const { id } = (await post(page, 'GET', '/v1/admin/session')).agency
    const sent = await post(page, 'POST', `/v1/services/${id}/shadow/submissions`, { version: 1, language: 'en', answers })
    expect(sent).toMatchObject({ reference: expect.any(String) })
  }
  const changed = permit('shadow')
  delete changed.pages[0].fields[1]?.optional
  await ada.put(changed, { preset: 'open' })
  // The answer is held back after its first line: five submissions are tried before anybody could look.
  await page.addInitScript(() => {
    const real = window.fetch
    window.fetch = async (...request) => {
      const response = await real(...request)
      if (!String(request[0]).includes('/shadow?')) return response
      const reader = (response.body as ReadableStream<Uint8Array>).getReader()
      const lines = new ReadableStream({
        async start(controller) {
          controller.enqueue((await reader.read()).value)
          await new Promise((resolve) => addEventListener('go-on', resolve, { once: true }))
          for (let next = await reader.read(); !next.done; next = await reader.read()) controller.enqueue(next.value)
          controller.close()
        },
      })
      return new Response(lines, { status: response.status, headers: response.headers })
    }
  })
  await ada.open('shadow')
  await page.locator('builder-editor #publish').focus()
  await page.keyboard.press('Enter')
  const dialog = page.locator('builder-publish dialog[open]')
  await press(page, exactly('Try it on the last submissions'))
  await tabTo(page, (at) => at.id === 'purpose', 'the purpose')
  await page.keyboard.type('Trying a rule')
  await press(page, exactly('Try'))
  await eventually(() => dialog.locator('builder-shadow [role=status]').textContent()).toBe('Trying…')
  await eventually(() => dialog.locator('builder-shadow progress').evaluate((bar: HTMLProgressElement) => [bar.value, bar.max])).toEqual([0, 5])
  await dialog.locator('builder-shadow').getByText('0 of 5 tried').waitFor()
  await page.evaluate(() => dispatchEvent(new Event('go-on')))
  await dialog.locator('[data-looked="5"]').waitFor()
  expect((await focused(page)).id).toBe('result')
  await expect.poll(() => dialog.locator('#result').textContent()).toMatch(/Income/)
  await page.keyboard.press('Escape')
})

it('what waits for a second pair of eyes is agreed to by somebody else, and by nobody who asked', async () => {
  const { page } = ada
  const policy = { preset: 'open', rules: { 'four-eyes': { publish: true } } }
  await ada.put(permit('eyes'), policy)
  await ada.open('eyes')
  await page.locator('builder-editor #publish').focus()
  await page.keyboard.press('Enter')
  const dialog = page.locator('builder-publish dialog[open]')
  for (const tick of await dialog.locator('.tick input').all()) await tick.check()
  await press(page, exactly('Publish'))
  await eventually(async () => (await focused(page)).tag).toBe('h2')
  await page.keyboard.press('Escape')
  await toView(page, 'Versions', 'Versions')
  await page.locator('builder-releases [data-release=asked]').waitFor()
  await expect.poll(() => page.locator('builder-releases [data-agree]').count()).toBe(0)

  const invited = await post(page, 'POST', '/v1/admin/people/invitations', { email: 'bo@example.org', memberships: [{ role: 'publisher' }] })
  const token = decodeURIComponent(new URL(invited.link).hash.replace('#invitation=', ''))
  const bo = await openPage(browser, { viewport: { width: 1400, height: 900 }, locale: 'en-GB' })
  await bo.page.goto(`${server.url}/builder/`)
  await post(bo.page, 'POST', '/v1/admin/invitation/acceptance', { token, name: 'Bo', password: 'correct horse battery' })
  await bo.page.goto(`${server.url}/builder/#/services/eyes`)
  await bo.page.reload()
  await bo.page.locator('builder-outline [role=treeitem]').first().waitFor()
  await toView(bo.page, 'Versions', 'Versions')
  await bo.page.locator('builder-releases [data-agree]').focus()
  expect(await axe(bo.page)).toEqual([])
  await bo.page.keyboard.press('Enter')
  await bo.page.locator('builder-releases [data-release=done]').waitFor()
  await eventually(async () => (await focused(bo.page)).tag).toBe('h3')
  expect((await post(page, 'GET', '/v1/admin/services/eyes')).publishedVersion).toBe(1)
  await bo.close()
})
