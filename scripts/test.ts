/** `npm test`: everything. Installs a browser, a PostgreSQL and what the faults need if there are none, and says so. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFaketime } from '../packages/server/faults/tools.ts'
import { findClamd } from '../packages/server/src/testing/clamd.ts'
import { findChromium } from './chromium.ts'
import { installPackage } from './debian.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const chromium = findChromium()
if (chromium) console.log(`Browser tests run in ${chromium}`)
else if (process.env.CI) {
  console.error('No Chromium and no way to install one: in CI the browser tests must not be skipped. Set CHROMIUM to a binary.')
  process.exit(1)
} else console.warn('SKIPPED: the browser tests, for want of a Chromium. Install one, or set CHROMIUM to a binary.')

// The server's tests and faults say loudly what they skip for want of them, and fail in CI.
if (process.platform === 'linux') {
  if (!process.env.TEST_DATABASE_URL && !existsSync('/usr/lib/postgresql')) installPackage('postgresql')
  if (spawnSync('strace', ['-V']).error) installPackage('strace')
  if (findFaketime() === null) installPackage('libfaketime')
  if (findClamd() === null) installPackage('clamav-daemon')
  if (spawnSync('systemd-analyze', ['--version']).error) installPackage('systemd')
}

const steps: string[][] = [
  ['node', 'scripts/verify.ts', '--all'],
  ['node', 'scripts/build.ts', '--if-changed'],
  ['node', 'scripts/cases.ts'],
  ['node', 'packages/server/faults/run.ts', '--quick'],
  // The same tries in every run: a failure is the change's own.
  ['node', 'packages/server/battery/run.ts', '--quick', '--seed', '20260105'],
]
if (chromium)
  steps.push(['node', 'scripts/weights.ts'], ['vitest', 'run', '--config', 'vitest.browser.config.ts', ...(process.env.CI ? ['--reporter=minimal'] : [])])
for (const [command, ...args] of steps) {
  console.log(`\n— ${[command, ...args].join(' ')}`)
  const result = spawnSync(command as string, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...(chromium ? { CHROMIUM: chromium } : {}) } })
  if (result.status !== 0) process.exit(result.status ?? 1)
}
