#!/usr/bin/env node
/** `guichet`: finds the command in the table, reads its command line, and says in plain words what went wrong. */
import { type Command, CommandFailed, type Streams } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { commandHelp, overview } from './commands/help.ts'
import { readCall } from './commands/read-call.ts'
import { ConfigError } from './config.ts'
import { DataDirInUse } from './data-dir-lock.ts'
import { isDiskFailure } from './disk-failure.ts'
import { OtherKeys } from './keys/key-marks.ts'
import { WrongPrimitive } from './keys/known-answers.ts'
import { RootFailed } from './keys/roots/root-keys.ts'
import { StoreFailure, Unreachable } from './store/postgres/failure.ts'
import { UnfitDatabase } from './store/unfit-database.ts'
import { UsageError } from './usage-error.ts'

const find = (name: string): Command => {
  const command = commands.find((each) => each.name === name)
  if (!command) throw new UsageError(`There is no command "${name}".`)
  return command
}

const folders: Readonly<Record<string, string>> = {
  EACCES: 'Run it as the user that this belongs to, or let this user read and write there.',
  EPERM: 'Run it as the user that this belongs to, or let this user read and write there.',
  EROFS: 'Nothing can be written there: name another place.',
  ENOSPC: 'The disk is full: make room.',
  EDQUOT: 'This user may store no more there: make room.',
  EEXIST: 'There is something else of that name: name another place.',
  ENOTDIR: 'A part of that path is no folder: name another place.',
  EISDIR: 'That is a folder, where a file should be.',
  ENOENT: 'It is not there: is the path right?',
  EIO: 'The disk fails: look at it before anything else.',
  ELOOP: 'Links lead round in a circle there: name another place.',
}
const ports: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program has this port. Set PORT, DEMO_PORT or METRICS_PORT to another.',
  EACCES: 'This user may not take that port. Set PORT, DEMO_PORT or METRICS_PORT to one above 1023.',
  EADDRNOTAVAIL: 'This machine has no such address. Set HOST or METRICS_HOST to one that it has.',
  ENOTFOUND: 'Nobody knows that name. Set HOST or METRICS_HOST to an address of this machine.',
  EAI_AGAIN: 'Nobody knows that name. Set HOST or METRICS_HOST to an address of this machine.',
}
/** By SQLSTATE. */
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'The password is wrong. Check DATABASE_URL and DATABASE_OWNER_URL.',
  '28000': 'It does not let this role in from here. Check DATABASE_URL and DATABASE_OWNER_URL, and pg_hba.conf.',
  '3D000': 'There is no such database. Check DATABASE_URL and DATABASE_OWNER_URL.',
  '42501': 'The role lacks rights. Start once with DATABASE_OWNER_URL, which gives them.',
}
/** By SQLite's primary code: what the file does to us. Others are mistakes of ours. */
const files: Readonly<Record<number, string>> = {
  5: 'Another program is using it.',
  8: 'Run it as the user that DATA_DIR belongs to.',
  10: 'The disk fails: look at it before anything else.',
  11: 'Copy DATA_DIR whole, then restore a backup to another place.',
  13: 'The disk is full: make room.',
  14: 'Run it as the user that DATA_DIR belongs to.',
  26: 'Copy DATA_DIR whole, then restore a backup to another place.',
}

/** What is to be done about what the system or the database said; null where nobody but us can do anything. */
function remedyOf(error: unknown): string | null {
  if (error instanceof Unreachable) return 'Check DATABASE_URL, and that the database runs.'
  if (error instanceof StoreFailure) return refusals[error.code] ?? 'guichet doctor says more.'
  const { code = '', syscall, errcode } = error as NodeJS.ErrnoException & { errcode?: number }
  if (errcode !== undefined) return files[errcode & 0xff] ?? null
  if (syscall === undefined) return null
  return (syscall === 'listen' || syscall === 'getaddrinfo' ? ports : folders)[code] ?? null
}

/** Gives the exit code. */
export async function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env, streams: Streams = { out: process.stdout, err: process.stderr }) {
  const { out, err } = streams
  const [name = 'help', ...rest] = args
  let command: Command | null = null
  try {
    if (name === 'help' || name === '--help' || name === '-h') {
      out.write(rest[0] === undefined ? overview(commands) : commandHelp(find(rest[0])))
      return 0
    }
    command = find(name)
    if (rest.includes('--help') || rest.includes('-h')) {
      out.write(commandHelp(command))
      return 0
    }
    return await command.run(readCall(command, rest, env, streams))
  } catch (error) {
    const inPlace = Object.entries(command?.options ?? {}).filter(
      ([option, { insteadOf }]) => insteadOf && rest.some((word) => word.split('=')[0] === `--${option}`),
    )
    const named = (said: string) =>
      inPlace.reduce((text, [option, { insteadOf }]) => text.replaceAll(new RegExp(`\\b${insteadOf}\\b`, 'g'), `--${option}`), said)
    const message = `${named((error as Error).message)}\n`
    if (error instanceof UsageError) {
      err.write(`${message}${command ? `guichet ${command.name} --help says how it is used.` : `\n${overview(commands).trimEnd()}`}\n`)
      return 2
    }
    if (error instanceof ConfigError) {
      err.write(message)
      return 2
    }
    if ([CommandFailed, DataDirInUse, OtherKeys, RootFailed, WrongPrimitive, UnfitDatabase].some((kind) => error instanceof kind)) {
      err.write(message)
      return 1
    }
    const remedy = remedyOf(error)
    // With its stack: it is ours to mend.
    if (remedy === null) throw error
    err.write(`${'errcode' in (error as object) ? 'The database in DATA_DIR: ' : ''}${(error as Error).message}. ${named(remedy)}\n`)
    // Where the disk is to be looked at first, whatever starts servers does not start this one again.
    return command?.exits?.[70] && isDiskFailure(error) ? 70 : 1
  }
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
