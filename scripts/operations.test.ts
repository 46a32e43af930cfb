import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commands } from '../packages/server/src/commands/commands.ts'
import { settingsList } from '../packages/server/src/config.ts'
import { operationsWithSettings } from './operations.ts'

const text = readFileSync(join(import.meta.dirname, '../docs/operations.md'), 'utf8')
const plain = (markdown: string) => markdown.replace(/ {2,}/g, ' ').replace(/-{2,}/g, '--')

it('lists every setting as config.ts has it; "node scripts/operations.ts" writes the table', () => {
  for (const { env } of settingsList()) expect(text).toContain(`\`${env}\``)
  expect(plain(text)).toBe(plain(operationsWithSettings(text)))
  expect(plain(operationsWithSettings(text.replace('`PORT`', '`PROT`')))).not.toBe(plain(text.replace('`PORT`', '`PROT`')))
})

it('names only commands, and options of theirs, that there are', () => {
  const named = [...text.matchAll(/(?:^|`|- )guichet ([a-z]+)((?: --[a-z-]+)*)/gm)]
  expect(named.length).toBeGreaterThan(10)
  for (const [line, name, options = ''] of named) {
    if (name === 'help') continue
    const command = commands.find((each) => each.name === name)
    if (!command) throw new Error(`There is no command ${line}`)
    for (const [, option = ''] of options.matchAll(/--([a-z-]+)/g)) if (option !== 'help') expect(Object.keys(command.options ?? {}), line).toContain(option)
  }
})
