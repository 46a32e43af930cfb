/**
 * Where an edit's time goes: `node bench/builder/profile.ts [one|pages]` opens the editor with the form of 500 fields, on one page
 * or on pages of 25, and prints for each kind of edit the work of the main thread and the functions it is spent in; with
 * `--inclusive` what these call counts as theirs. An editor that was built without minifying names them:
 * `cd packages/builder && vite build --minify false`.
 */
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import { author } from '../../tests/builder-steps.ts'
import { launch, startTestServer } from '../../tests/harness.ts'
import { installPeers } from '../peers-installed.ts'
import { makeForm } from '../runtime/form-spec.ts'
import { inPages, onOnePage } from './forms.ts'
import { here, scriptOf } from './pages.ts'
import type {} from './peers/handle.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { inclusive: { type: 'boolean', default: false }, top: { type: 'string', default: '25' }, opening: { type: 'boolean', default: false } },
})
const form = makeForm(500)
const definition = positionals[0] === 'pages' ? inPages(form) : onOnePage(form)

/** What an author does, and the keys for it; the outline has the keyboard, and a question in it is selected. */
const acts: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['move', (page) => page.keyboard.press('Alt+ArrowDown')],
  ['undo', (page) => page.keyboard.press('Control+z')],
  ['delete', (page) => page.keyboard.press('Delete')],
  ['undo', (page) => page.keyboard.press('Control+z')],
  ['paste (a question more)', (page) => page.keyboard.press('Control+v')],
  ['undo', (page) => page.keyboard.press('Control+z')],
]

const spent = (profile: Awaited<ReturnType<typeof stop>>) => {
  const found = new Map<string, number>()
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const callers = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])))
  profile.samples?.forEach((sample, i) => {
    const counted = new Set<string>()
    for (let id: number | undefined = sample; id !== undefined; id = values.inclusive ? callers.get(id) : undefined) {
      const frame = nodes.get(id)?.callFrame
      if (frame) counted.add(`${frame.functionName || '(anonymous)'} ${frame.url.split('/').pop() ?? ''}:${frame.lineNumber + 1}`)
    }
    for (const where of counted) found.set(where, (found.get(where) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1000)
  })
  return [...found].filter(([where]) => !/^\((idle|program|root)\)/.test(where)).sort((a, b) => b[1] - a[1])
}
const stop = async (client: CDPSession) => (await client.send('Profiler.stop')).profile
const print = (title: string, work: number, profile: Awaited<ReturnType<typeof stop>>) => {
  console.log(`\n${title}: ${work.toFixed(0)} ms of script`)
  for (const [where, time] of spent(profile).slice(0, Number(values.top))) if (time >= 0.5) console.log(`${time.toFixed(1).padStart(9)} ms  ${where}`)
}

installPeers(here)
const [browser, { server, stop: end }] = await Promise.all([launch(), startTestServer()])
try {
  const ada = await author(browser, server)
  await ada.put({ ...definition, id: 'whole' })
  const { page } = ada
  await page.addInitScript({ content: `${await scriptOf('peers/probe.ts')}\n${await scriptOf('peers/guichet.ts')}` })
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable', { timeDomain: 'threadTicks' })
  await client.send('Profiler.enable')
  await client.send('Profiler.setSamplingInterval', { interval: 200 })
  const script = async () => {
    const { metrics } = await client.send('Performance.getMetrics')
    const of = (wanted: string) => 1000 * (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN)
    return of('TaskDuration') - of('LayoutDuration') - of('RecalcStyleDuration')
  }
  /** From the act until a second after it. */
  const measured = async (title: string, act: () => Promise<unknown>) => {
    await client.send('Profiler.start')
    const before = await script()
    await act()
    await page.waitForTimeout(1200)
    const work = (await script()) - before
    print(title, work, await stop(client))
  }
  const last = positionals[0] === 'pages' ? 'f25' : 'f500'
  const open = async () => {
    await page.goto('about:blank')
    await page.goto(`${server.url}/builder/#/services/whole`, { waitUntil: 'commit' })
    return page.evaluate(([field]) => probe.usable(field, 60_000), [last] as const)
  }
  await open()
  await page.waitForTimeout(1000)
  if (values.opening) await measured('open', open)
  else await open()
  await page.waitForTimeout(1500)
  const outline = page.locator('builder-outline')
  for (const number of [9, 14]) {
    const { key, label } = form.fields[number - 1] as (typeof form.fields)[number]
    await page.evaluate(([field, name]) => probe.choose(field, name, 10_000), [key, label] as const)
    await page.waitForTimeout(700)
    await page.evaluate(() => probe.focus())
    const isSecond = number === 14
    const round = (title: string, act: () => Promise<unknown>) => (isSecond ? measured(title, act) : act().then(() => page.waitForTimeout(1200)))
    await round('letter in a label', () => page.keyboard.press('x'))
    await page.evaluate(() => probe.handle?.beforeUndo?.())
    await round('undo', () => page.keyboard.press('Control+z'))
    await page.evaluate(([field, name]) => probe.choose(field, name, 10_000), [key, label] as const)
    await outline.locator('[role=treeitem][tabindex="0"]').focus()
    await page.keyboard.press('Control+c')
    for (const [title, act] of acts) {
      if (title !== 'undo') {
        await page.evaluate(([field, name]) => probe.choose(field, name, 10_000), [key, label] as const)
        await page.waitForTimeout(300)
      }
      await outline.locator('[role=treeitem][tabindex="0"]').focus()
      await round(title, () => act(page))
    }
  }
  // A rule: another answer that a question hangs on.
  const hanging = form.fields[14] as (typeof form.fields)[number]
  await page.evaluate(([field, name]) => probe.choose(field, name, 10_000), [hanging.key, hanging.label] as const)
  const value = page.locator('builder-settings builder-expression-input select').last()
  if ((await value.count()) > 0) {
    await page.waitForTimeout(700)
    await measured('another value in a condition', () => value.selectOption({ index: 2 }))
    await page.evaluate(() => probe.handle?.beforeUndo?.())
    await measured('undo', () => page.keyboard.press('Control+z'))
  }
} finally {
  await browser.close()
  await end()
}
