import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'

type Schema = { [key: string]: unknown }

const folder = dirname(fileURLToPath(import.meta.url))
const published = readdirSync(folder).filter((file) => file.endsWith('.schema.json'))
const load = (file: string): Schema => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const compile = (schema: Schema) => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false, discriminator: true })
  ajv.addKeyword('tsType')
  return ajv.compile(schema)
}

/** Objects with named properties that take further ones without saying so. */
function open(schema: unknown, at = ''): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, i) => open(item, `${at}/${i}`))
  if (typeof schema !== 'object' || schema === null) return []
  const here = schema as Schema
  const own = here.type === 'object' && here.properties && here.unevaluatedProperties !== false ? [at] : []
  return [...own, ...Object.entries(here).flatMap(([key, value]) => (key === 'examples' ? [] : open(value, `${at}/${key}`)))]
}

describe.each(published)('%s', (file) => {
  const schema = load(file)

  it('says what it is, and its examples are valid', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: expect.stringMatching(/^https:\/\/guichet\.dev\/schemas\//),
      title: expect.any(String),
      description: expect.any(String),
    })
    const check = compile(schema)
    expect(schema.examples).toHaveLength((schema.examples as unknown[]).length || -1)
    for (const example of schema.examples as unknown[]) expect(check(example) ? [] : check.errors).toEqual([])
  })

  it('is closed: an unknown property is an error; one that starts with x- is not', () => {
    expect(open(schema)).toEqual([])
    const check = compile(schema)
    const example = (schema.examples as object[])[0]
    expect(check({ ...example, misspelt: 1 })).toBe(false)
    expect(check({ ...example, 'x-own': 1 })).toBe(true)
  })
})

it('the definition schema knows every field type, closed, with its settings', () => {
  const schema = load('service-definition.schema.json')
  const types = readdirSync(join(folder, '../packages/fields/src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const check = compile(schema)
  const example = (schema.examples as { pages: { fields: object[] }[] }[])[0]
  const withField = (field: object) => {
    const copy = structuredClone(example) as NonNullable<typeof example>
    copy.pages[0]?.fields.push(field)
    return copy
  }
  for (const { name } of types) {
    const settings = JSON.parse(readFileSync(join(folder, `../packages/fields/src/${name}/schema.json`), 'utf8')) as { examples?: object[] }
    expect(settings.examples?.length ?? 0, `${name} has an example`).toBeGreaterThan(0)
    for (const field of settings.examples ?? []) {
      expect(check(withField({ id: 'a', type: name, ...field })) ? [] : check.errors, name).toEqual([])
      expect(check(withField({ id: 'a', type: name, ...field, misspelt: 1 })), `${name} is closed`).toBe(false)
    }
  }
  expect(check(withField({ id: 'a', type: 'no-such-type', label: { en: 'A' } }))).toBe(false)
})
