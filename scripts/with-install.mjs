/**
 * Runs a command with the project's dependencies installed and Node 24 first on PATH:
 *
 *   node scripts/with-install.mjs node scripts/verify.ts
 *   node scripts/with-install.mjs --built node scripts/weights.ts        builds first what has changed since it was built
 *
 * Plain JavaScript for Node 20, because it is what runs before anything is installed. A Node 24 (or newer) that the user
 * has is used as it is; for others the `node` package among our dependencies brings one.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stamp = join(root, 'node_modules', '.guichet-installed')

/** Changes when what is to be installed changes. */
function wanted() {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** Installs with pnpm (the user's own from version 10 on, else one that npx brings) unless nothing has changed. */
export function ensureInstalled() {
  const digest = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  const own = spawnSync('pnpm', ['--version'], { encoding: 'utf8', cwd: root, shell: process.platform === 'win32' })
  const command = own.status === 0 && Number.parseInt(own.stdout, 10) >= 10 ? ['pnpm'] : ['npx', '--yes', 'pnpm@12']
  console.error('Installing dependencies ...')
  const [name, ...args] = [...command, 'install', '--frozen-lockfile']
  const result = spawnSync(name, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (result.status !== 0) {
    console.error('The dependencies could not be installed; see above. Check the network and run the same command again.')
    process.exit(result.status ?? 1)
  }
  writeFileSync(stamp, digest)
}

/** The environment in which `node` is Node 24 or newer and our tools are on PATH. */
export function environment() {
  const bin = join(root, 'node_modules', '.bin')
  const major = Number.parseInt(process.versions.node, 10)
  const first = major >= 24 ? [dirname(process.execPath), bin] : [bin]
  return { ...process.env, PATH: [...first, process.env.PATH].join(delimiter) }
}

/** Runs a command to its end and gives its exit code; signals reach the command. */
export function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: environment(), stdio: 'inherit', shell: process.platform === 'win32' })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    // An npm that is ended by itself tells nobody: what it started must not go on without it. Only under npm: a command that
    // was put into the background on purpose outlives its shell.
    const parent = process.ppid
    if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
    child.on('error', (error) => {
      console.error(String(error))
      resolve(127)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2)
  const built = given[0] === '--built'
  const [command, ...args] = built ? given.slice(1) : given
  if (!command) {
    console.error('usage: node scripts/with-install.mjs [--built] COMMAND [ARGUMENT ...]')
    process.exit(2)
  }
  ensureInstalled()
  const failed = built ? await run('node', ['scripts/build.ts', '--if-changed']) : 0
  if (failed) process.exit(failed)
  process.exit(await run(command, args))
}
