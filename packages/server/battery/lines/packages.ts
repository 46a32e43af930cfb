/** T46: packages are what was locked, run nothing at install but what is listed, and may be used. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lockedPackages } from '../../../../scripts/locked-packages.ts'
import type { Line } from '../line.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..')
const scripts = ['preinstall', 'install', 'postinstall']
/** Licences that a public body may use and pass on. */
const free =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|CC0-1\.0|CC-BY-[34]\.0|OFL-1\.1|Unlicense|BlueOak-1\.0\.0|MPL-2\.0|Python-2\.0|WTFPL|PSF-2\.0|LGPL-[23]\.[01](-or-later|-only)?)$/

interface Manifest {
  name: string
  version: string
  license?: string | { type?: string }
  licenses?: { type?: string }[]
  scripts?: Record<string, string>
}

/** Of everything that is installed. */
function installed(): Manifest[] {
  const store = join(root, 'node_modules/.pnpm')
  const found: Manifest[] = []
  for (const entry of existsSync(store) ? readdirSync(store) : []) {
    const folder = join(store, entry, 'node_modules')
    if (!existsSync(folder)) continue
    const name = entry.startsWith('@') ? entry.replace('+', '/').replace(/(?<=.)@.*$/, '') : entry.replace(/@.*$/, '')
    const file = join(folder, name, 'package.json')
    if (existsSync(file)) found.push(JSON.parse(readFileSync(file, 'utf8')))
  }
  return found
}

/** Whose licence stands in a file of theirs alone. */
const known: Readonly<Record<string, string>> = { 'humanize-number': 'MIT' }

const licenceOf = ({ name, license, licenses }: Manifest): string =>
  known[name] ?? (typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none'))
/** Of several to choose from, one is enough. */
const isFree = (licence: string) =>
  licence
    .replace(/[()]/g, '')
    .split(/ OR /i)
    .some((one) => one.split(/ AND /i).every((part) => free.test(part.trim())))

export const packages: Line = {
  attack: 'T46',
  name: 'packages',
  what: 'the lockfile, install scripts and licences of every package',
  reach: 'each is locked by its digest, none runs a script at install that is not listed, each may be used and passed on',
  async run() {
    const locked = lockedPackages(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))
    const listed = new Set([...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}'?([^':]+)'?: true$/gm)].map(([, name]) => name))
    const unlocked = locked.filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))
    const all = installed()
    const unlisted = all.filter((one) => scripts.some((name) => one.scripts?.[name]) && !listed.has(one.name))
    const strange = all.filter((one) => !isFree(licenceOf(one)))
    const notLocked = all.filter(({ name, version }) => !locked.some((one) => one.name === name && one.version === version))
    // What is not built is refused by the installer, which must be told so.
    const refuses = /^allowBuilds:/m.test(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
    const tampered = lockedPackages(
      readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8').replace(/integrity: sha512-[^}]+/, 'tarball: https://evil.example/x.tgz'),
    )
    return {
      trials: locked.length,
      figure: `${unlocked.length} without a digest, ${notLocked.length} installed that are not locked, scripts at install that the installer leaves out: ${unlisted.map(({ name }) => name).join(', ') || 'none'}, licences to look at: ${strange.map((one) => `${one.name} ${licenceOf(one)}`).join(', ') || 'none'}`,
      good: locked.length > 300 && all.length > 200 && unlocked.length === 0 && notLocked.length === 0 && refuses && strange.length === 0,
      control: { what: 'a lockfile with an address in place of a digest', noticed: tampered.some(({ integrity }) => integrity === null) },
    }
  },
}
