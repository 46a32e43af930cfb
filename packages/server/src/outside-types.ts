/**
 * Field types made outside: what the server is handed of each, and the files that it serves of them. Citizens' pages load the
 * module of a type; the builder is told of all of them by one script, which needs no eval: docs/extend/field-type.md.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FieldTypes } from '@guichet/core'
import type { FieldSettings } from '@guichet/core/lint/finding'
import { fieldTypes } from '@guichet/fields/field-types'
import type { TypeMessages } from './messages.ts'

export interface OutsideType {
  type: FieldTypes[string]
  /** What an author may set: its `schema.json`. */
  schema: object
  /** What it says, by key and language. */
  messages: TypeMessages[string]
  /** Path of the file that browsers load: its meaning and its view. */
  module: string
}

export interface OutsideTypes {
  /** The built-in types, and these. */
  types: FieldTypes
  messages: TypeMessages
  /** Their settings, each with its validator. */
  settings(): Promise<FieldSettings>
  /** A file of `/types/`; null: there is none of that name. */
  file(name: string): Promise<string | null>
  /** Addresses on this server of the modules that draw these questions, parted by spaces; empty: none is needed. */
  modulesFor(nodes: Iterable<{ field: { type: string } }>): string
}

/** What tells the builder of all of them. No type can be called so: names have no dot. */
const index = 'index.js'

export function openOutsideTypes(given: readonly OutsideType[]): OutsideTypes {
  const byName = new Map(given.map((one) => [one.type.name, one]))
  for (const { type } of given)
    if (Object.hasOwn(fieldTypes, type.name) || !/^[a-z][a-z0-9-]*$/.test(type.name) || type.name === 'index')
      throw new Error(`outsideTypes: "${type.name}" is the name of a built-in type, or none that a type can have`)
  if (byName.size < given.length) throw new Error('outsideTypes: two types have the same name')
  // At once: a file that is missing is found when the server starts, and not when a citizen comes.
  const modules = new Map(given.map(({ type, module }) => [type.name, readFileSync(module, 'utf8')]))
  const addressOf = (name: string) => `/types/${name}.js`
  let compiling: ReturnType<typeof compiled> | null = null
  const checks = () => (compiling ??= compiled(given))
  return {
    types:
      given.length === 0
        ? (fieldTypes as unknown as FieldTypes)
        : { ...(fieldTypes as unknown as FieldTypes), ...Object.fromEntries(given.map(({ type }) => [type.name, type])) },
    messages: Object.fromEntries(given.map(({ type, messages }) => [type.name, messages])),
    settings: async () => (await checks()).settings,
    async file(name) {
      if (name !== index) return (name.endsWith('.js') && modules.get(name.slice(0, -'.js'.length))) || null
      const lines = given.map(
        ({ type, schema, messages }, i) => `{ ...${JSON.stringify({ name: type.name, module: addressOf(type.name), schema, messages })}, validate: check${i} }`,
      )
      return `${given.length > 0 ? (await checks()).code : ''}\nexport default [${lines.join(',\n')}]\n`
    },
    modulesFor(nodes) {
      const used = new Set<string>()
      for (const { field } of nodes) if (byName.has(field.type)) used.add(addressOf(field.type))
      return [...used].join(' ')
    },
  }
}

/** The check of a whole field of each type: what all fields share, and its own settings. Once to be run here, and once as code for browsers. */
async function compiled(given: readonly OutsideType[]): Promise<{ settings: FieldSettings; code: string }> {
  const [{ Ajv2020: Ajv }, { default: base }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('@guichet/schemas/service-definition.base.json', { with: { type: 'json' } }),
  ])
  const { field } = base.$defs
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, code: { source: true, esm: true } })
  const settings: Record<string, FieldSettings[string]> = {}
  const names: Record<string, string> = {}
  given.forEach(({ type, schema }, i) => {
    const own = schema as { required?: readonly string[]; properties?: object; $defs?: object }
    const key = `guichet:outside/${type.name}`
    ajv.addSchema(
      {
        type: 'object',
        required: ['id', 'type', ...(own.required ?? [])],
        properties: { ...field.properties, ...own.properties, type: { const: type.name } },
        patternProperties: { '^x-': true },
        unevaluatedProperties: false,
        $defs: { ...base.$defs, ...own.$defs },
      },
      key,
    )
    settings[type.name] = { schema, validate: ajv.getSchema(key) as FieldSettings[string]['validate'] }
    names[`check${i}`] = key
  })
  return { settings, code: given.length > 0 ? codeOf(ajv, names) : '' }
}

/** What Ajv's code asks Node for is written into it: helpers that are one function each. */
function codeOf(ajv: object, names: Readonly<Record<string, string>>): string {
  const require = createRequire(createRequire(import.meta.url).resolve('ajv/package.json'))
  const standalone = require('./dist/standalone/index.js').default as (ajv: object, names: Readonly<Record<string, string>>) => string
  return standalone(ajv, names).replace(/require\("([^"]+)"\)(\.default)?/g, (_, path: string, byDefault?: string) => {
    const loaded = require(path.replace(/^ajv\//, './'))
    const helper: unknown = byDefault ? loaded.default : loaded
    if (typeof helper !== 'function') throw new Error(`outsideTypes: a schema needs ${path}, which is no function`)
    return `(${helper})`
  })
}
