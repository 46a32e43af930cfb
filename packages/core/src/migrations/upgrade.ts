/** Brings a stored definition to the format of today. */
import type { Json, ServiceDefinition } from '@guichet/schemas'
import { type Definition, isObject, type Migration } from './migration.ts'
import { severalLanguages } from './several-languages.ts'

/** In order; each takes the format the one before gives. */
export const migrations: readonly Migration[] = [severalLanguages]

export const currentFormat = 1

/** Why a definition cannot be upgraded. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  /** The format that was found; null if there is none. */
  readonly format: Json

  constructor(message: string, format: Json) {
    super(message)
    this.format = format
  }
}

/** The format says itself; before release it was called `version`. */
const formatOf = (definition: Definition): Json => definition.format ?? definition.version ?? null

/**
 * The definition in today's format, in which it is returned as it is. Its shape is not checked: lint does that.
 * @throws FormatError if it has no format, or one that this release does not know.
 */
export function upgrade(definition: unknown): ServiceDefinition {
  if (!isObject(definition as Json)) throw new FormatError('a service definition is a JSON object', null)
  let result = definition as Definition
  for (;;) {
    const format = formatOf(result)
    if (format === currentFormat) return result as unknown as ServiceDefinition
    if (typeof format === 'number' && format > currentFormat)
      throw new FormatError(`the definition has format ${format}, which is newer than format ${currentFormat}: upgrade Guichet to use it`, format)
    const migration = migrations.find(({ from }) => from === format)
    if (!migration) throw new FormatError(`the definition has no format that is known (found ${JSON.stringify(format)})`, format)
    result = migration.upgrade(result)
  }
}
