import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Examples } from './field-type-suite.ts'

const folder = import.meta.dirname
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const usual = { locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 }, today: '2026-01-05', tables: {} }
const read = (name: string, kind: string) => JSON.parse(readFileSync(join(folder, name, `${name}.${kind}.json`), 'utf8'))
const names = readdirSync(folder).filter((name) => name !== 'group' && existsSync(join(folder, name, `${name}.view.ts`)))

const question = (settings: object, input: unknown = null, context: object = {}) => {
  const { type } = settings as { type: string }
  return {
    name: type,
    settings: { id: 'q', label: { en: 'Label', fa: 'برچسب' }, ...settings },
    context: { ...usual, ...context },
    messages: read(type, 'messages'),
    input,
  }
}

let browser: Browser
let page: Page
const faults: string[] = []

beforeAll(async () => {
  const output = (await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(folder, 'views-page.view.ts'), formats: ['es'] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput[]
  const code = output[0]?.output[0].code ?? ''
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  page = await browser.newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  // The strictest page that the runtime has to live on.
  await page.route('https://views.test/**', (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: code })
      : route.fulfill({
          contentType: 'text/html',
          headers: {
            'content-security-policy':
              "default-src 'none'; script-src https://views.test; img-src https://tiles.example.org; require-trusted-types-for 'script'",
          },
          body: '<!doctype html><html lang="en"><title>Views</title><script type="module" src="/page.js"></script>',
        }),
  )
  // A pixel of a map: how large tiles are is the style sheet's to say.
  const tile = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
  await page.route('https://tiles.example.org/**', (route) => route.fulfill({ contentType: 'image/png', body: tile }))
  await page.goto('https://views.test/')
  await page.waitForFunction('typeof draw === "function"')
})
afterAll(() => browser?.close())

const draw = (questions: object[], language = 'en') =>
  page.evaluate(([q, l]) => (globalThis as never as { draw: (q: object[], l: string) => void }).draw(q, l), [questions, language] as const)
const inputs = () => page.evaluate('inputs') as Promise<unknown[]>

test.each(['en', 'fa'])('every type is drawn without a fault, accessibly, in %s', async (language) => {
  const questions = names.flatMap((name) =>
    (read(name, 'examples') as Examples).examples.flatMap((example) => {
      const answers = [null, example.accepted?.find((answer) => answer.input !== null)?.input, example.refused?.[0]?.input]
      return answers.filter((input) => input !== undefined).map((input) => question(example.settings, input, example.context))
    }),
  )
  await draw(questions, language)
  await page.evaluate(readFileSync(axe, 'utf8')).catch(() => undefined)
  // How large things are is the style sheet's to say; there is none here.
  const result = (await page.evaluate(
    `axe.run(document, { rules: { 'target-size': { enabled: false } }, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
  }
  expect(result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))).toEqual([])
  expect(faults).toEqual([])
  // signature_pad turns gestures off on its canvas, and a map puts its tiles, by script, which no policy forbids.
  await expect.poll(() => page.locator('[style]:not(canvas, .g-map-view img)').count()).toBe(0)
})

test('typing in the middle of a text is not disturbed', async () => {
  await draw([question({ type: 'text' }, 'ab'), question({ type: 'number' }, '12'), question({ type: 'textarea' }, 'ab')])
  for (const [i, expected] of [
    [0, 'axyzb'],
    [1, '1xyz2'],
    [2, 'axyzb'],
  ] as const) {
    await page.locator(`#q${i}`).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.type('xyz')
    expect((await inputs())[i]).toBe(expected)
    await expect.poll(() => page.locator(`#q${i}`).inputValue()).toBe(expected)
  }
})

test('stored numbers and amounts stand in the input as the reader writes them', async () => {
  await draw([question({ type: 'money' }, 31040), question({ type: 'number' }, 1234.5)], 'fa')
  await expect.poll(() => page.locator('#q0').inputValue()).toBe('۳۱۰٫۴')
  await expect.poll(() => page.locator('#q1').inputValue()).toBe('۱۲۳۴٫۵')
})

test('choices are made by keyboard and kept', async () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: { en: `Option ${value}` } }))
  await draw([
    question({ type: 'radio', options }),
    question({ type: 'checkboxes', options }),
    question({ type: 'select', options }, 'b'),
    question({ type: 'checkbox' }),
    question({ type: 'consent', statement: { en: 'All of it is true' } }),
  ])
  await page.locator('#q0').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect.poll(() => page.locator('#q2').inputValue()).toBe('b')
  await page.locator('#q2').focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('#q3').press('Space')
  await page.locator('label', { has: page.locator('#q4') }).click()
  expect(await inputs()).toEqual(['b', ['a', 'c'], 'c', true, true])
  await page.locator('#q1').press('Space')
  await page.locator('#q3').press('Space')
  expect(await inputs()).toEqual(['b', ['c'], 'c', false, true])
  await expect.poll(() => page.locator('#q0-2').isChecked()).toBe(true)
  await expect.poll(() => page.locator('#q3').isChecked()).toBe(false)
})

