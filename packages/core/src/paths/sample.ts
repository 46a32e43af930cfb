/** An answer that a field takes, made up: for the fields that nothing depends on, but which must be filled in. */
import type { Json } from '@guichet/schemas'
import { dayNumber } from '../expression.ts'
import type { FieldContext } from '../field-type.ts'
import type { FieldNode } from '../program.ts'
import { fromSchema } from './from-schema.ts'
import { type Random, randomFrom } from './random.ts'
import words from './sample-words.json' with { type: 'json' }

/** A check digit of two places is hit by one in a hundred, a date inside a number by one in a few hundred. */
const tries = 4000

/** ISO date so many days after another. */
export const daysAfter = (iso: string, days: number) => new Date(((dayNumber(iso) ?? 0) + days) * 864e5).toISOString().slice(0, 10)

/** What is written where any text will do, in the language that most who read the answers speak. */
export const sampleWordIn = ([language = 'en']: readonly string[]): string => words[language as keyof typeof words] ?? words.en

export interface SampleContext extends FieldContext {
  /** Absent: that in English. */
  readonly sampleWord?: string
}

/** What people write where a type's schema says less than the type asks for. */
const usualTexts = ['name@example.org', 'https://example.org/', '+30 210 123 4567', '+84 24 3825 2345', '+36 1 234 5678', '+98 21 1234 5678']

/** The stored value if the field takes this input, else undefined. */
export function taken(node: FieldNode, input: Json, context: FieldContext): Json | undefined {
  const parsed = node.type.parse(input, node.field as never, context)
  if (!('value' in parsed) || parsed.value === null) return undefined
  return node.type.check?.(parsed.value, node.field as never, context) ? undefined : parsed.value
}

function* guesses(node: FieldNode, context: SampleContext, random: Random): Generator<Json> {
  const { type, field } = node
  const settings = field as never
  const { today, sampleWord = words.en } = context
  yield* type.samples?.(settings, context) ?? []
  yield* type.choices?.(settings, context) ?? []
  switch (type.kind(settings)) {
    case 'boolean':
      yield true
      return
    case 'number':
    case 'money':
      for (const number of [field.min, field.max, 1, 10, 100, 0, 1000, -1]) if (typeof number === 'number') yield number
      for (const number of ['1', '10.5', '100']) yield number
      break
    case 'date':
      for (const days of [0, -1, 1, -30, 30, -400, 400, -11_000, -8_000, -5_000, -25_000, 4_000]) yield daysAfter(today, days)
      break
    case 'time':
      for (const time of ['10:00', '09:30', '15:00', '20:00', '00:00']) yield time
      break
    case 'month':
      for (const days of [0, -31, 31, -366, 366]) yield daysAfter(today, days).slice(0, 7)
      break
    case 'text':
      yield sampleWord
      yield* usualTexts
      for (const days of [0, 1, 7, 30, -1, -400]) yield `${daysAfter(today, days)}T10:00`
  }
  const schema = type.schema(settings, context)
  for (let i = 0; i < tries; i++) {
    const value = fromSchema(schema, random, today, sampleWord)
    if (value === undefined) return
    yield value
  }
}

/** Undefined where none was found. The same each time for the same field, context and number; another number gives another one, if there is one. */
export function sampleOf(node: FieldNode, context: SampleContext, number = 0): Json | undefined {
  const random = randomFrom(seedOf(node.path) + number)
  let skip = number
  for (const guess of guesses(node, context, random)) {
    const value = taken(node, guess, context)
    if (value !== undefined && skip-- <= 0) return value
  }
  return undefined
}

const seedOf = (text: string) => [...text].reduce((seed, character) => Math.imul(seed ^ (character.codePointAt(0) as number), 0x01000193), 0x811c9dc5)
