/** Which field a name means at a place, without a compiled program: drafts may be too unfinished to compile. */

import { listOperations } from '@guichet/core'
import type { Expression } from '@guichet/schemas'
import type { Definition } from './edit.ts'
import type { Holder } from './part.ts'
import { isObject } from './pointer.ts'

/** Id to pointer of the fields that a scope declares; arranging groups pass theirs on to the scope around them. */
export type Names = ReadonlyMap<string, string>

/** Scopes by the pointer of the repeated group that opens them; '' is the whole form. */
export function scopesOf(definition: Definition): ReadonlyMap<string, Names> {
  const scopes = new Map<string, Map<string, string>>([['', new Map()]])
  const add = (fields: readonly Holder[] | undefined, list: string, scope: string) => {
    for (const [i, field] of (Array.isArray(fields) ? fields : []).entries()) {
      const pointer = `${list}/${i}`
      const names = scopes.get(scope) as Map<string, string>
      if (!names.has(field.id)) names.set(field.id, pointer)
      if (field.repeat) scopes.set(pointer, new Map())
      add(field.fields as Holder[] | undefined, `${pointer}/fields`, field.repeat ? pointer : scope)
    }
  }
  for (const [i, page] of definition.pages.entries()) add(page.fields as Holder[], `/pages/${i}/fields`, '')
  return scopes
}

/** Pointer of the field that a name means inside the groups (outermost first); null if it is none. */
export function resolveName(scopes: ReadonlyMap<string, Names>, name: string, groups: readonly string[]): string | null {
  for (const group of [...groups].reverse()) {
    const found = scopes.get(group)?.get(name)
    if (found !== undefined) return found
  }
  return scopes.get('')?.get(name) ?? null
}

/** The expression with every name replaced that means one of the fields in `renamed` (pointer to new id). */
export function renameInExpression(
  expression: Expression,
  groups: readonly string[],
  scopes: ReadonlyMap<string, Names>,
  renamed: ReadonlyMap<string, string>,
): Expression {
  /** Dotted names lead on into rows: `members.0.birth`. */
  const newName = (pointer: string | null, name: string) => (pointer === null ? undefined : renamed.get(pointer)) ?? name
  const renamePath = (dotted: string, at: readonly string[]): string => {
    const [first = '', ...rest] = dotted.split('.')
    let pointer = resolveName(scopes, first, at)
    const path = [newName(pointer, first)]
    for (const key of rest) {
      const names: Names | undefined = pointer === null ? undefined : scopes.get(pointer)
      const inRow = names?.get(key) ?? null
      path.push(newName(inRow, key))
      if (!/^\d+$/.test(key)) pointer = inRow
    }
    return path.join('.')
  }
  /** The repeated group that a list's expression names first. */
  const groupIn = (list: Expression | undefined, at: readonly string[]): string | null => {
    if (Array.isArray(list)) return list.map((item) => groupIn(item, at)).find((found) => found !== null) ?? null
    if (!isObject(list)) return null
    const [operation = '', given] = Object.entries(list)[0] ?? []
    if (operation !== 'var') return groupIn(given as Expression, at)
    const name = Array.isArray(given) ? given[0] : given
    const pointer = typeof name === 'string' ? resolveName(scopes, name.split('.')[0] as string, at) : null
    return pointer !== null && scopes.has(pointer) ? pointer : null
  }
  const walk = (at: Expression, inside: readonly string[]): Expression => {
    if (typeof at !== 'object' || at === null) return at
    if (Array.isArray(at)) {
      const items = at.map((item) => walk(item, inside))
      return items.every((item, i) => item === at[i]) ? at : items
    }
    const [operation = '', given = null] = Object.entries(at)[0] ?? []
    const args = Array.isArray(given) ? given : [given]
    let next: Expression[]
    if (operation === 'var' && typeof args[0] === 'string') {
      next = [renamePath(args[0], inside), ...args.slice(1).map((arg) => walk(arg, inside))]
    } else {
      const group = listOperations.has(operation) ? groupIn(args[0], inside) : null
      next = args.map((arg, i) => walk(arg, i > 0 && group !== null ? [...inside, group] : inside))
    }
    if (next.every((arg, i) => arg === args[i])) return at
    return { [operation]: Array.isArray(given) ? next : (next[0] as Expression) }
  }
  return walk(expression, groups)
}