test('an answer that is taken back is taken out of the control', async () => {
  const options = ['a', 'b'].map((value) => ({ value, label: { en: value } }))
  const questions = (input: unknown) => [
    question({ type: 'radio', options }, input),
    question({ type: 'select', options }, input),
    question({ type: 'text' }, input),
  ]
  await draw(questions(null))
  await page.locator('#q0').check()
  await page.locator('#q1').selectOption('a')
  await page.locator('#q2').fill('a')
  await draw(questions(null))
  await expect.poll(() => page.locator('#q0').isChecked()).toBe(false)
  await expect.poll(() => page.locator('#q1').inputValue()).toBe('')
  await expect.poll(() => page.locator('#q2').inputValue()).toBe('')
})

const status = () => page.locator('[role=status]').first().textContent()
const focused = () => page.evaluate('document.activeElement.ariaLabel')

test('a month is chosen by name, and its year typed; a whole one may be pasted', async () => {
  await draw([question({ type: 'month' }), question({ type: 'month', calendar: 'persian' })], 'en')
  await page.locator('#q0').focus()
  await page.locator('#q0').selectOption({ label: 'May' })
  await page.keyboard.press('Tab')
  await page.keyboard.type('1990')
  await page.locator('#q1-year').fill('۱۴۰۴/۷')
  expect(await inputs()).toEqual(['1990-05', '۱۴۰۴-07'])
  await expect.poll(() => page.locator('#q1').inputValue()).toBe('07')
  await expect.poll(() => page.locator('#q1 option:checked').textContent()).toBe('Mehr')
  await draw([question({ type: 'month' })], 'hu')
  expect(await page.locator('#q0').evaluate((element) => element.tagName)).toBe('INPUT')
})

test('two dates are typed, each in its own group', async () => {
  await draw([question({ type: 'date-range', fromLabel: { en: 'Arrival' } })])
  const day = (name: string, part: string) => page.getByRole('group', { name }).getByLabel(part)
  for (const [name, date] of [
    ['Arrival', ['3', '4', '2026']],
    ['Last day', ['2', '4', '2026']],
  ] as const)
    for (const [i, part] of ['Day', 'Month', 'Year'].entries()) await day(name, part).fill(date[i] as string)
  expect(await inputs()).toEqual([{ from: '2026/4/3', to: '2026/4/2' }])
  // The last day is the wrong one, and none of the first day's boxes is marked.
  await expect.poll(() => page.locator('[aria-invalid=true]').count()).toBe(3)
  await expect.poll(() => day('Last day', 'Day').getAttribute('aria-invalid')).toBe('true')
  await day('Last day', 'Month').fill('5')
  await expect.poll(() => page.locator('[aria-invalid=true]').count()).toBe(0)
})

