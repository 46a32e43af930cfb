/** What a settings schema asks for, as a control to draw: the settings panel is data, so a new field type needs no line here. */
import { idFrom } from './editor/ids.ts'
import { isObject, type Value } from './editor/pointer.ts'
import { ownTitle, refName, resolveRef, type Schema, tableBeside } from './editor/references.ts'

export type ControlKind =
  /** A text in the languages of the service. */
  | 'text'
  | 'expression'
  /** The id of another part. */
  | 'reference'
  /** A column of the table that is named beside it. */
  | 'column'
  /** The part's own id. */
  | 'id'
  | 'string'
  | 'colour'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'list'
  | 'tuple'
  | 'object'
  /** Name to value. */
  | 'map'
  /** Only one value is possible: it is there or not. */
  | 'constant'
  /** A plain value of several shapes, such as a year or `today`. */
  | 'either'
  /** Anything else, as JSON. */
  | 'json'

export type Defs = Readonly<Record<string, Schema>>

export interface Control {
  kind: ControlKind
  /** What the schema itself says at this place, beside a reference; a text's own title says nothing of this text. */
  given: Schema
  /** The schema with its reference followed. */
  schema: Schema
  /** Name of the property, or of the one whose list or map this is an item of. */
  property: string
  /** Title of the schema the property stands in. */
  owner: string
  /** The same of the settings inside: of a thing defined once, its own name, whatever it is called at this place. */
  title: string
  /** One of a list or map, which stands under its name and its help. */
  isItem: boolean
  defs: Defs
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const alternatives = (schema: Schema): readonly Schema[] => list(schema.oneOf ?? schema.anyOf).filter(isObject)
const isPlain = (schema: Schema) => 'const' in schema || ['string', 'integer', 'number'].includes(String(schema.type))

function kindOfSchema(given: Schema, schema: Schema, property: string): ControlKind {
  const name = refName(given)
  if (name === 'text' || name === 'expression' || name === 'column') return name
  if (name === 'id') return property === 'id' ? 'id' : 'reference'
  // Where an answer comes from: a part by its id, or the sign-in by a word that is no id.
  if (property === 'from' && schema.type === 'string') return 'reference'
  if (name === 'colour') return 'colour'
  if ('const' in schema) return 'constant'
  if (Array.isArray(schema.enum)) return 'choice'
  if (alternatives(schema).length > 0 && alternatives(schema).every(isPlain)) return 'either'
  switch (schema.type) {
    case 'boolean':
    case 'string':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      if (Array.isArray(schema.prefixItems)) return 'tuple'
      if (!isObject(schema.items)) return 'json'
      return Array.isArray(resolveRef(schema.items, {}).enum) && schema.uniqueItems === true ? 'choices' : 'list'
    case 'object':
      if (isObject(schema.properties)) return 'object'
      return isObject(schema.additionalProperties) && !holdsMaps(schema.additionalProperties) ? 'map' : 'json'
    default:
      return 'json'
  }
}

/** Maps in maps (tables) are no form any more. */
const holdsMaps = (schema: Schema): boolean => {
  const inner = resolveRef(schema, {})
  return inner.type === 'object' && refName(schema) !== 'text' && !isObject(inner.properties)
}

export function controlOf(given: Schema, property: string, owner: string, defs: Defs, isItem = false): Control {
  const schema = resolveRef(given, defs)
  const kind = kindOfSchema(given, schema, property)
  // A definition that is a thing of its own (a fee, a route) names itself; one that is only a kind of value does not.
  const title = (kind === 'object' && ownTitle(given, defs)) || owner
  return { kind, given: kind === 'object' ? schema : given, schema, property, owner, title, isItem, defs }
}

/** The controls inside an object, in the order of its schema. */
export const controlsOf = (control: Control, only?: readonly string[]): Control[] =>
  Object.entries((control.schema.properties ?? {}) as Record<string, Schema>)
    .filter(([name]) => name !== '$schema' && (only === undefined || only.includes(name)))
    .sort(([a], [b]) => (only ? only.indexOf(a) - only.indexOf(b) : 0))
    .map(([name, schema]) => controlOf(schema, name, control.title, control.defs))

/** The control of a list's or map's items. */
export function itemOf(control: Control, index = 0): Control {
  const schema = list(control.schema.prefixItems)[index] ?? control.schema.items ?? control.schema.additionalProperties
  return controlOf(isObject(schema) ? schema : {}, control.property, control.title, control.defs, true)
}

export const isRequired = (control: Control, property: string): boolean => list(control.schema.required).includes(property)

/** The values of a choice, or of the items of a set of choices. */
export const choicesOf = (control: Control): readonly unknown[] =>
  list(control.kind === 'choices' ? resolveRef(control.schema.items as Schema, control.defs).enum : control.schema.enum)

export const isOfWeekdays = ({ kind, schema, given }: Control): boolean => refName(kind === 'choices' ? (schema.items as Schema) : given) === 'weekday'

/** What there is to refer to. */
export interface Known {
  /** What the id under a property may name. */
  references(property: string, owner: string): readonly { readonly value: string }[]
  /** Columns of a table. */
  columns(table: string): readonly string[]
}

const nothingKnown: Known = { references: () => [], columns: () => [] }

/**
 * A first value that keeps the shape: what is required, and no more. It names the first of what there is to name.
 * @param holder The object that it stands in, as far as that is made.
 */
export function initialOf(control: Control, language: string, takenIds: ReadonlySet<string>, known = nothingKnown, holder: Value = {}): unknown {
  const { schema, kind } = control
  switch (kind) {
    case 'text':
      return { [language]: '' }
    case 'reference':
      return known.references(control.property, control.owner)[0]?.value ?? idFrom(control.owner, takenIds, 'part')
    case 'column':
      return columnFor(known, holder) ?? idFrom(control.owner, takenIds, 'part')
    case 'id':
      return idFrom(control.owner, takenIds, 'part')
    case 'choice':
      return choicesOf(control)[0]
    case 'constant':
      return schema.const
    case 'either':
      return alternatives(schema).find((alternative) => 'const' in alternative)?.const ?? ''
    case 'boolean':
      return false
    case 'number':
      return typeof schema.minimum === 'number' ? Math.max(schema.minimum, 0) : 0
    case 'expression':
      return null
    case 'colour':
      return '#1d4ed8'
    case 'string':
      return typeof schema.minLength === 'number' && schema.minLength > 0 ? idFrom(control.title, takenIds, 'value') : ''
    case 'choices':
      return choicesOf(control).slice(0, Number(schema.minItems ?? 0))
    case 'list':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => initialOf(itemOf(control), language, takenIds, known))
    case 'tuple':
      return list(schema.prefixItems).map((_, i) => initialOf(itemOf(control, i), language, takenIds, known))
    case 'object':
      return requiredOf(control, language, takenIds, known)
    default:
      return {}
  }
}

