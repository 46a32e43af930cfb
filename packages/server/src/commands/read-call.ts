import { parseArgs } from 'node:util'
import { UsageError } from '../usage-error.ts'
import type { Command, CommandCall, Streams } from './command.ts'

/** Ids of keys are digests in base64url (RFC 7638), and one in 64 begins with a dash: a word all the same. No option is as long. */
const digest = /^-[A-Za-z0-9_-]{42}$/
const mark = '\0'
const unmarked = (text: string) => (text.startsWith(mark) ? text.slice(1) : text)

/** The words and options of a command line. @throws UsageError with what the command does not know */
export function readCall(command: Command, args: readonly string[], env: CommandCall['env'], { out, err }: Streams): CommandCall {
  const options = Object.fromEntries(
    Object.entries(command.options ?? {}).map(([name, { value }]) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: args.map((arg) => (digest.test(arg) ? mark + arg : arg)), options, allowPositionals: true, strict: true })
  } catch (error) {
    // Node names the option; what it advises about positional arguments would puzzle more than it helps.
    throw new UsageError(`${command.name}: ${(error as Error).message.split(/[.'"] To /)[0]?.replace(/\.?$/, '.')}`)
  }
  const { values } = parsed
  const positionals = parsed.positionals.map(unmarked)
  const [least, most] = command.takes ?? [0, 0]
  if (positionals.length > most)
    throw new UsageError(`${command.name} takes ${most === 0 ? 'no arguments' : `at most ${most}`}, but got ${positionals.join(' ')}.`)
  if (positionals.length < least) throw new UsageError(`${command.name} needs ${command.words}.`)
  return {
    words: positionals,
    value: (name) => (typeof values[name] === 'string' ? unmarked(values[name] as string) : null),
    flag: (name) => values[name] === true,
    env,
    out,
    err,
  }
}
