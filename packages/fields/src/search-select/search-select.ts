import type { FieldContext, FieldType, Json } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { Option, SearchSelectField } from '../../generated/settings.ts'
import { choiceSchema, labelOf, optionsOf, valuesOf } from '../choices.ts'
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

/** What the server has told of options whose list it keeps to itself, by the settings of the field. */
const told = new WeakMap<object, Map<string, Option>>()

export function learn(settings: SearchSelectField, options: readonly Option[]) {
  let known = told.get(settings)
  if (!known) told.set(settings, (known = new Map()))
  for (const option of options) known.set(option.value, option)
}

export const learnt = (settings: SearchSelectField, value: string): Option | undefined => told.get(settings)?.get(value)

/** Whether the list is asked for page by page, and is not here: the server has it, and of a table's list the author's preview. */
export const isElsewhere = ({ paged, optionsFrom, optionsAt }: SearchSelectField, { tables }: Pick<FieldContext, 'tables'>): boolean =>
  optionsAt !== undefined || (paged === true && !Object.hasOwn(tables, optionsFrom?.table ?? ''))

const longest = 200
const longestLabel = 500
const mostLanguages = 20
const isObject = (input: Json): input is { [key: string]: Json } => typeof input === 'object' && input !== null && !Array.isArray(input)

/**
 * An option as it is stored where the list is kept at an address: with its words, because the list may be another tomorrow. The
 * server writes them over whatever a client says.
 */
export const storedOption = (value: Json): Option | null => {
  if (!isObject(value) || typeof value.value !== 'string' || !isObject(value.label ?? {})) return null
  const texts = Object.entries(value.label ?? {}).filter(([, text]) => typeof text === 'string' && text !== '' && text.length <= longestLabel)
  return { value: value.value, label: Object.fromEntries(texts.slice(0, mostLanguages)) as Option['label'] }
}

/** What was chosen from a list that is elsewhere: with its words, which the answer that is sent goes without. */
const chosenOf = (input: Json): Option | null => {
  if (typeof input !== 'object' || input === null || Array.isArray(input) || !Object.hasOwn(input, 'chosen') || !Object.hasOwn(input, 'label')) return null
  const { chosen, label } = input
  const isText = typeof label === 'object' && label !== null && !Array.isArray(label) && Object.values(label).every((text) => typeof text === 'string')
  return typeof chosen === 'string' && isText ? { value: chosen, label: label as Record<string, string> } : null
}

export const searchSelect: FieldType<SearchSelectField> = {
  name: 'search-select',
  kind: ({ optionsAt }) => (optionsAt ? 'object' : 'choice'),
  parts: ({ optionsAt }) => (optionsAt ? { value: 'text', label: 'object' } : undefined),
  parse(input, settings, context) {
    const typed = typedText(input)
    if (input === null || input === '' || typed?.trim() === '') return { value: null }
    const chosen = chosenOf(input)
    if (isElsewhere(settings, context)) {
      if (chosen) learn(settings, [chosen])
      const kept = settings.optionsAt
        ? storedOption(chosen ? { value: chosen.value, label: chosen.label } : typeof input === 'string' ? { value: input } : input)
        : null
      const value = asciiDigits(kept?.value ?? chosen?.value ?? (typeof input === 'string' ? input : '')).trim()
      if (value !== '' && value.length <= longest && (kept || !settings.optionsAt)) return { value: kept ? { value, label: kept.label } : value }
      return { finding: { code: typed === null ? 'invalid' : 'unknown' } }
    }
    if (chosen) return searchSelect.parse(chosen.value, settings, context)
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
  show(value, settings, context) {
    const option = storedOption(value) ?? (typeof value === 'string' ? learnt(settings, value) : undefined)
    return option ? labelOf(option, context.language, context.fallback).text || option.value : showChoice(value, settings, context)
  },
  schema: (settings, context) => {
    const value = { type: 'string', minLength: 1, maxLength: longest }
    const text = { type: 'string', minLength: 1, maxLength: longestLabel }
    const label = { type: 'object', maxProperties: mostLanguages, additionalProperties: text }
    if (settings.optionsAt) return { type: 'object', required: ['value', 'label'], properties: { value, label }, additionalProperties: false }
    return isElsewhere(settings, { tables: context.tables }) ? value : choiceSchema(settings, context)
  },
  choices: valuesOf,
  faults: ({ paged, optionsFrom, optionsAt }) => (paged && !optionsFrom && !optionsAt ? [{ code: 'options.pagedTable', property: 'paged' }] : []),
}
