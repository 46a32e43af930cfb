/**
 * Every way in which sending can fail: what was typed and chosen stays, a sentence says what to do, the focus is on it, and
 * sending again is the same attempt. Answered by the server's own words where it has some.
 */
import type { ServerResponse } from 'node:http'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Refused as Problem, type ProblemCode } from '../packages/server/src/problem.ts'
import { writeProblem } from '../packages/server/src/routes/write-problem.ts'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'
import { axe } from './axe.ts'
import { fillPage, press } from './keyboard.ts'
import { arrival, car, giveDocuments, parkingPermit, you } from './parking-permit.ts'
import { type ServiceHost, serviceHost, viewOf } from './service-host.ts'

type Answer = (response: ServerResponse) => void
type Extras = ConstructorParameters<typeof Problem>[2]

/** A refusal in the server's own words. */
const words = (status: number, code: ProblemCode, extras: Extras = {}) =>
  writeProblem(new Problem(status, code, extras), { language: 'en', messages: {}, requestId: 'r' })
const ours =
  (...refused: Parameters<typeof words>): Answer =>
  (response) => {
    const { status, headers, body } = words(...refused)
    response.writeHead(status, headers).end(body)
  }
const blocked = '<!doctype html><title>Blocked</title><h1>Access denied</h1>'
/** What stands between the page and the server answers in its place. */
const theirs =
  (status: number): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end(blocked)

const connection = /Check your connection and try again/
const anotherWay = /Wait a few minutes and send again\. If that does not help, try another network or contact the agency/
const unmeant = { errors: [{ pointer: '/answers', code: 'shape.invalid' }] }

/** `again`: it is tried by itself as well. */
const ways: readonly { name: string; answer: Answer; says: RegExp; again: boolean }[] = [
  { name: '400, of an answer that a proxy changed', answer: ours(400, 'json'), says: anotherWay, again: false },
  { name: '400, of a form that nobody typed', answer: ours(400, 'shape', unmeant), says: anotherWay, again: false },
  { name: '401', answer: ours(401, 'sign-in-needed'), says: /Sign in first/, again: false },
  { name: '403, of a firewall', answer: theirs(403), says: anotherWay, again: false },
  { name: '403, closed meanwhile', answer: ours(403, 'closed'), says: /closed\. It takes no more submissions/, again: false },
  { name: '404, taken away meanwhile', answer: ours(404, 'not-found'), says: anotherWay, again: false },
  { name: '409, full meanwhile', answer: ours(409, 'full-today'), says: /Try again tomorrow/, again: false },
  { name: '413, of a proxy', answer: theirs(413), says: /Shorten the longest ones, then send again/, again: false },
  { name: '413', answer: ours(413, 'too-large', { params: { count: 262_144 } }), says: /262,144 bytes\. Shorten it and send it again/, again: false },
  { name: '415', answer: ours(415, 'content-type'), says: anotherWay, again: false },
  { name: '422, of no single answer', answer: ours(422, 'too-complex'), says: /Give fewer entries/, again: false },
  { name: '409, another try of it is under way', answer: ours(409, 'key-running'), says: /being worked on right now/, again: true },
  { name: '429', answer: ours(429, 'rate', { headers: { 'Retry-After': '3600' } }), says: /Wait a while and try again/, again: true },
  { name: '500', answer: ours(500, 'internal'), says: /Try again later/, again: true },
  { name: '503', answer: ours(503, 'not-ready', { headers: { 'Retry-After': '5' } }), says: /Try again in a few minutes/, again: true },
  { name: '507', answer: ours(507, 'storage-full'), says: /no room left\. Nothing was stored; try again later/, again: true },
  { name: '502, of a proxy', answer: theirs(502), says: connection, again: true },
  { name: '200, of a network that wants somebody to sign in', answer: theirs(200), says: connection, again: true },
  {
    name: 'an answer that breaks off',
    answer: (response) => void response.writeHead(201, { 'content-length': '999' }).write('{', () => response.destroy()),
    says: connection,
    again: true,
  },
  { name: 'a line that is cut', answer: (response) => void response.destroy(), says: connection, again: true },
  { name: 'a line that is open, and over which nothing comes', answer: () => {}, says: connection, again: true },
]

