/**
 * The field types that this builder knows: the built-in ones, and those that the server was handed, which it tells of in a script
 * of its own. Every screen and the thread of the checks read them here.
 */
import type { FieldTypes, Messages } from '@guichet/core'
import type { FieldSettings } from '@guichet/core/lint/finding'
import { fieldSchemas as builtInSchemas } from '@guichet/fields/field-schemas'
import { fieldTypes as builtIn } from '@guichet/fields/field-types'
import type { SettingsSchemas } from './editor/references.ts'

type Told = FieldSettings[string] & {
  name: string
  schema: object
  messages: Readonly<Record<string, Readonly<Record<string, Messages[string]>>>>
  /** Address of the module with its meaning and its view, the one that citizens' pages load. */
  module: string
}

const outside = new Map<string, Told>()
const types: Record<string, FieldTypes[string]> = { ...(builtIn as unknown as FieldTypes) }
const schemas: Record<string, { schema: object }> = { ...builtInSchemas }

/** What each type means. */
export const fieldTypes: FieldTypes = types
/** What may be set of each. */
export const fieldSchemas: SettingsSchemas = schemas
/** What checks the settings of those that are not built in. */
export const outsideSettings = (): FieldSettings => Object.fromEntries(outside)
/** Addresses of the modules that draw them, as an element's `types` has them. */
export const outsideModules = (): string => [...outside.values()].map(({ module }) => module).join(' ')

/** What they say, by `<type>.<key>`; English where a type does not speak the language. */
export const outsideMessages = (language: string): Messages =>
  Object.fromEntries(
    [...outside.values()].flatMap(({ name, messages }) =>
      Object.entries(messages).flatMap(([key, said]) => {
        const message = said[language] ?? said.en ?? Object.values(said)[0]
        return message === undefined ? [] : [[`${name}.${key}`, message]]
      }),
    ),
  )

/** A type whose module does not come stays unknown, and the checks say so. */
async function learn(told: Told) {
  const { default: given } = await import(/* @vite-ignore */ new URL(told.module, location.origin).href)
  const found = ([given].flat() as { type?: FieldTypes[string] }[]).find(({ type }) => type?.name === told.name)?.type
  if (!found) throw new TypeError(`${told.module}: its default export must be { type, view }, or a list of these`)
  outside.set(told.name, told)
  types[told.name] = found
  schemas[told.name] = told
}

let learning: Promise<void> | null = null
/** Resolves once they are known. Asked of the server once; again only after a failure. */
export function learnTypes(): Promise<void> {
  learning ??= import(/* @vite-ignore */ `${location.origin}/types/index.js`)
    .then(({ default: told }: { default: Told[] }) => Promise.all(told.map(learn)))
    .then(
      () => {},
      (error) => {
        learning = null
        console.error(error)
      },
    )
  return learning
}
