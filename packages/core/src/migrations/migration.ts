import type { Json } from '@guichet/schemas'

export type Definition = { [key: string]: Json }

/**
 * One step from a format of the definition to the next. Once released, a migration is never edited: definitions of that
 * format lie in databases. It keeps what it does not know, and does not change what it is given.
 */
export interface Migration {
  readonly name: string
  /** The format it takes; it gives the next. */
  readonly from: number
  upgrade(definition: Definition): Definition
}

export const isObject = (value: Json | undefined): value is Definition => typeof value === 'object' && value !== null && !Array.isArray(value)
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])
