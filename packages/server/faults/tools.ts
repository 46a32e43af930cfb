/** What a fault needs of the system. Where it is missing the fault is skipped, loudly; in CI that is a failure. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresIsThere } from '../src/testing/postgres.ts'

/** Whether the fault can run. @throws in CI, if not */
function there(found: boolean, what: string): boolean {
  if (found) return true
  if (process.env.CI) throw new Error(`In CI nothing is skipped: ${what}`)
  process.stderr.write(`SKIPPED: ${what}\n`)
  return false
}

export const straceIsThere = (fault: string) =>
  there(spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0, `${fault}, for want of a strace that may trace. Install it (apt-get install strace).`)

/** The library that a process is given another clock by; null: not installed. */
export function findFaketime(): string | null {
  const lib = '/usr/lib'
  const folders = existsSync(lib) ? [lib, ...readdirSync(lib).map((name) => join(lib, name))] : []
  return folders.map((folder) => join(folder, 'faketime/libfaketimeMT.so.1')).find((path) => existsSync(path)) ?? null
}
export const faketimeIsThere = (fault: string) => there(findFaketime() !== null, `${fault}, for want of libfaketime. Install it (apt-get install libfaketime).`)

/** One that we may kill: not that of TEST_DATABASE_URL. */
export const ownPostgresIsThere = (fault: string) => {
  if (process.env.TEST_DATABASE_URL) return there(false, `${fault}, because the server of TEST_DATABASE_URL is not ours to break.`)
  return postgresIsThere()
}

/** A small disk in memory; null where none may be mounted. */
export function mountSmallDisk(megabytes: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-small-'))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder]).status === 0) return folder
  rmSync(folder, { recursive: true, force: true })
  return null
}
export function unmount(folder: string): void {
  spawnSync('umount', [folder])
  rmSync(folder, { recursive: true, force: true })
}
export function mayMount(fault: string): boolean {
  const trial = mountSmallDisk(1)
  if (trial) unmount(trial)
  return there(trial !== null, `${fault}, because no file system may be mounted here: run it as root.`)
}
