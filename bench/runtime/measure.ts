/** One sample: a peer builds one form on a fresh page, and is typed into and clicked. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { type BenchPage, openPage } from './browser.ts'
import { toggleKey, typedKey } from './form-spec.ts'
import type { BenchServer } from './serve.ts'
import { median } from './spread.ts'

export const metrics = [
  'total',
  'script',
  'work',
  'workScript',
  'heap',
  'blankHeap',
  'elements',
  'nodes',
  'listeners',
  'keyPaint',
  'keyScript',
  'keyTask',
  'toggleShow',
  'toggleHide',
  'toggleScript',
  'toggleTask',
] as const
export type Metric = (typeof metrics)[number]

export interface Sample {
  form: string
  peer: string
  throttle: number
  numbers: Partial<Record<Metric, number>>
  /** What the peer did wrong, if anything. */
  faults: string[]
  /** What the page fetched until the form stood there. */
  files: string[]
}

export interface Task {
  form: string
  peer: string
  throttle: number
  css: boolean
  /** What the peer is known to fetch. */
  warm: string[]
  /** Whether to type and click too. */
  interact: boolean
}

const milliseconds = (before: Record<string, number>, after: Record<string, number>, counter: string) => ((after[counter] ?? 0) - (before[counter] ?? 0)) * 1000
const keys = 'abcdef'
const rounds = 2
const timeout = 90_000

async function type(page: BenchPage, { numbers, faults }: Sample) {
  if (!(await page.call('focus', typedKey))) return faults.push('the text field cannot be focused')
  await sleep(120)
  // The first key pays for what is done once.
  await page.press('w')
  await sleep(600)
  const before = await page.metrics()
  const latencies: number[] = []
  for (const key of keys) {
    await page.call('armKey')
    await page.press(key)
    latencies.push((await page.call('armed')).latency)
    await sleep(100)
  }
  // What is put off until typing pauses counts too.
  await sleep(600)
  const after = await page.metrics()
  numbers.keyPaint = median(latencies)
  numbers.keyScript = milliseconds(before, after, 'ScriptDuration') / keys.length
  numbers.keyTask = milliseconds(before, after, 'TaskDuration') / keys.length
  if ((await page.call('value', typedKey)) !== `w${keys}`) faults.push('what was typed is not there')
}

async function toggle(page: BenchPage, { numbers, faults }: Sample) {
  const latencies: Record<'show' | 'hide', number[]> = { show: [], hide: [] }
  let [script, task] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    for (const what of ['show', 'hide'] as const) {
      const at = await page.call('locate', toggleKey, what === 'show' ? 'o1' : 'o2')
      if (!at) return faults.push('the radio button is not there')
      await sleep(120)
      const before = await page.metrics()
      await page.call('armToggle', what === 'show', timeout)
      await page.click(at)
      const { latency, ok } = await page.call('armed')
      await sleep(150)
      const after = await page.metrics()
      script += milliseconds(before, after, 'ScriptDuration')
      task += milliseconds(before, after, 'TaskDuration')
      latencies[what].push(latency)
      if (!ok || !(await page.call('toggled', what === 'show'))) faults.push(`the click does not ${what} the fields that hang on it`)
    }
  }
  numbers.toggleShow = median(latencies.show)
  numbers.toggleHide = median(latencies.hide)
  numbers.toggleScript = script / (2 * rounds)
  numbers.toggleTask = task / (2 * rounds)
}

export async function measure(browser: Browser, server: BenchServer, { form, peer, throttle, css, warm, interact }: Task): Promise<Sample> {
  const sample: Sample = { form, peer, throttle, numbers: {}, faults: [], files: [] }
  const { numbers, faults } = sample
  const page = await openPage(browser, server)
  let timer: NodeJS.Timeout | undefined
  const work = async () => {
    await page.collect()
    const blank = await page.metrics()
    if (throttle > 1) await page.cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle })
    const { total, script } = await page.call('mount', peer, form, { css, warm })
    const built = await page.metrics()
    Object.assign(numbers, { total, script, work: milliseconds(blank, built, 'TaskDuration'), workScript: milliseconds(blank, built, 'ScriptDuration') })
    const { late, missing, wronglyShown } = await page.call('check', timeout)
    if (late !== null) numbers.total = late
    if (missing.length > 0) faults.push(`${missing.length} fields are missing`)
    if (wronglyShown > 0) faults.push(`${wronglyShown} fields are shown that should not be`)
    // Work that was put off settles.
    await sleep(400)
    sample.files = [...page.fetched].filter((path) => /\.(js|css)$/.test(path) && !/^\/(page\/|dist\/boot)/.test(path))
    if (throttle > 1) return
    await page.collect()
    const { JSHeapUsedSize, JSEventListeners } = await page.metrics()
    Object.assign(numbers, { heap: JSHeapUsedSize, blankHeap: blank.JSHeapUsedSize, listeners: JSEventListeners }, await page.call('count'))
    if (!interact) return
    await type(page, sample)
    await toggle(page, sample)
  }
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done in ${(2 * timeout) / 1000} s`)), 2 * timeout)
    })
    await Promise.race([work(), late])
  } catch (error) {
    faults.push(String((error as Error).message).slice(0, 200))
  } finally {
    clearTimeout(timer)
    await page.close()
  }
  return sample
}
