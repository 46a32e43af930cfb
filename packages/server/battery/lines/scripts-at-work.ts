/**
 * T33, behind sign-in: scripts in every text that citizens, authors, officers, agencies and host pages can store, where
 * authors, officers and owners look at them, in a real browser, with the policy of contents switched off and on.
 */
import type { Policy } from '@guichet/schemas'
import type { Browser, Locator, Page } from 'playwright-core'
import { newId, newSecret } from '../../src/codes.ts'
import { digestOf } from '../../src/digest.ts'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { installation } from '../../src/store/people.ts'
import { movingDefinition, receive } from '../../src/testing/cases.ts'
import { listening } from '../../src/testing/listening.ts'
import { agencyOf, ours, password } from '../../src/testing/people.ts'
import { createWorld, pdf, plainPolicy, type World } from '../../src/testing/world.ts'
import { browserIsThere, openBrowser } from '../browser.ts'
import { canary, hostileTexts, marks, payloadsFrom, shapes } from '../hostile-texts.ts'
import type { Line } from '../line.ts'

const both = (text: string) => ({ en: text, el: text })
/** An erasure waits for somebody else, so that there is something to decide. */
const policy: Policy = { rules: { ...plainPolicy.rules, 'four-eyes': { erasure: true } } }
/** Control characters are refused in what people write; that is tested where it is done. */
const typable = (payload: string) => !payload.includes('\u0000')

/** A service that has every part a screen of the builder or the desk shows. */
const wide = (next: () => string) =>
  hostileTexts(
    movingDefinition((definition) => {
      Object.assign(definition, {
        guide: { audience: both('x'), legalBasis: both('x') },
        visits: { perCase: 1, source: both('x') },
        outputs: [{ id: 'card', label: both('x') }],
        dataProtection: {
          purpose: both('x'),
          legalBasis: both('x'),
          people: both('x'),
          recipients: [{ name: both('x'), country: 'US', safeguards: both('x') }],
          keptMonths: 12,
          keptBecause: both('x'),
          officer: both('x'),
          supervisor: both('x'),
        },
        tables: { rates: { first: { label: next(), price: 2 }, second: { label: next(), price: 3 } } },
        examples: [
          {
            id: 'sam',
            name: next().slice(0, 200),
            today: '2026-01-05',
            answers: { name: next().slice(0, 80), student: false, cards: [] },
            expects: { pages: ['you'], documents: {}, total: 250, route: 'intake', problems: [] },
          },
        ],
      })
      Object.assign(definition.agency, { contact: { phone: '1', email: next().slice(0, 120), url: 'https://x.example', hours: both('x') } })
      const [page] = definition.pages as unknown as [{ intro?: object; fields: object[]; checks?: object[] }]
      page.intro = both('x')
      page.checks = [{ id: 'long', rule: { '!=': [{ var: 'name' }, ''] }, message: both('x') }]
      const options = ['a', 'b'].map((value) => ({ value, label: both('x'), hint: both('x') }))
      page.fields.push(
        { id: 'x1', type: 'text', label: both('x'), hint: both('x'), optional: true, rules: [{ rule: { '!=': [{ var: 'x1' }, 'no'] }, message: both('x') }] },
        { id: 'x2', type: 'radio', label: both('x'), hint: both('x'), optional: true, options },
        { id: 'x3', type: 'content', body: both('x') },
        { id: 'x4', type: 'textarea', label: both('x'), optional: true, purpose: both('x'), legalBasis: both('x') },
        { id: 'x5', type: 'checkboxes', label: both('x'), optional: true, options, when: { '==': [{ var: 'x2' }, 'a'] } },
        { id: 'x6', type: 'search-select', label: both('x'), optional: true, optionsFrom: { table: 'rates', label: 'label' } },
        { id: 'x7', type: 'matrix', label: both('x'), optional: true, rows: [{ id: 'r', label: both('x') }], columns: options },
      )
    }),
    next,
  )

interface Planted {
  owner: string
  operator: string
  invitation: string
  /** One open, with everything on it; one decided. */
  cases: readonly { submission: string; reference: string }[]
}

