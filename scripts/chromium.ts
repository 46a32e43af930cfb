/** Finds a Chromium for the browser tests, or installs Debian's. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Address of a Chromium binary: CHROMIUM, else a usual place, else installed with apt-get; null if there is no way. */
export function findChromium(install = true): string | null {
  const named = process.env.CHROMIUM
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`)
    return named
  }
  const found = known.find((path) => existsSync(path))
  if (found || !install) return found ?? null
  if (process.getuid?.() !== 0) return null
  console.log('No Chromium found: installing the Debian package "chromium" ...')
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
  ]) {
    const result = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    if (result.status !== 0) return null
  }
  return known.find((path) => existsSync(path)) ?? null
}

/** Flags under which Chromium runs as root, headless, and asks nothing of the outside. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
