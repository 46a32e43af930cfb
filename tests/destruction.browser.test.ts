/**
 * Holding, letting go of and erasing a case, as two people do it at the desk: by keyboard, with what is asked for before, what
 * the other one decides, and the certificate at the end.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId, newSecret } from '../packages/server/src/codes.ts'
import { digestOf } from '../packages/server/src/digest.ts'
import { axe } from './axe.ts'
import { agencyOf, ask, atDesk, colleague, offer, officer, quickPasswords, send } from './desk-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
const unexpected = (fault: string) => !/status of (401|403|404|409|410)/.test(fault)

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let moment = new Date('2026-01-12T10:00:00Z')

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([
    launch(),
    startTestServer(undefined, {}, { passwords: quickPasswords, tries: { take: async () => 0 }, clock: { now: () => moment } }),
  ])
  await offer(server, { 'four-eyes': { erasure: true } })
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

/** A second owner, signed in. */
async function second(locale: string) {
  const agency = await agencyOf(server)
  const at = moment.toISOString()
  const tokenHash = digestOf(newSecret())
  const expiresAt = new Date(moment.getTime() + 60_000).toISOString()
  await agency.invite(
    { id: newId(moment), tokenHash, email: colleague.email, memberships: [{ role: 'owner' }], invitedBy: 'system', createdAt: at, expiresAt },
    { actor: 'system', at },
  )
  await agency.acceptInvitation(
    tokenHash,
    { id: newId(moment), name: colleague.name, passwordHash: await server.adapters.passwords.hash(officer.password) },
    at,
  )
  const opened = await openPage(browser, { viewport: { width: 360, height: 800 }, locale })
  await opened.page.goto(`${server.url}/desk/`)
  await opened.page.locator('staff-sign-in').waitFor()
  expect((await ask(opened.page, 'POST', 'session', { email: colleague.email, password: officer.password })).status).toBe(200)
  opened.faults.length = 0
  return opened
}
const open = async (page: Page, submission: string) => {
  await page.goto(`${server.url}/desk/#/cases/${submission}`)
  await page.locator('desk-keeping [data-step]').first().waitFor()
}
/** Opens the dialog, says why, and goes on. */
const begin = async (page: Page, step: string, reason: string) => {
  await page.locator(`desk-keeping [data-step=${step}]`).focus()
  await page.keyboard.press('Enter')
  await page.locator('desk-keeping dialog[open]').waitFor()
  await eventually(async () => (await focused(page)).id).toBe('reason')
  await page.keyboard.type(reason)
  await tabTo(page, ({ tag, text }) => tag === 'button' && text !== '', 'the button')
  await page.keyboard.press('Enter')
}

it('takes two people, who read why; and leaves nothing but a certificate', async () => {
  const { submission } = await send(server, { name: 'Zaphod Canary' })
  const { page, faults, close } = await atDesk(browser, server)
  await open(page, submission)
  const keeping = page.locator('desk-keeping')
  const status = keeping.locator('[role=status]')

  // Nothing is done without a reason.
  await begin(page, 'hold', ' ')
  await eventually(() => keeping.locator('[role=alert]').textContent()).toBe('Write why.')
  expect((await focused(page)).id).toBe('reason')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await begin(page, 'hold', 'The court asked for it.')
  await eventually(() => status.textContent()).toBe('The case is held.')
  await expect.poll(() => keeping.locator('.said').textContent()).toBe('The court asked for it.')
  // What is held is not erased.
  expect(await keeping.locator('[data-step]').evaluateAll((buttons) => buttons.map((button) => button.getAttribute('data-step')))).toEqual(['release'])

  // Letting go is proved again, once some time has gone by.
  moment = new Date('2026-01-12T10:20:00Z')
  await begin(page, 'release', 'The trial is over.')
  const proof = page.locator('staff-proof dialog[open]')
  await proof.waitFor()
  await eventually(async () => (await focused(page)).id).toBe('proof-password')
  expect(await axe(page)).toEqual([])
  await page.keyboard.type(officer.password)
  await page.keyboard.press('Enter')
  await eventually(() => status.textContent()).toMatch(/^It was asked for\. Somebody else has to allow it until 19 Jan 2026/)

  // Who asked cannot decide.
  await page.goto(`${server.url}/desk/#/approvals`)
  const mine = page.locator('desk-approvals li[data-approval]')
  await mine.waitFor()
  await expect.poll(() => mine.textContent()).toContain('You asked for it: somebody else has to decide.')
  await expect.poll(() => mine.locator('button').count()).toBe(0)
  expect(await axe(page)).toEqual([])

  const other = await second('fa')
  await other.page.goto(`${server.url}/desk/#/approvals`)
  const theirs = other.page.locator('desk-approvals')
  await theirs.locator('li[data-approval] button').first().waitFor()
  await expect.poll(() => theirs.locator('.said').first().textContent()).toBe('The trial is over.')
  expect(await other.page.evaluate(() => document.documentElement.dir)).toBe('rtl')
  expect(await other.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  expect(await axe(other.page)).toEqual([])
  const allow = async () => {
    await press(other.page, /^اجازه دادن/)
    await theirs.locator('dialog[open]').waitFor()
    // The way back is what is at hand.
    expect((await focused(other.page)).text).toBe('بازگشت')
    await theirs.locator('dialog button').first().focus()
    await other.page.keyboard.press('Enter')
  }
  await allow()
  await eventually(() => theirs.locator('[role=status]').textContent()).toMatch(/^اجازه داده شد/)
  await eventually(async () => (await focused(other.page)).id).toBe('outcome')

  // Now it can be erased, by two again.
  await open(page, submission)
  await begin(page, 'erase', 'Sent by mistake.')
  await eventually(() => status.textContent()).toMatch(/^It was asked for/)
  await other.page.reload()
  await theirs.locator('li[data-approval] button').first().waitFor()
  await allow()
  await eventually(() => theirs.locator('[data-certificate]').count()).toBe(1)
  const [download] = await Promise.all([other.page.waitForEvent('download'), theirs.locator('[data-certificate] a').click()])
  expect(download.suggestedFilename()).toMatch(/^destruction-.*\.jws$/)
  await page.reload()
  await page.goto(`${server.url}/desk/#/cases/${submission}`)
  await eventually(() => page.locator('desk-case [role=alert]').textContent()).toMatch(/^This is not here/)
  expect([...faults, ...other.faults].filter(unexpected)).toEqual([])
  await other.close()
  await close()
}, 120_000)

it('takes one where the policy says so, and says that the case is no more', async () => {
  await offer(server, { 'four-eyes': { erasure: false } })
  const { submission } = await send(server)
  const { page, faults, close } = await atDesk(browser, server)
  await open(page, submission)
  await begin(page, 'erase', 'Sent by mistake.')
  await eventually(() => page.locator('desk-case > * , desk-case [role=status]').allTextContents()).toContain(
    'The case is erased. Its certificate is among the certificates of destruction. Certificates of destruction',
  )
  await eventually(async () => (await focused(page)).tag).toBe('h1')
  expect(await axe(page)).toEqual([])
  expect(faults.filter(unexpected)).toEqual([])
  await close()
}, 60_000)
