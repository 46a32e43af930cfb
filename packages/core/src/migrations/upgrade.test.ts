/** Each `fixtures/<format>-<name>.json` upgraded once is the fixture of the next format with that name. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '@guichet/schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { describe, expect, test } from 'vitest'
import { currentFormat, FormatError, migrations, upgrade } from './upgrade.ts'

const folder = join(import.meta.dirname, 'fixtures')
const files = readdirSync(folder)
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

describe('migrations', () => {
  test('lead from format 0 to the current one, one format each, each with a name of its own', () => {
    expect(migrations.map(({ from }) => from)).toEqual(Array.from({ length: currentFormat }, (_, format) => format))
    expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length)
  })

  for (const migration of migrations) {
    const before = files.filter((file) => file.startsWith(`${migration.from}-`))
    test(`${migration.name} has a fixture`, () => expect(before.length).toBeGreaterThan(0))
    test.each(before)(`${migration.name} upgrades %s`, (file) => {
      const definition = read(file)
      const upgraded = migration.upgrade(definition)
      expect(upgraded).toEqual(read(file.replace(`${migration.from}-`, `${migration.from + 1}-`)))
      expect(definition, 'what it is given stays').toEqual(read(file))
    })
  }
})

describe('upgrade', () => {
  test.each(files)('%s becomes a definition of the current format', (file) => {
    const upgraded = upgrade(read(file))
    expect(upgraded.format).toBe(currentFormat)
    expect(serviceDefinition(upgraded), JSON.stringify(serviceDefinition.errors)).toBe(true)
    expect(upgrade(upgraded)).toBe(upgraded)
  })
  test('format 0 may call itself so', () => {
    const { version: _, ...rest } = read('0-library-card.json')
    expect(upgrade({ format: 0, ...rest })).toEqual(read('1-library-card.json'))
  })
  test.each<[string, unknown, Json]>([
    ['newer than format 1', { format: 2, pages: [] }, 2],
    ['newer than format 1', { version: 99 }, 99],
    ['no format that is known', { pages: [] }, null],
    ['no format that is known', { format: '1' }, '1'],
    ['no format that is known', { format: -1 }, -1],
    ['JSON object', [], null],
    ['JSON object', null, null],
  ])('refuses what is %s: %j', (says, definition, format) => {
    const failure = (() => {
      try {
        return upgrade(definition)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(failure).toBeInstanceOf(FormatError)
    expect((failure as FormatError).message).toContain(says)
    expect((failure as FormatError).format).toEqual(format)
  })
  test('an unfinished definition of format 0 is upgraded as far as it goes', () => {
    expect(upgrade({ version: 0 })).toEqual({ format: 1, languages: ['en'], pages: [] })
    expect(upgrade({ version: 0, language: 'el', sections: ['?', { id: 'p', fields: [7] }] })).toEqual({
      format: 1,
      languages: ['el'],
      pages: ['?', { id: 'p', fields: [7] }],
    })
  })
})
