/** The policy of a service, by keyboard: presets in plain words, what citizens are told, what differs and how it is put back. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { author, eventually, permit, unexpected } from './builder-steps.ts'
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

const policyOf = (page: Awaited<ReturnType<typeof author>>['page']) =>
  page.evaluate(async () => (await (await fetch('/v1/admin/services/guarded')).json()).policy)

it('is chosen as a card, changed rule by rule, and put back', async () => {
  const ada = await author(browser, server)
  const { page } = ada
  await ada.put(permit('guarded'))
  await ada.open('guarded')
  await page.locator('builder-outline [data-part="@access"]').click()
  const view = page.locator('builder-policy')
  await view.getByRole('radio').first().waitFor()
  await expect.poll(() => view.getByRole('radio', { name: 'Standard' }).isChecked()).toBe(true)
  expect(await axe(page)).toEqual([])

  await view.getByRole('radio', { name: 'Standard' }).focus()
  await page.keyboard.press('ArrowDown')
  await eventually(() => policyOf(page)).toMatchObject({ preset: 'confidential' })
  await eventually(() => view.getByRole('radio', { name: 'Confidential' }).isChecked()).toBe(true)

  const rule = view.locator('[data-rule=capacity]')
  await rule.locator('summary').focus()
  await page.keyboard.press('Enter')
  await eventually(() => rule.locator('li').allTextContents()).toEqual(['As many submissions are taken as come.'])
  await rule.getByLabel('In all').fill('40')
  await page.keyboard.press('Tab')
  await eventually(() => policyOf(page)).toEqual({ preset: 'confidential', rules: { capacity: { total: 40 } } })
  await eventually(() => rule.locator('li').first().textContent()).toBe('40 submissions are taken in all.')
  await expect.poll(() => rule.locator('summary').textContent()).toContain('differs from the preset')
  expect(await axe(page)).toEqual([])

  await rule.getByRole('button', { name: 'Number of places: as the preset says' }).focus()
  await page.keyboard.press('Enter')
  await eventually(() => policyOf(page)).toEqual({ preset: 'confidential' })
  await eventually(() => view.getByRole('status').textContent()).toBe('Number of places is as the preset says again')
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement | null) !== document.body)).toBe(true)
  expect(ada.faults.filter(unexpected)).toEqual([])
  await ada.close()
})

it('reads from right to left in Persian, on the smallest page', async () => {
  const ada = await author(browser, server, 'fa', { viewport: { width: 320, height: 800 } })
  const { page } = ada
  await ada.put(permit('guarded'))
  await page.goto(`${server.url}/builder/#/services/guarded`)
  await page.locator('builder-editor').waitFor()
  await page.evaluate(() => {
    const find = (root: ParentNode, name: string): Element | null => {
      const own = root.querySelector(name)
      if (own) return own
      for (const child of root.querySelectorAll('*')) {
        const inner = child.shadowRoot ? find(child.shadowRoot, name) : null
        if (inner) return inner
      }
      return null
    }
    ;(find(document, '[data-part="@access"]') as HTMLElement | null)?.click()
  })
  const view = page.locator('builder-policy')
  await view.getByRole('radio').first().waitFor()
  await view.locator('[data-rule=uploads] summary').click()
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(await axe(page)).toEqual([])
  if (process.env.SCREENSHOTS) await view.screenshot({ path: `${process.env.SCREENSHOTS}/policy-fa.png` })
  await ada.close()
})
