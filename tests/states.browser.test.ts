/**
 * Every field type in every state that a page of questions has: empty, refused, answered without a line, with an upload that waits and
 * one that failed, saved, and brought back on another device; then, each type by itself, revealed by another answer, in a row that
 * is added and removed, and refused in both places; then all of them on 320 pixels and in forced colours. In English and in Persian, by
 * keyboard alone; names, descriptions, what is said and where the focus is are read as Chromium computes them, and axe looks at each
 * state. A type without a line in `table` does not compile, and a line that is not reached fails.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FieldName, fieldTypes } from '@guichet/fields'
import type { Json } from '@guichet/schemas'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import fileStrings from '../packages/fields/src/file/file.messages.json' with { type: 'json' }
import draftStrings from '../packages/runtime/src/draft-strings.json' with { type: 'json' }
import laterStrings from '../packages/runtime/src/later-strings.json' with { type: 'json' }
import runtimeStrings from '../packages/runtime/src/runtime.messages.json' with { type: 'json' }
import uploadStrings from '../packages/runtime/src/upload-strings.json' with { type: 'json' }
import { axe } from './axe.ts'
import { eventually } from './builder-steps.ts'
import { launch, openPage, startTestServer, type TestServer } from './harness.ts'
import { focused, tabTo } from './keyboard.ts'
import { cut, inside, outlined, sideways, small, spacing } from './measures.ts'

interface Entry {
  /** What its settings have beyond a label and a hint. */
  settings?: Record<string, unknown>
  /** What a person presses from its first control on, and types, which begins with a quotation mark. Absent: nothing is asked. */
  keys?: readonly string[]
  /** What is sent then. */
  sent?: Json
}

const options = ['red', 'green', 'blue'].map((value) => ({ value, label: { en: `Colour ${value}`, fa: `رنگ ${value}` } }))
const statement = { en: 'All of this is true.', fa: 'همهٔ این‌ها درست است.' }

const goodToKnow = { en: 'Good to know', fa: 'خوب است بدانید' }

const table: Readonly<Record<FieldName, Entry>> = {
  address: { keys: ["'High Street 3", 'Tab', "'10115", 'Tab', "'Ravenford"], sent: { lines: 'High Street 3', postcode: '10115', city: 'Ravenford' } },
  checkbox: { keys: ['Space'], sent: true },
  checkboxes: { settings: { options }, keys: ['Space', 'Tab', 'Tab', 'Space'], sent: ['red', 'blue'] },
  computed: { settings: { value: { '+': [40, 2] }, as: 'number' } },
  consent: { settings: { statement, version: '1' }, keys: ['Space'], sent: true },
  content: { settings: { heading: goodToKnow } },
  country: { settings: { first: ['GR', 'VN'] }, keys: ['ArrowDown', 'ArrowDown'], sent: 'VN' },
  date: { keys: ["'5", 'Tab', "'4", 'Tab', "'1990"], sent: '1990-04-05' },
  'date-range': { keys: ["'5", 'Tab', "'4", 'Tab', "'2026", 'Tab', "'6", 'Tab', "'4", 'Tab', "'2026"], sent: { from: '2026-04-05', to: '2026-04-06' } },
  datetime: { keys: ["'5", 'Tab', "'4", 'Tab', "'2026", 'Tab', "'14:30"], sent: '2026-04-05T14:30' },
  declaration: { settings: { statement, version: '1' }, keys: ['Space'], sent: { version: '1', language: 'en', accepted: true } },
  email: { keys: ["'ana@example.org"], sent: 'ana@example.org' },
  file: { keys: [] },
  group: { keys: ["'within"] },
  hidden: { settings: { optional: true } },
  identifier: { settings: { scheme: 'gr.afm' }, keys: ["'090123451"], sent: '090123451' },
  location: { keys: ["'53.1, -6.1"], sent: { type: 'Point', coordinates: [-6.1, 53.1] } },
  matrix: {
    settings: { rows: [{ id: 'clear', label: { en: 'It was clear', fa: 'روشن بود' } }], columns: options },
    keys: ['Space'],
    sent: { clear: 'red' },
  },
  money: { keys: ["'12.50"], sent: 1250 },
  month: { keys: ['ArrowDown', 'Tab', "'2020"], sent: '2020-01' },
  number: { keys: ["'42"], sent: 42 },
  'order-lines': { settings: { optionsFrom: { table: 'bins', label: 'name' }, price: 'price' }, keys: ["'2"], sent: [{ item: 'small', quantity: 2 }] },
  percent: { keys: ["'12"], sent: 12 },
  'person-name': { keys: ["'Ana", 'Tab', "'Lee"], sent: { given: 'Ana', family: 'Lee' } },
  phone: { settings: { country: 'GR' }, keys: ["'6912345678"], sent: '+306912345678' },
  radio: { settings: { options }, keys: ['Space', 'ArrowDown'], sent: 'green' },
  ranking: { settings: { options }, keys: ['Tab', 'Tab', 'Enter'], sent: ['green', 'red', 'blue'] },
  rating: { settings: { steps: 5 }, keys: ['Space', 'ArrowDown'], sent: 2 },
  'search-select': { settings: { options }, keys: ["'green", 'ArrowDown', 'Enter'], sent: 'green' },
  select: { settings: { options }, keys: ['ArrowDown', 'ArrowDown'], sent: 'green' },
  signature: { settings: { statement }, keys: ["'Ana Lee"], sent: 'Ana Lee' },
  text: { keys: ["'Some words"], sent: 'Some words' },
  textarea: { keys: ["'One", 'Enter', "'Two"], sent: 'One\nTwo' },
  time: { keys: ["'9:05"], sent: '09:05' },
  url: { keys: ["'www.example.org"], sent: 'https://www.example.org' },
  year: { keys: ["'1999"], sent: 1999 },
  'yes-no': { keys: ['Space', 'ArrowDown'], sent: false },
}
const types = Object.keys(table) as FieldName[]
const asked = types.filter((type) => table[type].keys)

