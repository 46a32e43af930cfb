/** `npm test`: everything. Installs a browser if there is none, and says so. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const chromium = findChromium()
if (chromium) console.log(`Browser tests run in ${chromium}`)
else if (process.env.CI) {
  console.error('No Chromium and no way to install one: in CI the browser tests must not be skipped. Set CHROMIUM to a binary.')
  process.exit(1)
} else console.warn('SKIPPED: the browser tests, for want of a Chromium. Install one, or set CHROMIUM to a binary.')

const steps: string[][] = [
  ['node', 'scripts/verify.ts'],
  ['node', 'scripts/build.ts', '--if-changed'],
  ['node', 'scripts/cases.ts'],
]
if (chromium) steps.push(['node', 'scripts/weights.ts'], ['vitest', 'run', '--config', 'vitest.browser.config.ts'])
for (const [command, ...args] of steps) {
  console.log(`\n— ${[command, ...args].join(' ')}`)
  const result = spawnSync(command as string, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...(chromium ? { CHROMIUM: chromium } : {}) } })
  if (result.status !== 0) process.exit(result.status ?? 1)
}
