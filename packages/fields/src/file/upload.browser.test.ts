import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPage } from '../browser-page.test-helper.ts'

let browser: Browser
let page: Page
let faults: string[]

beforeAll(async () => {
  const opened = await openPage(join(import.meta.dirname, 'upload-page.view.ts'), 'typeof advance === "function"')
  browser = opened.browser
  page = opened.page
  faults = opened.faults
})
afterAll(() => browser?.close())

/** A PNG of one pixel: less than the list takes. */
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64')
const pdf = (name: string, bytes = 100) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(bytes, 'a') })
const advance = (done: number) => page.evaluate(`advance(${done})`)
const held = async () => ((await page.evaluate('held')) as { name: string }[]).map(({ name }) => name)
const focused = () => page.evaluate('document.activeElement.id')

test('files are chosen, seen on their way, replaced and removed by keyboard, and announced', async () => {
  const input = page.locator('#paper')
  await input.setInputFiles([pdf('a.pdf'), pdf('b.pdf')])
  await expect.poll(() => page.locator('progress').count()).toBe(2)
  await advance(0.4)
  await expect.poll(() => page.locator('progress').first().getAttribute('aria-label')).toBe('Uploading a.pdf')
  expect(
    await page
      .locator('progress')
      .first()
      .evaluate((bar: HTMLProgressElement) => bar.value),
  ).toBeCloseTo(0.4)
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')).catch(() => undefined)
  await advance(1)
  await expect.poll(held).toEqual(['a.pdf'])
  await expect.poll(() => page.getByRole('status').textContent()).toBe('a.pdf was uploaded')
  const found = (await page.evaluate("axe.run(document, { rules: { 'target-size': { enabled: false } } })")) as { violations: { id: string }[] }
  expect(found.violations.map(({ id }) => id)).toEqual([])

  await page.getByRole('button', { name: 'Cancel b.pdf' }).press('Enter')
  await expect.poll(() => focused()).toBe('paper')
  await expect.poll(() => page.getByRole('status').textContent()).toBe('Upload of b.pdf was cancelled')
  await expect.poll(() => page.locator('progress').count()).toBe(0)

  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Replace a.pdf' }).press('Enter')
  await (await chooser).setFiles(pdf('c.pdf'))
  await expect.poll(() => page.locator('progress').count()).toBe(1)
  // The one that was cancelled is the oldest of the server's: it hears of it too late, and nothing comes of it.
  await advance(1)
  await advance(1)
  await expect.poll(held).toEqual(['c.pdf'])

  await page.getByRole('button', { name: 'Remove c.pdf' }).press('Enter')
  expect(await held()).toEqual([])
  await expect.poll(() => focused()).toBe('paper')
  await expect.poll(() => page.getByRole('status').textContent()).toBe('c.pdf was removed')
  expect(faults).toEqual([])
})

test('what cannot be taken is refused before it is sent, each with its reason', async () => {
  await page
    .locator('#paper')
    .setInputFiles([
      pdf('big.pdf', 200_001),
      { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>') },
      { name: 'dot.png', mimeType: 'image/png', buffer: pixel },
    ])
  await expect
    .poll(() => page.getByRole('alert').locator('p').allTextContents())
    .toEqual([
      'big.pdf is too large. A file may have at most 200 kB.',
      'page.html is not a kind of file that is taken here. Use one of these: JPG, PNG, PDF.',
      'The picture dot.png is too small. It must be at least 2 by 2 pixels.',
    ])
  await expect.poll(() => page.locator('progress').count()).toBe(0)
  expect(faults).toEqual([])
})

test('the same file can be chosen again', async () => {
  await page.locator('#paper').setInputFiles(pdf('again.pdf'))
  await expect.poll(() => page.locator('progress').count()).toBe(1)
  await expect.poll(() => page.locator('#paper').inputValue()).toBe('')
  await advance(1)
  await expect.poll(held).toEqual(['again.pdf'])
})

/** What cameras write before the picture: that it lies on its side, and where it was taken (55° N). */
const cameraNotes = Buffer.from(
  'ffe1005845786966000049492a000800000002001201030001000000060000002588040001000000260000000000000001000200050003' +
    '0000003800000000000000370000000100000000000000010000000000000001000000',
  'hex',
)

test('a photo is made smaller, the right way up and without where it was taken; the original may be sent instead', async () => {
  await page.evaluate('held = []; advance(1)')
  const plain = Buffer.from(
    (await page.evaluate(`(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 600 })
      const pen = canvas.getContext('2d')
      for (let i = 0; i < 600; i++) { pen.fillStyle = 'hsl(' + ((i * 37) % 360) + ' 60% 50%)'; pen.fillRect((i * 53) % 1000, (i * 97) % 600, 20, 20) }
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.6))
      return [...new Uint8Array(await blob.arrayBuffer())]
    })()`)) as number[],
  )
  const photo = Buffer.concat([plain.subarray(0, 2), cameraNotes, plain.subarray(2)])
  const sent = async () =>
    (await page.evaluate(`(async () => {
      const picture = await createImageBitmap(sent)
      const text = new TextDecoder('latin1').decode(await sent.arrayBuffer())
      return { name: sent.name, size: sent.size, width: picture.width, height: picture.height, notes: text.includes('Exif') }
    })()`)) as { name: string; size: number; width: number; height: number; notes: boolean }
  await page.locator('#paper').setInputFiles({ name: 'house.jpeg', mimeType: 'image/jpeg', buffer: photo })
  await expect.poll(() => page.locator('progress').count()).toBe(1)
  const made = await sent()
  // Lying on its side in the file, it stands now.
  expect(made).toMatchObject({ name: 'house.jpg', width: 240, height: 400, notes: false })
  expect(made.size).toBeLessThan(photo.length)
  await advance(1)
  await expect.poll(held).toContain('house.jpg')
  await expect
    .poll(() => page.getByRole('status').textContent())
    .toMatch(/^house\.jpg was uploaded\. Made smaller: \d+(\.\d)? kB before, \d+(\.\d)? kB now\. The place where it was taken is not sent\.$/)

  // The control: the original is sent as it was taken.
  await page.getByRole('button', { name: 'Send the original instead house.jpg' }).press('Enter')
  await expect.poll(() => page.locator('progress').count()).toBe(1)
  expect(await sent()).toMatchObject({ name: 'house.jpeg', size: photo.length, notes: true })
  await advance(1)
  await expect.poll(held).not.toContain('house.jpg')
  expect(await held()).toContain('house.jpeg')
  await expect.poll(() => page.getByText('Made smaller').count()).toBe(0)
  expect(faults).toEqual([])
})
