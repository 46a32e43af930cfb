/** A required document is photographed where a camera can be held up, and chosen as a file everywhere. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axe } from './axe.ts'
import { launch, openPage } from './harness.ts'
import { type ServiceHost, serviceHost } from './service-host.ts'

const definition = {
  format: 1,
  id: 'proofs',
  languages: ['en'],
  title: { en: 'Hand in proofs' },
  agency: { name: { en: 'City' } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [{ id: 'p', title: { en: 'You' }, fields: [{ id: 'name', type: 'text', label: { en: 'Name' } }] }],
  documents: [
    { id: 'meter', label: { en: 'Photo of the meter' }, accept: ['jpg', 'png'], camera: true },
    // No photo would be taken there, and nobody asked for one here.
    { id: 'form', label: { en: 'Signed form' }, accept: ['pdf'], camera: true, optional: true },
    { id: 'plan', label: { en: 'Plan' }, accept: ['jpg'], optional: true },
  ],
} as unknown as ServiceDefinition

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launch(), serviceHost([definition], '2026-01-05')])
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

async function atDocuments(options: BrowserContextOptions) {
  const opened = await openPage(browser, options)
  const { page } = opened
  await page.goto(`${host.agency}/?lang=en&service=proofs`)
  await page.getByRole('button', { name: 'Start now' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Ana Lee')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.locator('input[type=file]').first().waitFor()
  return opened
}

const photo = (name: string) => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from('/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==', 'base64') })

test('on a device held in the hand, by its button, as often as it takes', async () => {
  const { page, faults, close } = await atDocuments({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } })
  const take = page.getByRole('button', { name: 'Take a photo' })
  await expect.poll(() => take.count()).toBe(1)
  // What it is for is read out with it, and it is large enough for a thumb.
  const rules = await take.getAttribute('aria-describedby')
  await expect.poll(() => page.locator(`#${rules}`).textContent()).toMatch(/JPEG|JPG/i)
  expect((await take.boundingBox())?.height).toBeGreaterThanOrEqual(24)
  for (const name of ['one.jpg', 'two.jpg']) {
    const chooser = page.waitForEvent('filechooser')
    if (name === 'one.jpg') await take.press('Enter')
    else await take.tap()
    const element = (await chooser).element()
    expect([await element.getAttribute('capture'), await element.getAttribute('accept'), (await chooser).isMultiple()]).toEqual([
      'environment',
      'image/*',
      false,
    ])
    await (await chooser).setFiles(photo(name))
    await expect.poll(() => host.uploads.map((upload) => `${upload.target} ${upload.name}`)).toContain(`meter ${name}`)
    await expect.poll(() => page.locator('.g-upload-name').allTextContents()).toEqual([expect.stringContaining(name)])
  }
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Check your answers' }).waitFor()
  expect(faults).toEqual([])
  await close()
})

test('where there is none to hold up, files alone are asked for', async () => {
  const { page, close } = await atDocuments({})
  await expect.poll(() => page.locator('input[type=file]').count()).toBe(3)
  await expect.poll(() => page.getByRole('button', { name: 'Take a photo' }).count()).toBe(0)
  await close()
})
