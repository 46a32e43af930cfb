/** Two authors at once: neither overwrites the other unseen, and both are kept where they do not collide. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, exactly, permit, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

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

/** Refused for being stale: what this is about. */
const surprising = (fault: string) => unexpected(fault) && !/status of 412/.test(fault)
const told = (page: Page) => page.locator('builder-editor [data-told]').textContent()
const dialogs = (page: Page) => page.locator('builder-editor dialog#conflict[open]').count()

/** Goes to a question by its name and writes into one of its settings. */
async function write(page: Page, question: string, setting: string, text: string) {
  await page.locator('builder-outline [tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await page.keyboard.type(question)
  await page.keyboard.press('Enter')
  await tabTo(page, (at) => ['input', 'textarea'].includes(at.tag) && at.label.startsWith(setting), setting, 200)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

it('shows what the other changed, merges what does not collide, asks about the rest, and undo works after it', async () => {
  const [ada, ben] = [await author(browser, server), await author(browser, server)]
  await ada.put(permit('two'))
  await ada.open('two')
  await ben.open('two')
  await write(ben.page, 'inc', 'Question', 'Yearly income')
  await write(ben.page, 'full', 'Question', 'Name in full')
  await eventually(async () => (await ben.draft('two')).pages[0].fields[0]?.label).toEqual({ en: 'Name in full', fa: 'نام' })

  // Typing goes on until saving by itself meets the conflict.
  await write(ada.page, 'full', 'Question', 'Your name')
  const { page } = ada
  await page.locator('builder-editor dialog#conflict[open] builder-merge').waitFor()
  expect(await axe(page)).toEqual([])
  const panel = page.locator('builder-merge')
  await expect
    .poll(() => panel.locator('.changes').first().locator('li').allTextContents())
    .toEqual(['Name in full – Question – English: “Full name” → “Name in full”', 'Yearly income – Question – English: “Income” → “Yearly income”'])
  await expect.poll(() => panel.locator('fieldset legend').allTextContents()).toEqual(['Your name – Question – English'])
  await expect.poll(() => panel.locator('fieldset').textContent()).toMatch(/Before: “Full name”\s+Mine: “Your name”\s+Theirs: “Name in full”\s+Something else/)

  // Nothing is decided for the author.
  await press(page, exactly('Merge both'))
  await eventually(() => panel.locator('[role=status]').textContent()).toMatch('1 is not decided yet.')
  await eventually(async () => (await focused(page)).type).toBe('radio')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('Your name in full')
  await press(page, exactly('Merge both'))
  await eventually(() => dialogs(page)).toBe(0)
  await eventually(() => told(page)).toBe('Merged. Undo goes back to yours alone.')
  await eventually(async () => (await focused(page)).text).toMatch('Your name in full')
  const labels = async () => (await ada.draft('two')).pages[0].fields.slice(0, 2).map(({ label }) => (label as { en: string }).en)
  await eventually(labels).toEqual(['Your name in full', 'Yearly income'])
  await page.keyboard.press('Control+z')
  await eventually(labels).toEqual(['Your name', 'Income'])
  await page.keyboard.press('Control+Shift+z')
  await eventually(labels).toEqual(['Your name in full', 'Yearly income'])
  expect([...ada.faults, ...ben.faults].filter(surprising)).toEqual([])
  await ben.close()
  await ada.close()
})

it('merges after a reload what was never saved, in Persian, on a narrow screen', async () => {
  const [ada, ben] = [await author(browser, server, 'fa', { viewport: { width: 320, height: 640 } }), await author(browser, server)]
  const { page } = ada
  await ada.put(permit('later'))
  await ada.open('later')
  await page.route('**/v1/admin/services/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
  await page.locator('builder-outline [tabindex="0"]').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Alt+ArrowDown')
  await page.locator('builder-editor [data-save="offline"]').waitFor()
  await ben.open('later')
  await write(ben.page, 'inc', 'Question', 'Yearly income')
  await eventually(async () => (await ben.draft('later')).pages[0].fields[1]?.label).toMatchObject({ en: 'Yearly income' })
  page.on('dialog', (dialog) => void dialog.accept())
  await page.unroute('**/v1/admin/services/*')
  await page.reload()
  await page.locator('builder-editor dialog#conflict[open] builder-merge').waitFor()
  expect(await axe(page)).toEqual([])
  expect(await page.locator('builder-editor dialog#conflict').evaluate((dialog) => dialog.scrollWidth <= dialog.clientWidth)).toBe(true)
  if (process.env.SCREENS) await page.screenshot({ path: `${process.env.SCREENS}/merge-fa.png` })
  // What does not collide needs no decision.
  await expect.poll(() => page.locator('builder-merge fieldset').count()).toBe(0)
  await press(page, exactly('یکی کردن هر دو'))
  await eventually(() => dialogs(page)).toBe(0)
  const fields = async () => (await ada.draft('later')).pages[0].fields.map(({ id, label }) => `${id} ${(label as { en: string }).en}`)
  await eventually(fields).toEqual(['income Yearly income', 'name Full name', 'kind Kind of stall', 'gas Do you use gas?'])
  await ben.close()
  await ada.close()
})
