/** What the checks find is put right with a button, by keyboard: told, in the history, undone like any edit. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, permit, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press } from './keyboard.ts'

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

const faulty = (id: string): ServiceDefinition => {
  const definition = permit(id)
  definition.agency = { ...definition.agency, colours: { primary: '#9ec5ff' } }
  definition.pages[0].fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail', fa: 'رایانامه' } } as never)
  return definition
}

it.each([
  ['en', 'Darken to ', 'Declare as personal data: contact'],
  ['fa', 'تیره‌تر: ', 'اعلام به‌عنوان دادهٔ شخصی: تماس'],
])('in %s: a button for each, the keyboard stays with the list, undo brings it back', async (language, darken, declare) => {
  const ada = await author(browser, server, language)
  const { page } = ada
  await ada.put(faulty(`stall-${language}`))
  await ada.open(`stall-${language}`)
  const list = page.locator('builder-editor .findings builder-findings')
  await page.locator('builder-editor .findings summary').click()
  await list.locator('[data-code="colour.contrast"]').waitFor()
  // They are looked for in a thread of their own, which the page's policy lets in.
  await expect.poll(() => page.workers().length).toBe(1)
  await expect.poll(() => list.locator('[data-fix]').allTextContents()).toEqual([declare, expect.stringContaining(darken)])
  expect(await axe(page)).toEqual([])

  await page.locator('builder-editor .findings summary').focus()
  await press(page, new RegExp(`^${declare}`))
  await list.locator('[data-code="personalData.unset"]').waitFor({ state: 'detached' })
  expect((await focused(page)).tag).toBe('div')
  await expect.poll(() => list.locator('[role=status]').textContent()).toContain(declare)
  await eventually(async () => (await ada.draft(`stall-${language}`)).pages[0].fields.at(-1)).toMatchObject({ id: 'mail', personalData: 'contact' })

  await page.locator('builder-editor .findings summary').focus()
  await press(page, new RegExp(`^${darken}`))
  await list.locator('[data-code="colour.contrast"]').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await list.locator('[data-code="colour.contrast"]').waitFor()
  expect((await ada.draft(`stall-${language}`)).agency.colours?.primary).toBe('#9ec5ff')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
