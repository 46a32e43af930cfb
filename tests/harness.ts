/** A real server with the examples on free ports, a demo agency page on another origin, and a Chromium. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Overrides, type RunningServer, readConfig, startServer } from '@guichet/server'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'

export const launch = async (): Promise<Browser> => {
  const executablePath = findChromium(false)
  if (!executablePath) throw new Error('no Chromium: run "npm test", which installs one, or set CHROMIUM')
  return chromium.launch({ executablePath, args: chromiumFlags })
}

/** A clock that tells the examples' day, and goes on from there. */
export const clockAt = (moment: string): Clock => {
  const offset = Date.parse(moment) - Date.now()
  return { now: () => new Date(Date.now() + offset) }
}

export interface TestServer extends RunningServer {
  dataDir: string
}

/** Starts a server in a folder of its own; `stop` ends it and removes the folder. `settings`: more of its environment. */
export async function startTestServer(
  moment = '2026-01-05T10:00:00Z',
  settings: Record<string, string> = {},
  adapters: Overrides = {},
): Promise<{ server: TestServer; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-test-'))
  const config = readConfig({ PORT: '0', DEMO_PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', ...settings })
  const running = await startServer(config, { clock: clockAt(moment), ...adapters })
  return {
    server: { ...running, dataDir },
    async stop() {
      await running.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A page that remembers what went wrong on it: violations of its content security policy, errors, failed requests. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[]; close(): Promise<void> }> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const faults: string[] = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
  })
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(String(error)))
  return { page, faults, close: () => context.close() }
}
