/** What is saved comes back by a mailed link, on another device, on an agency's page of another origin under a strict policy. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MailReceiver, openMailReceiver, textOf } from '../packages/server/src/testing/mail-receiver.ts'
import { type AgencySite, agencySite, pageOf, strictPolicy } from './agency-site.ts'
import { axe } from './axe.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'

let browser: Browser
let mail: MailReceiver
let site: AgencySite
let server: TestServer
let stop: () => Promise<void>
let folder: string

beforeAll(async () => {
  ;[browser, mail, site] = await Promise.all([launch(), openMailReceiver(), agencySite()])
  folder = mkdtempSync(join(tmpdir(), 'guichet-mail-'))
  mkdirSync(join(folder, 'beehive'))
  const definition = {
    format: 1,
    id: 'beehive',
    languages: ['en', 'fa'],
    title: { en: 'Register a beehive', fa: 'ثبت کندو' },
    agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
    locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: [
      { id: 'you', title: { en: 'You', fa: 'شما' }, fields: [{ id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام' } }] },
      { id: 'last', title: { en: 'Last', fa: 'پایان' }, fields: [{ id: 'remark', type: 'textarea', label: { en: 'Remark', fa: 'توضیح' } }] },
    ],
  }
  writeFileSync(join(folder, 'beehive', 'definition.json'), JSON.stringify(definition))
  writeFileSync(join(folder, 'beehive', 'policy.json'), JSON.stringify({ rules: { origins: { allow: [site.origin] }, encryption: { mode: 'none' } } }))
  ;({ server, stop } = await startTestServer(undefined, { EXAMPLES_DIR: folder, SMTP_URL: mail.url, MAIL_FROM: 'City <no-reply@city.example>' }))
  const tag = (more = '') => pageOf(`<h1>Agency</h1><script type="module" src="${server.url}/embed.js" data-service="demo/beehive" ${more}></script>`)
  site.files.set('/apply', { body: tag(), headers: { 'content-security-policy': strictPolicy(server.url) } })
  site.files.set('/framed', {
    body: tag('data-isolation="iframe"'),
    headers: { 'content-security-policy': `${strictPolicy(server.url)}; frame-src ${server.url}` },
  })
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  await site?.close()
  await mail?.close()
  rmSync(folder, { recursive: true, force: true })
})

const linkIn = () => /https?:\S+guichet-draft=\S+/.exec(textOf(mail.mails.at(-1)!))?.[0] as string

test('on another device, and the code is in no address that a server is asked for', async () => {
  const one = await openPage(browser)
  await one.page.goto(`${site.origin}/apply?topic=bees`)
  await one.page.getByRole('button', { name: 'Start now' }).click()
  await one.page.getByLabel('Full name').fill('Ana Lee')
  await one.page.getByRole('button', { name: 'Save and come back later' }).click()
  await one.page.getByRole('button', { name: 'Email me a link to it' }).click()
  const input = one.page.getByLabel('Your email address')
  expect(await input.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(true)
  await input.fill('nobody')
  await one.page.getByRole('button', { name: 'Send the link' }).click()
  await one.page.getByText('Enter an email address, like name@example.org').waitFor()
  expect(await axe(one.page)).toEqual([])
  await input.fill('ana@example.org')
  await one.page.getByRole('button', { name: 'Send the link' }).click()
  await one.page
    .getByText(/^A link is on its way to ana@example\.org/)
    .first()
    .waitFor()
  await expect.poll(() => mail.mails.length, { timeout: 15_000 }).toBe(1)
  expect(one.faults).toEqual([])
  await one.close()

  const link = linkIn()
  expect(link).toContain(`${site.origin}/apply?topic=bees#guichet-draft=beehive.`)
  const code = link.split('.').at(-1) as string
  const two = await openPage(browser)
  const asked: string[] = []
  two.page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`))
  await two.page.goto(link)
  await two.page.getByLabel('Full name').waitFor()
  await expect.poll(() => two.page.getByLabel('Full name').inputValue(), { timeout: 10_000 }).toBe('Ana Lee')
  // Neither asked for nor left where the next person reads it.
  expect(asked.filter((each) => each.includes(code))).toEqual([])
  expect(two.page.url()).toBe(`${site.origin}/apply?topic=bees`)

  // Where the service is open already, a link changes the address alone.
  const dialogs: string[] = []
  let leave = false
  two.page.on('dialog', (dialog) => {
    dialogs.push(dialog.type())
    void (leave ? dialog.accept() : dialog.dismiss())
  })
  const name = two.page.getByLabel('Full name')
  const openLink = () => two.page.evaluate((hash) => void (location.hash = hash), new URL(link).hash)
  await two.page.goto(`${site.origin}/apply`)
  await two.page.getByRole('button', { name: 'Start now' }).waitFor()
  await openLink()
  await expect.poll(() => name.inputValue(), { timeout: 10_000 }).toBe('Ana Lee')
  expect(dialogs).toEqual([])
  // What was typed and is kept nowhere is not thrown away unasked.
  await two.page.goto(`${site.origin}/apply`)
  await two.page.getByRole('button', { name: 'Start now' }).click()
  await name.fill('Somebody else')
  await name.press('End')
  await openLink()
  await expect.poll(() => dialogs).toEqual(['beforeunload'])
  await expect.poll(() => name.inputValue()).toBe('Somebody else')
  leave = true
  await two.page.reload()
  await expect.poll(() => name.inputValue(), { timeout: 10_000 }).toBe('Ana Lee')
  expect(two.faults).toEqual([])
  await two.close()
})

test('in a frame of its own, and not with a link that is damaged', async () => {
  const link = linkIn()
  const framed = await openPage(browser)
  await framed.page.goto(link.replace('/apply?topic=bees', '/framed'))
  const inside = framed.page.frameLocator('iframe')
  await inside.getByLabel('Full name').waitFor()
  await expect.poll(() => inside.getByLabel('Full name').inputValue(), { timeout: 10_000 }).toBe('Ana Lee')
  expect(framed.page.url()).not.toContain('guichet-draft')
  await framed.close()

  const wrong = await openPage(browser)
  await wrong.page.goto(`${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`)
  await wrong.page.getByText('There is no saved application with this code. Check the code and try again.').waitFor()
  await wrong.close()
})
