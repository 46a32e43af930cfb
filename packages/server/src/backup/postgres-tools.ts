/** pg_dump and pg_restore, which come with PostgreSQL. A password reaches them by the environment: a command line can be read by anyone on the machine. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { CommandFailed } from '../commands/command.ts'

/** Of several installed ones the newest: it can read older servers, but not newer ones. */
function find(tool: string, path: string): string {
  const versions = '/usr/lib/postgresql'
  const installed = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, 'bin'))
    : []
  const folder = [...installed, ...path.split(delimiter)].find((each) => each !== '' && existsSync(join(each, tool)))
  if (!folder)
    throw new CommandFailed(
      `${tool} is not installed. Install the PostgreSQL client (Debian: apt-get install postgresql-client) of at least the server's version.`,
    )
  return join(folder, tool)
}

/** An address without its password, and the password. */
export function withoutPassword(address: string): { url: string; password: string | null } {
  const url = new URL(address)
  const password = url.password ? decodeURIComponent(url.password) : url.searchParams.get('password')
  url.password = ''
  url.searchParams.delete('password')
  return { url: url.href, password }
}

/** Runs a tool against a database; its own words are what a failure says. @throws CommandFailed */
export async function runTool(
  tool: 'pg_dump' | 'pg_restore',
  args: readonly string[],
  { address, path }: { address: string | null; path: string },
): Promise<void> {
  const place = address === null ? null : withoutPassword(address)
  const child = spawn(find(tool, path), [...args, ...(place ? [`--dbname=${place.url}`] : [])], {
    env: { PATH: path, LC_ALL: 'C', ...(place?.password ? { PGPASSWORD: place.password } : {}) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (piece) => {
    said = `${said}${piece}`.slice(-4000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new CommandFailed(`${tool} failed: ${said.trim() || `exit code ${code}`}`)
}