test('yes or no and a rating are answered by keyboard, and unanswered before', async () => {
  await draw([question({ type: 'yes-no', unsure: true }), question({ type: 'rating', steps: 5, lowest: { en: 'Bad' } })])
  await expect.poll(() => page.locator(':checked').count()).toBe(0)
  await page.locator('#q0').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  expect(await inputs()).toEqual(['unsure', 2])
  await page.getByRole('radio', { name: '1 Bad' }).check()
  expect((await inputs())[1]).toBe(1)
})

test('a ranking is made by buttons: the focus goes along, and the new place is said', async () => {
  const options = ['Parks', 'Roads', 'Schools'].map((label) => ({ value: label.toLowerCase(), label: { en: label } }))
  await draw([question({ type: 'ranking', options })])
  await page.getByRole('button', { name: 'Up: Schools' }).press('Enter')
  expect(await inputs()).toEqual([['parks', 'schools', 'roads']])
  await expect.poll(() => status()).toBe('Schools: position 2 of 3')
  await expect.poll(() => focused()).toBe('Up: Schools')
  await page.keyboard.press('Space')
  expect(await inputs()).toEqual([['schools', 'parks', 'roads']])
  await expect.poll(() => focused()).toBe('Up: Schools')
  // At the end it stays where it is.
  await page.keyboard.press('Space')
  expect(await inputs()).toEqual([['schools', 'parks', 'roads']])
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  expect(await inputs()).toEqual([['parks', 'schools', 'roads']])
  await expect.poll(() => focused()).toBe('Down: Schools')
  await draw([question({ type: 'ranking', options })])
  await page.getByRole('button', { name: 'This order is right' }).press('Enter')
  expect(await inputs()).toEqual([['parks', 'roads', 'schools']])
  await expect.poll(() => page.getByRole('button', { name: 'This order is right' }).count()).toBe(0)
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('q0')
})

const scale = {
  type: 'matrix',
  rows: [
    { id: 'clear', label: { en: 'It was clear' } },
    { id: 'fast', label: { en: 'It was fast' } },
  ],
  columns: ['No', 'Partly', 'Rather', 'Yes'].map((label) => ({ value: label.toLowerCase(), label: { en: label } })),
}

