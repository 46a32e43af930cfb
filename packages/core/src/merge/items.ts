/** How the items of a list are told apart, so that an item that moved or changed is known again. */
import { operations } from '../expression.ts'
import type { Json } from '../field-type.ts'

export interface Thing {
  readonly [key: string]: Value
}
export type Value = Json | Thing | readonly Value[] | undefined

export const isThing = (value: Value): value is Thing => typeof value === 'object' && value !== null && !Array.isArray(value)
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value)
export const same = (a: Value, b: Value): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** Settings that are one decision, however many parts they have. */
const wholes = new Set(['when', 'rule', 'amount', 'copies', 'waitlist', 'answers', 'expects', 'src'])

/** One operation and its arguments. A lone setting that is called like one (`{"min": 3}` of a group's rows) has no arguments. */
function isExpression(value: Value): boolean {
  if (!isThing(value)) return false
  const [operation = '', ...more] = Object.keys(value)
  if (more.length > 0 || !Object.hasOwn(operations, operation)) return false
  const given = value[operation]
  return operation === 'var' || operation === 'money' || !/^[a-z]/.test(operation) || isList(given) || isExpression(given)
}

/** Whether the value is merged part by part; one that is not is taken from one side as it is. */
export const hasParts = (setting: string, value: Value): value is Thing =>
  isThing(value) && !wholes.has(setting) && !setting.startsWith('x-') && !isExpression(value)

/** Whether a list is merged item by item: things, or words. A list of numbers is a measure, one of lists an expression. */
export const hasItems = (setting: string, value: Value): value is readonly Value[] =>
  isList(value) && !wholes.has(setting) && value.every((item) => typeof item === 'string' || (isThing(item) && !isExpression(item)))

/** What an item is called among its like, if it has a name. */
export function ownName(item: Value): string | null {
  if (typeof item === 'string') return item
  if (!isThing(item)) return null
  const name = item.id ?? item.value
  return typeof name === 'string' ? name : null
}

function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let key = name
    while (taken.has(key)) key += '*'
    taken.add(key)
    return key
  })
}

/** Keys of items by their own names; one without is known by its content. */
export const keysOf = (items: readonly Value[]): string[] => distinct(items.map((item) => ownName(item) ?? JSON.stringify(item)))

/**
 * Keys of the items of `side` in terms of `base`: a nameless item that changed between the same two neighbours, where there
 * are as many as before, is the one that stood there.
 */
export function keysAgainst(base: readonly Value[], side: readonly Value[]): string[] {
  const [old, keys] = [keysOf(base), keysOf(side)]
  const [inOld, inNew] = [new Set(old), new Set(keys)]
  let [i, j] = [0, 0]
  while (i <= old.length && j <= keys.length) {
    const [fromOld, fromNew] = [i, j]
    while (i < old.length && !inNew.has(old[i] as string)) i++
    while (j < keys.length && !inOld.has(keys[j] as string)) j++
    const [gone, come] = [i - fromOld, j - fromNew]
    const nameless = [...base.slice(fromOld, i), ...side.slice(fromNew, j)].every((item) => isThing(item) && ownName(item) === null)
    if (gone === come && nameless && old[i] === keys[j]) for (let k = 0; k < gone; k++) keys[fromNew + k] = old[fromOld + k] as string
    // Only where both go on with the same item is what stood between comparable.
    if (old[i] !== keys[j]) break
    i++
    j++
  }
  return keys
}
