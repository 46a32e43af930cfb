/** A page of very many questions: what is out of sight is not laid out, and is there all the same. */
import type { Field, ServiceDefinition } from '@guichet/schemas'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import strings from '../packages/runtime/src/runtime.messages.json' with { type: 'json' }
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { focused } from './keyboard.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const count = 220
const last = `q${count}`

const longForm = (id: string, size: number): ServiceDefinition => ({
  format: 1,
  id,
  languages: ['en'],
  title: { en: 'Answer at length' },
  agency: { name: { en: 'City of Ravenford' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'all',
      title: { en: 'Questions' },
      fields: Array.from(
        { length: size },
        (_, i): Field => ({
          id: `q${i + 1}`,
          type: 'text',
          label: { en: `Question ${i + 1}` },
          ...(i + 1 === size ? {} : { optional: true }),
          ...(i === 3 ? { maxLength: 4 } : i === 4 ? { maxLength: 31 } : {}),
          // The second follows from the first, the one before the last from the second.
          ...(i === 1 ? { when: { has: [{ var: 'q1' }] } } : i === size - 2 ? { when: { has: [{ var: 'q2' }] } } : {}),
        }),
      ),
    },
  ],
})

let host: ServiceHost
let browser: Browser
let page: Page
let faults: string[]

beforeAll(async () => {
  host = await serviceHost([longForm('long', count), longForm('usual', 120), longForm('short', 20)], '2026-01-05')
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await host.close()
})

const open = async (service: string) => {
  ;({ page, faults } = await openPage(browser))
  await page.goto(`${host.agency}/?service=${service}`)
  await page.getByRole('button', { name: 'Start now' }).click()
  await page.getByRole('textbox', { name: 'Question 1', exact: false }).first().waitFor()
}
const visibilityOf = (id: string) => page.locator(`.g-field:has(> #f-${id})`).evaluate((field) => getComputedStyle(field).contentVisibility)
const isInSight = (id: string) =>
  page.locator(`#f-${id}`).evaluate((input) => {
    const { top, bottom, height } = input.getBoundingClientRect()
    return height > 20 && top >= 0 && bottom <= innerHeight
  })

test('fields out of sight have their place, their name and their turn, and errors lead to them', async () => {
  await open('long')
  await expect.poll(() => visibilityOf(last)).toBe('auto')
  // Read out with all others, wherever the page is scrolled to.
  await expect.poll(() => page.getByRole('textbox').count()).toBe(count - 2)
  expect(await axe(page)).toEqual([])
  // Still, now that frames have been shown: so many are laid out when one comes to them.
  expect(await visibilityOf(last)).toBe('auto')

  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('link', { name: `Question ${count}` }).click()
  expect((await focused(page)).id).toBe(`f-${last}`)
  await expect.poll(() => isInSight(last)).toBe(true)
  // Nothing of what has the focus is cut off, be it its outline or a list that it opens.
  await expect.poll(() => visibilityOf(last)).toBe('visible')
  await expect.poll(() => page.locator('.g-wrong').count()).toBe(1)
  await page.keyboard.press('Shift+Tab')
  expect((await focused(page)).id).toBe(`f-q${count - 2}`)
  await expect.poll(() => isInSight(`q${count - 2}`)).toBe(true)
  expect(faults).toEqual([])
})

test('a page that Chromium looks through for autofill is laid out before that, but after what is in sight', async () => {
  ;({ page, faults } = await openPage(browser))
  await page.goto(`${host.agency}/?service=usual`)
  const start = page.getByRole('button', { name: 'Start now' })
  await start.waitFor()
  await page.locator('guichet-service').evaluate((service) => {
    const root = service.shadowRoot as ShadowRoot
    const atFirst = new Promise<string>((resolve) => {
      new MutationObserver(() => {
        const field = root.querySelector('.g-fields > .g-field:last-child')
        if (field) resolve(getComputedStyle(field).contentVisibility)
      }).observe(root, { childList: true, subtree: true })
    })
    Object.assign(globalThis, { atFirst })
  })
  await start.click()
  expect(await page.evaluate(() => (globalThis as unknown as { atFirst: Promise<string> }).atFirst)).toBe('auto')
  await expect.poll(() => visibilityOf('q120')).toBe('visible')
  expect(faults).toEqual([])
})

