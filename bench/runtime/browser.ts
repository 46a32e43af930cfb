/** One Chromium, and pages in it that are driven by its own protocol: real keys, real clicks, its own counters. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type CDPSession, chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts'
import type { Bench } from './page/boot.ts'
import type { BenchServer, Policy } from './serve.ts'

export async function launch(): Promise<Browser> {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: install one, or set CHROMIUM to a binary')
  const cache = mkdtempSync(join(tmpdir(), 'guichet-bench-'))
  return chromium.launch({ executablePath, args: [...chromiumFlags, `--disk-cache-dir=${cache}`, '--enable-precise-memory-info'] })
}

export interface BenchPage {
  cdp: CDPSession
  /** Paths of what has been fetched so far. */
  fetched: Set<string>
  /** Calls a method of `bench` in the page. */
  call<Name extends keyof Bench>(name: Name, ...args: Bench[Name] extends (...args: infer Args) => unknown ? Args : []): Promise<CallResult<Name>>
  /** Chromium's counters. */
  metrics(): Promise<Record<string, number>>
  collect(): Promise<void>
  press(letter: string): Promise<void>
  click(at: { x: number; y: number }): Promise<void>
  close(): Promise<void>
}
type CallResult<Name extends keyof Bench> = Bench[Name] extends (...args: never[]) => infer Result ? Awaited<Result> : Bench[Name]

/** A context of its own, so that process, caches and compiled code are fresh. */
export async function openPage(browser: Browser, server: BenchServer, policy: Policy = 'none'): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } })
  const page = await context.newPage()
  const fetched = new Set<string>()
  page.on('requestfinished', (request) => fetched.add(new URL(request.url()).pathname))
  await page.goto(`${server.origin}/?policy=${policy}`, { waitUntil: 'load' })
  const cdp = await context.newCDPSession(page)
  // Processor time of the thread, not time that passes: other work on the machine does not count.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return {
    cdp,
    fetched,
    async call(name, ...args) {
      const expression = ['violations', 'errors'].includes(name) ? `bench.${name}` : `bench.${name}(${args.map((arg) => JSON.stringify(arg)).join(',')})`
      const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
        allowUnsafeEvalBlockedByCSP: true,
      })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    metrics: async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value])),
    async collect() {
      await cdp.send('HeapProfiler.collectGarbage')
      await cdp.send('HeapProfiler.collectGarbage')
    },
    async press(letter) {
      const upper = letter.toUpperCase()
      const key = { key: letter, code: `Key${upper}`, windowsVirtualKeyCode: upper.charCodeAt(0) }
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: letter, unmodifiedText: letter, ...key })
      await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
    },
    async click({ x, y }) {
      await cdp.send('Input.dispatchMouseEvent', { type: 'mousePressed', x, y, button: 'left', clickCount: 1 })
      await cdp.send('Input.dispatchMouseEvent', { type: 'mouseReleased', x, y, button: 'left', clickCount: 1 })
    },
    close: () => context.close(),
  }
}
