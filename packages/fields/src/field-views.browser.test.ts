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
          headers: { 'content-security-policy': "default-src 'none'; script-src https://views.test; require-trusted-types-for 'script'" },
          body: '<!doctype html><html lang="en"><title>Views</title><script type="module" src="/page.js"></script>',
        }),
  )
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
  expect(await page.locator('[style]').count()).toBe(0)
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
    expect(await page.locator(`#q${i}`).inputValue()).toBe(expected)
  }
})

test('stored numbers and amounts stand in the input as the reader writes them', async () => {
  await draw([question({ type: 'money' }, 31040), question({ type: 'number' }, 1234.5)], 'fa')
  expect(await page.locator('#q0').inputValue()).toBe('۳۱۰٫۴')
  expect(await page.locator('#q1').inputValue()).toBe('۱۲۳۴٫۵')
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
  expect(await page.locator('#q2').inputValue()).toBe('b')
  await page.locator('#q2').focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('#q3').press('Space')
  await page.locator('label', { has: page.locator('#q4') }).click()
  expect(await inputs()).toEqual(['b', ['a', 'c'], 'c', true, true])
  await page.locator('#q1').press('Space')
  await page.locator('#q3').press('Space')
  expect(await inputs()).toEqual(['b', ['c'], 'c', false, true])
  expect(await page.locator('#q0-2').isChecked()).toBe(true)
  expect(await page.locator('#q3').isChecked()).toBe(false)
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
  expect(await page.locator('#q0').isChecked()).toBe(false)
  expect(await page.locator('#q1').inputValue()).toBe('')
  expect(await page.locator('#q2').inputValue()).toBe('')
})
