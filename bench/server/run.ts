/**
 * `npm run bench:server`: intake next to its floors and to what one would use instead, its growth, its start.
 *
 *   npm run bench:server -- [floors] [postgres] [peers] [growth] [soak] [uploads] [trust] [start]     all of them, if none is named
 *
 *   --short         a few seconds of each, to see that it works; prints its tables and writes nothing
 *   --rows COUNT    submissions of the growth part, 10 million if absent: 31 GB of disk while it runs
 *   --stores DIR    folder whose stores the growth part uses, once; made there if they are not, and kept
 *   --note TEXT     what else the machine was doing
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeSection } from '../section.ts'
import { parts } from './parts.ts'
import { type Results, tablesOf } from './report.ts'

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    rows: { type: 'string', default: '10000000' },
    note: { type: 'string', default: '' },
    stores: { type: 'string' },
  },
})
const unknown = positionals.filter((name) => !(name in parts))
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`)

const here = fileURLToPath(new URL('.', import.meta.url))
const file = join(here, 'results.json')
const results: Results = !given.short && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
const load = () => Math.round((loadavg()[0] ?? 0) * 10) / 10
const tell = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)

const built = spawnSync(process.execPath, [join(here, '../../scripts/build.ts'), '--if-changed'], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) process.exit(1)

let failed = false
for (const name of (positionals.length > 0 ? positionals : Object.keys(parts)) as (keyof typeof parts)[]) {
  const circumstances = {
    when: new Date().toISOString().slice(0, 16).replace('T', ' '),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
    node: process.version,
    commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8' }).stdout.trim(),
    load: load(),
    note: given.note,
  }
  tell(`${name} begins`)
  const began = performance.now()
  try {
    const figures = await parts[name](given.short, tell, Number(given.rows), given.stores)
    results[name] = { ...circumstances, loadAfter: load(), minutes: Math.round((performance.now() - began) / 6000) / 10, figures } as never
    // After each part: a run that is stopped keeps what it has measured.
    if (!given.short) writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  } catch (error) {
    failed = true
    tell(`${name} failed: ${error instanceof Error ? error.stack : error}`)
  }
}

const tables = tablesOf(results)
console.log(tables)
if (!given.short) {
  const page = join(here, '../RESULTS.md')
  writeSection(page, 'server', tables)
  spawnSync('biome', ['format', '--write', file, page], { stdio: ['ignore', 2, 2] })
}
process.exit(failed ? 1 : 0)
