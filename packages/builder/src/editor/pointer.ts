/** RFC 6901 JSON pointers over immutable values: every writer copies the path it changes and shares the rest. */
export type Value = unknown
type Holder = Readonly<Record<string, Value>>

export const keysOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))

export const pointerOf = (keys: readonly (string | number)[]): string =>
  keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

export const isObject = (value: Value): value is Holder => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at the pointer; undefined if nothing does. */
export function read(root: Value, pointer: string): Value {
  let value = root
  for (const key of keysOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Holder)[key]
  }
  return value
}

/** Replaces what one holder has under one key; undefined removes it. */
function put(holder: Value, key: string, value: Value): Value {
  if (Array.isArray(holder)) {
    const at = key === '-' ? holder.length : Number(key)
    return value === undefined ? holder.filter((_, i) => i !== at) : [...holder.slice(0, at), value, ...holder.slice(at + 1)]
  }
  const object: Holder = isObject(holder) ? holder : {}
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _removed, ...rest } = object
  return rest
}

/** A copy with `value` at the pointer; missing objects on the way are made, undefined removes. */
export function write<T>(root: T, pointer: string, value: Value): T {
  const set = (at: Value, keys: readonly string[]): Value => {
    const [key, ...rest] = keys
    if (key === undefined) return value
    const inner = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Holder)[key] : undefined
    if (rest.length > 0 && inner === undefined && value === undefined) return at
    return put(at, key, rest.length === 0 ? value : set(inner, rest))
  }
  return set(root, keysOf(pointer)) as T
}

/** A copy with `item` put into the list at the pointer, before `index`. A missing list is made. */
export function insert<T>(root: T, list: string, index: number, item: Value): T {
  const items = read(root, list)
  const before = Array.isArray(items) ? items : []
  return write(root, list, [...before.slice(0, index), item, ...before.slice(index)])
}

export const parentOf = (pointer: string): string => pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
export const lastKey = (pointer: string): string => keysOf(pointer).at(-1) ?? ''
export const indexOf = (pointer: string): number => Number(lastKey(pointer))
export const isInside = (pointer: string, outer: string): boolean => pointer === outer || pointer.startsWith(`${outer}/`)

/** Where a pointer leads once the list item at `removed` is gone: later items move up. Null: it was in that item. */
export function afterRemoval(pointer: string, removed: string): string | null {
  if (isInside(pointer, removed)) return null
  const list = parentOf(removed)
  if (!pointer.startsWith(`${list}/`)) return pointer
  const [key = '', ...rest] = keysOf(pointer.slice(list.length))
  return Number(key) > indexOf(removed) ? `${list}${pointerOf([Number(key) - 1, ...rest])}` : pointer
}
