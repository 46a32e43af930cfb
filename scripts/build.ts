/**
 * Builds what browsers load (packages/receipts, runtime, builder and desk, each into its dist), and the server that an operator
 * starts (packages/server/dist). With `--if-changed` a package whose sources are as they were at its last build is left alone.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Package to the folders and files that its build reads. */
const builds: Record<string, string[]> = {
  receipts: ['packages/receipts', 'schemas', 'pnpm-lock.yaml'],
  runtime: ['packages/runtime', 'packages/fields', 'packages/core', 'schemas', 'pnpm-lock.yaml'],
  builder: ['packages/builder', 'packages/staff', 'packages/runtime', 'packages/fields', 'packages/core', 'schemas', 'pnpm-lock.yaml'],
  desk: ['packages/desk', 'packages/staff', 'packages/runtime', 'packages/fields', 'packages/core', 'schemas', 'pnpm-lock.yaml'],
  server: ['packages/server', 'packages/sealing', 'packages/receipts', 'packages/fields', 'packages/core', 'schemas', 'pnpm-lock.yaml'],
}

/** Names, sizes and times of all source files: enough to notice a change, and fast. */
function fingerprint(inputs: string[]): string {
  const hash = createHash('sha256')
  const visit = (path: string) => {
    const stat = statSync(path)
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
      return
    }
    for (const entry of readdirSync(path).sort()) if (!['node_modules', 'dist', '.cache'].includes(entry)) visit(join(path, entry))
  }
  for (const input of inputs) visit(join(root, input))
  return hash.digest('hex')
}

const ifChanged = process.argv.includes('--if-changed')
for (const [name, inputs] of Object.entries(builds)) {
  const folder = join(root, 'packages', name)
  const stamp = join(folder, 'dist', '.built')
  const now = fingerprint(inputs)
  if (ifChanged && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue
  console.error(`Building packages/${name} ...`)
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: folder, stdio: ['ignore', 2, 2] })
  if (result.status !== 0) process.exit(result.status ?? 1)
  writeFileSync(stamp, now)
}