test('statements are answered in a table; each button has both names', async () => {
  await draw([question(scale)])
  await page.getByRole('radio', { name: 'It was clear No' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  expect(await inputs()).toEqual([{ clear: 'partly', fast: 'no' }])
  await expect.poll(() => page.getByRole('columnheader').allTextContents()).toEqual(['Statement', 'No', 'Partly', 'Rather', 'Yes'])
  await expect.poll(() => page.getByRole('rowheader').count()).toBe(2)
})

const bins = {
  context: { tables: { bins: { small: { name: 'Small bin', price: 2450 }, large: { name: 'Large bin', price: 5990 } } } },
  settings: { type: 'order-lines', optionsFrom: { table: 'bins', label: 'name' }, price: 'price' },
}

test('an order adds up while it is typed', async () => {
  await draw([question(bins.settings, null, bins.context)])
  await page.getByRole('textbox', { name: 'Quantity Small bin' }).fill('2')
  await page.getByRole('textbox', { name: 'Quantity Large bin' }).fill('۱')
  expect(await inputs()).toEqual([{ small: '2', large: '۱' }])
  await expect.poll(() => page.locator('output').textContent()).toBe('€108.90')
  await page.getByRole('textbox', { name: 'Quantity Large bin' }).fill('many')
  await expect.poll(() => page.getByRole('textbox', { name: 'Quantity Large bin' }).getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => page.getByRole('textbox', { name: 'Quantity Small bin' }).getAttribute('aria-invalid')).toBe(null)
  await expect.poll(() => page.locator('output').textContent()).toBe('€49.00')
})

test('tables are stacked where there is no room for them', async () => {
  await page.setViewportSize({ width: 320, height: 700 })
  try {
    await draw([question(scale), question(bins.settings, null, bins.context)])
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    for (const table of [page.locator('table').first(), page.locator('table').last()]) {
      const header = await table.getByRole('rowheader').first().boundingBox()
      const cell = await table.getByRole('cell').last().boundingBox()
      expect(cell?.x).toBe(header?.x)
    }
    expect(
      await page
        .locator('.g-matrix-word')
        .first()
        .evaluate((word) => word.getBoundingClientRect().width),
    ).toBeGreaterThan(10)
    // They are tables all the same.
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(4)
    await expect.poll(() => page.getByRole('radio', { name: 'It was fast Rather' }).count()).toBe(1)
  } finally {
    await page.setViewportSize({ width: 1280, height: 720 })
  }
})

test('a place is written, or the position of the device taken when somebody asks for it', async () => {
  const context = page.context()
  await draw([question({ type: 'location' }), question({ type: 'location', shape: 'line' }, '53.1, -6.1')])
  await context.clearPermissions()
  const use = page.getByRole('button', { name: 'Use my position' })
  await use.press('Enter')
  await expect.poll(status).toBe('Your browser does not tell your position to this page. Enter the place yourself.')
  expect(await inputs()).toEqual([null, '53.1, -6.1'])
  await context.grantPermissions(['geolocation'], { origin: 'https://views.test' })
  await context.setGeolocation({ latitude: 37.983812345, longitude: 23.727539 })
  await use.press('Enter')
  await expect.poll(async () => (await inputs())[0]).toBe('37.98381, 23.72754')
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('q0')
  await expect.poll(() => status()).toContain('Your position is entered: 37.98381, 23.72754')
  await page.getByRole('button', { name: 'Add my position' }).press('Space')
  await expect.poll(async () => (await inputs())[1]).toBe('53.1, -6.1\n37.98381, 23.72754')
})

test('a signature is typed, or drawn where that is offered; the keyboard goes from one to the other', async () => {
  const settings = { type: 'signature', statement: { en: 'All of it is true', fa: 'همه درست است' }, draw: true }
  await draw([question({ ...settings, draw: undefined }), question(settings)])
  // Not offered: the control.
  await expect.poll(() => page.getByRole('button', { name: 'Draw it instead' }).count()).toBe(1)
  await page.locator('#q1').fill('Sam Okafor')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('CANVAS')
  expect((await inputs())[1]).toEqual({ drawn: '' })
  const area = (await page.locator('canvas').boundingBox()) as { x: number; y: number; width: number; height: number }
  const at = (x: number, y: number) => [area.x + area.width * x, area.y + area.height * y] as const
  // The pad has come once the canvas has the size of its place.
  await expect.poll(() => page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.width === canvas.offsetWidth)).toBe(true)
  await page.mouse.move(...at(0.1, 0.5))
  await page.mouse.down()
  for (const [x, y] of [
    [0.2, 0.2],
    [0.3, 0.7],
    [0.4, 0.3],
    [0.5, 0.8],
    [0.6, 0.4],
    [0.7, 0.6],
  ] as const)
    await page.mouse.move(...at(x, y), { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => ((await inputs())[1] as { drawn: string }).drawn.length).toBeGreaterThan(20)
  const { drawn } = (await inputs())[1] as { drawn: string }
  expect(drawn).toMatch(/^M\d+ \d+(?:L\d+ \d+)+$/)
  // It begins where the mouse did, in a box of 600 by 200, whatever the size of the canvas.
  const [x = 0, y = 0] = (/^M(\d+) (\d+)/.exec(drawn) ?? []).slice(1).map(Number)
  expect([Math.abs(x - 60) < 12, Math.abs(y - 100) < 12]).toEqual([true, true])
  await expect.poll(() => page.locator('canvas').getAttribute('aria-label')).toBe('Your signature is drawn')
  await expect.poll(() => status()).toBe('Your signature is drawn')
  await page.getByRole('button', { name: 'Clear' }).press('Enter')
  expect((await inputs())[1]).toEqual({ drawn: '' })
  await expect.poll(() => status()).toBe('The drawing is cleared')
  await page.getByRole('button', { name: 'Type it instead' }).press('Space')
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('INPUT')
  await page.keyboard.type('Sam')
  expect((await inputs())[1]).toBe('Sam')
  // What was saved is drawn again: some of it is ink.
  await draw([question(settings, { drawn })])
  const ink = () =>
    page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return data.some((value) => value > 0)
    })
  await expect.poll(ink).toBe(true)
  await expect.poll(() => page.locator('[style]:not(canvas)').count()).toBe(0)
  expect(faults).toEqual([])
})

