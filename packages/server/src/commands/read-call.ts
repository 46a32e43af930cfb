import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.ts'
import type { Command, CommandCall, Streams } from './command.ts'

/** The words and options of a command line. @throws UsageError with what the command does not know */
export function readCall(command: Command, args: readonly string[], env: CommandCall['env'], { out, err }: Streams): CommandCall {
  const options = Object.fromEntries(
    Object.entries(command.options ?? {}).map(([name, { value }]) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    // Node names the option; what it advises about positional arguments would puzzle more than it helps.
    throw new UsageError(`${command.name}: ${(error as Error).message.split(/[.'"] To /)[0]?.replace(/\.?$/, '.')}`)
  }
  const { values, positionals } = parsed
  const [least, most] = command.takes ?? [0, 0]
  if (positionals.length > most)
    throw new UsageError(`${command.name} takes ${most === 0 ? 'no arguments' : `at most ${most}`}, but got ${positionals.join(' ')}.`)
  if (positionals.length < least) throw new UsageError(`${command.name} needs ${command.words}.`)
  return {
    words: positionals,
    value: (name) => (typeof values[name] === 'string' ? (values[name] as string) : null),
    flag: (name) => values[name] === true,
    env,
    out,
    err,
  }
}
