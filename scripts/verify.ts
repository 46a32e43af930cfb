/**
 * `npm run verify`: everything that takes seconds. What it finds, CI would find. With `--all`, as `npm test` calls it,
 * the unit tests that start databases and processes run too.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** tsconfig files of the workspace: one a package, and one for what runs in Node around them. */
const projects = ['.', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => /^tsconfig(\.\w+)?\.json$/.test(file) && file !== 'tsconfig.base.json')
    .map((file) => `${folder}/${file}`),
)

type Step = [name: string, command: string, ...args: string[]]

/** Two lanes, for two cores: what reads the sources, and what runs them. */
const reading: Step[] = [
  ['format and lint', 'biome', 'ci', '--colors=off', '.'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
  ['import boundaries', 'node', 'scripts/boundaries.ts'],
  ...projects.map((project): Step => [`types ${project}`, 'tsc', '-p', project]),
]
const slow = [
  '**/*.postgres.test.ts',
  '**/store/postgres/**',
  '**/store/move.test.ts',
  '**/store/migrations.test.ts',
  '**/backup/backup.test.ts',
  '**/doctor/doctor.test.ts',
  '**/commands/init.test.ts',
  'scripts/deploy.test.ts',
  '**/outbox/worker.test.ts',
  '**/http-server.test.ts',
  '**/bad-bodies.test.ts',
  '**/request-limits.test.ts',
  '**/replicas.test.ts',
  '**/cases/racing.test.ts',
  '**/files/s3/**',
  '**/doctor/page/page-doctor.test.ts',
  '**/src/server.test.ts',
  'scripts/generate-submissions/**',
  'tests/**',
]
const left = process.argv.includes('--all') ? [] : slow.flatMap((pattern) => ['--exclude', pattern])
const running: Step[] = [['unit tests', 'vitest', 'run', '--silent=passed-only', '--reporter=minimal', ...left]]

/** What failed, as text that any log takes: tests print the bytes they found to be wrong. */
const legible = (output: string) =>
  output
    .replace(/^.*ExperimentalWarning: .*\n(\(Use `node --trace-warnings.*\n)?/gm, '')
    .replace(/[^\P{C}\n\t]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** Runs one step; its output is shown only if it fails. */
const runStep = ([name, command, ...args]: Step) =>
  new Promise<boolean>((resolve) => {
    const from = performance.now()
    // What is kept of a log of CI is its last few thousand characters: nothing of what passed, and no colours.
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => (output += String(error)))
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - from) / 1000).toFixed(1)} s)`)
      const summary = name === 'unit tests' ? output.split('\n').filter((line) => /^\s+(Test Files|Tests) /.test(line)) : []
      if (code !== 0) console.log(legible(output))
      else for (const line of summary) console.log(line)
      resolve(code === 0)
    })
  })

if (!existsSync(join(root, 'schemas/generated'))) throw new Error('run "npm run generate" first')
const lanes = await Promise.all(
  [running, reading].map(async (steps) => {
    let passed = true
    for (const step of steps) passed = (await runStep(step)) && passed
    return passed
  }),
)
process.exit(lanes.every(Boolean) ? 0 : 1)
