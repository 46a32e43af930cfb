/**
 * `npm run mutation [-- AREA ...] [--only FILE[:10-20] ...] [--coverage] [--afresh] [--concurrency N] [--write]`: changes the
 * code that decides, one small mistake at a time, and looks whether a test notices. Prints a line for each area, and what no
 * test noticed. Ends with 1 if a figure is not reached.
 *
 * --only mutates these files (or lines of them) alone; --coverage measures the branches alone; --afresh trusts no result of an
 * earlier run (they are kept in node_modules/.cache/guichet-mutation, and used again for files and tests that did not change;
 * what a test imports besides may have); --write puts the figures into docs/security.md.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Area, areas, root, sourcesOf, testsOf } from './areas.ts'
import { type Branches, readBranches } from './branches.ts'
import { copyTree } from './copy.ts'
import { type Figures, figuresOf, holds, type Report, reach, shown, unnoticed } from './figures.ts'
import { writeFigures } from './report.ts'

function usage(mistake: string): never {
  process.stderr.write(
    `${mistake}\nusage: npm run mutation [-- ${areas.map(({ name }) => name).join(' | ')}] [--only FILE[:10-20] ...] [--coverage] [--afresh] [--concurrency N] [--write]\n`,
  )
  process.exit(2)
}

function readArgs() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        coverage: { type: 'boolean' },
        afresh: { type: 'boolean' },
        concurrency: { type: 'string', default: '2' },
        write: { type: 'boolean' },
      },
    })
  } catch (error) {
    return usage((error as Error).message)
  }
}

const { values, positionals } = readArgs()
if (!/^[1-9]\d?$/.test(values.concurrency)) usage('--concurrency must be a whole number.')
if (values.write && (values.only.length > 0 || values.coverage)) usage('--write puts down figures of whole areas.')
const unknown = positionals.filter((word) => !areas.some(({ name }) => name === word))
if (unknown.length > 0) usage(`There is no area ${unknown.join(', ')}.`)
const fileOf = (only: string) => only.replace(/:\d+-\d+$/, '')
for (const only of values.only) if (!areas.some((area) => sourcesOf(area).includes(fileOf(only)))) usage(`${fileOf(only)} is in no area.`)
const chosen = areas.filter(
  (area) =>
    (positionals.length === 0 || positionals.includes(area.name)) &&
    (values.only.length === 0 || values.only.some((only) => sourcesOf(area).includes(fileOf(only)))),
)

const kept = join(root, 'node_modules/.cache/guichet-mutation')
mkdirSync(kept, { recursive: true })
const copy = copyTree()
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))

/** Runs a tool in the copy; its words are shown if it fails. */
function runTool(path: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(copy, 'node_modules', path), ...args], { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGTERM')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  const said: Buffer[] = []
  child.stdout.on('data', (data) => {
    said.push(data)
    // Stryker says every ten seconds how far it is.
    for (const line of String(data).split('\n')) if (/^Mutation testing/.test(line)) process.stderr.write(`${line}\n`)
  })
  child.stderr.on('data', (data) => said.push(data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
      if (code === 0) resolve()
      else reject(new Error(`${path} ended with ${code}:\n${Buffer.concat(said).toString().slice(-4000)}`))
    })
  })
}

/** The area's tests and no others. Nothing here measures time: a busy machine must not make a mutant look caught. */
const writeConfig = (area: Area, files: readonly string[]) => {
  const test = {
    include: testsOf(area),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'istanbul', include: files, reporter: ['json'], reportsDirectory: join(copy, 'coverage') },
  }
  const path = join(copy, 'vitest.mutation.config.ts')
  writeFileSync(path, `export default ${JSON.stringify({ test })}\n`)
  return path
}

async function branchesOfArea(area: Area, files: readonly string[]): Promise<Branches> {
  await runTool('vitest/vitest.mjs', [
    'related',
    ...files,
    '--run',
    '--config',
    writeConfig(area, files),
    '--coverage.enabled',
    '--maxWorkers',
    values.concurrency,
  ])
  return readBranches(join(copy, 'coverage'), copy)
}

async function mutate(area: Area, files: readonly string[]): Promise<Report> {
  const [config, report] = [join(copy, 'stryker.config.json'), join(copy, 'mutation.json')]
  const incremental = values.only.length === 0
  writeFileSync(
    config,
    JSON.stringify({
      plugins: ['@stryker-mutator/vitest-runner'],
      testRunner: 'vitest',
      vitest: { configFile: writeConfig(area, files), related: true, pool: 'forks' },
      mutate: files,
      inPlace: true,
      disableTypeChecks: false,
      coverageAnalysis: 'perTest',
      concurrency: Number(values.concurrency),
      timeoutMS: 120_000,
      timeoutFactor: 10,
      incremental,
      incrementalFile: join(kept, `${area.name}.json`),
      force: values.afresh ?? false,
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: report },
      allowEmpty: true,
      checkers: [],
    }),
  )
  await runTool('@stryker-mutator/core/bin/stryker.js', ['run', config])
  return JSON.parse(readFileSync(report, 'utf8')) as Report
}

const measured = new Map<string, Figures>()
for (const area of chosen) {
  const began = performance.now()
  const files = values.only.length > 0 ? values.only.filter((only) => sourcesOf(area).includes(fileOf(only))) : sourcesOf(area)
  const branches = await branchesOfArea(area, files.map(fileOf))
  for (const missed of branches.missed) process.stdout.write(`  branch   ${missed}\n`)
  if (values.coverage) {
    process.stdout.write(`${area.name}: branches ${shown((branches.taken / branches.all) * 100)} (${branches.taken} of ${branches.all})\n`)
    if (branches.missed.length > 0) process.exitCode = 1
    continue
  }
  const report = await mutate(area, files)
  for (const line of unnoticed(report)) process.stdout.write(`  ${line}\n`)
  const figures = figuresOf(report, branches)
  measured.set(area.name, figures)
  const { mutants, killed, survived, noCoverage, timeouts, ignored, score } = figures
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  process.stdout.write(
    `${holds(figures) ? 'ok  ' : 'FAIL'} ${area.name}: ${mutants} mutants | ${killed} killed | ${survived} survived | ${noCoverage} without a test | ${timeouts} timed out | ${ignored} let be | score ${shown(score)}, to reach ${reach.score} % | branches ${shown(figures.branches)}, to reach ${reach.branches} % | ${minutes} min\n`,
  )
  if (!holds(figures)) process.exitCode = 1
}
if (values.write) writeFigures(join(root, 'docs/security.md'), measured)
