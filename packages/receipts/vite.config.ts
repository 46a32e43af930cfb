/**
 * Makes dist/verify.html: script and style stand in the page, and its policy lets in nothing but these two, and no network.
 * Besides dist/log.js.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { build, defineConfig, type Plugin } from 'vite'

const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const onePage = (): Plugin => ({
  name: 'one-page',
  generateBundle(_, bundle) {
    const [chunk, ...more] = Object.values(bundle)
    if (chunk?.type !== 'chunk' || more.length > 0) throw new Error('the page has to be of one piece')
    delete bundle[chunk.fileName]
    const script = chunk.code.replaceAll('</script', '<\\/script').trim()
    const style = readFileSync(new URL('src/page/page.css', import.meta.url), 'utf8').trim()
    const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'`
    this.emitFile({
      type: 'asset',
      fileName: 'verify.html',
      source: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Check a receipt</title>
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. Without it: guichet verify receipt.json --keys keys.json</noscript>
<script type="application/json" id="built">null</script>
<script>${script}</script>
</body>
</html>
`,
    })
  },
  /** The script that a page of the server loads stands by itself. */
  async closeBundle() {
    await build({
      configFile: false,
      logLevel: 'warn',
      build: { lib: { entry: 'src/page/log.ts', formats: ['es'], fileName: () => 'log.js' }, target: 'es2022', emptyOutDir: false },
    })
  },
})

export default defineConfig({
  build: { lib: { entry: 'src/page/page.ts', formats: ['iife'], name: 'guichetVerify' }, target: 'es2022' },
  plugins: [onePage()],
})