/** Puts payloads into everything that takes words. Gives who may look. */
async function plant(world: World, from: number): Promise<Planted> {
  const next = payloadsFrom(from, typable)
  const { store, clock, passwords } = world.adapters
  const now = () => clock.now()
  await store.ensureAgency('city', next(), now().toISOString())
  await world.offer(wide(payloadsFrom(from)), policy)
  // Statistics are of months that are over.
  await receive(world, { name: next().slice(0, 80) })
  world.setTime('2026-02-10T08:00:00.000Z')
  const agency = await agencyOf(world, 'city')
  const hash = await passwords.hash(password)

  const person = async (at: typeof agency, role: 'owner' | 'officer' | 'operator', email: string) => {
    const [id, token, secret] = [newId(now()), newSecret(), newSecret()]
    const [moment, later] = [now().toISOString(), new Date(now().getTime() + 3600_000).toISOString()]
    const invitation = {
      id: newId(now()),
      tokenHash: digestOf(token),
      email,
      memberships: [{ role }],
      invitedBy: 'system',
      createdAt: moment,
      expiresAt: later,
    }
    await at.invite(invitation, { actor: 'system', at: moment })
    await at.acceptInvitation(digestOf(token), { id, name: next(), passwordHash: hash }, moment)
    const session = { createdAt: moment, seenAt: moment, provedAt: moment, expiresAt: later, strong: 1 as const, label: next() }
    await at.openSession({ tokenHash: digestOf(secret), user: id, ...session }, { actor: `user:${id}`, at: moment })
    return { id, cookie: `${at.id}.${secret}` }
  }
  const owner = await person(agency, 'owner', 'ada@city.example')
  const officer = await person(agency, 'officer', `${shapes[0]}@city.example`)
  await store.ensureAgency('village', next(), now().toISOString())
  const operators = store.agency(await store.ensureAgency(installation, 'Installation', now().toISOString()))
  const operator = await person(operators, 'operator', 'op@example.org')

  const call = async (cookie: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await world.request(`/v1/admin/${path}`, {
      method,
      headers: { ...ours, Origin: world.config.baseUrl, Cookie: `guichet=${cookie}`, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? null : answer.json()
  }
  const settings = { title: both(next()), domains: [], languages: ['en', 'el'] }
  const { revision } = (await call(owner.cookie, 'GET', 'agency'))!
  await call(owner.cookie, 'PUT', 'agency', settings, { 'If-Match': `"${revision}"` })
  await call(owner.cookie, 'POST', 'keys', { name: next().slice(0, 100), permissions: ['case.list'], days: 1 })
  const { link } = (await call(owner.cookie, 'POST', 'people/invitations', { email: `${shapes[0]}x@city.example`, memberships: [{ role: 'editor' }] }))!

  const cases = []
  for (let i = 0; i < 2; i++) {
    // No part of a path, as names of files have it.
    const name = `${shapes[i]?.replaceAll('/', '')}.pdf`
    const uploaded = await world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    if (uploaded.status !== 201) throw new Error(await uploaded.text())
    const { id } = await uploaded.json()
    const answers = { name: next().slice(0, 80), student: true, school: next().slice(0, 80), cards: [{ holder: next().slice(0, 80) }], x1: next(), x4: next() }
    cases.push(await receive(world, answers, { documents: { student_id: [id] } }))
  }
  const [open, decided] = cases as [(typeof cases)[0], (typeof cases)[0]]
  await call(officer.cookie, 'POST', `cases/${open.submission}/notes`, { text: next() })
  await call(owner.cookie, 'POST', `cases/${open.submission}/hold`, { reason: next() })
  await call(owner.cookie, 'POST', `cases/${open.submission}/hold/release`, { reason: next() })
  await call(owner.cookie, 'POST', `cases/${decided.submission}/erasure`, { reason: next() })
  await call(officer.cookie, 'POST', `cases/${decided.submission}/decisions`, { decision: 'refuse', note: next() }, { 'If-Match': '"1"' })
  // The draft says other things than what was published: both are shown side by side.
  const before = await agency.service('library-card')
  const draft = wide(payloadsFrom(from + 7))
  draft.pages[0].fields.splice(1, 1)
  await agency.saveService({ id: draft.id, definition: draft, policy }, before!.revision, { actor: `user:${owner.id}`, at: now().toISOString() })
  return { owner: owner.cookie, operator: operator.cookie, invitation: new URL(link as string).hash, cases }
}

interface Screen {
  name: string
  path: string
  /** There once all has been drawn. */
  ready: string
  as?: keyof Pick<Planted, 'owner' | 'operator'>
  then?(page: Page): Promise<void>
}

const all = async (locator: Locator, most: number, act: (one: Locator) => Promise<void>) => {
  const count = Math.min(most, await locator.count())
  for (let i = 0; i < count; i++) await act(locator.nth(i))
}
const editor = '/builder/#/services/library-card'
const view = (name: string, ready: string): Screen => ({
  name,
  path: editor,
  ready: '[data-view-of]',
  async then(page) {
    await page.locator(`[data-view-of=${name}]`).click()
    await page.locator(ready).first().waitFor()
  },
})

const screensOf = ({ invitation, cases: [open, decided] }: Planted, parts: number): Screen[] => [
  { name: 'services', path: '/builder/#/', ready: 'builder-services a' },
  {
    name: 'canvas, outline and settings',
    path: editor,
    ready: 'builder-outline [role=treeitem]',
    async then(page) {
      await page.locator('builder-preview guichet-service h1, builder-preview guichet-service h2').first().waitFor()
      await all(page.locator('builder-outline [role=treeitem]'), parts, async (item) => {
        await item.click()
        await page.locator('builder-settings').first().waitFor()
      })
    },
  },
  view('tables', 'builder-tables input, builder-tables td'),
  view('logic', 'builder-logic li'),
  view('map', 'builder-map svg, builder-map ol, builder-map li'),
  view('paths', 'builder-paths li'),
  view('translation', 'builder-translation textarea, builder-translation input'),
  view('versions', 'builder-versions [data-look="1"]'),
  view('share', 'builder-share textarea, builder-share builder-copy-box'),
  {
    name: 'publish, with what changed in words',
    path: editor,
    ready: '#publish',
    async then(page) {
      await page.locator('#publish').click()
      await page.locator('builder-publish .changes li').first().waitFor()
    },
  },
  { name: 'people', path: '/builder/#/people', ready: 'builder-people li strong' },
  { name: 'agency', path: '/builder/#/agency', ready: 'builder-agency input' },
  { name: 'account', path: '/builder/#/account', ready: 'builder-account li' },
  { name: 'agencies', path: '/builder/#/agencies', ready: 'builder-agencies summary', as: 'operator' },
  { name: 'invitation', path: `/builder/${invitation}`, ready: 'builder-invitation #name' },
  { name: 'queue', path: '/desk/#/?queue=all', ready: 'desk-inbox td, desk-inbox li' },
  { name: 'case', path: `/desk/#/cases/${open?.submission}`, ready: 'desk-case .both' },
  { name: 'decided case', path: `/desk/#/cases/${decided?.submission}`, ready: 'desk-case .both' },
  { name: 'approvals', path: '/desk/#/approvals', ready: 'desk-approvals li, desk-approvals td' },
  { name: 'audit', path: '/desk/#/audit', ready: 'desk-audit li, desk-audit td' },
  { name: 'statistics', path: '/statistics/city', ready: 'h1' },
  { name: 'register', path: '/register', ready: 'h1' },
  { name: 'privacy notice', path: '/privacy/city/library-card', ready: 'h1' },
  { name: 'log', path: '/log/city', ready: 'h1' },
  {
    name: 'status',
    path: '/status',
    ready: '#reference',
    async then(page) {
      await page.locator('#reference').fill(decided?.reference ?? '')
      await page.locator('form button').click()
      await page.locator('dl').waitFor()
    },
  },
]

/** What people can read in the page, shadow trees and inputs with it. */
const shownText = `(() => {
  const read = (node) => node.nodeType === 3 ? node.data : ['STYLE', 'SCRIPT'].includes(node.nodeName) ? '' :
    (typeof node.value === 'string' ? node.value : '') + [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(read).join(' ')
  return read(document.body)
})()`

class Watch {
  dialogs = 0
  struck = 0
  trials = 0
  shown = 0
  violations = 0
  readonly outside = new Set<string>()
  readonly bare = new Set<string>()
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  async open(browser: Browser, cookie: string | null, bypassCSP: boolean): Promise<Page> {
    const context = await browser.newContext({ bypassCSP, locale: 'en-GB', viewport: { width: 1400, height: 900 } })
    if (cookie) await context.addCookies([{ name: 'guichet', value: cookie, url: this.#origin, httpOnly: true, sameSite: 'Strict' }])
    const page = await context.newPage()
    page.on('dialog', (dialog) => {
      // Scripts alone open alerts; that a draft is not saved yet, browsers ask by themselves.
      if (dialog.type() !== 'beforeunload') this.dialogs++
      void dialog.accept().catch(() => {})
    })
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (url.origin !== this.#origin && !['data:', 'blob:', 'about:'].includes(url.protocol)) this.outside.add(url.host)
    })
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) this.violations++
    })
    await page.route(`**/*${canary}/**`, (route) => route.abort())
    return page
  }

  /** Counts what can be read of the payloads, and whether one ran. */
  async look(page: Page, name: string): Promise<void> {
    this.trials++
    const text = String(await page.evaluate(shownText))
    const count = marks.reduce((sum, mark) => sum + text.split(mark).length - 1, 0)
    this.shown += count
    if (count === 0) this.bare.add(name)
    if (await page.evaluate('globalThis.struck === 1')) this.struck++
  }

  async visit(page: Page, { name, path, ready, then }: Screen): Promise<void> {
    try {
      // The parts of one screen are gone through without loading it again.
      if (page.url() !== this.#origin + path) {
        await page.goto('about:blank')
        await page.goto(this.#origin + path, { waitUntil: 'load' })
      }
      await page.locator(ready).first().waitFor({ timeout: 20_000 })
      await page.evaluate(
        "(function open(root) { for (const one of root.querySelectorAll('*')) { if (one.localName === 'details') one.open = true; if (one.shadowRoot) open(one.shadowRoot) } })(document)",
      )
      await then?.(page)
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`)
    }
    await this.look(page, name)
  }
}

export const scriptsAtWork: Line = {
  attack: 'T33',
  name: 'scripts-at-work',
  what: 'scripts in answers, file names, notes, reasons, drafts, names of people, agencies and keys, where authors, officers and owners see them, in Chromium',
  reach: 'none runs and none calls out with the policy of contents off; no violation with it on; each screen shows some of them as text',
  possible: browserIsThere,
  async run({ count }) {
    const rounds = count({ quick: 1, usual: 3, full: 8 })
    const browser = await openBrowser()
    let watch: Watch | null = null
    const seen = { dialogs: 0, struck: 0, trials: 0, shown: 0, violations: 0, outside: new Set<string>(), bare: new Set<string>() }
    let noticed = false
    try {
      for (let round = 0; round < rounds; round++) {
        // The address comes first: what is posted to a server that is reached by another name is refused.
        const server = await listening(
          createHttpServer(((...call: Parameters<typeof world.app.fetch>) => world.app.fetch(...call)) as never, usualTimes(30_000)),
        )
        const origin = `http://127.0.0.1:${server.port}`
        const world = await createWorld({ PUBLISH_STATISTICS: 'all', BASE_URL: origin })
        try {
          const planted = await plant(world, round * 37)
          const screens = screensOf(planted, count({ quick: 4, usual: 40, full: 40 }))
          for (const off of count({ quick: 1, usual: 2, full: 2 }) === 1 ? [true] : [true, false]) {
            watch = new Watch(origin)
            for (const who of ['owner', 'operator'] as const) {
              const page = await watch.open(browser, planted[who], off)
              for (const screen of screens.filter(({ as = 'owner' }) => as === who)) await watch.visit(page, screen)
              await page.context().close()
            }
            seen.dialogs += watch.dialogs
            seen.struck += watch.struck
            seen.trials += watch.trials
            seen.shown += watch.shown
            if (!off) seen.violations += watch.violations
            for (const host of watch.outside) seen.outside.add(host)
            for (const name of watch.bare) seen.bare.add(name)
          }
          if (round === 0) {
            // The control: the desk's own case, with what it shows as text put in as markup.
            const control = new Watch(origin)
            const page = await control.open(browser, planted.owner, true)
            await control.visit(page, screens.find(({ name }) => name === 'case') as Screen)
            await page.evaluate(
              "(() => { const place = document.createElement('div'); document.querySelector('desk-app').shadowRoot.append(place); place.innerHTML = '<img src=x onerror=\"globalThis.struck=1;alert(1)\"><img src=\"//canary.example/x.png\">' })()",
            )
            await page.waitForFunction('globalThis.struck === 1')
            await control.look(page, 'case')
            noticed = control.struck === 1 && control.dialogs === 1 && control.outside.has(canary)
          }
        } finally {
          await server.close()
          await world.close()
        }
      }
      const outside = seen.outside.size > 0 ? ` (${[...seen.outside].join()})` : ''
      const bare = seen.bare.size > 0 ? `, nothing of them on: ${[...seen.bare].join(', ')}` : ''
      return {
        trials: seen.trials,
        figure: `${seen.dialogs} dialogs, ${seen.struck} scripts run, ${seen.outside.size} calls out${outside}, ${seen.violations} violations, ${seen.shown} payloads shown as text on ${seen.trials} screens${bare}`,
        good: seen.dialogs === 0 && seen.struck === 0 && seen.outside.size === 0 && seen.violations === 0 && seen.bare.size === 0,
        control: { what: 'the same put into the desk as markup runs, and calls out', noticed },
      }
    } finally {
      await browser.close()
    }
  },
}
