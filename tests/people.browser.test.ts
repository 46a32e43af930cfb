/**
 * People, from the invitation to the passkey, as they meet it in the browser: by keyboard, with a device that Chromium plays,
 * and with axe on every screen.
 */
import { createHmac } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axe } from './axe.ts'
import { quickPasswords } from './desk-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, press, tabTo } from './keyboard.ts'

const eventually = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 })
/** What a test causes on purpose, browsers log as a failure. */
const unexpected = (fault: string) => !/status of (401|403|404|409|422)/.test(fault)
const password = 'correct horse battery'

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
/** Passkeys are bound to a name, and an address of digits is none. */
let home: string
let moment = new Date('2026-01-12T10:00:00Z')

beforeAll(async () => {
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer(undefined, {}, { passwords: quickPasswords, clock: { now: () => moment } })])
  home = server.url.replace('127.0.0.1', 'localhost')
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
})

const codeOf = (secret: string, at: Date) => {
  const bits = [...secret.replaceAll(' ', '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)))
  const mac = createHmac('sha1', Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest()
  return String((mac.readUInt32BE((mac.at(-1) as number) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
const go = async (page: Page, place: string) => {
  await page.goto(`${home}/builder/#/${place}`)
  await page.locator(`builder-${place}`).waitFor()
}
const fill = async (page: Page, id: string, text: string) => {
  await tabTo(page, (at) => at.id === id, id)
  await page.keyboard.type(text)
}

/** The owner, who set the installation up or signs in. */
async function owner(language = 'en') {
  const opened = await openPage(browser, { viewport: { width: 1000, height: 900 }, locale: language })
  const { page } = opened
  const token = new URL(server.setupUrl ?? 'http://none/#setup=').hash.replace('#setup=', '')
  await page.goto(`${home}/builder/`)
  await page.locator('staff-sign-in').waitFor()
  const send = (path: string, body: object) =>
    page.evaluate(
      async ([at, content]) =>
        (await fetch(`/v1/admin/${at}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) })).status,
      [path, body] as [string, object],
    )
  const account = { email: 'ada@example.org', password }
  if ((await send('setup', { token: decodeURIComponent(token), name: 'Ada', ...account })) !== 201) expect(await send('session', account)).toBe(200)
  opened.faults.length = 0
  await page.reload()
  return opened
}

describe('people', () => {
  it('are invited and come in by a link that works once, by keyboard', async () => {
    const { page, faults, close } = await owner()
    await go(page, 'people')
    await eventually(() => page.locator('builder-people li strong').allTextContents()).toEqual(['Ada'])
    expect(await axe(page)).toEqual([])
    await fill(page, 'invite-email', 'bo@example.org')
    await press(page, /^Invite$/)
    const box = page.locator('builder-people builder-copy-box textarea')
    await box.waitFor()
    const link = (await box.inputValue()).replace('127.0.0.1', 'localhost')
    expect(await axe(page)).toEqual([])

    const guest = await openPage(browser, { locale: 'en' })
    await guest.page.goto(link)
    await guest.page.locator('builder-invitation #name').waitFor()
    await expect.poll(() => guest.page.locator('builder-invitation p').first().textContent()).toContain('Editor')
    expect(await axe(guest.page)).toEqual([])
    await fill(guest.page, 'name', 'Bo')
    await fill(guest.page, 'password', password)
    await press(guest.page, /^Accept$/)
    await guest.page.locator('builder-services').waitFor()
    await expect.poll(() => guest.page.locator('builder-app nav a').allTextContents()).toEqual(['Services', 'Account'])
    expect(new URL(guest.page.url()).hash).toBe('#/')
    await guest.page.goto(link)
    await eventually(() => guest.page.locator('builder-invitation [role=alert]').textContent()).toMatch(/does not work any more/)

    // Suspended, the guest is out with the next request.
    await page.reload()
    await page.locator('builder-people summary', { hasText: 'Change Bo' }).click()
    await page.locator('builder-people li', { hasText: 'bo@example.org' }).locator('button', { hasText: 'Suspend' }).click()
    await eventually(() => page.locator('builder-people li', { hasText: 'bo@example.org' }).textContent()).toContain('suspended')
    await guest.page.goto(`${home}/builder/#/`)
    await guest.page.reload()
    await guest.page.locator('staff-sign-in').waitFor()
    expect([...faults, ...guest.faults].filter(unexpected)).toEqual([])
    await guest.close()
    await close()
  })

  it('prove again who they are before what is dangerous', async () => {
    const { page, faults, close } = await owner()
    await go(page, 'people')
    moment = new Date('2026-01-12T10:20:00Z')
    await fill(page, 'key-name', 'Archive')
    await page.locator('builder-people #may-case\\.list').check()
    await press(page, /^Make the key$/)
    const dialog = page.locator('staff-proof dialog[open]')
    await dialog.waitFor()
    expect(await axe(page)).toEqual([])
    await eventually(async () => (await focused(page)).id).toBe('proof-password')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await eventually(() => dialog.locator('[role=alert]').textContent()).toBe('This is not your password.')
    await page.locator('#proof-password').fill(password)
    await press(page, /^Go on$/)
    await eventually(() => page.locator('builder-people builder-copy-box textarea').inputValue()).toMatch(/^guichet_demo\./)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it.each([
    ['en', 'Yes, end them', '2 sign-ins ended.', '1 sign-in ended.'],
    ['fa', 'بله، پایان داده شود', 'به ۲ ورود پایان داده شد.', 'به ۱ ورود پایان داده شد.'],
  ])('ends sign-ins of citizens by keyboard, after it was asked whether: %s', async (language, yes, ended, one) => {
    const agency = server.adapters.store.agency((await server.adapters.store.findAgency('demo'))!)
    const [service] = await agency.services()
    const at = moment.toISOString()
    const came = (idHash: string, provider: string) =>
      agency.openCitizenSession({
        idHash: `${language}-${idHash}`,
        service: service!.id,
        provider,
        subjectMac: idHash,
        providerSessionMac: '',
        level: 'low',
        createdAt: at,
        seenAt: at,
        expiresAt: new Date(moment.getTime() + 3600_000).toISOString(),
      })
    await Promise.all([came('a', 'national'), came('b', 'national'), came('c', 'bank')])
    const { page, faults, close } = await owner(language)
    await go(page, 'agency')
    const signIns = page.locator('builder-sign-ins')
    const line = (provider: string) => signIns.locator(`[data-provider=${provider}]`)
    await line('national').waitFor()
    expect(await axe(page)).toEqual([])
    await line('national').locator('button').focus()
    await page.keyboard.press('Enter')
    const sure = signIns.locator('dialog[open]')
    await sure.waitFor()
    expect(await axe(page)).toEqual([])
    // The way back is what is at hand, and ends nothing.
    await page.keyboard.press('Enter')
    await eventually(() => sure.count()).toBe(0)
    expect((await agency.countCitizenSessions(at)).get('national')).toBe(2)
    await page.keyboard.press('Enter')
    await sure.waitFor()
    await press(page, new RegExp(`^${yes}$`))
    await eventually(() => signIns.locator('[role=status]').textContent()).toBe(ended)
    await eventually(async () => (await focused(page)).id).toBe('outcome')
    expect(Object.fromEntries(await agency.countCitizenSessions(at))).toEqual({ bank: 1 })

    // Nobody of that name is signed in: nothing ends.
    await signIns.locator('summary').click()
    await signIns.locator('#subject').fill('nobody')
    await page.keyboard.press('Enter')
    const held = Promise.withResolvers<void>()
    await page.route(/\/sign-ins\/end$/, async (route) => {
      await held.promise
      await route.continue()
    })
    await press(page, new RegExp(`^${yes}$`))
    // While that is under way nothing else is asked, and the buttons say so.
    await eventually(() => line('bank').locator('button').getAttribute('aria-disabled')).toBe('true')
    await line('bank').locator('button').focus()
    await page.keyboard.press('Enter')
    expect(await sure.count()).toBe(0)
    held.resolve()
    await eventually(async () => [ended, ''].includes((await signIns.locator('[role=status]').textContent()) ?? '')).toBe(false)
    await eventually(async () => (await focused(page)).id).toBe('outcome')
    expect(Object.fromEntries(await agency.countCitizenSessions(at))).toEqual({ bank: 1 })
    await line('bank').locator('button').focus()
    await page.keyboard.press('Enter')
    await press(page, new RegExp(`^${yes}$`))
    await eventually(() => signIns.locator('[role=status]').textContent()).toBe(one)
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })
})

describe('an account', () => {
  it('gets a second factor and a passkey, and is entered with either', async () => {
    const { page, faults, close } = await owner()
    await go(page, 'account')
    const account = page.locator('builder-account')
    await account.locator('#passkey-name').waitFor()
    expect(await axe(page)).toEqual([])
    await press(page, /^Set it up$/)
    await account.locator('code').waitFor()
    const secret = (await account.locator('code').textContent()) ?? ''
    await fill(page, 'totp', codeOf(secret, moment))
    await press(page, /^Turn it on$/)
    await eventually(() => account.locator('builder-copy-box textarea').inputValue()).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{2}\n/)
    expect(await axe(page)).toEqual([])

    const device = await page.context().newCDPSession(page)
    await device.send('WebAuthn.enable')
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } as const
    await device.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } })
    await fill(page, 'passkey-name', 'Laptop')
    await press(page, /^Add a passkey$/)
    await eventually(() => account.locator('section', { hasText: 'Passkeys' }).locator('li').first().textContent()).toContain('Laptop')

    const leave = async () => {
      await page.locator('staff-top-bar button', { hasText: 'Sign out' }).click()
      await page.locator('staff-sign-in #email').waitFor()
    }
    // axe comes later: with the session it looks through, Chromium takes the device away.
    await leave()
    await press(page, /^Use a passkey$/)
    await page.locator('builder-app nav').waitFor()

    await leave()
    moment = new Date('2026-01-12T10:41:00Z')
    await fill(page, 'email', 'ada@example.org')
    await fill(page, 'password', password)
    await page.keyboard.press('Enter')
    await eventually(async () => (await focused(page)).id).toBe('code')
    expect(await axe(page)).toEqual([])
    await page.keyboard.type('000000')
    await page.keyboard.press('Enter')
    await eventually(() => page.locator('staff-sign-in [role=alert]').textContent()).toMatch(/Not this code/)
    await page.locator('staff-sign-in #code').fill(codeOf(secret, moment))
    await page.keyboard.press('Enter')
    await page.locator('builder-app nav').waitFor()

    // What the agency asks for is saved, and holds for the next who comes with a password alone.
    await go(page, 'agency')
    await page.locator('builder-agency #domains').waitFor()
    expect(await axe(page)).toEqual([])
    await page.locator('builder-agency #domains').fill('https://www.city.example')
    await page.locator('builder-agency #languages').fill('hu, fa')
    await press(page, /^Save$/)
    await eventually(() => page.locator('builder-agency [role=status]').first().textContent()).toBe('Saved.')
    // New services start with its languages, and not with that of whoever makes one.
    await page.goto(`${home}/builder/#/`)
    const ticked = page.locator('builder-services [id^=language-]:checked')
    await eventually(() => ticked.evaluateAll((boxes) => boxes.map(({ id }) => id).sort())).toEqual(['language-fa', 'language-hu'])
    expect(faults.filter(unexpected)).toEqual([])
    await close()
  })

  it('reads from right to left, and fits a telephone', async () => {
    const { page, close } = await openPage(browser, { viewport: { width: 320, height: 700 }, locale: 'fa' })
    await page.goto(`${home}/builder/`)
    await page.locator('staff-sign-in #email').waitFor()
    await expect.poll(() => page.evaluate(() => [document.documentElement.dir, document.documentElement.scrollWidth])).toEqual(['rtl', 320])
    await close()
  })
})
