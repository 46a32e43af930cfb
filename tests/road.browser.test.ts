/**
 * The whole road: services as they are published, on an agency's page of another origin under a strict content security
 * policy with Trusted Types, filled in by keyboard alone, sent, stored, and found again by tracking code.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser, FileChooser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleFor } from '../examples/sample-files.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { type Answer, fillPage, focused, press, type RowsToAdd, tabTo } from './keyboard.ts'

const strings = (file: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../packages/runtime/src/${file}`), 'utf8')) as Record<string, Record<string, string>>
const messages = Object.assign(
  {},
  ...['runtime.messages', 'later-strings', 'draft-strings', 'task-strings'].map((file) => strings(`${file}.json`)),
) as ReturnType<typeof strings>
const says = (key: string, language: string) =>
  new RegExp(`^\\s*${((messages[key] as Record<string, string>)[language] as string).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`)
const definitionOf = (id: string): ServiceDefinition => JSON.parse(readFileSync(join(import.meta.dirname, `../examples/${id}/definition.json`), 'utf8'))

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

/** Hands over every document that is asked for, with the keyboard: the file input is reached with Tab and opened with Enter. */
async function giveDocuments(page: Page, definition: ServiceDefinition, isContinue: RegExp) {
  const asked: string[] = []
  // From the first listener on, the browser hands choosers to us; without one the first Enter may come too early.
  page.on('filechooser', () => {})
  for (let i = 0; i < 200; i++) {
    const at = await focused(page)
    if (at.tag === 'button' && isContinue.test(at.text)) break
    if (at.tag === 'input' && at.type === 'file' && !asked.includes(at.id)) {
      asked.push(at.id)
      const document = (definition.documents ?? []).find((candidate) => at.id === `d-${candidate.id}`)
      if (!document) throw new Error(`the page asks for ${at.id}, which is no document of the service`)
      const several = await page.evaluate(() => {
        let element = globalThis.document.activeElement
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
        return (element as HTMLInputElement).multiple
      })
      const files = Array.from({ length: several ? 2 : 1 }, () => sampleFor(document))
      const [chooser] = (await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])) as [FileChooser, undefined]
      await chooser.setFiles(files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: bytes })))
      // A file on its way has a bar beside it; going on before it has arrived would be refused.
      for (const file of files) await page.getByText(file.name).first().waitFor()
      await expect.poll(() => page.locator('guichet-service .g-upload-bar').count()).toBe(0)
    }
    await page.keyboard.press('Tab')
  }
  return asked
}

/** From the task list: the first part that is not done. */
async function openTask(page: Page, language: string) {
  await page.locator('guichet-service h1', { hasText: says('tasks.title', language) }).waitFor()
  const done = (messages['tasks.done'] as Record<string, string>)[language] as string
  const open = page.locator('guichet-service .g-task').filter({ hasNotText: done }).first().getByRole('button')
  await open.focus()
  await page.keyboard.press('Enter')
  await page.locator('guichet-service .g-task').first().waitFor({ state: 'detached' })
}

interface Walk {
  service: string
  language: string
  width: number
  pages: { answers: Answer; rows?: RowsToAdd }[]
  documents: string[]
}

