import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { run } from '../cli.ts'
import { commands } from './commands.ts'
import { progressOn } from './progress.ts'

const call = async (...args: string[]) => {
  const [out, err] = [[] as string[], [] as string[]]
  const code = await run(args, { DATA_DIR: '/nonexistent/guichet' }, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}

it('lists every command, and has every file of a command in the list', async () => {
  const { code, out } = await call('help')
  expect(code).toBe(0)
  for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^ {2}${name} +${summary.slice(0, 20)}`, 'm'))
  expect(await call()).toEqual({ code: 0, out, err: '' })
  const files = readdirSync(import.meta.dirname).filter((name) => commands.some((command) => name === `${command.name}.ts`))
  expect(files).toHaveLength(commands.length)
})

it.each(commands)('$name says what it does, its options, an example and its exit codes', async ({ name, options = {}, examples, exits = {} }) => {
  const { code, out } = await call(name, '--help')
  expect(code).toBe(0)
  expect(out).toMatch(new RegExp(`^Usage: guichet ${name}\\b`))
  for (const option of Object.keys(options)) expect(out).toMatch(new RegExp(`^ {2}--${option}\\b.* {2,}?\\S|^ {2}--${option} .*\n {28}\\S`, 'm'))
  for (const example of examples) expect(out).toContain(`  ${example}`)
  for (const exit of [0, 1, 2, ...Object.keys(exits)]) expect(out).toMatch(new RegExp(`^ {2}${exit} +\\S`, 'm'))
  // The settings have lines of their own length.
  for (const line of (out.split('\nSettings,')[0] ?? '').split('\n')) if (!examples.includes(line.trim())) expect(line.length, line).toBeLessThanOrEqual(100)
  expect((await call('help', name)).out).toBe(out)
})

it('lists the settings where they matter most', async () => {
  expect((await call('serve', '--help')).out).toMatch(/^ {2}DATA_DIR /m)
})

it('says what is wrong with a command line, and how to find out more', async () => {
  expect(await call('dance')).toMatchObject({ code: 2, err: expect.stringMatching(/no command "dance"[\s\S]*guichet <command>/) })
  expect(await call('help', 'dance')).toMatchObject({ code: 2 })
  expect(await call('types')).toMatchObject({ code: 2, out: '', err: 'types needs <agency/service>.\nguichet types --help says how it is used.\n' })
  expect(await call('serve', 'now')).toMatchObject({ code: 2, err: expect.stringContaining('serve takes no arguments, but got now.') })
  expect(await call('types', 'a/b', '--form', 'x')).toMatchObject({ code: 2, err: expect.stringMatching(/^types: .*--form.*\.\n/) })
  expect(await call('types', 'a/b', '--from')).toMatchObject({ code: 2, err: expect.stringContaining('--from') })
  expect(await call('move', '--to', 'mysql://x')).toMatchObject({ code: 2, err: expect.stringMatching(/\n {2}--to must be an address such as postgres:/) })
})

it('draws a bar on a terminal, and says a line every few seconds elsewhere', () => {
  const drawn: string[] = []
  let now = 0
  const bar = progressOn({ write: (text: string) => drawn.push(text), isTTY: true, columns: 40 }, () => now)
  bar.show(1, 4, 'files')
  bar.show(2, 4, 'files')
  now = 150
  bar.show(4, 4, 'files with a very long name indeed')
  bar.end()
  expect(drawn).toEqual(['\r\x1b[K[########......................] 25 % f', `\r\x1b[K[${'#'.repeat(30)}] 100 % `, '\r\x1b[K'])
  const lines: string[] = []
  now = 0
  const plain = progressOn({ write: (text: string) => lines.push(text) }, () => now)
  plain.show(0, 0, 'nothing')
  for (now = 1; now < 7000; now += 500) plain.show(now, 7000, 'rows')
  plain.end()
  expect(lines).toEqual(['100 % nothing\n', '42 % rows\n', '85 % rows\n'])
})