test("a name's parts stand in the order of the language, and browsers can fill them in", async () => {
  const name = question({ type: 'person-name', parts: ['given', 'middle', 'family'] })
  const tokens = () => page.locator('input').evaluateAll((all) => all.map((input) => input.getAttribute('autocomplete')))
  await draw([name], 'en')
  expect(await tokens()).toEqual(['given-name', 'additional-name', 'family-name'])
  await draw([name], 'hu')
  expect(await tokens()).toEqual(['family-name', 'given-name', 'additional-name'])
  await draw([name], 'vi')
  expect(await tokens()).toEqual(['family-name', 'additional-name', 'given-name'])
  await page.locator('#q0').fill('Nguyễn')
  await page.locator('#q0-given').fill('An')
  expect(await inputs()).toEqual([{ family: 'Nguyễn', given: 'An' }])
})

test('browsers can fill in what is about the person, and nothing else', async () => {
  await draw([
    question({ type: 'email' }),
    question({ type: 'phone', country: 'GR' }),
    question({ type: 'url' }),
    question({ type: 'address' }),
    question({ type: 'address', autocomplete: 'billing' }),
    question({ type: 'address', autocomplete: 'off' }),
    question({ type: 'date', autocomplete: 'bday' }),
    question({ type: 'date' }),
    question({ type: 'country', autocomplete: 'country' }),
    question({ type: 'country', nationality: true }),
    question({ type: 'text', autocomplete: 'organization' }),
    question({ type: 'text' }),
    question({ type: 'signature', statement: { en: 'True.', fa: 'درست است.' } }),
    question({ type: 'identifier', scheme: 'gr.afm' }),
  ])
  const tokens = () =>
    page.locator('input:not([type=hidden]), select, textarea').evaluateAll((all) => {
      const byQuestion: Record<string, (string | null)[]> = {}
      for (const { id, attributes } of all) (byQuestion[id.replace(/-.*/, '')] ??= []).push(attributes.getNamedItem('autocomplete')?.value ?? null)
      return byQuestion
    })
  await expect.poll(tokens).toEqual({
    q0: ['email'],
    q1: ['tel'],
    q2: ['url'],
    q3: ['street-address', 'postal-code', 'address-level2'],
    q4: ['billing street-address', 'billing postal-code', 'billing address-level2'],
    q5: ['off', 'off', 'off'],
    q6: ['bday-day', 'bday-month', 'bday-year'],
    q7: ['off', 'off', 'off'],
    q8: ['country'],
    q9: [null],
    q10: ['organization'],
    q11: [null],
    q12: ['name'],
    q13: ['off'],
  })
})

test("countries are sorted as the reader's alphabet is, the common ones first", async () => {
  await draw([question({ type: 'country', first: ['GR', 'CY'] })], 'hu')
  const groups = await page.locator('optgroup').evaluateAll((all) => all.map((group) => [...group.querySelectorAll('option')].map((option) => option.text)))
  expect(groups[0]).toEqual(['Görögország', 'Ciprus'])
  expect(groups[1]?.slice(0, 2)).toEqual(['Afganisztán', 'Åland-szigetek'])
  expect(groups.flat().length).toBe(249)
  await page.locator('#q0').selectOption({ label: 'Vietnám' })
  expect(await inputs()).toEqual(['VN'])
})

