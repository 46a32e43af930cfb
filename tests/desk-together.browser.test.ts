/**
 * Deciding about several cases at once: choosing them, what each applicant reads, what became of each; and a line that breaks.
 * And which mails about all of this an officer wants.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { stopToken } from '../packages/server/src/officer-mail/stop.ts'
import { axe } from './axe.ts'
import { agencyOf, ask, atDesk, offer, quickPasswords, send } from './desk-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused } from './keyboard.ts'

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([
    launch(),
    startTestServer(
      '2026-01-12T10:00:00Z',
      { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'no-reply@city.example' },
      { passwords: quickPasswords, tries: { take: async () => 0 } },
    ),
  ])
  await offer(server)
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

const ticks = (page: Page) => page.locator('desk-inbox .cases input[type=checkbox]')
const chosen = (page: Page) => page.locator('desk-inbox #chosen').textContent()
const dialog = (page: Page) => page.locator('desk-together dialog[open]')
const steps = async (page: Page, submission: string) =>
  (await ask(page, 'GET', `cases/${submission}`)).body.history.map((one: { decision: string }) => one.decision)

it('chooses by mouse and keyboard, shows what will happen, and tells what became of each', async () => {
  const sent: string[] = []
  for (let i = 0; i < 4; i++) sent.push((await send(server)).submission)
  const { page, faults, close } = await atDesk(browser, server)
  await eventually(() => ticks(page).count()).toBe(4)
  await ticks(page).nth(0).click()
  await ticks(page)
    .nth(2)
    .click({ modifiers: ['Shift'] })
  await eventually(() => chosen(page)).toBe('3 cases selected')
  await eventually(() => page.locator('desk-inbox #all').evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
  await page.locator('desk-inbox #all').focus()
  await page.keyboard.press('Space')
  await eventually(() => chosen(page)).toBe('4 cases selected')
  expect(await axe(page)).toEqual([])

  // Somebody else is faster with one of them.
  const rows = page.locator('desk-inbox li[data-case]')
  const [taken] = await rows.evaluateAll((found) => found.map((row) => row.getAttribute('data-case') ?? ''))
  await ask(page, 'POST', `cases/${taken}/decisions`, { decision: 'accept' }, { 'if-match': '"1"' })
  await page.locator('desk-inbox #together').click()
  await dialog(page).locator('#offer-refuse').check()
  await dialog(page).locator('form button.primary').click()
  await eventually(() => dialog(page).locator('#note-wrong').count()).toBe(1)
  await eventually(async () => (await focused(page)).id).toBe('note')
  await dialog(page).locator('#note').fill('The year is over.')
  expect(await axe(page)).toEqual([])
  await dialog(page).locator('form button.primary').click()
  await eventually(async () => (await focused(page)).id).toBe('back')
  await expect.poll(() => dialog(page).textContent()).toMatch(/4 cases\.[\s\S]*closed[\s\S]*The year is over\./)
  expect(await axe(page)).toEqual([])

  // The answer is lost on its way: nobody knows, until it is sent once more.
  let lost = 0
  await page.route('**/v1/admin/cases/decisions', async (route) => {
    if (lost++ > 0) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await dialog(page).locator('#yes').click()
  await dialog(page).locator('[data-fault] button').first().click()
  await eventually(() => dialog(page).locator('h2').textContent()).toBe('3 cases are decided')
  await eventually(async () => (await focused(page)).text).toBe('3 cases are decided')
  await expect.poll(() => dialog(page).locator('.refused li').allInnerTexts()).toEqual([expect.stringMatching(/Somebody has decided/)])
  expect(await axe(page)).toEqual([])
  for (const submission of sent) expect(await steps(page, submission)).toEqual([submission === taken ? 'accept' : 'refuse'])
  await page.keyboard.press('Escape')
  await eventually(() => rows.count()).toBe(1)
  await eventually(async () => (await focused(page)).text).toBe('Cases')
  expect(faults.filter((fault) => !/ERR_FAILED/.test(fault))).toEqual([])
  await close()
}, 60_000)

it('is as usable from right to left on a narrow screen, in the dark; nothing is offered that not all allow', async () => {
  for (let i = 0; i < 2; i++) await send(server)
  const { page, close } = await atDesk(browser, server, { locale: 'fa-IR', viewport: { width: 320, height: 700 }, colorScheme: 'dark' })
  await eventually(() => ticks(page).count()).toBe(3)
  for (const box of await ticks(page).all()) expect((await box.boundingBox())?.width).toBeGreaterThanOrEqual(24)
  await ticks(page).first().focus()
  await page.keyboard.press('Space')
  await page.locator('desk-inbox #all').click()
  await eventually(() => page.locator('desk-inbox #together').count()).toBe(1)
  expect(await axe(page)).toEqual([])
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await page.locator('desk-inbox #together').click()
  // One of them stands at another stage: accepting it is not the same as approving it.
  await dialog(page).locator('h2').waitFor()
  expect(
    await dialog(page)
      .locator('input[type=radio]')
      .evaluateAll((found) => found.map((one) => (one as HTMLInputElement).value)),
  ).toEqual(['send_back'])
  expect(await axe(page)).toEqual([])
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/together-fa.png` })
  await close()
}, 60_000)

it('asks which mails somebody wants, and ends them by the link of one without signing in', async () => {
  const { page, close } = await atDesk(browser, server, { hash: '#/mails' })
  const mails = page.locator('desk-mails')
  await mails.locator('#assigned').check()
  await mails.locator('#days').selectOption('3')
  expect(await axe(page)).toEqual([])
  await mails.locator('button.primary').click()
  await eventually(() => mails.locator('[role=status]').first().textContent()).toBe('Saved.')
  expect((await ask(page, 'GET', 'account/mails')).body).toMatchObject({ assigned: true, days: 3, digest: false })
  const { body } = await ask(page, 'GET', 'session')
  await page.context().clearCookies()
  await page.goto(`${server.url}/desk/#/stop/${stopToken(server.adapters.keys.pepper, 'demo', body.user.id)}`)
  await page.reload()
  // Nothing ends before it is pressed.
  await page.locator('desk-stop-mails button').waitFor()
  const agency = await agencyOf(server)
  expect(await agency.subscribers()).toHaveLength(1)
  expect(await axe(page)).toEqual([])
  await page.locator('desk-stop-mails button').click()
  await eventually(async () => (await agency.subscribers()).length).toBe(0)
  await eventually(() => page.locator('desk-stop-mails [role=status]').textContent()).toMatch(/No more mails/)
  await close()
}, 60_000)
