/**
 * Finds every expression, text and id in a definition, guided by the schemas, so that a setting of an integrator's own
 * field type is found like a built-in one. Nothing here knows a field type.
 */
import base from '@guichet/schemas/service-definition.base.json' with { type: 'json' }
import type { Definition } from './edit.ts'
import type { Holder } from './part.ts'
import { isObject, pointerOf, type Value } from './pointer.ts'

export type Schema = Readonly<Record<string, Value>>

/** Settings schema of each field type, by name. */
export type SettingsSchemas = Readonly<Record<string, { readonly schema: object }>>

export interface Reference {
  kind: 'expression' | 'id' | 'column' | 'text'
  pointer: string
  /** The property it stands in (of the nearest object that has properties). */
  property: string
  /** Title of the schema it stands in, such as Route; a field type's title inside its settings. */
  owner: string
  /** Pointers of the repeated groups around it, outermost first: what an expression sees first. */
  groups: readonly string[]
}

type Change = (value: Value, reference: Reference) => Value

const baseDefs = base.$defs as unknown as Readonly<Record<string, Schema>>
const properties = (schema: Schema | undefined) => (schema?.properties ?? {}) as Readonly<Record<string, Schema>>

/** The schema of one field: what all types share, and what its own type adds. */
export function fieldSchema(type: string, settings: SettingsSchemas): Schema {
  const own = (Object.hasOwn(settings, type) ? settings[type]?.schema : undefined) as Schema | undefined
  const shared = baseDefs.field as Schema
  return {
    ...shared,
    title: own?.title ?? type,
    required: ['id', 'type', ...((own?.required as string[] | undefined) ?? [])],
    properties: { ...properties(shared), ...properties(own) },
    $defs: own?.$defs ?? {},
  }
}

/** Follows a reference; `defs` are those of the field type the schema stands in. */
export function resolveRef(schema: Schema, defs: Readonly<Record<string, Schema>>): Schema {
  const name = refName(schema)
  if (name === null) return schema
  const { $ref: _ref, ...siblings } = schema
  return { ...(defs[name] ?? baseDefs[name] ?? {}), ...siblings }
}

export const refName = (schema: Schema): string | null => {
  const ref = schema.$ref
  return typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : null
}

/** What a schema is called: of a thing defined once its own name, whatever it is called at this place. */
export const ownTitle = (given: Schema, defs: Readonly<Record<string, Schema>>): string | undefined => {
  const { title } = resolveRef(given.$ref === undefined ? given : { $ref: given.$ref }, defs)
  return typeof title === 'string' ? title : undefined
}

/** The table that a column is of: the one named in the same object, or that the same question takes its options from. */
export function tableBeside(holder: Value): string | undefined {
  if (!isObject(holder)) return undefined
  const { table, optionsFrom } = holder
  return typeof table === 'string' ? table : optionsFrom === undefined ? undefined : tableBeside(optionsFrom)
}

export const serviceSchema = base as unknown as Schema
export const definitionSchema = (name: string): Schema => baseDefs[name] as Schema

/** A copy of the definition in which `change` has replaced every expression, text and id; unchanged parts are shared. */
export function mapReferences(definition: Definition, settings: SettingsSchemas, change: Change): Definition {
  type Place = { keys: readonly (string | number)[]; property: string; owner: string; groups: readonly string[]; defs: Readonly<Record<string, Schema>> }

  const mapItems = (items: readonly Value[], schemaOf: (i: number) => Schema | undefined, place: Place): Value => {
    const mapped = items.map((item, i) => walk(item, schemaOf(i), { ...place, keys: [...place.keys, i] }))
    return mapped.every((item, i) => item === items[i]) ? items : mapped
  }

  function walk(value: Value, given: Schema | undefined, place: Place): Value {
    if (given === undefined || value === undefined) return value
    const name = refName(given)
    if (name === 'expression' || name === 'id' || name === 'column' || name === 'text') {
      return change(value, { kind: name, pointer: pointerOf(place.keys), property: place.property, owner: place.owner, groups: place.groups })
    }
    let schema = resolveRef(given, place.defs)
    let inner = place
    let title = ownTitle(given, place.defs)
    if (name === 'field' && isObject(value)) {
      schema = fieldSchema(String(value.type), settings)
      title = String(schema.title)
      inner = { ...place, defs: (schema.$defs ?? {}) as Place['defs'] }
    }
    if (title !== undefined) inner = { ...inner, owner: title }
    if (Array.isArray(value)) {
      const first = (schema.prefixItems ?? []) as Schema[]
      return mapItems(value, (i) => first[i] ?? (isObject(schema.items) ? schema.items : undefined), inner)
    }
    if (!isObject(value)) return value
    const own = properties(schema)
    const others = isObject(schema.additionalProperties) ? schema.additionalProperties : undefined
    let next: Record<string, Value> | null = null
    for (const [key, item] of Object.entries(value)) {
      const isRows = name === 'field' && key === 'fields'
      const keys = [...place.keys, key]
      // How a group repeats is said in names of its rows.
      const isRepeat = name === 'field' && key === 'repeat'
      const groups = (isRows || isRepeat) && (value as unknown as Holder).repeat ? [...place.groups, pointerOf(place.keys)] : place.groups
      const mapped = isRows
        ? mapItems(Array.isArray(item) ? item : [], () => ({ $ref: '#/$defs/field' }), { ...inner, keys, property: key, groups })
        : walk(item, own[key] ?? others, { ...inner, keys, property: own[key] ? key : place.property, groups })
      if (mapped !== item) (next ??= { ...value })[key] = mapped
    }
    return next ?? value
  }

  return walk(definition, serviceSchema, { keys: [], property: '', owner: '', groups: [], defs: {} }) as Definition
}
