/**
 * The officer's day at the desk: the list, a case, a decision that the citizen then reads; everything by keyboard, with
 * others who work at the same time, sessions that end and lines that go down.
 */
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPdf } from '../packages/server/src/papers/pdf/read-pdf.test-helper.ts'
import { axe } from './axe.ts'
import { agencyOf, ask, atDesk, offer, quickPasswords, send } from './desk-steps.ts'
import { launch, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
/** What a test causes on purpose, browsers log as a failure. */
const unexpected = (fault: string) => !/status of (401|403|404|412)|ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(fault)

let browser: Browser
let server: TestServer
let stop: () => Promise<void>

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([
    launch(),
    startTestServer('2026-01-12T10:00:00Z', { PUBLISH_STATISTICS: 'demo' }, { passwords: quickPasswords, tries: { take: async () => 0 } }),
  ])
  await offer(server)
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

const rows = (page: Page) => page.locator('desk-inbox li[data-case]')
const listed = (page: Page) => rows(page).evaluateAll((found) => found.map((row) => row.getAttribute('data-case')))
const told = (page: Page) => page.locator('desk-inbox [role=status]').first().textContent()
/** Comes back to the tab, which makes the list look again. */
const lookAgain = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
const opened = async (page: Page, submission: string) => {
  await page.goto(`${server.url}/desk/#/cases/${submission}`)
  await page.locator('desk-decision #decide').waitFor()
}
const decideAs = async (page: Page, submission: string, revision: number, decided: object) =>
  expect((await ask(page, 'POST', `cases/${submission}/decisions`, decided, { 'if-match': `"${revision}"` })).status).toBe(200)
/** Choose, write, look at it once more, confirm: by keyboard. */
const decide = async (page: Page, choice: string, note: string) => {
  await page.locator('desk-decision #decide').scrollIntoViewIfNeeded()
  await page.locator(`desk-decision #offer-${choice}`).focus()
  await page.keyboard.press('Space')
  await tabTo(page, ({ tag, id }) => tag === 'textarea' && id === 'note', 'the note')
  await page.keyboard.type(note)
  await press(page, /^Decide/)
  await page.locator('desk-decision dialog[open]').waitFor()
}

describe('asking the applicant', () => {
  it('names by keyboard what may be answered online and until when, and shows afterwards what was changed', async () => {
    const { submission, reference } = await send(server, { name: 'Sam O.' })
    const { page, faults, close } = await atDesk(browser, server)
    await rows(page).first().waitFor()
    await opened(page, submission)
    await page.locator('desk-decision #offer-ask_more').focus()
    await page.keyboard.press('Space')
    await tabTo(page, ({ id }) => id === 'ask-fields-name', 'the question')
    await page.keyboard.press('Space')
    await page.locator('desk-decision #ask-until').fill('2026-01-01')
    await page.locator('desk-decision #note').fill('Your whole name, please.')
    await page.locator('desk-decision #note').focus()
    expect(await axe(page)).toEqual([])
    await press(page, /^Decide/)
    // A day that is over is said where it was typed.
    await eventually(() => page.locator('desk-decision #until-wrong').count()).toBe(1)
    await eventually(async () => (await focused(page)).id).toBe('ask-until')
    await page.locator('desk-decision #ask-until').fill('2026-02-02')
    await press(page, /^Decide/)
    const sure = page.locator('desk-decision dialog[open]')
    await sure.waitFor()
    await expect.poll(() => sure.textContent()).toMatch(/answered online:[\s\S]*Full name[\s\S]*2026/)
    await sure.getByRole('button').first().click()
    await eventually(async () => (await ask(page, 'GET', `cases/${submission}`)).body.asked).toEqual({ fields: ['name'], documents: [], until: '2026-02-02' })

    const answered = await fetch(`${server.url}/v1/services/demo/library-card/cases/${submission}/submissions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `addition-${submission}` },
      body: JSON.stringify({ reference, number: 2, answers: { name: 'Sam Okafor' } }),
    })
    expect(answered.status).toBe(201)
    await opened(page, submission)
    await page.reload()
    const changes = page.locator('desk-case .changes')
    await changes.waitFor()
    await expect.poll(() => changes.locator('tbody').textContent()).toMatch(/Full name\s*Sam O\.\s*Sam Okafor/)
    expect(await axe(page)).toEqual([])
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  }, 60_000)
})

describe('the road of a case', () => {
  it('leads from the citizen over the desk, by keyboard alone, back to the citizen', async () => {
    const { submission, reference } = await send(server, { name: 'Sam Okafor', cards: [{ holder: 'Kim' }, { holder: 'Lee' }] })
    const { page, faults, close } = await atDesk(browser, server)
    await rows(page).first().waitFor()
    await eventually(async () => (await focused(page)).text).toBe('Cases')
    await tabTo(page, ({ tag, text }) => tag === 'a' && text.includes(submission.slice(-8)), 'the case')
    await page.keyboard.press('Enter')
    await page.locator('desk-decision #decide').waitFor()
    // Read from its heading on.
    await eventually(async () => (await focused(page)).text).toContain(submission.slice(-8))
    const answers = await page.locator('desk-case .answers').first().textContent()
    expect(answers).toMatch(/Full name\s*Sam Okafor/)
    expect(answers).toMatch(/Further cards\s*2 entries/)
    await expect.poll(() => page.locator('desk-case .rows').allInnerTexts()).toEqual([expect.stringContaining('Kim'), expect.stringContaining('Lee')])
    await expect.poll(() => page.locator('desk-case table.fee').textContent()).toMatch(/Total\s*€7\.50/)

    await decide(page, 'refuse', 'The form is of another city.')
    const sure = page.locator('desk-decision dialog[open]')
    await expect.poll(() => sure.textContent()).toContain('The form is of another city.')
    // The way back is what is at hand; nothing was decided yet.
    expect((await focused(page)).text).toBe('Go back')
    await page.keyboard.press('Enter')
    await eventually(() => sure.count()).toBe(0)
    expect((await ask(page, 'GET', `cases/${submission}`)).body.status).toBe('received')
    await expect.poll(() => page.locator('desk-decision #note').inputValue()).toBe('The form is of another city.')
    await press(page, /^Decide/)
    await press(page, /^Yes, decide$/)
    await eventually(async () => (await focused(page)).text).toContain('Decided: Do not accept. The case is now: Not accepted.')
    await expect.poll(() => page.locator('desk-case .steps').last().textContent()).toContain('Ada Officer')

    const citizen = await page.context().newPage()
    await citizen.goto(`${server.url}/status?lang=en`)
    await citizen.locator('input[name=reference]').fill(reference)
    await citizen.keyboard.press('Enter')
    await citizen.getByText('The form is of another city.').waitFor()
    await citizen.getByText('Not accepted').first().waitFor()
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('is saved as a PDF by keyboard, and why it is not is said', async () => {
    const { submission } = await send(server, { name: 'Sam Okafor' })
    const { page, faults, close } = await atDesk(browser, server)
    await opened(page, submission)
    const saved = page.waitForEvent('download')
    await press(page, /^Save as PDF$/)
    const file = await saved
    expect(file.suggestedFilename()).toBe(`library-card-${submission.slice(-8)}.pdf`)
    expect(readPdf(readFileSync(await file.path())).elements.map(({ text }) => text)).toEqual(expect.arrayContaining(['Full name', 'Sam Okafor']))
    await eventually(() => page.locator('desk-case #paper').textContent()).toBe('The PDF was handed to your browser.')
    await eventually(async () => (await focused(page)).text).toBe('Save as PDF')
    expect(await axe(page)).toEqual([])
    for (const [status, type, title] of [
      [422, 'paper-too-large', 'There is too much in it'],
      [503, 'paper-busy', 'Too many at once: try again'],
    ] as const) {
      const refused = { status, contentType: 'application/problem+json', body: JSON.stringify({ type: `x/${type}`, title }) }
      await page.route('**/case.pdf?*', (route) => route.fulfill(refused))
      await page.keyboard.press('Enter')
      await eventually(() => page.locator('desk-case [role=alert]').textContent()).toBe(title)
      await page.unroute('**/case.pdf?*')
    }
    expect(faults.filter((fault) => unexpected(fault) && !/422|503/.test(fault))).toEqual([])
    await close()
  })

  it('goes on with the next case of the same list', async () => {
    const ids = [await send(server), await send(server), await send(server)].map(({ submission }) => submission)
    const { page, close } = await atDesk(browser, server, { hash: '#/?service=library-card&stage=intake' })
    await rows(page).first().waitFor()
    const order = (await listed(page)).filter((id) => ids.includes(id as string))
    await page.locator(`desk-inbox li[data-case="${order[0]}"] a`).click()
    await page.locator('desk-decision #decide').waitFor()
    for (const next of order.slice(1)) {
      await page.getByRole('link', { name: 'Next case' }).first().click()
      await eventually(() => page.evaluate(() => location.hash)).toBe(`#/cases/${next}?service=library-card&stage=intake`)
    }
    await page.goBack()
    await eventually(() => page.evaluate(() => location.hash)).toContain(order.at(-2))
    await page.getByRole('link', { name: 'Back to the list' }).first().click()
    await rows(page).first().waitFor()
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/?service=library-card&stage=intake')
    await close()
  })
})

describe('the list', () => {
  it('is narrowed in the address, and says so; what fits nothing is told', async () => {
    const { submission } = await send(server)
    const { page, close } = await atDesk(browser, server)
    await rows(page).first().waitFor()
    await page.getByLabel('Service', { exact: true }).selectOption('library-card')
    await page.getByLabel('Stage', { exact: true }).selectOption('intake')
    await eventually(() => page.evaluate(() => location.hash)).toBe('#/?service=library-card&stage=intake')
    await eventually(() => listed(page)).toContain(submission)
    await expect.poll(() => told(page)).toMatch(/^\d+ cases are shown\.$/)
    await page.getByLabel('Status', { exact: true }).selectOption('approved')
    await page.getByText('No case fits this view.').waitFor()
    // What the address says, a reload and the way back say too.
    await page.reload()
    await page.getByText('No case fits this view.').waitFor()
    await expect.poll(() => page.getByLabel('Status', { exact: true }).inputValue()).toBe('approved')
    await page.goBack()
    await rows(page).first().waitFor()
    await expect.poll(() => page.getByLabel('Stage', { exact: true }).inputValue()).toBe('intake')
    await page.getByRole('link', { name: /^All, newest first/ }).click()
    await eventually(async () => (await listed(page))[0]).toBe(submission)
    await expect.poll(() => page.getByRole('link', { name: /^All, newest first/ }).getAttribute('aria-current')).toBe('page')
    await close()
  })

  it('is taken along as a file by whoever says what for', async () => {
    const { submission } = await send(server)
    const { page, close } = await atDesk(browser, server, { hash: '#/?service=library-card' })
    await rows(page).first().waitFor()
    await press(page, /^Take all cases of this service along$/)
    await expect.poll(() => page.getByRole('link', { name: 'Table (CSV)' }).count()).toBe(0)
    await page.getByLabel('What for?').fill('Yearly report')
    expect(await axe(page)).toEqual([])
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Table (CSV)' }).click()
    const file = await waiting
    expect(file.suggestedFilename()).toMatch(/\.csv$/)
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toContain(submission)
    await close()
  })

  it('finds a case by its number and by the tracking code, which stays out of addresses', async () => {
    const { submission, reference } = await send(server)
    const { page, close } = await atDesk(browser, server)
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    for (const text of [submission, reference]) {
      await page.goto(`${server.url}/desk/#/`)
      await rows(page).first().waitFor()
      await page.getByLabel('Case number or tracking code').fill(text)
      await page.keyboard.press('Enter')
      await eventually(() => page.evaluate(() => location.hash)).toBe(`#/cases/${submission}`)
      await page.locator('desk-decision #decide').waitFor()
    }
    expect(addresses.some((address) => address.includes(reference))).toBe(false)
    await page.goto(`${server.url}/desk/#/`)
    await rows(page).first().waitFor()
    await page.getByLabel('Case number or tracking code').fill('nothing')
    await page.keyboard.press('Enter')
    await eventually(() => told(page)).toBe('No case has this number or code.')
    await close()
  })

  it('looks again without moving the focus or a row: news are offered, what left is marked', async () => {
    const mine = [await send(server), await send(server)].map(({ submission }) => submission)
    const { page, close } = await atDesk(browser, server, { hash: '#/?service=library-card&stage=intake' })
    await rows(page).first().waitFor()
    const before = await listed(page)
    await page.locator(`desk-inbox li[data-case="${before[0]}"] a`).focus()
    const other = mine.find((id) => id !== before[0]) as string
    await decideAs(page, other, 1, { decision: 'accept' })
    const { submission: fresh } = await send(server)
    await lookAgain(page)
    await page.locator('desk-inbox #fresh').waitFor()
    await eventually(() => page.locator(`desk-inbox li[data-case="${other}"][data-gone]`).count()).toBe(1)
    await expect.poll(() => listed(page)).toEqual(before)
    expect((await focused(page)).text).toContain(String(before[0]).slice(-8))
    await expect.poll(() => told(page)).toBe('1 case has come since.')
    await page.locator('desk-inbox #fresh').click()
    await eventually(() => listed(page)).toContain(fresh)
    await expect.poll(() => listed(page)).not.toContain(other)
    await close()
  })

  it('says when the line is down, keeps what it showed, and goes on when it is up', async () => {
    await send(server)
    const { page, close } = await atDesk(browser, server)
    await rows(page).first().waitFor()
    const before = await listed(page)
    await page.context().setOffline(true)
    await lookAgain(page)
    const alert = page.locator('desk-inbox [role=alert]')
    await alert.waitFor()
    await expect.poll(() => alert.textContent()).toContain('The server cannot be reached')
    await expect.poll(() => listed(page)).toEqual(before)
    await page.context().setOffline(false)
    await eventually(() => alert.count()).toBe(0)
    await close()
  })
})

describe('a case', () => {
  it('that somebody else decided meanwhile shows what they did, and loses nothing that was typed', async () => {
    const { submission } = await send(server)
    const { page, close } = await atDesk(browser, server)
    await opened(page, submission)
    await decide(page, 'send_back', 'The second page is missing.')
    await decideAs(page, submission, 1, { decision: 'ask_more', note: 'Which school?' })
    await press(page, /^Yes, decide$/)
    const conflict = page.locator('desk-decision [data-fault]')
    await conflict.waitFor()
    await eventually(() => conflict.textContent()).toMatch(
      /Somebody decided about this case while you were working on it[\s\S]*Ask for more – Ada Officer[\s\S]*Waiting for the applicant/,
    )
    await expect.poll(() => page.locator('desk-decision #note').inputValue()).toBe('The second page is missing.')
    await eventually(async () => (await focused(page)).text).toContain('Somebody decided')
    // Decided on what is known now, it is taken.
    await eventually(() => page.locator('desk-case .facts').textContent()).toContain('Waiting for the applicant')
    await press(page, /^Decide/)
    await press(page, /^Yes, decide$/)
    await eventually(async () => (await focused(page)).text).toContain('Sent back to the applicant')
    await close()
  })

  it('says what is missing, beside where it is missing', async () => {
    const { submission } = await send(server)
    const { page, close } = await atDesk(browser, server)
    await opened(page, submission)
    await page.locator('desk-decision button.primary').first().focus()
    await page.keyboard.press('Enter')
    await eventually(async () => (await focused(page)).name).toBe('decision')
    await expect.poll(() => page.locator('desk-decision fieldset').getAttribute('aria-describedby')).toBe('choice-wrong')
    await page.locator('desk-decision #offer-ask_more').check()
    await page.locator('desk-decision button.primary').first().focus()
    await page.keyboard.press('Enter')
    await eventually(async () => (await focused(page)).id).toBe('note')
    await expect.poll(() => page.locator('desk-decision #note-wrong').textContent()).toBe('Write to the applicant why')
    await expect.poll(() => page.locator('desk-decision dialog[open]').count()).toBe(0)
    await close()
  })

  it('survives the end of a session: who signs in again goes on, with what was typed', async () => {
    const { submission } = await send(server)
    const { page, faults, close } = await atDesk(browser, server)
    await opened(page, submission)
    await decide(page, 'ask_more', 'Please tell us the school.')
    await page.context().clearCookies()
    await press(page, /^Yes, decide$/)
    const again = page.locator('#again[open]')
    await again.waitFor()
    await eventually(async () => (await focused(page)).id).toBe('email')
    await expect.poll(() => again.textContent()).toContain('what you typed is still there')
    await page.keyboard.type('ada@example.org')
    await page.keyboard.press('Tab')
    await page.keyboard.type('correct horse battery')
    await page.keyboard.press('Enter')
    // What was asked is asked again by itself.
    await eventually(async () => (await focused(page)).text).toContain('Decided: Ask for more')
    await expect.poll(() => again.count()).toBe(0)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('is taken, noted about and given back; its files are downloads', async () => {
    const upload = await fetch(`${server.url}/v1/services/demo/library-card/attachments?target=student_id&name=card.pdf`, {
      method: 'POST',
      headers: { 'content-type': 'application/pdf' },
      body: '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
    })
    const { id } = (await upload.json()) as { id: string }
    const { submission } = await send(server, { student: true, school: 'Polytechnic' }, { documents: { student_id: [id] } })
    const { page, faults, close } = await atDesk(browser, server)
    await opened(page, submission)
    await press(page, /^Take it$/)
    await page.getByText('You.', { exact: true }).waitFor()
    await page.locator('desk-case #internal').focus()
    await page.keyboard.type('Called the school.')
    await press(page, /^Add note$/)
    await page.locator('desk-case [data-note]').waitFor()
    await expect.poll(() => page.locator('desk-case [data-note]').textContent()).toMatch(/Called the school\.\s*Ada Officer/)
    await expect.poll(() => page.locator('desk-case #internal').inputValue()).toBe('')
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: 'card.pdf' }).first().click()
    expect((await waiting).suggestedFilename()).toBe('card.pdf')
    await page.goto(`${server.url}/desk/#/?queue=mine`)
    await eventually(() => listed(page)).toEqual([submission])
    await opened(page, submission)
    await press(page, /^Give it back to all$/)
    await page.getByText('Nobody yet.').waitFor()
    const log = (await (await agencyOf(server)).auditEvents(0, 10_000)).filter(({ object }) => object === `submission:${submission}`)
    expect(log.map(({ action }) => action)).toEqual(expect.arrayContaining(['submission.assigned', 'submission.noted', 'submission.read']))
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('is opened for a purpose where the policy asks for one, and its files as well', async () => {
    const { submission } = await send(server)
    await offer(server, { purpose: { ask: ['open', 'export'], purposes: ['handling', 'court'] } })
    const { page, faults, close } = await atDesk(browser, server, { hash: `#/cases/${submission}` })
    await page.locator('desk-case #purpose').waitFor()
    expect(await axe(page)).toEqual([])
    await expect.poll(() => page.locator('desk-case .answers').count()).toBe(0)
    await tabTo(page, ({ id }) => id === 'purpose', 'the purpose')
    await page.keyboard.press('ArrowDown')
    await press(page, /^Open the case$/)
    await page.locator('desk-decision #decide').waitFor()
    await eventually(async () => (await focused(page)).tag).toBe('h1')
    const log = await (await agencyOf(server)).auditEvents(0, 10_000)
    expect(log.filter(({ action, object }) => action === 'submission.read' && object === `submission:${submission}`)).toMatchObject([
      { details: { purpose: expect.any(String) } },
    ])
    await offer(server)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('that is not there, or not mine, is told kindly', async () => {
    const { page, close } = await atDesk(browser, server, { hash: '#/cases/01kzzzzzzzzzzzzzzzzzzzzzzz' })
    const alert = page.locator('desk-case [role=alert]')
    await alert.waitFor()
    await expect.poll(() => alert.textContent()).toContain('it is not among the cases you handle')
    await expect.poll(() => page.getByRole('link', { name: 'Back to the list' }).count()).toBe(1)
    await close()
  })
})

describe('the audit log', () => {
  it('shows auditors who did what, narrowed in the address, signed or not; nothing of what was sent in', async () => {
    const { submission } = await send(server, { name: 'Xyzzy Unseen' })
    const { page, faults, close } = await atDesk(browser, server)
    await opened(page, submission)
    await press(page, /^Audit log$/)
    await page.locator('desk-audit tr[data-event]').first().waitFor()
    await eventually(async () => (await focused(page)).text).toBe('Audit log')
    await page.getByLabel('To what (such as submission:…)').fill(`submission:${submission}`)
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Case opened' })
    await page.keyboard.press('Tab')
    await press(page, /^Show$/)
    await eventually(() => page.evaluate(() => location.hash)).toContain('action=submission.read')
    await eventually(() => page.locator('desk-audit tr[data-event]').count()).toBe(1)
    await expect.poll(() => page.locator('desk-audit tr[data-event]').textContent()).toMatch(/user:[\s\S]*Case opened[\s\S]*submission:/)
    await expect.poll(() => page.locator('desk-audit').textContent()).not.toContain('Xyzzy')
    expect(await axe(page)).toEqual([])
    await page.getByLabel('What', { exact: true }).selectOption({ label: 'Account removed' })
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('Nothing in this stretch of the log fits.').waitFor()
    await page.goBack()
    await eventually(() => page.locator('desk-audit tr[data-event]').count()).toBe(1)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })
})

describe('every screen', () => {
  it.each([
    ['en-GB', { width: 1280, height: 900 }, 'light'],
    ['fa', { width: 1280, height: 900 }, 'dark'],
    ['el', { width: 320, height: 640 }, 'light'],
    ['fa', { width: 320, height: 640 }, 'light'],
  ] as const)('is clean and fits: %s at %o, %s', async (locale, viewport, colorScheme) => {
    const { submission } = await send(server, { cards: [{ holder: 'Kim' }] })
    const { page, faults, close } = await atDesk(browser, server, { locale, viewport, colorScheme })
    const look = async (what: string) => {
      expect(await axe(page), what).toEqual([])
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), { message: what }).toBe(0)
    }
    await rows(page).first().waitFor()
    await look('inbox')
    await opened(page, submission)
    await look('case')
    await page.locator('desk-decision #offer-refuse').check()
    await page.locator('desk-decision #note').fill('…')
    await page.locator('desk-decision button.primary').first().click()
    await page.locator('desk-decision dialog[open]').waitFor()
    await look('confirmation')
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })
})

describe('ten thousand cases', () => {
  it('cost a page of the list and a case no more requests and bytes than ten', async () => {
    const { server: large, stop: end } = await startTestServer('2026-01-12T10:00:00Z', {}, { passwords: quickPasswords, tries: { take: async () => 0 } })
    try {
      await offer(large)
      const agency = await agencyOf(large)
      const cost = async () => {
        const { page, close } = await atDesk(browser, large)
        await rows(page).first().waitFor()
        const answers: Promise<number>[] = []
        page.on('response', (response) => {
          if (response.url().includes('/v1/')) answers.push(response.body().then((body) => body.length))
        })
        await page.reload()
        await rows(page).first().waitFor()
        await page.waitForLoadState('networkidle')
        const list = await Promise.all(answers.splice(0))
        await rows(page).first().locator('a').click()
        await page.locator('desk-decision #decide').waitFor()
        await page.waitForLoadState('networkidle')
        const opened = await Promise.all(answers)
        await close()
        const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0)
        return { list: { requests: list.length, bytes: sum(list) }, opened: { requests: opened.length, bytes: sum(opened) } }
      }
      const sixty = Array.from({ length: 60 }, (_, i) => i)
      for (const _ of sixty) await send(large)
      const few = await cost()
      const [row] = await agency.openCases({}, null, 1)
      const {
        referenceHash: _hash,
        revision: _revision,
        decision: _decision,
        late: _late,
        stageEnteredAt: _entered,
        ...record
      } = (await agency.submission(row!.id))!
      for (let i = 0; i < 10_000; i += 250)
        await Promise.all(
          Array.from({ length: 250 }, async (_, j) => {
            const id = `00kexample${String(i + j).padStart(8, '0')}`
            await agency.claimKey({ service: record.service, keyHash: id, bodyMac: 'm', at: record.receivedAt }, '')
            await agency.record({
              submission: { ...record, id, referenceHash: id, sealing: null },
              attachments: [],
              deed: { actor: 'citizen', at: record.receivedAt },
              keyHash: id,
              outbox: [],
              conclude: () => ({ receipt: new Uint8Array(), answer: new Uint8Array() }),
            })
          }),
        )
      const many = await cost()
      console.log(JSON.stringify({ few, many }))
      expect(many.list.requests).toBe(few.list.requests)
      expect(many.opened.requests).toBe(few.opened.requests)
      expect(many.list.bytes).toBeLessThan(few.list.bytes * 1.05)
      expect(many.opened.bytes).toBeLessThan(few.opened.bytes * 1.05)
    } finally {
      await end()
    }
  })
})