const id = (type: string, before = 'q') => `${before}_${type.replaceAll('-', '_')}`
const label = { en: (type: string) => `Question ${type}`, fa: (type: string) => `پرسش ${type}` }
const hint = { en: (type: string) => `Hint about ${type}`, fa: (type: string) => `راهنمای ${type}` }
const both = (words: typeof label, type: string) => ({ en: words.en(type), fa: words.fa(type) })
const row = { en: (type: string) => `Row ${type}`, fa: (type: string) => `ردیف ${type}` }
const add = { en: (type: string) => `Add ${type}`, fa: (type: string) => `افزودن ${type}` }
/** What stands in the place of label and hint, where a type has neither. */
const words = (type: FieldName) =>
  type === 'consent' || type === 'declaration' ? statement : type === 'content' || type === 'hidden' ? { en: '', fa: '' } : null

/** `before`: what their ids begin with. */
const fields = (before: string, more: (type: FieldName) => object = () => ({})) =>
  types.map((type) => ({
    id: id(type, before),
    type,
    ...(words(type) ? {} : { label: both(label, type), hint: both(hint, type) }),
    ...(type === 'group' ? { fields: [{ id: `${before}_inside`, type: 'text', label: { en: 'Inside it', fa: 'درون آن' } }] } : table[type].settings),
    ...more(type),
  }))

