/** Installs what Guichet is measured against, and bundles each peer into dist/<peer>/ with its definitions. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installedVersion, installPeers } from '../peers-installed.ts'
import { factsOf, makeForm, sizes } from './form-spec.ts'
import type { Peer } from './peers.ts'

export const here = fileURLToPath(new URL('.', import.meta.url))
/** One a process, so that two runs do not meet. */
export const dist = join(here, 'dist', String(process.pid))

/** What of esbuild is used: it is no dependency of the workspace, so that its types are not there to be checked against. */
interface Bundler {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>
}

export const install = () => installPeers(here)
export const versionOf = (name: string) => installedVersion(here, name)

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
      writeFileSync(join(folder, `${form}.json`), JSON.stringify({ definition: peer.definition(spec), facts: factsOf(spec), tag: peer.tag }))
    }
  }
}
