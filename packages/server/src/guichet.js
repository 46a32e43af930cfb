#!/usr/bin/env node
/**
 * `guichet`; the build makes dist/guichet.js of it. Plain JavaScript, because what Node makes of TypeScript is kept for the next start only if it is told to before
 * it reads the first of it. Kept beside the installed packages; where nothing can be written there, `serve` keeps its own.
 */
import * as modules from 'node:module'
import { fileURLToPath } from 'node:url'

// An earlier Node stops at the first import that it does not know, with a sentence that is of no use to anybody.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(`guichet needs Node 24 or newer, and this is ${process.versions.node}. Install a newer one, and start again.\n`)
  process.exitCode = 1
} else {
  modules.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/guichet', import.meta.url)))
  const { run } = await import('./cli.ts')
  process.exitCode = await run(process.argv.slice(2))
}