/** Taken by a version that the stand-in does not have. */
const confirmation = {
  reference: 'K7QF2M9XW3TD8HNA',
  submission: '01j',
  receivedAt: '2026-01-05T09:00:00Z',
  documents: [],
  computed: {},
  fee: null,
  route: null,
  receipt: { payload: {}, jws: 'a.b.c' },
}

/** Of what is sent, as the check shows it. */
const typed = ['Ana Lee', 'ana@example.org', '12-D-345', 'registration.pdf']

let host: ServiceHost
let browser: Browser
beforeAll(async () => {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: install one, or set CHROMIUM to a binary')
  host = await serviceHost([parkingPermit], '2026-01-05')
  browser = await chromium.launch({ executablePath, args: chromiumFlags })
})
afterEach(async () => {
  host.refuseNext = null
  await Promise.all(browser.contexts().map((context) => context.close()))
})
afterAll(async () => {
  await browser?.close()
  await host?.close()
})

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const goOn = (page: Page) => page.locator('.g-form > .g-button').click()
const focusedClass = (page: Page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)

async function atDocuments() {
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  // How long a line may be silent, divided by what a test says.
  await page.addInitScript(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal)
    AbortSignal.timeout = (milliseconds) => timeout(milliseconds / ((window as { haste?: number }).haste ?? 1))
  })
  await page.goto(`${host.agency}/?service=parking-permit`)
  await page.locator('guichet-service h1').first().waitFor()
  await press(page, /^Start now$/)
  await fillPage(page, you, {}, /^Continue$/)
  await heading(page, 'Your car')
  await fillPage(page, car, {}, /^Continue$/)
  await heading(page, 'Documents')
  await giveDocuments(page)
  return { page, faults }
}

test('every way in which sending can fail leaves what was typed and chosen, says what to do, and can be tried again', { timeout: 120_000 }, async () => {
  const { page, faults } = await atDocuments()
  await goOn(page)
  await heading(page, 'Check your answers before sending')
  const before = host.received.length
  const failure = page.locator('.g-failure')
  const sheet = page.locator('.g-form')
  let answer: Answer = () => {}
  let answered = 0
  const refuse = (response: ServerResponse) => {
    host.refuseNext = refuse
    answered++
    answer(response)
  }
  host.refuseNext = refuse
  const fails = async (name: string, says: RegExp, again: boolean) => {
    const message = name
    await expect.poll(() => failure.textContent(), { message }).toMatch(says)
    await expect.poll(() => failure.textContent(), { message }).toContain('Your answers are still here')
    await expect.poll(async () => /tried again by itself/.test((await failure.textContent()) ?? ''), { message }).toBe(again)
    await expect.poll(() => focusedClass(page), { message }).toBe('g-failure')
    for (const what of typed) await expect.poll(() => sheet.textContent(), { message }).toContain(what)
    // Nobody else's page is shown, nor its words.
    await expect.poll(() => page.getByText('Access denied').count(), { message }).toBe(0)
  }
  const button = page.getByRole('button', { name: /^(Send|Try again)$/ })
  for (const { name, says, again, ...way } of ways) {
    answer = way.answer
    const asked = answered
    await page.evaluate((haste) => Object.assign(window, { haste }), /nothing comes/.test(name) ? 200 : 1)
    await button.click()
    await expect.poll(() => answered, { message: name }).toBeGreaterThan(asked)
    await fails(name, says, again)
  }
  await page.evaluate(() => Object.assign(window, { haste: 1 }))

  answer = theirs(502)
  await page.context().setOffline(true)
  await button.click()
  await fails('no line at all', connection, true)
  expect(await axe(page)).toEqual([])
  await page.context().setOffline(false)

  answer = ours(422, 'answers', { errors: [{ pointer: '/name', code: 'required', message: { en: 'No such person' } }] })
  await button.click()
  await expect.poll(() => focusedClass(page)).toBe('g-summary')
  await page.getByRole('link', { name: /No such person/ }).click()
  await heading(page, 'About you')
  for (const [name, value] of Object.entries(you)) await expect.poll(() => page.locator(`[name="${name}"]`).inputValue()).toBe(value)
  await goOn(page)
  await heading(page, 'Check your answers before sending')

  host.refuseNext = null
  await button.click()
  await page.locator('.g-code').waitFor()
  const sent = host.received.slice(before)
  expect(sent.length).toBeGreaterThan(ways.length)
  // One attempt, however often: what had arrived would count once.
  expect(new Set(sent.map(({ key, submission }) => `${key} ${JSON.stringify(submission)}`)).size).toBe(1)
  expect(faults).toEqual([])
})