const walks: Walk[] = [
  {
    service: 'fa-parvane',
    language: 'fa',
    width: 320,
    pages: [
      {
        answers: {
          kind: 'person',
          first: 'مریم',
          last: 'علوي',
          melli: '۰۰۷۶۲۲۹۶۴۵',
          'birth-day': '۲۲',
          'birth-month': '۰۲',
          'birth-year': '۱۳۵۹',
          gender: 'f',
          mobile: '۰۹۱۲ ۳۴۵ ۶۷۸۹',
        },
      },
      {
        answers: {
          activity: 'retail',
          postcode: '۱۴۳۴۸۷۴۳۳۱',
          'address-lines': 'خیابان ولیعصر، پلاک ۱۲',
          'address-postcode': '۱۴۳۴۸۷۴۳۳۱',
          'address-city': 'تهران',
          place: '35.7, 51.4',
          area: '۴۰',
          tenure: 'rent',
          'lease_end-day': '۳۰',
          'lease_end-month': '۵',
          'lease_end-year': '۱۴۰۵',
          grade: 'a',
          'partners/0/name': 'رضا کاظمی',
          'partners/0/melli': '1298765439',
          'partners/0/share': '۴۰',
          share: '۶۰',
          sheba: 'IR82 0540 1026 8002 0817 9090 02',
        },
        rows: { partners: 1 },
      },
    ],
    documents: ['d-photo', 'd-lease', 'd-partnership'],
  },
  {
    service: 'el-heating',
    language: 'el',
    width: 320,
    pages: [
      { answers: { full_name: 'Μαρία Παπαδοπούλου', afm: '090123451', amka: '01038501241', mobile: '6912345678', iban: 'GR16 0110 1250 0000 0001 2300 695' } },
      {
        answers: {
          marital: 'married',
          'members/0/name': 'Νίκος Παπαδόπουλος',
          'members/0/amka': '19078300175',
          'members/0/birth-day': '19',
          'members/0/birth-month': '7',
          'members/0/birth-year': '1983',
          'members/0/relation': 'spouse',
          family_income: '21500',
        },
        rows: { members: 1 },
      },
      {
        answers: {
          'address-lines': 'Ερμού 10',
          'address-postcode': '54624',
          'address-city': 'Θεσσαλονίκη',
          supply_no: '123456789',
          tenure: 'rent',
          building: 'flat',
          central: true,
          zone: 'C',
          'receipts/0/supplier': '104567895',
          'receipts/0/number': 'A-118',
          'receipts/0/date-day': '20',
          'receipts/0/date-month': '11',
          'receipts/0/date-year': '2025',
          'receipts/0/amount': '310,40',
          truth: true,
        },
      },
    ],
    documents: ['d-receipt', 'd-lease', 'd-shares', 'd-tax_clearance'],
  },
  {
    service: 'vi-thuong-tru',
    language: 'vi',
    width: 320,
    pages: [
      {
        answers: {
          name: 'Nguyễn Văn Ổn',
          cccd: '079085001234',
          'birth-day': '2',
          'birth-month': '6',
          'birth-year': '1985',
          gender: 'm',
          phone: '0901 234 567',
          channel: 'online',
        },
      },
      {
        answers: {
          'address-region': 'Thành phố Hồ Chí Minh',
          'address-city': 'Phường Bến Thành',
          'address-lines': '12 Lê Lợi',
          basis: 'rent',
          area: '30',
          owner_cccd: '048204012345',
        },
      },
      {
        answers: {
          'members/0/name': 'Trần Thị Ửng',
          'members/0/cccd': '079190004321',
          'members/0/birth-day': '30',
          'members/0/birth-month': '11',
          'members/0/birth-year': '1990',
          'members/0/gender': 'f',
          'members/0/relation': 'spouse',
          'members/1/name': 'Nguyễn Thị Ơn',
          'members/1/cccd': '079318006789',
          'members/1/birth-day': '1',
          'members/1/birth-month': '7',
          'members/1/birth-year': '2018',
          'members/1/gender': 'f',
          'members/1/relation': 'child',
          'members/1/two_parents': true,
          exempt: 'no',
          sign: 'vneid-ok',
        },
        rows: { members: 2 },
      },
    ],
    documents: ['d-lease', 'd-owner_consent', 'd-marriage', 'd-birth_cert'],
  },
  {
    service: 'hu-kurzus',
    language: 'hu',
    width: 1000,
    pages: [
      {
        answers: {
          name: 'Kovács Ágnes',
          'birth-year': '2004',
          'birth-month': '9',
          'birth-day': '14',
          tax_id: '8502950126',
          email: 'agnes@example.hu',
          phone: '06 30 123 4567',
          funding: 'self',
        },
      },
      { answers: { 'picks/0/code': 'MAT101', 'picks/0/retake': true, 'picks/1/code': 'INF330', waitlist_ok: true }, rows: { picks: 1 } },
      { answers: { aid: true, household: '4', income: '420 000', installments: 'three' } },
    ],
    documents: ['d-income_proof'],
  },
  {
    service: 'en-order-case',
    language: 'en',
    width: 1000,
    pages: [
      {
        answers: {
          order_no: 'PS-104233',
          email: 'a@example.org',
          'delivered-day': '10',
          'delivered-month': '12',
          'delivered-year': '2025',
          shipping: '4.95',
          intent: 'return',
        },
      },
      {
        answers: {
          'lines/0/sku': 'LAMP-1',
          'lines/0/ordered_qty': '2',
          'lines/0/unit_price': '15.25',
          'lines/0/final_sale': true,
          'lines/0/qty': '2',
          'lines/0/reason': 'faulty',
          refund_to: 'bank',
          iban: 'IE29AIBK93115212345678',
        },
      },
    ],
    documents: ['d-photo'],
  },
  {
    service: 'en-street-use',
    language: 'en',
    width: 320,
    pages: [
      { answers: { purpose: 'party', applicant_kind: 'resident', close_road: true, attendance: '150' } },
      {
        answers: {
          area_shape: '53.3498, -6.2603',
          'area_shape-2': '53.3498, -6.2601',
          'area_shape-3': '53.3499, -6.2601',
          area: '300',
          zone: '2',
          'start-day': '7',
          'start-month': '2',
          'start-year': '2026',
          'end-day': '7',
          'end-month': '2',
          'end-year': '2026',
          equipment: ['food'],
        },
      },
      {
        answers: {
          name: 'Sam Okafor',
          phone: '+353 85 123 4567',
          'stewards/0/name': 'A B',
          'stewards/0/phone': '+353851234567',
          'stewards/1/name': 'C D',
          'stewards/1/phone': '+353851234568',
          'neighbours/0/address': '1 Elm St',
          'neighbours/0/agrees': true,
          'neighbours/1/address': '2 Elm St',
          'neighbours/1/agrees': true,
          'neighbours/2/address': '3 Elm St',
          iban: 'IE29AIBK93115212345678',
        },
        rows: { stewards: 2, neighbours: 3 },
      },
    ],
    documents: ['d-plan', 'd-traffic_plan', 'd-food'],
  },
]

