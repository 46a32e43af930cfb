/** A small value that is likely to be valid against a JSON Schema: as many parts as it must have, and no more. */
import type { Json } from '@guichet/schemas'
import { matchingText } from './matching-text.ts'
import type { Random } from './random.ts'

type Schema = Readonly<Record<string, unknown>>
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)
const isNumber = (value: unknown): value is number => typeof value === 'number'

/** Undefined where it is not known how to make one. `today`: an ISO date; `word`: what texts are made of that may be any. */
export function fromSchema(schema: unknown, random: Random, today: string, word: string): Json | undefined {
  if (!isSchema(schema)) return undefined
  if (schema.const !== undefined) return schema.const as Json
  if (Array.isArray(schema.enum)) return schema.enum.length > 0 ? random.of(schema.enum as Json[]) : undefined
  for (const either of [schema.oneOf, schema.anyOf])
    if (Array.isArray(either) && schema.properties === undefined)
      return fromSchema({ ...schema, oneOf: undefined, anyOf: undefined, ...random.of(either) }, random, today, word)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  switch (type) {
    case 'boolean':
      return random() < 0.5
    case 'integer':
    case 'number': {
      const low = isNumber(schema.minimum) ? schema.minimum : isNumber(schema.exclusiveMinimum) ? schema.exclusiveMinimum + 1 : 1
      const high = isNumber(schema.maximum) ? schema.maximum : low + 10
      return Math.min(high, Math.max(low, random.whole(Math.ceil(low), Math.max(Math.ceil(low), Math.floor(Math.min(high, low + 10))))))
    }
    case 'string':
      return text(schema, random, today, word)
    case 'array':
      return list(schema, random, today, word)
    case 'object':
      return object(schema, random, today, word)
  }
  return undefined
}

function text(schema: Schema, random: Random, today: string, word: string): Json | undefined {
  if (typeof schema.pattern === 'string') return matchingText(schema.pattern, random) ?? undefined
  if (schema.format === 'date') return today
  const length = isNumber(schema.minLength) ? schema.minLength : 1
  const long = Math.max(length, Math.min(word.length, isNumber(schema.maxLength) ? schema.maxLength : word.length))
  return word.repeat(Math.ceil(long / word.length)).slice(0, long)
}

function list(schema: Schema, random: Random, today: string, word: string): Json | undefined {
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
  const wanted = Math.max(1, isNumber(schema.minItems) ? schema.minItems : 0, 0)
  const items: Json[] = []
  // A list without repetitions may take a few more tries than it has items.
  for (let tries = 0; items.length < wanted && tries < wanted * 40; tries++) {
    const item = fromSchema(first[items.length] ?? schema.items, random, today, word)
    if (item === undefined) return undefined
    if (!schema.uniqueItems || !items.some((other) => JSON.stringify(other) === JSON.stringify(item))) items.push(item)
  }
  return items.length >= wanted ? items : undefined
}

function object(schema: Schema, random: Random, today: string, word: string): Json | undefined {
  const properties = isSchema(schema.properties) ? schema.properties : {}
  const needed = new Set(Array.isArray(schema.required) ? (schema.required as string[]) : [])
  const either = Array.isArray(schema.anyOf) ? (random.of(schema.anyOf as Schema[]).required as string[] | undefined) : undefined
  for (const name of either ?? []) needed.add(name)
  const least = isNumber(schema.minProperties) ? schema.minProperties : 0
  for (const name of Object.keys(properties)) if (needed.size < least) needed.add(name)
  const made: Record<string, Json> = {}
  for (const name of needed) {
    const value = fromSchema(properties[name], random, today, word)
    if (value === undefined) return undefined
    made[name] = value
  }
  return made
}
