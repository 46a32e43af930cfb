import type { FieldContext, FieldType, Json } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { Option, SearchSelectField } from '../../generated/settings.ts'
import { choiceSchema, optionsOf, valuesOf } from '../choices.ts'
import { fold } from '../fold.ts'
import { showChoice } from '../show-choice.ts'

/** Thousands of options are gone through once, not at every key. */
export interface Index {
  options: readonly Option[]
  byValue: ReadonlyMap<string, Option>
  /** Folded words to a value; null where several options are written so. */
  byWords(): ReadonlyMap<string, string | null>
}

const indexes = new WeakMap<object, Map<string, Index>>()

function makeIndex(options: readonly Option[]): Index {
  let words: Map<string, string | null> | undefined
  return {
    options,
    byValue: new Map(options.map((option) => [option.value, option])),
    byWords() {
      if (!words) {
        words = new Map()
        for (const { value, label } of options)
          for (const text of new Set(Object.values(label).map(fold))) words.set(text, words.has(text) && words.get(text) !== value ? null : value)
      }
      return words
    },
  }
}

export function indexOf(settings: SearchSelectField, context: Pick<FieldContext, 'tables'>): Index {
  const { table = '', label = '' } = settings.optionsFrom ?? {}
  const source = settings.options ?? (Object.hasOwn(context.tables, table) ? context.tables[table] : undefined)
  if (!source) return makeIndex([])
  let byLabel = indexes.get(source)
  if (!byLabel) indexes.set(source, (byLabel = new Map()))
  let index = byLabel.get(label)
  if (!index) byLabel.set(label, (index = makeIndex(optionsOf(settings, context))))
  return index
}

/** What stands in the input while nothing is chosen; a chosen value is a string by itself. */
export const typedText = (input: Json): string | null =>
  typeof input === 'object' && input !== null && !Array.isArray(input) && Object.hasOwn(input, 'typed') && typeof input.typed === 'string' ? input.typed : null

export const searchSelect: FieldType<SearchSelectField> = {
  name: 'search-select',
  kind: () => 'choice',
  parse(input, settings, context) {
    const typed = typedText(input)
    if (input === null || input === '' || typed?.trim() === '') return { value: null }
    const index = indexOf(settings, context)
    // Who writes all of an option need not point at it too.
    if (typed !== null) {
      const value = index.byWords().get(fold(typed))
      return value ? { value } : { finding: { code: 'unknown' } }
    }
    if (typeof input !== 'string') return { finding: { code: 'invalid' } }
    const value = index.byValue.has(input) ? input : asciiDigits(input).trim()
    return index.byValue.has(value) ? { value } : { finding: { code: 'invalid' } }
  },
  show: showChoice,
  schema: choiceSchema,
  choices: valuesOf,
}
