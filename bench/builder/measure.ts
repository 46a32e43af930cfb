/** One builder, once: opened in a page of its own, then a few questions chosen, changed and changed back. */
import type { BrowserContext } from 'playwright-core'
import type { FormSpec } from '../runtime/form-spec.ts'
import { median } from '../runtime/spread.ts'
import type {} from './peers/handle.ts'

export interface Builder {
  name: string
  title: string
  context: BrowserContext
  /** Put into its page beside the probe. */
  script: string
  url: string
  /** The last field that its canvas shows. */
  last: string
}

export const metrics = ['open', 'openScript', 'openWork', 'choose', 'chooseScript', 'edit', 'editScript', 'editAll', 'undo', 'undoScript', 'undoAll'] as const
export type Metric = (typeof metrics)[number]

export interface Sample {
  builder: string
  title: string
  throttle: number
  /**
   * Milliseconds. Bare: that pass until the canvas shows it. `Script`: the main thread's work until then but for style and layout,
   * as Chromium's own counter of script leaves out what runs after a promise; `All`: the same with what comes in the second after
   * it; `Work`: with style and layout.
   */
  numbers: Partial<Record<Metric, number>>
  fault: string | null
}

const timeout = 120_000
/** Questions that are edited; the first pays for what is done once, and does not count. */
const edited = [9, 121, 241, 361, 481]

export async function measure(builder: Builder, script: string, { fields }: FormSpec, throttle: number): Promise<Sample> {
  const sample: Sample = { builder: builder.name, title: builder.title, throttle, numbers: {}, fault: null }
  const page = await builder.context.newPage()
  page.setDefaultTimeout(timeout)
  try {
    await page.addInitScript({ content: `${script}\n${builder.script}` })
    const client = await builder.context.newCDPSession(page)
    // Processor time of the thread, not time that passes: other work on the machine does not count.
    await client.send('Performance.enable', { timeDomain: 'threadTicks' })
    const counters = async () => {
      const { metrics: list } = await client.send('Performance.getMetrics')
      const of = (wanted: string) => 1000 * (list.find(({ name }) => name === wanted)?.value ?? Number.NaN)
      return { work: of('TaskDuration'), script: of('TaskDuration') - of('LayoutDuration') - of('RecalcStyleDuration') }
    }
    const scriptSoFar = async () => (await counters()).script
    if (throttle > 1) await client.send('Emulation.setCPUThrottlingRate', { rate: throttle })
    const blank = await counters()
    await page.goto(builder.url, { waitUntil: 'commit' })
    sample.numbers.open = await page.evaluate(([last, limit]) => probe.usable(last, limit), [builder.last, timeout] as const)
    const opened = await counters()
    sample.numbers.openScript = opened.script - blank.script
    sample.numbers.openWork = opened.work - blank.work
    await page.waitForTimeout(1000)

    const found: Partial<Record<Metric, number[]>> = {}
    const keep = (metric: Metric, value: number) => (found[metric] ??= []).push(value)
    for (const [i, number] of edited.entries()) {
      const { key, label } = fields[number - 1] as FormSpec['fields'][number]
      const act = async (metric: 'edit' | 'undo', text: string, keys: string) => {
        await page.evaluate(([field, says, limit]) => probe.arm(field, says, limit), [key, text, timeout] as const)
        const before = await scriptSoFar()
        await page.keyboard.press(keys)
        const latency = await page.evaluate(() => probe.armed())
        const drawn = (await scriptSoFar()) - before
        await page.waitForTimeout(1000)
        if (i === 0) return
        keep(metric, latency)
        keep(`${metric}Script`, drawn)
        keep(`${metric}All`, (await scriptSoFar()) - before)
      }
      const before = await scriptSoFar()
      const chosen = await page.evaluate(([field, name, limit]) => probe.choose(field, name, limit), [key, label, timeout] as const)
      if (i > 0) {
        keep('choose', chosen)
        keep('chooseScript', (await scriptSoFar()) - before)
      }
      await page.waitForTimeout(700)
      const text = await page.evaluate(() => probe.focus())
      if (text.trim() !== label) throw new Error(`the settings of ${key} say "${text}"`)
      await act('edit', `${label}x`, 'x')
      const canUndo = await page.evaluate(() => {
        probe.handle?.beforeUndo?.()
        return probe.handle?.beforeUndo !== undefined
      })
      if (canUndo) await act('undo', label, 'Control+z')
    }
    for (const metric of metrics) if (found[metric]) sample.numbers[metric] = median(found[metric])
  } catch (error) {
    sample.fault = String((error as Error).message).slice(0, 300)
  } finally {
    // A Chromium that is gone closes nothing.
    await page.close({ runBeforeUnload: false }).catch(() => {})
  }
  return sample
}