test('what appears right after an answer is not said, what appears elsewhere is', async () => {
  await open('long')
  const said = () => page.locator('.g-status').textContent()
  await page.locator('#f-q1').pressSequentially('a')
  await expect.poll(() => page.locator('#f-q2').isVisible()).toBe(true)
  await expect.poll(() => said()).toBe('')
  await page.locator('#f-q2').pressSequentially('b')
  await expect.poll(said).toContain(`Question ${count - 1}`)
})

test('without a line it is said all the same', async () => {
  await open('long')
  await page.route('**/assets/*', (route) => route.abort('internetdisconnected'))
  await page.locator('#f-q1').pressSequentially('a')
  await expect.poll(() => page.locator('.g-status').textContent()).toBe(strings['question.appeared'].en.replace('{label}', 'Question 2'))
  await page.locator('#f-q2').pressSequentially('b')
  await expect.poll(() => page.locator('.g-status').textContent()).toContain(`Question ${count - 1}`)
})

test('the box of an answer of a few characters is short, and no other', async () => {
  await open('short')
  const widthOf = (id: string) => page.locator(`#f-${id}`).evaluate((input) => input.getBoundingClientRect().width)
  await expect.poll(() => widthOf('q5')).toBe(await widthOf('q3'))
  await expect.poll(() => widthOf('q4')).toBeLessThan((await widthOf('q3')) / 3)
  // It is still large enough to be hit.
  await expect.poll(() => widthOf('q4')).toBeGreaterThan(44)
})

test.each([
  ['the line', 1],
  ['every other file', 2],
])('while somebody begins to type %s is gone: it costs neither what was typed nor the way on', async (_, nth) => {
  await open('short')
  let gone = 0
  await page.route('**/assets/*', (route) => (++gone % nth === 0 ? route.abort('internetdisconnected') : route.continue()))
  await page.locator('#f-q1').pressSequentially('Here')
  const onward = page.getByRole('button', { name: 'Continue' })
  await onward.click()
  await expect.poll(() => page.locator('.g-trouble').textContent()).toContain(strings['send.unreachable'].en)
  await page.unroute('**/assets/*')
  await onward.click()
  await page.getByRole('link', { name: 'Question 20' }).waitFor()
  await page.locator('#f-q20').pressSequentially('There')
  await onward.click()
  await expect
    .poll(() => page.locator('dd').allTextContents())
    .toEqual(expect.arrayContaining([expect.stringContaining('Here'), expect.stringContaining('There')]))
})

test('a receipt that does not come does not let the page go, and comes when it is asked for again', async () => {
  await open('short')
  await page.locator('#f-q20').fill('There')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.g-code').waitFor()
  const holds = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  const receipt = page.getByRole('button', { name: 'Download the receipt' })
  await page.route('**/assets/*', (route) => route.abort('internetdisconnected'))
  await receipt.click()
  await page.locator('.g-trouble').waitFor()
  await expect.poll(holds).toBe(true)
  await page.unroute('**/assets/*')
  await Promise.all([page.waitForEvent('download'), receipt.click()])
  await expect.poll(holds).toBe(false)
})

test('on paper all of them are laid out, and a short page lays out all of its own', async () => {
  await open('long')
  await page.emulateMedia({ media: 'print' })
  await expect.poll(() => visibilityOf(last)).toBe('visible')
  await open('short')
  await expect.poll(() => visibilityOf('q20')).toBe('visible')
})

test('a service that is still loading opens at the page it is told to show', async () => {
  await open('short')
  await page.evaluate((base) => {
    const service = document.createElement('guichet-service') as HTMLElement & { show(step: string): void }
    service.setAttribute('base', base)
    service.setAttribute('service', 'city/long')
    service.show('all')
    document.querySelector('guichet-service')?.replaceWith(service)
  }, host.origin)
  await page.locator(`#f-${last}`).waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Start now' }).count()).toBe(0)
})
