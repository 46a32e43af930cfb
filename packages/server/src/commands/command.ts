/** What a command of `guichet` is. Its description is cheap to load; what it does is imported when it runs. */

/** Standard output is for what programs read, standard error for what people are told meanwhile. */
export interface Streams {
  out: { write(text: string): unknown }
  err: { write(text: string): unknown; isTTY?: boolean; columns?: number }
}

export interface CommandCall extends Streams {
  /** Words that are no option. */
  words: readonly string[]
  /** The value of an option that takes one; null where it was not given. */
  value(name: string): string | null
  /** Whether an option without a value was given. */
  flag(name: string): boolean
  env: Readonly<Record<string, string | undefined>>
}

interface Option {
  /** What stands for its value in the help; without one the option takes none. */
  value?: string
  help: string
  /** The setting that it takes the place of, where it is given: what is said of that is said of the option. */
  insteadOf?: string
}

export interface Command {
  name: string
  /** One line for the list. */
  summary: string
  /** What follows the name, such as `<agency/service>`. */
  words?: string
  /** The number of words that it takes. Default: none. */
  takes?: readonly [least: number, most: number]
  /** What it does, in plain words; a line is a paragraph. */
  about: readonly string[]
  /** By name without the dashes. `help` is everybody's. */
  options?: Readonly<Record<string, Option>>
  examples: readonly string[]
  /** What the exit codes mean besides 0 and 2, which mean the same for all, and 1 where it says more than that it failed. */
  exits?: Readonly<Record<number, string>>
  /** Whether its help lists the settings. */
  settings?: true
  /** Gives the exit code. */
  run(call: CommandCall): Promise<number>
}

/** It could not be done, or it found something wrong; its message says what, and what to do. Ends with 1. */
export class CommandFailed extends Error {}