/** Saves after the first page, and goes on on another device: what was typed in is nowhere else. */
async function changeDevice(page: Page, address: string, language: string): Promise<Awaited<ReturnType<typeof openPage>>> {
  await press(page, says('draft.save', language))
  const code = page.locator('guichet-service .g-output')
  await expect.poll(() => code.textContent()).toMatch(/\w{4}-\w{4}/)
  await page.getByText((messages['draft.saved'] as Record<string, string>)[language]?.split('{')[0] as string).waitFor()
  const other = await openPage(browser, { locale: language, viewport: page.viewportSize() })
  await other.page.goto(address)
  await other.page.locator('guichet-service h1').waitFor()
  await press(other.page, says('draft.resume', language))
  await expect.poll(async () => (await focused(other.page)).id).toBe('guichet-draft-code')
  await other.page.keyboard.type((await code.textContent()) as string)
  await other.page.keyboard.press('Enter')
  await other.page
    .getByText((messages['draft.opened'] as Record<string, string>)[language] as string)
    .first()
    .waitFor()
  return other
}

describe.each(walks)('$service on a foreign page, $width px wide', ({ service, language, width, pages, documents }) => {
  it('is filled in by keyboard, saved, gone on with elsewhere, sent, stored once, and followed by its code', async () => {
    const address = `${server.demoUrl}/${service}`
    let { page, faults, close } = await openPage(browser, { locale: language, viewport: { width, height: 900 } })
    await page.goto(address)
    let heading = page.locator('guichet-service h1')
    await heading.waitFor()
    /** Nothing scrolls sideways, and no comma of another script stands between words of this one. */
    const looksRight = async (where: string) => {
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), { message: where }).toBeLessThanOrEqual(0)
      expect(await page.locator('guichet-service section').first().textContent(), where).not.toMatch(/\p{Script=Arabic},|, ?\p{Script=Arabic}/u)
    }
    await looksRight('start')
    await expect.poll(() => heading.textContent()).toContain(definitionOf(service).title[language])
    expect(new URL(page.url()).origin).not.toBe(new URL(server.url).origin)

    await press(page, says('start.begin', language))
    const tasks = definitionOf(service).taskList !== undefined
    for (const [number, { answers, rows = {} }] of pages.entries()) {
      if (tasks) await openTask(page, language)
      const before = await heading.textContent()
      await expect.poll(async () => (await focused(page)).tag, { message: 'the focus goes to the heading of the new page' }).toBe('h1')
      await fillPage(page, answers, rows, says('continue', language))
      // What is wrong with the page would stand there, and no other page would come.
      await expect
        .poll(async () => JSON.stringify([await heading.textContent(), await page.locator('guichet-service .g-error').allTextContents()]))
        .not.toContain(before)
      await looksRight(`after ${before}`)
      if (number > 0) continue
      const other = await changeDevice(page, address, language)
      expect(faults).toEqual([])
      await close()
      ;({ page, faults, close } = other)
      heading = page.locator('guichet-service h1')
    }

    if (tasks) await openTask(page, language)
    expect(await giveDocuments(page, definitionOf(service), says('continue', language))).toEqual(documents)
    await looksRight('documents')
    await press(page, says('continue', language))
    if (tasks) await press(page, says('tasks.check', language))
    await page.locator('guichet-service h1', { hasText: says('check.title', language) }).waitFor()
    await looksRight('check')
    await press(page, says('send', language))

    const code = page.locator('guichet-service .g-code')
    await code.waitFor()
    const reference = (await code.textContent()) ?? ''
    expect(reference.replace(/[^0-9A-Z]/gi, '')).toHaveLength(26)
    await expect.poll(() => code.getAttribute('dir')).toBe('ltr')
    // The page holds on to the code until it has been taken along: here, by printing.
    const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
    await expect.poll(() => asks()).toBe(true)
    await page.getByRole('img', { name: says('sent.qr', language) }).waitFor()
    // The person's own mail program asks to whom; nobody else is told the code.
    const mail = new URL((await page.getByRole('link', { name: says('sent.mail', language) }).getAttribute('href')) ?? '')
    expect([mail.protocol, mail.pathname, mail.searchParams.get('body')]).toEqual(['mailto:', '', expect.stringContaining(reference.trim())])
    await looksRight('sent')
    await press(page, says('sent.print', language))
    await expect.poll(asks).toBe(false)
    expect(faults).toEqual([])
    await close()

    const status = await fetch(`${server.url}/v1/status`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reference }),
    })
    expect(status.status).toBe(200)
    expect(await status.json()).toMatchObject({ service, status: expect.any(String), stages: expect.any(Array) })

    const follow = await openPage(browser, { locale: language })
    // As a QR code leads there: the code is filled in, and is gone from the address.
    await follow.page.goto(`${server.url}/status?lang=${language}#${reference.replaceAll(' ', '')}`)
    await expect.poll(() => follow.page.locator('#reference').inputValue()).toBe(reference.replaceAll(' ', ''))
    expect(new URL(follow.page.url()).hash).toBe('')
    await follow.page.goto(`${server.url}/status?lang=${language}`)
    await tabTo(follow.page, (at) => at.tag === 'input', 'the box for the code')
    await follow.page.keyboard.type(reference)
    await follow.page.keyboard.press('Enter')
    await follow.page
      .getByText(definitionOf(service).title[language] as string)
      .first()
      .waitFor()
    expect(follow.faults).toEqual([])
    await follow.close()
  })
})