const common = {
  format: 1,
  languages: ['en', 'fa'],
  agency: { name: { en: 'City of Ravenford', fa: 'شهرداری ریونفورد' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  tables: { bins: { small: { name: 'Small bin', price: 2450 } } },
}

const definition = {
  ...common,
  id: 'states',
  title: { en: 'Every question there is', fa: 'همهٔ پرسش‌ها' },
  documents: [
    {
      id: 'card',
      label: { en: 'Identity card', fa: 'کارت شناسایی' },
      hint: { en: 'Both sides', fa: 'هر دو رو' },
      example: { en: 'All four corners can be seen', fa: 'هر چهار گوشه دیده شود' },
      exampleUrl: 'https://ravenford.example/card.png',
      accept: ['pdf'],
      atDesk: true,
    },
  ],
  pages: [
    {
      id: 'all',
      title: { en: 'All of them', fa: 'همه' },
      fields: [
        { id: 'show', type: 'checkbox', label: { en: 'Show the others', fa: 'بقیه را نشان بده' }, optional: true },
        { id: 'between', type: 'text', label: { en: 'Between', fa: 'میان' }, optional: true },
        ...fields('q', () => ({ when: { '==': [{ var: 'show' }, true] } })),
      ],
    },
    {
      id: 'rows',
      title: { en: 'Rows', fa: 'ردیف‌ها' },
      fields: [
        {
          id: 'people',
          type: 'group',
          label: { en: 'People', fa: 'افراد' },
          repeat: { min: 0, max: 3, item: { en: 'Person', fa: 'شخص' }, add: { en: 'Add a person', fa: 'افزودن شخص' } },
          fields: fields('r'),
        },
      ],
    },
  ],
}

/** Each type by itself, on a page of its own: revealed by a box that is not beside it, once as a question and once in the rows of a group. */
const apart = {
  ...common,
  id: 'apart',
  title: { en: 'One at a time', fa: 'یکی یکی' },
  pages: types.map((type) => {
    const when = { '==': [{ var: id(type, 'show') }, true] }
    const only = (before: string) => fields(before).filter((field) => field.type === type)
    return {
      id: id(type, 'page'),
      title: { en: `Page ${type}`, fa: `صفحهٔ ${type}` },
      fields: [
        { id: id(type, 'show'), type: 'checkbox', label: { en: 'Show it', fa: 'نشان بده' }, optional: true },
        { id: id(type, 'between'), type: 'text', label: { en: 'Between', fa: 'میان' }, optional: true },
        ...only('q').map((field) => ({ ...field, when })),
        {
          id: id(type, 'rows'),
          type: 'group',
          label: both(row, type),
          repeat: { min: 0, max: 3, item: both(row, type), add: both(add, type) },
          fields: only('r'),
          when,
        },
      ],
    }
  }),
}

type Language = 'en' | 'fa'
const sentences: Record<string, unknown> = { ...draftStrings, ...laterStrings, ...runtimeStrings, ...uploadStrings }
const say = (key: string, language: Language, params: Record<string, string> = {}) =>
  Object.entries(params).reduce((text, [name, value]) => text.replace(`{${name}}`, value), (sentences[key] as Record<Language, string>)[language])

let browser: Browser
let server: TestServer
let stop: () => Promise<void>
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-states-'))
  for (const service of [definition, apart]) {
    mkdirSync(join(folder, service.id))
    writeFileSync(join(folder, service.id, 'definition.json'), JSON.stringify(service))
    writeFileSync(join(folder, service.id, 'policy.json'), JSON.stringify({ rules: { encryption: { mode: 'none' } } }))
  }
  ;[browser, { server, stop }] = await Promise.all([launch(), startTestServer(undefined, { EXAMPLES_DIR: folder })])
})
afterAll(async () => {
  await browser?.close()
  await stop?.()
  rmSync(folder, { recursive: true, force: true })
})

const deep = 'let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;'

/** Ids of all questions that the focus is in. */
const isInside = (page: Page) =>
  page.evaluate(`(() => { ${deep}
    const found = []
    for (let field = at?.closest('.g-field'); field; field = field.parentElement?.closest('.g-field'))
      found.push(...[...field.querySelectorAll('[id^="f-"]')].map(({ id }) => id.replace(/^f-(?:[a-z_]+-0-)?([qr]_[a-z_]+).*/, '$1')).slice(0, 1))
    return found })()`) as Promise<string[]>

/** What assistive technology is told of the control in focus, with what it stands in; and where that is. */
async function told(page: Page, client: CDPSession) {
  const { result } = await client.send('Runtime.evaluate', { expression: `(() => { ${deep} return at })()` })
  const { nodes } = await client.send('Accessibility.getPartialAXTree', { objectId: result.objectId as string, fetchRelatives: true })
  const own = nodes.find(({ properties }) => properties?.some(({ name, value }) => name === 'focused' && value.value === true))
  const around = nodes.filter(({ role }) => ['group', 'table'].includes(String(role?.value)))
  const text = (of: 'name' | 'description') => [own, ...around].map((node) => String(node?.[of]?.value ?? '')).join(' | ')
  return { name: String(own?.name?.value ?? ''), names: text('name'), descriptions: text('description'), inside: await isInside(page) }
}

/** Goes on with Tab to the button that ends it, and gives what was told at the first control of each question. */
async function tour(page: Page, client: CDPSession, end: string) {
  const first = new Map<string, { names: string; descriptions: string }>()
  for (let i = 0; i < 200; i++) {
    const at = await told(page, client)
    if (at.name === end) return first
    for (const question of at.inside) if (!first.has(question)) first.set(question, at)
    await page.keyboard.press('Tab')
  }
  throw new Error(`${end} was not reached`)
}