test('where the service was replaced meanwhile, what fits stays, and is looked at once more before it is sent', async () => {
  const { page, faults } = await atDocuments()
  await goOn(page)
  await heading(page, 'Check your answers before sending')
  const replaced = structuredClone(parkingPermit)
  replaced.pages[0]?.fields.push({ id: 'town', type: 'text', label: { en: 'Town', fa: 'شهر' } })
  const service = `${host.origin}/v1/services/city/parking-permit`
  await page.route(`${service}?*`, (route) => route.fulfill({ json: { ...viewOf(replaced, 'en', '2026-01-05'), version: 2 } }))
  await page.route(`${service}/versions/1`, (route) => route.fulfill({ json: parkingPermit }))
  host.refuseNext = ours(409, 'version')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect.poll(() => page.locator('.g-summary').textContent()).toContain('The service has changed since you began. Check your answers once more')
  await expect.poll(() => focusedClass(page)).toBe('g-summary')
  for (const what of [...typed, 'Town']) await expect.poll(() => page.locator('.g-form').textContent()).toContain(what)
  const [first] = host.received.slice(-1)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('link', { name: /^Town: / }).click()
  await heading(page, 'About you')
  for (const [name, value] of Object.entries(you)) await expect.poll(() => page.locator(`[name="${name}"]`).inputValue()).toBe(value)
  await page.getByRole('textbox', { name: 'Town' }).fill('Ravenford')
  await goOn(page)
  await heading(page, 'Check your answers before sending')
  host.refuseNext = (response) => void response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(confirmation))
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.g-code').waitFor()
  const [last] = host.received.slice(-1)
  expect(last?.submission).toEqual({ ...first?.submission, version: 2, answers: { ...first?.submission.answers, town: 'Ravenford' } })
  expect(last?.key).not.toBe(first?.key)
  expect(faults).toEqual([])
})

test('every way in which a file can fail to be taken leaves the others and what was typed, and says what to do', { timeout: 60_000 }, async () => {
  const { page, faults } = await atDocuments()
  const answers = (status: number, contentType: string, body: string) => ({ status, contentType, body, headers: { 'access-control-allow-origin': '*' } })
  const refusal = (...refused: Parameters<typeof words>) => answers(refused[0], 'application/problem+json', words(...refused).body)
  const input = page.locator('input[type=file]').first()
  const alert = page.getByRole('alert').first()
  for (const [answer, says] of [
    [refusal(422, 'file-refused'), /Choose a file of one of the kinds that are named/],
    [refusal(422, 'file-dangerous'), /Save the document again as PDF or as a picture and send that/],
    [refusal(422, 'file-infected'), /Check your device, and send a clean copy/],
    [refusal(413, 'file-too-large'), /Choose a smaller one/],
    [refusal(422, 'digest'), /Send it again/],
    [refusal(403, 'closed'), /This service is closed/],
    [refusal(507, 'storage-full'), /There is no room for this file just now/],
    [answers(403, 'text/html', blocked), /try again|another/i],
    [answers(413, 'text/html', blocked), /try again|another|smaller/i],
  ] as const) {
    await page.route('**/attachments?*', (route) => route.fulfill(answer))
    await input.setInputFiles({ name: 'other.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 other') })
    const message = says.source
    await expect.poll(() => alert.textContent(), { message }).toMatch(says)
    await expect.poll(() => page.getByText('Access denied').count(), { message }).toBe(0)
    // The one that had arrived is not lost to the one that did not.
    await arrival(page)
    await page.unroute('**/attachments?*')
  }
  const sizes = host.uploads.length
  await input.setInputFiles({ name: 'other.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 other') })
  await expect.poll(() => host.uploads.length).toBe(sizes + 1)
  await expect.poll(() => alert.textContent()).toBe('')
  await goOn(page)
  await heading(page, 'Check your answers before sending')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('.g-code').waitFor()
  expect(host.received.at(-1)?.submission).toMatchObject({ answers: { name: 'Ana Lee', plate: '12-D-345' }, documents: { registration: [`att-${sizes + 1}`] } })
  expect(faults).toEqual([])
})
