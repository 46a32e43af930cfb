/** What a peer does under a strict policy, and what it leaves behind when it is taken off the page. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { openPage } from './browser.ts'
import { toggleKey, typedKey } from './form-spec.ts'
import type { BenchServer, Policy } from './serve.ts'

export interface Behaviour {
  works: boolean
  /** What did not work, what was blocked, what was thrown. */
  notes: string[]
}

const counted = (list: readonly string[]) =>
  [...Map.groupBy(list, (line) => line)].map(([line, all]) => (all.length > 1 ? `${line} (${all.length} times)` : line))

/** All fields show, typing works, and the click shows what hangs on it. */
export async function behaviour(browser: Browser, server: BenchServer, peer: string, css: boolean, policy: Policy): Promise<Behaviour> {
  const page = await openPage(browser, server, policy)
  const notes: string[] = []
  const within = async <Result>(seconds: number, work: Promise<Result>) => {
    const result = await Promise.race([work, sleep(seconds * 1000, null, { ref: false })])
    if (result === null) throw new Error(`nothing within ${seconds} s`)
    return result
  }
  let works = false
  try {
    const { missing, wronglyShown } = await within(
      15,
      page.call('mount', peer, 'F50', { css, warm: [] }).then(() => page.call('check', 8000)),
    )
    if (missing.length > 0) notes.push(`${missing.length} fields are missing`)
    if (wronglyShown > 0) notes.push(`${wronglyShown} fields are shown that should not be`)
    await sleep(300)
    await page.call('focus', typedKey)
    await page.press('a')
    await sleep(200)
    const typed = (await page.call('value', typedKey)) === 'a'
    if (!typed) notes.push('typing does not work')
    const at = await page.call('locate', toggleKey, 'o1')
    let shown = false
    if (at) {
      await page.call('armToggle', true, 4000)
      await page.click(at)
      shown = (await within(6, page.call('armed'))).ok && (await page.call('toggled', true))
    }
    if (!shown) notes.push('conditions do not work')
    works = missing.length === 0 && wronglyShown === 0 && typed && shown
  } catch (error) {
    notes.push((error as Error).message.split('\n')[0] as string)
  }
  const seen = [await page.call('violations'), await page.call('errors')].flat().map((line) => line.replaceAll(server.origin, '').slice(0, 120))
  await page.close()
  return { works, notes: [...notes, ...counted(seen)] }
}

export interface Left {
  /** Bytes of heap, listeners and DOM nodes more after so many mounts than before them. */
  heap: number
  listeners: number
  nodes: number
}

const mounts = 50

/** Mounts and unmounts fifty times, for what is made once and what the engine learns of code that runs often, then fifty times: that must leave nothing. */
export async function leftBehind(browser: Browser, server: BenchServer, peer: string): Promise<Left> {
  const page = await openPage(browser, server)
  try {
    const state = async (times: number) => {
      await page.call('cycle', peer, 'F50', times)
      await sleep(300)
      await page.collect()
      const { JSHeapUsedSize = 0, JSEventListeners = 0, Nodes = 0 } = await page.metrics()
      return { heap: JSHeapUsedSize, listeners: JSEventListeners, nodes: Nodes }
    }
    const [before, after] = [await state(mounts), await state(mounts)]
    return { heap: after.heap - before.heap, listeners: after.listeners - before.listeners, nodes: after.nodes - before.nodes }
  } finally {
    await page.close()
  }
}
