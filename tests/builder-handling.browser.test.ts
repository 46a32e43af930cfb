/** Who handles a case and until when, when a service is open, and what is read before one starts: made with visible controls alone. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Hand } from './author-hand.ts'
import { axe } from './axe.ts'
import { author, permit, unexpected } from './builder-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'

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

it('makes a stage, a window and a guide, and shows them as people will read them', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  // In one language, so that each text is one box.
  const definition = JSON.parse(JSON.stringify(permit('hours'), (name, value) => (name === 'fa' ? undefined : value)))
  definition.languages = ['en']
  definition.agency.units = { desk: { en: 'Permits desk' } }
  await ada.put(definition)
  await ada.open('hours')
  const hand = new Hand(page)
  const settings = { role: 'region', name: 'Settings' } as const

  await hand.line('Handling')
  hand.look(settings)
  await hand.see('heading', 'Handling')
  await hand.click('button', 'Add: Stages')
  await hand.stands('Name', '')
  await hand.type('Check by the desk')
  hand.look(settings, { role: 'group', name: 'Stages, 1' })
  await hand.choose('Unit that handles it', 'Permits desk')
  await hand.click('button', 'Add: Term')
  await hand.fill('How many', '3')
  await hand.choose('Counted in', 'working days')
  for (const decision of ['approve', 'reject']) await hand.tick(decision)
  hand.look(settings)
  await hand.click('button', 'Add: Notices')
  await hand.fill('Text of the notice', 'Your case {code} is at: {step}')
  expect(await axe(page)).toEqual([])

  await hand.line('Service')
  hand.look(settings)
  await hand.see('heading', 'Service')
  await hand.click('button', 'Add: Opening window')
  await hand.fill('Opens', '2020-01-01')
  await hand.fill('Closes', '2090-12-31')
  await hand.click('button', 'Add: Guide')
  await hand.fill('Who may apply', 'Whoever sells on the street')
  await page.keyboard.press('Tab')

  const shown = page.locator('builder-preview guichet-service').filter({ visible: true }).first()
  for (const text of ['Whoever sells on the street', 'Check by the desk', 'Permits desk', '3 working days', /Applications are taken until .*2090/])
    await shown.getByText(text).first().waitFor()
  expect(await axe(page)).toEqual([])
  // What people read when they come too early or too late.
  hand.look({ role: 'region', name: 'Preview' })
  const start = shown.getByText('Start now', { exact: true })
  for (const [when, notice] of [
    ['before it opens', /opens on .*2020/],
    ['after it has closed', /is closed/],
  ] as const) {
    await hand.choose('When', when)
    await shown.getByText(notice).waitFor()
    await expect.poll(() => start.count()).toBe(0)
  }
  expect(await axe(page)).toEqual([])
  await hand.choose('When', 'while it is open')
  await start.waitFor()
  const made = await ada.draft('hours')
  expect(made.stages).toEqual([
    {
      id: 'check_by_the_desk',
      label: { en: 'Check by the desk' },
      unit: 'desk',
      term: { value: 3, unit: 'workingDays' },
      decisions: ['approve', 'reject'],
    },
  ])
  expect(made.notify).toEqual({ template: { en: 'Your case {code} is at: {step}' } })
  expect(made.window).toEqual({ opens: '2020-01-01', closes: '2090-12-31' })
  expect(made.guide).toEqual({ audience: { en: 'Whoever sells on the street' } })
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
