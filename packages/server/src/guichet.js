#!/usr/bin/env node
/**
 * `guichet`; the build makes dist/guichet.js of it. Plain JavaScript, because what Node makes of TypeScript is kept for the next start only if it is told to before
 * it reads the first of it. Kept beside the installed packages; where nothing can be written there, `serve` keeps its own.
 */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/guichet', import.meta.url)))
const { run } = await import('./cli.ts')
process.exitCode = await run(process.argv.slice(2))