type Told = Awaited<ReturnType<typeof tour>>
/** Types whose question was not reached, or not told with its name, what describes it and what it stands in. */
const missing = (found: Told, before: string, language: Language, around = '') =>
  asked.flatMap((type) => {
    const at = found.get(type === 'group' ? `${before}_inside` : id(type, before))
    const [name, described] = words(type) ? ['', statement[language]] : [label[language](type), hint[language](type)]
    return at?.names.includes(name) && at.names.includes(around) && at.descriptions.includes(described) ? [] : [type]
  })

const status = (page: Page) => page.locator('guichet-service .g-status').textContent()
/** What is said of saving. */
const saving = (page: Page) => page.locator('guichet-service .g-notice [role=status]').textContent()
const heading = (page: Page) => page.locator('guichet-service h1').textContent()
const isIn = (page: Page, selector: string) => page.evaluate(`(() => { ${deep} return at?.matches(${JSON.stringify(selector)}) ?? false })()`)
const pressKeys = async (page: Page, keys: readonly string[]) => {
  for (const key of keys) await (key.startsWith("'") ? page.keyboard.type(key.slice(1)) : page.keyboard.press(key))
}
const push = async (page: Page, name: string) => {
  await tabTo(page, (at) => ['button', 'summary'].includes(at.tag) && at.text === name, name, 200)
  await page.keyboard.press('Enter')
}
/** What every control of the page holds, by its id, and what is listed: files, ranks, sums. */
const held = (page: Page) =>
  page.locator('guichet-service .g-fields :is(input:not([type=file]), select, textarea, li:not([role=option]), td, output)').evaluateAll((all) =>
    all.map((each) => {
      const { id, value, checked } = each as HTMLInputElement
      return value === undefined || each.matches('li, output') ? each.textContent?.replace(/\s+/g, ' ').trim() : [id, value, checked ?? null].join(' ')
    }),
  )
