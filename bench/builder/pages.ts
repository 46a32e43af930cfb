/** The rivals: bundled, and served from loopback each with the form as its server would send it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPeers } from '../peers-installed.ts'
import { formJs } from '../runtime/definitions/form-js.ts'
import { formio } from '../runtime/definitions/formio.ts'
import type { FormSpec } from '../runtime/form-spec.ts'

export const here = fileURLToPath(new URL('.', import.meta.url))

/** A rival: a script in peers/ that opens it, the definition it wants, and the styles that its documentation names. */
export const rivals = {
  formio: {
    title: 'Form.io builder',
    package: '@formio/js',
    definition: formio,
    styles: ['bootstrap/dist/css/bootstrap.min.css', '@formio/js/dist/formio.full.min.css'],
  },
  'form-js': {
    title: 'form-js editor',
    package: '@bpmn-io/form-js-editor',
    definition: formJs,
    styles: ['@bpmn-io/form-js-editor/dist/assets/form-js-editor.css', '@bpmn-io/form-js-editor/dist/assets/properties-panel.css'],
  },
} as const
export type RivalName = keyof typeof rivals

interface Bundler {
  build(options: Readonly<Record<string, unknown>>): Promise<{ outputFiles?: { text: string }[] }>
}
// It is no dependency of the workspace.
const esbuild = () => createRequire(import.meta.url)('esbuild') as Bundler

/** A script of ours as text, to be put into pages before their own. */
export async function scriptOf(path: string): Promise<string> {
  const { outputFiles } = await esbuild().build({ absWorkingDir: here, entryPoints: [path], bundle: true, format: 'iife', target: 'es2022', write: false })
  return outputFiles?.[0]?.text ?? ''
}

const mediaTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' }

const page = (name: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Bench</title>
<link rel="stylesheet" href="/${name}/style.css"><script type="module" src="/${name}/index.js"></script></head>
<body><div id="root"></div></body>
</html>`

/** Installs and bundles them; gives the origin at which `/<rival>/` is each one's page. */
export async function serveRivals(form: FormSpec): Promise<{ origin: string; close(): Promise<void> }> {
  installPeers(here)
  const dist = join(here, 'dist', String(process.pid))
  process.on('exit', () => rmSync(dist, { recursive: true, force: true }))
  for (const [name, { definition, styles }] of Object.entries(rivals)) {
    const folder = join(dist, name)
    mkdirSync(folder, { recursive: true })
    const common = { absWorkingDir: here, bundle: true, minify: true, legalComments: 'none', logLevel: 'error', target: 'es2022' }
    await esbuild().build({
      ...common,
      stdin: {
        contents: `import { open } from './peers/${name}.js'
          const definition = await (await fetch('/${name}/form.json')).json()
          probe.handle = await open(definition, document.getElementById('root'))`,
        resolveDir: here,
      },
      outfile: join(folder, 'index.js'),
      format: 'esm',
      mainFields: ['browser', 'module', 'main'],
      define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
      loader: { '.svg': 'dataurl', '.ttf': 'dataurl' },
    })
    const files = { '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'file', '.svg': 'dataurl' }
    const contents = styles.map((path) => `@import "./node_modules/${path}";`).join('\n')
    await esbuild().build({ ...common, stdin: { contents, loader: 'css', resolveDir: here }, outfile: join(folder, 'style.css'), loader: files })
    writeFileSync(join(folder, 'form.json'), JSON.stringify(definition(form)))
  }
  const bodies = new Map<string, Buffer>()
  const bodyOf = (path: string): Buffer => {
    const [, top = '', name = '', ...rest] = normalize(path).split('/')
    // Form.io asks its own server for these unless it is told another.
    const file = top === 'vendor' ? join(here, 'node_modules', name === 'flatpickr-formio' ? 'flatpickr/dist' : name, ...rest) : join(dist, top, name, ...rest)
    const body = bodies.get(path) ?? readFileSync(file)
    bodies.set(path, body)
    return body
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url as string, 'http://bench')
    const [, name] = /^\/([\w-]+)\/$/.exec(pathname) ?? []
    try {
      if (name && name in rivals) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(name))
      else
        response
          .writeHead(200, { 'content-type': mediaTypes[extname(pathname)] ?? 'application/octet-stream', 'cache-control': 'max-age=600' })
          .end(bodyOf(pathname))
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
