/** Finds a Chromium for the browser tests, or installs Debian's. */
import { existsSync } from 'node:fs'
import { installPackage } from './debian.ts'

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
  if (!installPackage('chromium')) return null
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
