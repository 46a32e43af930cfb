#!/usr/bin/env node
/** `guichet`: finds the command in the table, reads its command line, and says in plain words what went wrong. */
import { type Command, CommandFailed, type Streams } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { commandHelp, overview } from './commands/help.ts'
import { readCall } from './commands/read-call.ts'
import { ConfigError } from './config.ts'
import { DataDirInUse } from './data-dir-lock.ts'
import { OtherKeys } from './keys/key-marks.ts'
import { WrongPrimitive } from './keys/known-answers.ts'
import { RootFailed } from './keys/roots/root-keys.ts'
import { StoreFailure, UnfitDatabase, Unreachable } from './store/postgres/failure.ts'
import { UsageError } from './usage-error.ts'

const find = (name: string): Command => {
  const command = commands.find((each) => each.name === name)
  if (!command) throw new UsageError(`There is no command "${name}".`)
  return command
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
    const message = `${(error as Error).message}\n`
    if (error instanceof UsageError) {
      err.write(`${message}${command ? `guichet ${command.name} --help says how it is used.` : `\n${overview(commands).trimEnd()}`}\n`)
      return 2
    }
    if (error instanceof ConfigError) {
      err.write(message)
      return 2
    }
    if ([CommandFailed, DataDirInUse, OtherKeys, RootFailed, WrongPrimitive, UnfitDatabase, Unreachable, StoreFailure].some((kind) => error instanceof kind)) {
      err.write(message)
      return 1
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      err.write(`${(error as Error).message}: another program has this port. Set PORT or DEMO_PORT.\n`)
      return 1
    }
    throw error
  }
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
