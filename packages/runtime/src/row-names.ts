/** What the rows of a repeated group are called. */
import type { FieldNode, Session, Text } from '@guichet/core'
import { namedRows } from '@guichet/core/named-rows'
import { labelOf, optionsOf } from '@guichet/fields/choices'
import type { Said, Words } from './words.ts'

/** The name that its author gave a row, or the group's word for one and its number. `index` from 0. */
export function rowName(session: Session, words: Words, node: FieldNode, index: number): Said {
  const named = namedRows(node, session.context)
  if (named) {
    const { field } = named.name
    const option = optionsOf(field as never, session.context).find(({ value }) => value === named.values[index])
    return option ? labelOf(option, words.language, words.order) : { text: '', language: words.language }
  }
  const { item } = node.field.repeat as { item?: Text }
  const number = index + 1
  if (!item) return { text: words.message('rows.item', { number }), language: words.language }
  const { text, language } = words.text(item)
  return { text: `${text} ${words.number(number)}`, language }
}

/** The row in which something stands: of `members/2/age` the third of the group `members`; null outside of rows. */
export function rowOf(session: Session, words: Words, instance: string): Said | null {
  const [, at, id, index] = /^((?:.+\/)?)([^/]+)\/(\d+)\/[^/]+$/.exec(instance) ?? []
  const node = session.program.nodes.get(`${at}${id}`.replace(/\/\d+(?=\/|$)/g, '').replaceAll('/', '.'))
  return node?.rows ? rowName(session, words, node, Number(index)) : null
}
