/**
 * `npm run dev`: the server restarts when its sources change; runtime, builder and desk are built again when theirs do.
 * Pages then load anew by themselves: development builds listen to the server's /dev/changes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const vite = join(root, 'node_modules/vite/bin/vite.js')
const children: ChildProcess[] = []
const start = (args: string[], cwd: string) => {
  const child = spawn(process.execPath, args, { cwd, stdio: 'inherit', env: { ...process.env, GUICHET_DEV: '1' } })
  children.push(child)
  child.on('exit', (code) => {
    if (code) stop(code)
  })
}
function stop(code: number) {
  for (const child of children) child.kill('SIGTERM')
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0))

for (const name of ['runtime', 'builder', 'desk']) {
  // What is built from now on is for development: the next `npm start` must not take it for its own.
  rmSync(join(root, 'packages', name, 'dist/.built'), { force: true })
  start([vite, 'build', '--watch', '--mode', 'development', '--logLevel', 'warn'], join(root, 'packages', name))
}
start(['--watch', '--watch-preserve-output', join(root, 'packages/server/src/main.ts')], root)
