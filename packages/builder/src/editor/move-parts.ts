import { withParts } from './chosen-parts.ts'
import { type Definition, type Edit, refuse, type Words } from './edit.ts'
import { fieldListOf } from './field-list.ts'
import { nameOf, partAt } from './part.ts'
import { afterRemoval, indexOf, insert, isInside, parentOf, read, write } from './pointer.ts'

/** Where parts go: before what stands at `index` now; last if there is no index. `parent` is '' for pages and documents. */
export interface Place {
  parent: string
  index?: number
}

/** Moves fields into a page or group, or pages and documents among their like, in the order they have. */
export const moveParts = ({ pointers, parent, index }: Place & { pointers: readonly string[] }): Edit =>
  withParts(pointers, (parts, kind) => (definition) => {
    const list = kind === 'field' ? fieldListOf(definition, parent) : kind === 'page' ? '/pages' : '/documents'
    if (list === null) return refuse('notAGroup', { pointer: parent })
    if (kind === 'field' && parts.some((part) => isInside(parent, part))) return refuse('intoItself')
    const found = parts.map((part) => partAt(definition, part))
    if (found.includes(null)) return refuse('noSuchPart', { pointer: parts[0] as string })
    const count = (read(definition, list) as unknown[]).length
    let at = Math.max(0, Math.min(index ?? count, count))
    let without: Definition = definition
    let target = kind === 'field' ? parent : ''
    for (const part of parts.toReversed()) {
      without = write(without, part, undefined)
      if (parentOf(part) === list && indexOf(part) < at) at--
      target = target === '' ? '' : (afterRemoval(target, part) as string)
    }
    const into = kind === 'field' ? `${target}/fields` : list
    const next = found.toReversed().reduce((definition: Definition, part) => insert(definition, into, at, part), without)
    const moved = found.map((_, i) => `${into}/${at + i}`)
    if (moved.every((part, i) => part === parts[i])) return refuse('noFurther')
    const [first] = found
    const words: Words =
      found.length === 1 && first
        ? { key: { field: 'moveField', page: 'movePage', document: 'moveDocument' }[kind], params: { name: nameOf(definition, first) } }
        : { key: 'moveParts', params: { number: found.length } }
    return { definition: next, part: moved[0] as string, parts: moved, words }
  })