const pdf = { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n') }

test('every type has its line, and is in the service', () => {
  expect(types.sort()).toEqual(Object.keys(fieldTypes).sort())
})

test.each(['en', 'fa'] as const)('every type in every state, in %s', { timeout: 180_000 }, async (language) => {
  const word = (key: string, params?: Record<string, string>) => say(key, language, params)
  const address = `${server.url}/s/demo/states?lang=${language}`
  const { page, faults, close } = await openPage(browser, { viewport: { width: 900, height: 900 } })
  let sent: { answers: Record<string, Json> } | null = null
  page.context().on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/submissions')) sent = request.postDataJSON()
  })
  const client = await page.context().newCDPSession(page)
  await page.goto(address)
  await page.locator('guichet-service h1').waitFor()
  await push(page, word('start.begin'))
  await eventually(() => isIn(page, 'h1')).toBe(true)

  // Revealed: said, and the focus stays.
  await tabTo(page, (at) => at.id === 'f-show', 'the first question')
  await page.keyboard.press('Space')
  await eventually(() => status(page)).toBe(word('question.appeared', { label: label[language]('address') }))
  await expect.poll(() => isIn(page, '#f-show')).toBe(true)
  expect(await axe(page)).toEqual([])

  // Empty: each is reached, by its name, with what describes it.
  const empty = await tour(page, client, word('continue'))
  expect(missing(empty, 'q', language)).toEqual([])
  // A question without a name, and one without its hint, would be seen.
  expect(missing(new Map([...empty].map(([question, at]) => [question, { ...at, names: question === 'q_radio' ? '' : at.names }])), 'q', language)).toEqual([
    'radio',
  ])
  expect(missing(new Map([...empty].map(([question, at]) => [question, { ...at, descriptions: '' }])), 'q', language)).toEqual(asked)

  // Refused: the summary has the focus; each of its lines leads into its question, which is described by what is wrong.
  await page.keyboard.press('Enter')
  await eventually(() => isIn(page, '.g-summary')).toBe(true)
  expect(await axe(page)).toEqual([])
  const links = page.locator('guichet-service .g-summary a')
  const lines = await links.evaluateAll((all) => all.map((link) => [link.getAttribute('href')?.slice(1) ?? '', link.textContent?.trim() ?? ''] as const))
  // A box that may stay empty is the one that is not refused.
  expect(lines.map(([href]) => href)).toEqual(asked.filter((type) => type !== 'checkbox').map((type) => (type === 'group' ? 'f-q_inside' : `f-${id(type)}`)))
  await tabTo(page, (at) => at.id === `f-${id('checkbox')}`, 'the box', 200)
  await page.keyboard.press('Space')
  // The line goes: every type is answered, and what is wrong is told, all the same.
  await page.context().setOffline(true)
  for (const [i, type] of asked.filter((each) => each !== 'checkbox').entries()) {
    // Back to the summary, which a reader of the screen finds by its heading.
    await links.nth(i).focus()
    await page.keyboard.press('Enter')
    const where = type === 'group' ? 'q_inside' : id(type)
    await eventually(() => isInside(page)).toContain(where)
    const { names, descriptions } = await told(page, client)
    const line = lines[i]?.[1] ?? ''
    expect([type, names, descriptions]).toEqual([
      type,
      expect.stringContaining(words(type) ? '' : label[language](type)),
      expect.stringContaining(line.slice(line.indexOf(': ') + 1).trim()),
    ])
    await pressKeys(page, table[type].keys ?? [])
  }

  const upload = page.locator(`guichet-service #f-${id('file')}`)
  const uploads = page.locator('guichet-service .g-upload')
  const toUpload = async () => {
    await links.nth(asked.filter((each) => each !== 'checkbox').indexOf('file')).focus()
    await page.keyboard.press('Enter')
  }
  // An upload without a line waits, says so, and is given up by its button.
  await toUpload()
  await upload.setInputFiles(pdf)
  await eventually(() => uploads.locator('[role=status]').textContent()).toBe(word('uploading.waits', { name: pdf.name }))
  expect(await axe(page)).toEqual([])
  await push(page, `${fileStrings.cancel[language]} ${pdf.name}`)
  await eventually(() => uploads.locator('[role=status]').textContent()).toBe(fileStrings.cancelled[language].replace('{name}', pdf.name))
  await expect.poll(() => isIn(page, `#f-${id('file')}`)).toBe(true)

  // Saving, before what it takes has come: said, and it can be tried again.
  await push(page, word('draft.save'))
  await eventually(() => page.locator('guichet-service .g-trouble').textContent()).toContain(word('send.unreachable'))
  expect((await focused(page)).text).toBe(word('draft.save'))

  // Saved: each is told as before, and holds what was answered without a line.
  await page.context().setOffline(false)
  await page.keyboard.press('Enter')
  const code = page.locator('guichet-service .g-notice .g-output')
  await code.waitFor()
  await eventually(() => saving(page)).toContain(word('draft.saved').split('{')[0])
  await expect.poll(() => isIn(page, 'summary')).toBe(true)
  expect(await axe(page)).toEqual([])

  const top = async (at: Page) => at.locator('guichet-service h1').focus()
  const answered = await held(page)
  await top(page)
  expect(missing(await tour(page, client, word('continue')), 'q', language)).toEqual([])

  // The line goes once more: what is answered now is not saved yet, which is said, until the line is back.
  await page.context().setOffline(true)
  await page.locator('guichet-service #f-between').focus()
  await page.keyboard.type('Without a line')
  await push(page, word('draft.now'))
  await eventually(() => saving(page)).toBe(word('draft.waiting'))
  expect((await focused(page)).text).toBe(word('draft.now'))
  expect(await axe(page)).toEqual([])
  await top(page)
  expect(missing(await tour(page, client, word('continue')), 'q', language)).toEqual([])
  await page.context().setOffline(false)
  await eventually(() => saving(page)).toContain(word('draft.saved').split('{')[0])
  expect(await held(page)).toEqual(answered.map((each) => (each === 'f-between  false' ? 'f-between Without a line false' : each)))

  // An upload that the server refuses: said at its place.
  await page.route(/\/attachments/, (route) =>
    route.fulfill({ status: 422, contentType: 'application/problem+json', json: { title: 'No', status: 422, detail: 'Damaged.' } }),
  )
  await toUpload()
  await upload.setInputFiles(pdf)
  await eventually(() => uploads.locator('[role=alert]').textContent()).toBe('Damaged.')
  await expect.poll(() => isIn(page, 'body')).toBe(false)
  expect(await axe(page)).toEqual([])
  await page.unroute(/\/attachments/)
  await upload.setInputFiles(pdf)
  // One that is on its way has a button too, which stops it.
  await page.getByRole('button', { name: new RegExp(`^${fileStrings.remove[language]}.*paper\\.pdf`) }).waitFor()
  const before = await held(page)
  await push(page, word('continue'))
  await eventually(() => heading(page)).toBe(definition.pages[1]?.title[language])
  await expect.poll(() => isIn(page, 'h1')).toBe(true)

  // A row: added, the focus is in it; each question of it is told with the row; taken away, the focus goes to where one is added.
  const person = language === 'en' ? 'Person 1' : 'شخص ۱'
  const add = language === 'en' ? 'Add a person' : 'افزودن شخص'
  await push(page, add)
  await eventually(() => isInside(page)).toContain(id('address', 'r'))
  await expect.poll(() => status(page)).toBe(word('rows.added', { name: person }))
  expect(await axe(page)).toEqual([])
  expect(missing(await tour(page, client, `${word('rows.remove')} ${person}`), 'r', language, person)).toEqual([])
  await page.keyboard.press('Enter')
  await eventually(() => status(page)).toBe(word('rows.removed', { name: person }))
  expect((await focused(page)).text).toBe(add)
  expect(await axe(page)).toEqual([])

  // Brought back elsewhere: said, every control holds what it held, and each is told as before.
  await push(page, word('draft.now'))
  await eventually(() => saving(page)).toContain(word('draft.saved').split('{')[0])
  const other = await page
    .context()
    .browser()!
    .newContext({ viewport: { width: 900, height: 900 } })
  const back = await other.newPage()
  back.on('pageerror', (error) => faults.push(String(error)))
  back.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/submissions')) sent = request.postDataJSON()
  })
  await back.goto(address)
  await back.locator('guichet-service h1').waitFor()
  await push(back, word('draft.resume'))
  await eventually(() => isIn(back, 'input')).toBe(true)
  await back.keyboard.type((await code.textContent()) ?? '')
  await back.keyboard.press('Enter')
  await eventually(() => heading(back)).toBe(definition.pages[1]?.title[language])
  await eventually(() => status(back)).toBe(word('draft.opened'))
  await expect.poll(() => isIn(back, 'h1')).toBe(true)
  await push(back, word('back'))
  await eventually(() => heading(back)).toBe(definition.pages[0]?.title[language])
  expect(await held(back)).toEqual(before)
  expect(await axe(back)).toEqual([])
  expect(missing(await tour(back, await other.newCDPSession(back), word('continue')), 'q', language)).toEqual([])

  // Sent without a line: kept, said, and sent when the line is back.
  await push(back, word('continue'))
  await eventually(() => heading(back)).toBe(definition.pages[1]?.title[language])

  // Documents: what is needed, an example of it, and the desk instead of an upload.
  await push(back, word('continue'))
  await eventually(() => heading(back)).toBe(word('documents.title'))
  await push(back, word('documents.example'))
  await back.getByText(definition.documents[0]?.example[language] ?? '').waitFor()
  await expect.poll(() => back.getByRole('link', { name: word('documents.exampleLink') }).getAttribute('href')).toBe(definition.documents[0]?.exampleUrl)
  expect(await axe(back)).toEqual([])
  await tabTo(back, (at) => at.type === 'checkbox', 'the desk')
  await back.keyboard.press('Space')
  await eventually(() => back.locator('guichet-service input[type=file]').count()).toBe(0)
  // The box has taken the upload's place, and kept the focus.
  await expect.poll(() => isIn(back, '#d-card')).toBe(true)
  expect(await axe(back)).toEqual([])
  await push(back, word('continue'))
  await eventually(() => heading(back)).toBe(word('check.title'))
  expect(await axe(back)).toEqual([])
  await other.setOffline(true)
  await push(back, word('send'))
  await back.getByText(word('send.kept')).first().waitFor()
  await expect.poll(() => isIn(back, 'body')).toBe(false)
  expect(await axe(back)).toEqual([])
  await other.setOffline(false)
  await eventually(() => heading(back)).toBe(word('sent.title'))
  await expect.poll(() => isIn(back, 'h1')).toBe(true)
  expect(await axe(back)).toEqual([])
  const answers = (sent as { answers: Record<string, Json> } | null)?.answers ?? {}
  for (const type of asked)
    if (type !== 'file' && type !== 'group')
      expect([type, answers[id(type)]]).toEqual([type, type === 'declaration' ? { ...(table[type].sent as object), language } : table[type].sent])
  expect(faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|status of 422/.test(fault))).toEqual([])
  await other.close()
  await close()
})

