/** Conditions as rows and as a formula line: both edit the same expression, by keyboard, with what is said about it. */
import type { Expression, ServiceDefinition } from '@guichet/schemas'
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

/** A permit that also asks for people, one row each. */
function withPeople(id: string): ServiceDefinition {
  const definition = permit(id)
  const people = {
    id: 'people',
    type: 'group',
    label: { en: 'People', fa: 'افراد' },
    repeat: { min: 0, max: 5 },
    fields: [
      { id: 'age', type: 'number', label: { en: 'Age', fa: 'سن' } },
      { id: 'pay', type: 'money', label: { en: 'Wage', fa: 'دستمزد' } },
    ],
  }
  definition.pages[0]?.fields.push(people as never)
  return definition
}

/** The condition of the question about gas, once all is saved. */
const condition = async (ada: Awaited<ReturnType<typeof author>>, id: string): Promise<Expression | undefined> =>
  (await ada.draft(id)).pages[0]?.fields.find((field) => field.id === 'gas')?.when

async function openGas(page: Page) {
  await page.locator('builder-outline [data-part="/pages/0/fields/3"]').click()
  await page.keyboard.press('Enter')
}
const line = (page: Page) => page.locator('builder-formula textarea')
const status = (page: Page) => page.locator('builder-formula [role=status]').textContent()

