import { spawnSync } from 'node:child_process'

/** Installs a Debian package, saying so. False where that cannot be done: another system, no rights, no network. */
export function installPackage(name: string): boolean {
  if (process.getuid?.() !== 0) return false
  console.log(`Installing the Debian package "${name}" ...`)
  const commands = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', name],
  ]
  return commands.every((args) => {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    return status === 0
  })
}
