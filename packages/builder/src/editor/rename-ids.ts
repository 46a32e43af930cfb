/** Gives fields new ids and lets everything that names them follow: expressions, references, look-ups. */
import type { Expression } from '@guichet/schemas'
import type { Definition } from './edit.ts'
import { fieldsFollow } from './examples-follow.ts'
import { isObject, type Value, write } from './pointer.ts'
import { mapReferences, type SettingsSchemas } from './references.ts'
import { renameInExpression, resolveName, scopesOf } from './scopes.ts'

/** Ids under these names are never a field's. */
const notFields = new Set(['id', 'table', 'wallet', 'slots', 'slot', 'unit', 'document'])

/** @param renamed Pointer of a field to its new id. Ids must be free; the caller has seen to that. */
export function renameIds(definition: Definition, renamed: ReadonlyMap<string, string>, settings: SettingsSchemas): Definition {
  const scopes = scopesOf(definition)
  const nameFor = (id: string, groups: readonly string[]): string => {
    const pointer = resolveName(scopes, id, groups)
    return (pointer === null ? undefined : renamed.get(pointer)) ?? id
  }
  let next = mapReferences(definition, settings, (value, { kind, property, owner, groups }) => {
    if (kind === 'expression') return renameInExpression(value as Expression, groups, scopes, renamed)
    if (kind !== 'id' || notFields.has(property) || (owner === 'Route' && property === 'to') || typeof value !== 'string') return value
    return nameFor(value, groups)
  })
  // Names that are written as plain strings or as keys.
  const keyed = (holder: Value): Value => {
    if (!isObject(holder)) return holder
    const entries = Object.entries(holder).map(([key, value]): [string, Value] => [renamePath(key), value])
    return entries.every(([key], i) => key === Object.keys(holder)[i]) ? holder : Object.fromEntries(entries)
  }
  const renamePath = (path: string): string => {
    const groups: string[] = []
    return path
      .split('.')
      .map((id) => {
        const pointer = resolveName(scopes, id, groups)
        if (pointer !== null && scopes.has(pointer)) groups.push(pointer)
        return (pointer === null ? undefined : renamed.get(pointer)) ?? id
      })
      .join('.')
  }
  for (const [i, lookup] of (next.lookups ?? []).entries()) {
    for (const key of ['output', 'sets'] as const) {
      const mapped = keyed(lookup[key])
      if (mapped !== lookup[key]) next = write(next, `/lookups/${i}/${key}`, mapped)
    }
  }
  const from = (list: string, groups: readonly string[], fields: Value): void => {
    for (const [i, field] of (Array.isArray(fields) ? fields : []).entries()) {
      const pointer = `${list}/${i}`
      if (typeof field.from === 'string' && nameFor(field.from, groups) !== field.from) next = write(next, `${pointer}/from`, nameFor(field.from, groups))
      from(`${pointer}/fields`, field.repeat ? [...groups, pointer] : groups, field.fields)
    }
  }
  for (const [i, page] of definition.pages.entries()) from(`/pages/${i}/fields`, [], page.fields)
  next = fieldsFollow(next, (id, groups) => {
    const pointer = resolveName(scopes, id, groups)
    return { id: (pointer === null ? undefined : renamed.get(pointer)) ?? id, group: pointer !== null && scopes.has(pointer) ? pointer : null }
  })
  for (const [pointer, id] of renamed) next = write(next, `${pointer}/id`, id)
  return next
}
