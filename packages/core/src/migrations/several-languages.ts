/**
 * Format 0 to 1. Before release a definition had one language and plain strings for texts:
 *
 * - `version: 0` -> `format: 1`; `language: "el"` -> `languages: ["el"]`, and every text `"..."` -> `{"el": "..."}`
 * - `sections` -> `pages`
 * - `required: false` -> `optional: true`; `required: true`, which is what it is anyway, goes
 * - `calculations: {id: expression}` -> the list `computed`, with the kind of each value
 * - `fee: [line ...]` and `pay` -> `fee: {lines, pay}`
 */
import type { Json } from '@guichet/schemas'
import { type Definition, isObject, listOf, type Migration } from './migration.ts'

/** Properties that held a text. `name`, `number` and `unit` did in one place only, see there. */
const texts = new Set([
  'title',
  'summary',
  'label',
  'hint',
  'intro',
  'message',
  'purpose',
  'legalBasis',
  'reason',
  'remedy',
  'gives',
  'audience',
  'consent',
  'template',
  'hours',
  'alt',
  'add',
  'item',
  'statement',
  'heading',
  'body',
  'patternHint',
])
/** Data and expressions, in which a string is no text. */
const untouched = new Set(['when', 'rule', 'value', 'amount', 'copies', 'waitlist', 'calculations', 'tables', 'input', 'output', 'sets'])

function translate(value: Json, property: string, language: string): Json {
  if (typeof value === 'string') return texts.has(property) ? { [language]: value } : value
  if (property === 'options') return listOf(value).map((option) => (isObject(option) ? translateAll(option, language) : option))
  if (untouched.has(property) || property.startsWith('x-')) return value
  if (Array.isArray(value)) return value.map((item) => translate(item, '', language))
  return isObject(value) ? translateAll(value, language) : value
}

function translateAll(part: Definition, language: string): Definition {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, translate(value, key, language)]))
}

const inLanguage = (value: Json | undefined, language: string): Json | undefined => (typeof value === 'string' ? { [language]: value } : value)

function agencyOf(agency: Definition, language: string): Definition {
  const units = isObject(agency.units)
    ? Object.fromEntries(Object.entries(agency.units).map(([id, name]) => [id, inLanguage(name, language) as Json]))
    : undefined
  return { ...translateAll(agency, language), name: inLanguage(agency.name, language) ?? null, ...(units ? { units } : {}) }
}

/** A stage's number was the name of a number: a letter's, a file's. */
const stageOf = (stage: Json, language: string): Json => {
  if (!isObject(stage)) return stage
  const number = inLanguage(stage.number, language)
  return { ...translateAll(stage, language), ...(number === undefined ? {} : { number }) }
}

/** Fields said whether they were required; documents too. */
function optional(part: Json): Json {
  if (!isObject(part)) return part
  const { required, ...rest } = part
  return required === false ? { ...rest, optional: true } : rest
}

/** A field's unit was what is shown beside its number; a stage's is an id. */
function fieldOf(field: Json, language: string): Json {
  const result = optional(field)
  if (!isObject(result)) return result
  const unit = inLanguage(result.unit, language)
  if (unit !== undefined) result.unit = unit
  if (Array.isArray(result.fields)) result.fields = result.fields.map((inner) => fieldOf(inner, language))
  return result
}

type Kinds = ReadonlyMap<string, string>
const booleans = new Set(['and', 'or', '!', '==', '===', '!=', '!==', '<', '<=', '>', '>=', 'in', 'all', 'some', 'none', 'has', 'overlap'])
const kindOfType: Readonly<Record<string, string>> = { money: 'money', date: 'date', checkbox: 'boolean', consent: 'boolean', number: 'number' }

/** Kinds of the fields' values by id; those of rows too, for a sum of them is of their kind. */
function kindsOf(fields: Json[], kinds = new Map<string, string>()): Map<string, string> {
  for (const field of fields) {
    if (!isObject(field)) continue
    if (typeof field.id === 'string') kinds.set(field.id, kindOfType[String(field.type)] ?? 'text')
    kindsOf(listOf(field.fields), kinds)
  }
  return kinds
}

/** What a calculation gives, from its operations: format 0 did not say. Money if anything it calculates with is money. */
function kindOf(expression: Json, kinds: Kinds): string {
  if (typeof expression === 'boolean') return 'boolean'
  if (typeof expression === 'string') return 'text'
  if (!isObject(expression)) return 'number'
  const [operation = ''] = Object.keys(expression)
  const given = expression[operation] as Json
  const args = Array.isArray(given) ? given : [given]
  if (booleans.has(operation)) return 'boolean'
  if (operation === 'var') return kinds.get(String(args[0])) ?? 'text'
  if (operation === 'today') return 'date'
  if (operation === 'cat' || operation === 'substr') return 'text'
  if (operation === 'money') return 'money'
  if (['count', 'age', 'days', 'row'].includes(operation)) return 'number'
  // Conditions of an `if` say nothing of what it gives; the list of a sum says nothing of what is added up.
  const giving =
    operation === 'if' ? args.filter((_, i) => i % 2 === 1 || i === args.length - 1) : operation === 'sum' && args.length > 1 ? args.slice(1) : args
  const found = giving.map((arg) => kindOf(arg, kinds))
  if (operation === '/') return found[0] === 'money' && found[1] === 'money' ? 'number' : (found[0] ?? 'number')
  return found.includes('money') ? 'money' : (found.find((kind) => kind !== 'number') ?? 'number')
}

function computedOf(calculations: Definition, fields: Json[]): Json[] {
  const kinds = kindsOf(fields)
  return Object.entries(calculations).map(([id, value]) => {
    const type = kindOf(value, kinds)
    // Later calculations may use this one.
    kinds.set(id, type)
    return { id, type, value }
  })
}

export const severalLanguages: Migration = {
  name: 'several-languages',
  from: 0,
  upgrade(definition) {
    const { format: _format, version: _version, language, sections, calculations, fee, pay, agency, stages, ...rest } = definition
    const tongue = typeof language === 'string' ? language : 'en'
    rest.pages = listOf(sections).map((section) =>
      isObject(section) ? { ...section, fields: listOf(section.fields).map((field) => fieldOf(field, tongue)) } : section,
    )
    if (Array.isArray(rest.documents)) rest.documents = rest.documents.map(optional)
    const lines = listOf(fee)
    return {
      format: 1,
      languages: [tongue],
      ...translateAll(rest, tongue),
      ...(isObject(agency) ? { agency: agencyOf(agency, tongue) } : {}),
      ...(Array.isArray(stages) ? { stages: stages.map((stage) => stageOf(stage, tongue)) } : {}),
      ...(isObject(calculations)
        ? {
            computed: computedOf(
              calculations,
              listOf(rest.pages).flatMap((page) => (isObject(page) ? listOf(page.fields) : [])),
            ),
          }
        : {}),
      ...(lines.length > 0 || pay ? { fee: { lines: lines.map((line) => translate(line, '', tongue)), ...(pay ? { pay } : {}) } } : {}),
    }
  },
}