it('writes a condition as a formula, with suggestions, help and faults that have a place', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(withPeople('line'))
  await ada.open('line')
  await openGas(page)
  await press(page, exactly('Edit as a formula'))
  await eventually(async () => (await focused(page)).id).toBe('line')
  await expect.poll(() => line(page).inputValue()).toBe('kind = "food"')

  // A name by its label, taken from the list with the keyboard
  await page.keyboard.press('End')
  await page.keyboard.type(' and inco')
  await eventually(() => status(page)).toBe('1 suggestion. Down arrow to choose.')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => line(page).getAttribute('aria-activedescendant')).toBe('choice-0')
  await expect.poll(() => page.locator('builder-formula [role=option][aria-selected=true]').textContent()).toMatch(/^income Income$/)
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect.poll(() => line(page).inputValue()).toBe('kind = "food" and income')
  await page.keyboard.type(' > 100 EUR')
  await eventually(() => condition(ada, 'line')).toEqual({ and: [{ '==': [{ var: 'kind' }, 'food'] }, { '>': [{ var: 'income' }, { money: 10000 }] }] })

  // A function around the caret is explained; fields of the rows come first in it
  await page.keyboard.type(' and coun')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.type('people; ag')
  await eventually(() => page.locator('builder-formula .call').textContent()).toContain('count(entries; condition): how many there are')
  await expect.poll(() => page.locator('builder-formula .call b').textContent()).toBe('condition')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.type(' < 18')
  await page.keyboard.press('End')
  await page.keyboard.type(' >= 2')
  const whole = {
    and: [
      { '==': [{ var: 'kind' }, 'food'] },
      { '>': [{ var: 'income' }, { money: 10000 }] },
      { '>=': [{ count: [{ var: 'people' }, { '<': [{ var: 'age' }, 18] }] }, 2] },
    ],
  }
  await eventually(() => condition(ada, 'line')).toEqual(whole)

  // What cannot be read is told with its place, and changes nothing
  await page.keyboard.type(' or')
  await eventually(() => status(page)).toBe('The formula is not finished: something must follow at the end.')
  await expect.poll(() => line(page).getAttribute('aria-invalid')).toBe('true')
  await page.keyboard.type(' kind food')
  await eventually(() => page.locator('builder-formula .wrong').textContent()).toContain('Before “food” at character')
  await press(page, exactly('Show the place'))
  const selected = await line(page).evaluate((text: HTMLTextAreaElement) => text.value.slice(text.selectionStart, text.selectionEnd))
  expect(selected).toBe('food')
  expect(await condition(ada, 'line')).not.toEqual(undefined)

  // What the checks find stands in words, too, and leads to its place
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('kind = "foot" and gasoline')
  await eventually(async () => (await page.locator('builder-formula .wrong').allInnerTexts()).join(' ')).toMatch(/foot.*gasoline/s)
  await page.locator('builder-formula .fault button').first().press('Enter')
  await eventually(() => line(page).evaluate((text: HTMLTextAreaElement) => text.value.slice(text.selectionStart, text.selectionEnd))).toBe('"foot"')
  expect(await axe(page)).toEqual([])

  // Undo brings the line back with the rest
  await page.locator('builder-editor .head > h1').focus()
  await page.keyboard.press('ControlOrMeta+z')
  await eventually(() => line(page).inputValue()).not.toContain('gasoline')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('goes from rows to the formula and back without loss: groups, counts, sums, and what rows cannot say', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(withPeople('rows'))
  await ada.open('rows')
  await openGas(page)

  await press(page, exactly('Add a group'))
  await eventually(async () => (await focused(page)).id).toBe('name-1-0')
  await page.keyboard.type('People')
  await eventually(() => condition(ada, 'rows')).toEqual({
    and: [{ '==': [{ var: 'kind' }, 'food'] }, { or: [{ '>=': [{ count: [{ var: 'people' }] }, 1] }] }],
  })
  await press(page, exactly('Count only some entries'))
  await eventually(async () => (await focused(page)).id).toBe('name-1-0-w-0')
  await tabTo(page, ({ id }) => id === 'operator-1-0-w-0', 'the comparison')
  await page.keyboard.type('is less')
  await tabTo(page, ({ id }) => id === 'value-1-0-w-0', 'the value')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('18')
  await tabTo(page, ({ id }) => id === 'add-1', 'one more in the group')
  await page.keyboard.press('Enter')
  await eventually(async () => (await focused(page)).id).toBe('name-1-1')
  await page.keyboard.type('People')
  await tabTo(page, ({ id }) => id === 'operator-1-1', 'the comparison')
  await page.keyboard.type('adds up to at least')
  await tabTo(page, ({ id }) => id === 'of-1-1', 'what is added up')
  await page.keyboard.type('Wage')
  await tabTo(page, ({ id }) => id === 'value-1-1', 'the value')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('500')
  await page.keyboard.press('Tab')
  const said: Expression = {
    and: [
      { '==': [{ var: 'kind' }, 'food'] },
      {
        or: [
          { '>=': [{ count: [{ var: 'people' }, { '<': [{ var: 'age' }, 18] }] }, 1] },
          { '>=': [{ sum: [{ var: 'people' }, { var: 'pay' }] }, { money: 50000 }] },
        ],
      },
    ],
  }
  await eventually(() => condition(ada, 'rows')).toEqual(said)
  expect(await axe(page)).toEqual([])

  await press(page, exactly('Edit as a formula'))
  await eventually(() => line(page).inputValue()).toBe('kind = "food" and (count(people; age < 18) >= 1 or sum(people; pay) >= 500.00 EUR)')
  await page.keyboard.press('End')
  await page.keyboard.type(' and income > income')
  await eventually(async () => JSON.stringify(await condition(ada, 'rows'))).toContain('{">":[{"var":"income"},{"var":"income"}]}')
  await page.locator('builder-expression-input', { hasText: 'The list can show only part of this' }).waitFor()
  await press(page, exactly('Edit as a list'))
  await eventually(() => page.locator('builder-condition .condition .help').textContent()).toContain('This part can only be changed in the formula.')
  await expect.poll(() => page.locator('builder-condition code').first().textContent()).toBe('income > income')
  // The part that is left to the formula stays when a row beside it is changed; removing it goes back to what was said
  await press(page, exactly('Remove condition 3'))
  await eventually(() => condition(ada, 'rows')).toEqual(said)
  // A group goes with its last row
  await press(page, exactly('Remove condition 2.2'))
  await eventually(async () => (await focused(page)).id).toBe('add-1')
  await page.locator('builder-editor .settings').focus()
  await press(page, exactly('Remove condition 2.1'))
  await eventually(() => condition(ada, 'rows')).toEqual({ '==': [{ var: 'kind' }, 'food'] })
  await eventually(async () => (await focused(page)).id).toBe('add')
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('does so in Persian, on the smallest page, and writes values of the fee as a formula', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 700 }, colorScheme: 'dark' })
  const { page } = ada
  await ada.put(withPeople('fa-line'))
  await ada.open('fa-line')
  await openGas(page)
  await press(page, exactly('ویرایش به‌صورت فرمول'))
  await eventually(async () => (await focused(page)).id).toBe('line')
  await page.keyboard.press('ControlOrMeta+a')
  // Persian digits, and the author's own word for “and”
  await page.keyboard.type('income > ۱۰۰ EUR و ')
  await eventually(() => status(page)).toMatch(/^فرمول ناتمام است/)
  await page.keyboard.type('has(name)')
  await eventually(() => condition(ada, 'fa-line')).toEqual({ and: [{ '>': [{ var: 'income' }, { money: 10000 }] }, { has: [{ var: 'name' }] }] })
  await page.keyboard.press('ControlOrMeta+Space')
  expect(await axe(page)).toEqual([])
  const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  expect(wide).toBeLessThanOrEqual(seen as number)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('builder-formula [role=option]').count()).toBe(0)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})
