/** A real Chromium for lines that only a browser can show. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from '../../../scripts/chromium.ts'
import { builtFolders } from '../src/web.ts'

/** Whether there is a browser, and pages to show it; says so if not, and throws in CI. */
export function browserIsThere(line: string): boolean {
  const missing = findChromium(false) === null ? 'a Chromium' : existsSync(join(builtFolders.runtime, 'embed.js')) ? null : 'built pages (npm run build)'
  if (missing === null) return true
  if (process.env.CI) throw new Error(`In CI nothing is skipped: ${line}, for want of ${missing}`)
  process.stderr.write(`SKIPPED: ${line}, for want of ${missing}.\n`)
  return false
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: findChromium(false)!, args: [...chromiumFlags] })
