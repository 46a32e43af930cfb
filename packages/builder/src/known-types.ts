/**
 * The field types that this builder knows: the built-in ones, and those that the server was handed, which it tells of in a script
 * of its own. Every screen and the thread of the checks read them here.
 */
import type { FieldTypes, Messages } from '@guichet/core'
import type { FieldSettings } from '@guichet/core/lint/finding'
import { fieldSchemas as builtInSchemas } from '@guichet/fields/field-schemas'
import { fieldTypes as builtIn } from '@guichet/fields/field-types'
import { learnOutsideTypes, type ToldType } from '@guichet/staff/outside-types'
import type { SettingsSchemas } from './editor/references.ts'

type Told = ToldType & FieldSettings[string]

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

/** Resolves once they are known. A type whose module does not come stays unknown, and the checks say so. */
export const learnTypes = () =>
  learnOutsideTypes<Told>((told, type) => {
    outside.set(told.name, told)
    types[told.name] = type
    schemas[told.name] = told
  })