test('a declaration says which wording was accepted, and in which language it was read', async () => {
  await draw([question({ type: 'declaration', statement: { en: 'True.', fa: 'درست است.' }, version: '2026-01' })], 'fa')
  await page.locator('#q0').press('Space')
  expect(await inputs()).toEqual([{ version: '2026-01', language: 'fa', accepted: true }])
  await page.locator('#q0').press('Space')
  expect(await inputs()).toEqual([false])
})

test('one of five thousand options is found by typing, all by keyboard', async () => {
  const towns = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`t${i}`, { name: `Δήμος ${i}` }]))
  const tables = { towns: { ...towns, ath: { name: 'Αθήνα' }, smy: { name: 'Νέα Σμύρνη' } } }
  const field = question({ type: 'search-select', optionsFrom: { table: 'towns', label: 'name' } }, null, { tables })
  await draw([field])
  const box = page.getByRole('combobox', { name: 'Label' })
  const active = () => page.evaluate('document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.textContent.trim() ?? null')
  await box.focus()
  await page.keyboard.type('σμυρ')
  await expect.poll(() => box.getAttribute('aria-expanded')).toBe('true')
  expect(
    await page
      .getByRole('option')
      .allTextContents()
      .then((all) => all.map((text) => text.trim())),
  ).toEqual(['Νέα Σμύρνη'])
  await expect.poll(() => status()).toBe('1 option')
  expect(await active()).toBe(null)
  await page.keyboard.press('ArrowDown')
  expect(await active()).toBe('Νέα Σμύρνη')
  const open = (await page.evaluate(`axe.run(document, { rules: { 'target-size': { enabled: false } } })`)) as { violations: { id: string }[] }
  expect(open.violations.map(({ id }) => id)).toEqual([])
  await page.keyboard.press('Enter')
  expect(await inputs()).toEqual(['smy'])
  await expect.poll(() => box.inputValue()).toBe('Νέα Σμύρνη')
  await expect.poll(() => box.getAttribute('aria-expanded')).toBe('false')
  // Escape empties it; the whole of a name needs no choosing, and is written as it is when the box is left.
  await page.keyboard.press('Escape')
  expect(await inputs()).toEqual([null])
  await page.keyboard.type('αθηνα')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('listbox').count()).toBe(0)
  await expect.poll(() => box.inputValue()).toBe('αθηνα')
  await page.keyboard.press('Tab')
  expect(await inputs()).toEqual(['ath'])
  await expect.poll(() => box.inputValue()).toBe('Αθήνα')
  // What is not there stays as it was typed, and is refused.
  await box.fill('Σπάρτη')
  await expect.poll(() => page.locator('.g-search-note').textContent()).toBe('Nothing found')
  await expect.poll(() => box.getAttribute('aria-invalid')).toBe('true')
  await box.fill('δημος')
  await expect.poll(() => page.locator('.g-search-note').textContent()).toBe('The first 50 of 5,000. Write more to find yours.')
  await page.keyboard.press('ArrowUp')
  expect(await active()).toBe('Δήμος 49')
  await page.getByRole('option', { name: 'Δήμος 3', exact: true }).click()
  expect(await inputs()).toEqual(['t3'])
  // Script of one key, in the middle of several.
  const took = (await page.evaluate(`(() => {
    const box = document.getElementById('q0')
    return ['δ', 'δη', 'δημ', 'δημο', 'δημος', 'δημος 4', 'δημος 42'].map((text) => {
      const from = performance.now()
      box.value = text
      box.dispatchEvent(new InputEvent('input', { bubbles: true }))
      return performance.now() - from
    })
  })()`)) as number[]
  expect(took.sort((a, b) => a - b)[3]).toBeLessThan(16)
})