/** Back with Shift and Tab until `found` holds. */
async function backTo(page: Page, found: (at: Awaited<ReturnType<typeof focused>>) => boolean, what: string) {
  for (let i = 0; i < 80; i++) {
    if (found(await focused(page))) return
    await page.keyboard.press('Shift+Tab')
  }
  throw new Error(`${what} was not reached; the focus is on ${JSON.stringify(await focused(page))}`)
}

test.each(['en', 'fa'] as const)('every type by itself, revealed, in a row, refused in both, in %s', { timeout: 240_000 }, async (language) => {
  const word = (key: string, params?: Record<string, string>) => say(key, language, params)
  const { page, faults, close } = await openPage(browser, { viewport: { width: 900, height: 900 } })
  const client = await page.context().newCDPSession(page)
  await page.goto(`${server.url}/s/demo/apart?lang=${language}`)
  await page.locator('guichet-service h1').waitFor()
  await push(page, word('start.begin'))
  await eventually(() => isIn(page, 'h1')).toBe(true)
  const number = language === 'en' ? '1' : '۱'
  const links = page.locator('guichet-service .g-summary a')
  const looked: string[] = []
  /** axe on this type by itself, in this state. */
  const look = async (type: string, state: string) => {
    expect([type, state, await axe(page)]).toEqual([type, state, []])
    looked.push(`${type} ${state}`)
  }
  for (const [i, type] of types.entries()) {
    await page.evaluate((step) => document.querySelector('guichet-service')?.show(step), apart.pages[i]?.id as string)
    await eventually(() => heading(page)).toBe(apart.pages[i]?.title[language])
    // Consents and declarations are described by what is agreed to.
    const [name, described] = words(type) ? ['', words(type)?.[language] ?? ''] : [label[language](type), hint[language](type)]
    const rowName = `${row[language](type)} ${number}`
    const { keys } = table[type]
    const [own, inRow] = type === 'group' ? ['q_inside', 'r_inside'] : [id(type), id(type, 'r')]

    // Revealed: said in the words that it has, where it has any; the box keeps the focus, and the question is the next but one.
    await tabTo(page, (box) => box.id === `f-${id(type, 'show')}`, 'the box')
    await page.keyboard.press('Space')
    const announced = type === 'content' ? goodToKnow[language] : type === 'hidden' ? row[language](type) : name || described
    await eventually(async () => [type, await status(page)]).toEqual([type, word('question.appeared', { label: announced })])
    expect((await focused(page)).id).toBe(`f-${id(type, 'show')}`)
    if (keys) {
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      const at = await told(page, client)
      expect([type, at.inside, at.names, at.descriptions]).toEqual([
        type,
        expect.arrayContaining([own]),
        expect.stringContaining(name),
        expect.stringContaining(described),
      ])
    }

    // A row added: said, and the focus is in it, or stays where there is nothing to be typed; told with the row that it is in.
    await push(page, add[language](type))
    await eventually(async () => [type, await status(page)]).toEqual([type, word('rows.added', { name: rowName })])
    const at = await told(page, client)
    if (keys)
      expect([type, at.inside, at.names, at.names, at.descriptions]).toEqual([
        type,
        expect.arrayContaining([inRow]),
        expect.stringContaining(rowName),
        expect.stringContaining(name),
        expect.stringContaining(described),
      ])
    else expect([type, at.name]).toEqual([type, add[language](type)])
    await look(type, 'revealed, row added')

    // Refused, as a question and in the row: the summary has the focus and a line for each, which leads into it; there both its own words
    // and what is wrong are told. A box may stay empty, and what asks nothing is not refused.
    if (keys && type !== 'checkbox') {
      await push(page, word('continue'))
      await eventually(() => isIn(page, '.g-summary')).toBe(true)
      expect((await told(page, client)).name).toBe(word('summary.title'))
      const lines = (await links.allTextContents()).map((text) => text.trim())
      expect([type, lines.length]).toEqual([type, 2])
      await look(type, 'refused')
      for (const [line, where, around] of [
        [0, own, ''],
        [1, inRow, rowName],
      ] as const) {
        const text = lines[line] as string
        const to = (link: { tag: string; text: string }) => link.tag === 'a' && link.text === text
        await (line === 0 ? tabTo(page, to, text) : backTo(page, to, text))
        await page.keyboard.press('Enter')
        await eventually(async () => [type, await isInside(page)]).toEqual([type, expect.arrayContaining([where])])
        const there = await told(page, client)
        expect([type, there.names, there.names, there.descriptions, there.descriptions]).toEqual([
          type,
          expect.stringContaining(name),
          expect.stringContaining(around),
          expect.stringContaining(described),
          expect.stringContaining(text.slice(text.indexOf(': ') + 1).trim()),
        ])
      }
    }

    // An upload in a row that the server refuses: said at its place, in the row, and the focus is not lost.
    if (type === 'file') {
      const refuse = (route: { fulfill(answer: object): Promise<void> }) =>
        route.fulfill({ status: 422, contentType: 'application/problem+json', json: { title: 'No', status: 422, detail: 'Damaged.' } })
      await page.route(/\/attachments/, refuse)
      await page.locator(`guichet-service input[id^="f-rows"][type=file]`).setInputFiles(pdf)
      await eventually(() => page.locator('guichet-service .g-row .g-upload [role=alert]').textContent()).toBe('Damaged.')
      expect(await isInside(page)).toEqual(expect.arrayContaining([inRow]))
      await look(type, 'upload failed')
      await page.unroute(/\/attachments/)
    }

    // Taken away again: said, and the focus is where one is added.
    await tabTo(page, (button) => button.text === `${word('rows.remove')} ${rowName}`, 'the button that takes it away')
    await page.keyboard.press('Enter')
    await eventually(async () => [type, await status(page)]).toEqual([type, word('rows.removed', { name: rowName })])
    expect((await focused(page)).text).toBe(add[language](type))
  }
  const refusable = asked.filter((type) => type !== 'checkbox').length
  expect(looked.length).toBe(types.length + refusable + 1)
  // With the last row gone, as after the others.
  expect(await axe(page)).toEqual([])
  expect(faults.filter((fault) => !/status of 422/.test(fault))).toEqual([])
  await close()
})

