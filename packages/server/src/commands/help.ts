/** All help there is is written from the table of commands. */
import { settingsHelp } from '../config.ts'
import type { Command } from './command.ts'

const width = 100

/** Breaks a paragraph into lines of at most 100 characters. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + word.length + 1 > width) {
      lines.push(line)
      line = indent
    }
    line += line === indent ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}

/** A name, and what is to be said of it beside it. */
const row = (name: string, said: string) => {
  const [first = '', ...rest] = wrap(said, ' '.repeat(28)).split('\n')
  return [name.length < 26 ? `  ${name.padEnd(26)}${first.slice(28)}` : `  ${name}\n${first}`, ...rest].join('\n')
}

const usage = ({ name, words, options }: Command) => `guichet ${name}${words ? ` ${words}` : ''}${options ? ' [options]' : ''}`

export const overview = (commands: readonly Command[]) => `Usage: guichet <command> [options]

${commands.map(({ name, summary }) => row(name, summary)).join('\n')}
${row('help [command]', 'Prints this, or what a command does.')}

guichet <command> --help says more. guichet serve --help also lists the settings, which come from the environment.
`

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(([name, { value, help }]) => row(`--${name}${value ? ` <${value}>` : ''}`, help))
  const exits = Object.entries({
    0: 'Done.',
    1: 'It could not be done; the message says why.',
    ...command.exits,
    2: 'The command line or a setting is wrong; every mistake is named.',
  })
  return [
    `Usage: ${usage(command)}`,
    ...command.about.map((paragraph) => wrap(paragraph)),
    ...(options.length > 0 ? [`Options:\n${options.join('\n')}`] : []),
    `Examples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`,
    `Exit codes:\n${exits.map(([code, meaning]) => row(code, meaning)).join('\n')}`,
    ...(command.settings ? [`Settings, from the environment:\n${settingsHelp()}`] : []),
  ]
    .join('\n\n')
    .concat('\n')
}
