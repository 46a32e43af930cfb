/** Installs what Guichet is measured against, and bundles each peer into dist/<peer>/ with its definitions. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { factsOf, makeForm, sizes } from './form-spec.ts'
import type { Peer } from './peers.ts'

export const here = fileURLToPath(new URL('.', import.meta.url))
/** One a process, so that two runs do not meet. */
export const dist = join(here, 'dist', String(process.pid))

/** What of esbuild is used: it is no dependency of the workspace, so that its types are not there to be checked against. */
interface Bundler {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** Outside the workspace and without install scripts: none of this is ever part of Guichet. */
export function install() {
  const stamp = join(here, 'node_modules/.package-lock.json')
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs) return
  console.error('Installing the peers ...')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error('the peers could not be installed: see above')
}

export const versionOf = (name: string): string => JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version

export async function bundle(wanted: Readonly<Record<string, Peer>>) {
  const { build } = createRequire(import.meta.url)('esbuild') as Bundler
  const common = { absWorkingDir: here, bundle: true, minify: true, legalComments: 'none', logLevel: 'error', target: 'es2022' }
  mkdirSync(dist, { recursive: true })
  process.on('exit', () => rmSync(dist, { recursive: true, force: true }))
  await build({ ...common, entryPoints: ['page/boot.ts'], outfile: join(dist, 'boot.js'), format: 'esm' })
  for (const [name, peer] of Object.entries(wanted)) {
    const folder = join(dist, name)
    await build({
      ...common,
      entryPoints: { index: `peers/${peer.script}` },
      outdir: folder,
      format: 'esm',
      splitting: true,
      mainFields: ['browser', 'module', 'main'],
      define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
      loader: { '.svg': 'dataurl', '.ttf': 'dataurl' },
    })
    if (peer.styles.length > 0) {
      const contents = peer.styles.map((path) => `@import "./${path}";`).join('\n')
      const files = { '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'file', '.svg': 'dataurl' }
      await build({ ...common, stdin: { contents, loader: 'css', resolveDir: here }, outfile: join(folder, 'style.css'), loader: files })
    }
    for (const [form, size] of Object.entries(sizes)) {
      const spec = makeForm(size)
      writeFileSync(join(folder, `${form}.json`), JSON.stringify({ definition: peer.definition(spec), facts: factsOf(spec) }))
    }
  }
}
