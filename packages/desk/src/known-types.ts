/** The field types that the desk knows: the built-in ones, and those that the server was handed. */
import type { FieldTypes } from '@guichet/core'
import { fieldTypes as builtIn } from '@guichet/fields/field-types'
import { learnOutsideTypes } from '@guichet/staff/outside-types'

const types: Record<string, FieldTypes[string]> = { ...(builtIn as unknown as FieldTypes) }

/** What each type means. */
export const fieldTypes: FieldTypes = types

/** Resolves once they are known: to be waited for before answers are shown. */
export const learnTypes = () => learnOutsideTypes((told, type) => void (types[told.name] = type))
