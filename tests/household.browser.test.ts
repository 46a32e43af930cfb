/** The household that the builder offers to begin with, as a citizen meets it: roles, what each is asked, and who must be there, by keyboard. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPreset } from '../packages/builder/src/editor/add-preset.ts'
import { type Definition, isRefused } from '../packages/builder/src/editor/edit.ts'
import presets from '../packages/builder/src/presets.json' with { type: 'json' }
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const page = { id: 'people', title: { en: 'Who lives here?', fa: 'چه کسانی اینجا زندگی می‌کنند؟' }, fields: [] }
const empty = {
  format: 1,
  id: 'family',
  languages: ['en', 'fa'],
  title: { en: 'Register a household', fa: 'ثبت خانوار' },
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [page],
} as unknown as Definition

/** What an author has after choosing it from the palette. */
function family(): ServiceDefinition {
  const edited = addPreset({ parent: '/pages/0', preset: presets.household as never, label: 'Members' })(empty)
  if (isRefused(edited)) throw new Error(edited.refused)
  const [first] = edited.definition.pages
  const fields = first?.fields.map((field) => ({ ...field, id: 'members', label: { en: 'Members', fa: 'اعضا' } })) ?? []
  return { ...edited.definition, pages: [{ ...first, fields }] } as never
}

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launch(), serviceHost([family()], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

const { fields, rules, repeat } = presets.household.settings
const options = fields.find(({ id }) => id === 'role')?.options ?? []
const at = (page: Page, id: string) => tabTo(page, (focus) => focus.id === id, id)
/** Chooses with the arrows; the first option is none. */
async function choose(page: Page, row: number, role: string) {
  const box = page.locator(`#f-members-${row}-role`)
  await at(page, `f-members-${row}-role`)
  await page.keyboard.press('Home')
  for (let i = 0; i <= options.findIndex(({ value }) => value === role); i++) await page.keyboard.press('ArrowDown')
  await expect.poll(() => box.inputValue()).toBe(role)
}
async function write(page: Page, id: string, text: string) {
  await at(page, id)
  await page.keyboard.type(text)
}
const birth = async (page: Page, row: number, year: string) => {
  for (const [part, text] of [
    ['day', '3'],
    ['month', '2'],
    ['year', year],
  ] as const) {
    await tabTo(page, (focus) => focus.name === `members/${row}/birth-${part}`, `birth, ${part}`)
    await page.keyboard.type(text)
  }
}

test.each(['en', 'fa'] as const)('exactly one head, one partner at most, and each is asked what their role asks, in %s', async (language) => {
  const { page, faults, close } = await openPage(browser, { viewport: { width: 900, height: 900 } })
  const label = (id: string) => fields.find((field) => field.id === id)?.label[language] ?? id
  const rule = (i: number) => rules[i]?.message[language] ?? `rule ${i}`
  const summary = page.locator('guichet-service .g-summary')
  const goOn = () => press(page, /^(Continue|ادامه)$/)
  const add = async (row: number) => {
    await press(page, new RegExp(`^${repeat.add[language]}$`))
    await page.locator(`#f-members-${row}-name`).waitFor()
  }
  await page.goto(`${host.agency}/?service=family&lang=${language}`)
  await page.locator('guichet-service h1').waitFor()
  await press(page, /^(Start now|شروع)$/)

  await write(page, 'f-members-0-name', 'Ana')
  await choose(page, 0, 'child')
  await page.getByRole('group', { name: label('studies') }).waitFor()
  await choose(page, 0, 'relative')
  await expect.poll(() => page.getByRole('group', { name: label('studies') }).count()).toBe(0)
  await page.getByRole('textbox', { name: label('kinship') }).waitFor()
  // Nobody is the head.
  await choose(page, 0, 'spouse')
  await expect.poll(() => page.getByRole('textbox', { name: label('kinship') }).count()).toBe(0)
  await birth(page, 0, '1990')
  await goOn()
  await expect.poll(() => summary.textContent()).toContain(rule(0))
  expect(await axe(page)).toEqual([])

  // Two partners, one head.
  await add(1)
  await write(page, 'f-members-1-name', 'Ben')
  await choose(page, 1, 'spouse')
  await birth(page, 1, '1991')
  await add(2)
  await write(page, 'f-members-2-name', 'Cleo')
  await choose(page, 2, 'head')
  await birth(page, 2, '1989')
  await goOn()
  await expect.poll(() => summary.textContent()).toContain(rule(1))
  await expect.poll(() => summary.textContent()).not.toContain(rule(0))
  // Its line leads to the household.
  await tabTo(page, (focus) => focus.tag === 'a', 'the line of the summary')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await focused(page)).id).toMatch(/^f-members/)

  await choose(page, 1, 'child')
  await tabTo(page, (focus) => focus.type === 'radio' && focus.name.startsWith('members/1/studies'), label('studies'))
  await page.keyboard.press('Space')
  await goOn()
  await page.getByRole('heading', { level: 1, name: /^(Check your answers|پیش از فرستادن)/ }).waitFor()
  await press(page, /^(Send|فرستادن)$/)
  await page.locator('.g-code').waitFor()
  expect(host.received.at(-1)?.submission.answers).toEqual({
    members: [
      { name: 'Ana', role: 'spouse', birth: '1990-02-03' },
      { name: 'Ben', role: 'child', birth: '1991-02-03', studies: true },
      { name: 'Cleo', role: 'head', birth: '1989-02-03' },
    ],
  })
  expect(faults).toEqual([])
  await close()
})