/** What is required in an object. What names a table comes before what names columns of it. */
export function requiredOf(control: Control, language: string, takenIds: ReadonlySet<string>, known = nothingKnown): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const inner of controlsOf(control)) if (isRequired(control, inner.property)) made[inner.property] = initialOf(inner, language, takenIds, known, made)
  return made
}

/** The first column of the table that is named beside it which nothing beside it names yet. */
function columnFor(known: Known, holder: Value): string | undefined {
  const table = tableBeside(holder)
  const columns = table === undefined ? [] : known.columns(table)
  const named = new Set(namesIn(holder))
  return columns.find((column) => !named.has(column)) ?? columns[0]
}

const namesIn = (value: Value): string[] => (typeof value === 'string' ? [value] : isObject(value) ? Object.values(value).flatMap(namesIn) : [])

/** What was typed as a value, or why it is none: a key of the builder's messages (`form.wrong.<code>`). */
export type Typed = { value: unknown } | { wrong: 'number' | 'whole' | 'least' | 'greatest' | 'long' | 'short' | 'form'; limit?: number }

export function parseNumber(schema: Schema, raw: string): Typed {
  if (raw.trim() === '') return { value: undefined }
  const value = Number(raw.trim().replace(',', '.'))
  if (!Number.isFinite(value)) return { wrong: 'number' }
  if (schema.type === 'integer' && !Number.isSafeInteger(value)) return { wrong: 'whole' }
  if (typeof schema.minimum === 'number' && value < schema.minimum) return { wrong: 'least', limit: schema.minimum }
  if (typeof schema.exclusiveMinimum === 'number' && value <= schema.exclusiveMinimum) return { wrong: 'form' }
  if (typeof schema.maximum === 'number' && value > schema.maximum) return { wrong: 'greatest', limit: schema.maximum }
  return { value }
}

export function parseString(schema: Schema, raw: string): Typed {
  if (raw === '') return { value: undefined }
  if (typeof schema.maxLength === 'number' && raw.length > schema.maxLength) return { wrong: 'long', limit: schema.maxLength }
  if (typeof schema.minLength === 'number' && raw.length < schema.minLength) return { wrong: 'short', limit: schema.minLength }
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(raw)) return { wrong: 'form' }
  return { value: raw }
}

/** The first of several shapes that what was typed has. */
export function parseEither(schema: Schema, raw: string): Typed {
  if (raw.trim() === '') return { value: undefined }
  for (const alternative of alternatives(schema)) {
    if ('const' in alternative) {
      if (String(alternative.const) === raw.trim()) return { value: alternative.const }
      continue
    }
    const typed = alternative.type === 'string' ? parseString(alternative, raw) : parseNumber(alternative, raw)
    if ('value' in typed) return typed
  }
  return { wrong: 'form' }
}