test.each(['en', 'fa'] as const)(
  'every type, empty and refused, on 320 pixels, with wider spacing and in forced colours, in %s',
  { timeout: 120_000 },
  async (language) => {
    const word = (key: string, params?: Record<string, string>) => say(key, language, params)
    const { page, close } = await openPage(browser, { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
    await page.goto(`${server.url}/s/demo/states?lang=${language}`)
    await page.locator('guichet-service h1').waitFor()
    await push(page, word('start.begin'))
    await tabTo(page, (at) => at.id === 'f-show', 'the first question')
    await page.keyboard.press('Space')
    await eventually(() => page.locator(`guichet-service #f-${id('year')}`).isVisible()).toBe(true)
    const measured = async (state: string) => expect([state, await small(page), await sideways(page), await cut(page)]).toEqual([state, [], 0, []])
    await measured('empty')
    await push(page, word('continue'))
    await eventually(() => isIn(page, '.g-summary')).toBe(true)
    await measured('refused')
    expect(await axe(page)).toEqual([])
    await page.evaluate(spacing)
    await measured('refused, wider')
    await page.emulateMedia({ forcedColors: 'active' })
    expect(await axe(page)).toEqual([])
    const unseen: string[] = []
    for (let i = 0; i < 200; i++) {
      const at = await focused(page)
      if ((await outlined(page)) === false) unseen.push(at.id || at.text)
      if (at.text === word('continue')) break
      await page.keyboard.press('Tab')
    }
    expect(unseen).toEqual([])
    expect((await focused(page)).text).toBe(word('continue'))
    expect(await page.evaluate(`${inside}.filter((e) => e.getAnimations().some((a) => a.playState === 'running')).length`)).toBe(0)
    await close()
  },
)
