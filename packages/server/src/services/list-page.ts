/**
 * Lists that stay on the server: a field with thousands of options asks for those that a query finds. A version never
 * changes, so neither does its list: what is sent in is checked against the one that was searched. Lists that are kept at an
 * address are searched in the same way (lists/remote-lists.ts).
 */
import type { FieldNode } from '@guichet/core'
import { labelOf, optionsOf } from '@guichet/fields/choices'
import { prepared, search } from '@guichet/fields/fold'
import type { ServiceDefinition } from '@guichet/schemas'
import { isRemote, type RemoteList } from '../lists/remote-lists.ts'
import type { LiveService } from './live.ts'

/** Of one answer. */
export const pageOfList = 50
/** Of a query; nothing that is longer is the name of an option. */
export const longestQuery = 100

export interface ListPage {
  options: { value: string; label: Record<string, string> }[]
  /** Found in all. */
  count: number
}

interface Searched {
  options: ListPage['options']
  byValue: ReadonlyMap<string, ListPage['options'][number]>
  texts: readonly string[]
}

/** By field or list, and in it by language. Gone with the version, or when the list is fetched anew. */
const searched = new WeakMap<FieldNode | RemoteList, Map<string, Searched>>()

const fromTable = ({ field }: FieldNode): boolean => field.type === 'search-select' && field.paged === true && field.optionsFrom !== undefined
export const isPaged = (node: FieldNode): boolean => fromTable(node) || isRemote(node)

function searchedIn(node: FieldNode, { version }: LiveService, language: string, remote: RemoteList | null): Searched {
  const source = remote ?? node
  let byLanguage = searched.get(source)
  if (!byLanguage) searched.set(source, (byLanguage = new Map()))
  let list = byLanguage.get(language)
  if (!list) {
    const { definition } = version
    const found = remote?.options ?? optionsOf(node.field as never, { tables: (definition.tables ?? {}) as never })
    const options = found.map((option) => {
      const label = labelOf(option, language, definition.languages)
      return { value: option.value, label: { [label.language]: label.text } }
    })
    // In all its languages: whoever reads English may know a street by its own name.
    const texts = prepared(found.map(({ value, label }) => [...Object.values(label), value].join(' ')))
    byLanguage.set(language, (list = { options, byValue: new Map(options.map((option) => [option.value, option])), texts }))
  }
  return list
}

/** Null where there is no such field, or its list comes with the service. `language`: one of the service's. `remote`: the list of a field that keeps it at an address. */
export function listPage(
  live: LiveService,
  path: string,
  language: string,
  asked: { query: string; from: number } | { value: string },
  remote: RemoteList | null = null,
): ListPage | null {
  const node = live.whole.nodes.get(path)
  if (!node || !isPaged(node) || (isRemote(node) && !remote)) return null
  const { options, byValue, texts } = searchedIn(node, live, language, remote)
  if ('value' in asked) {
    const one = byValue.get(asked.value)
    return { options: one ? [one] : [], count: one ? 1 : 0 }
  }
  const { found, count } = search(asked.query, texts, asked.from + pageOfList)
  return { options: found.slice(asked.from).flatMap((i) => options[i] ?? []), count }
}

/** Whether a table is read anywhere but where its options are asked for page by page: as a setting, or by an expression. */
function isRead(value: unknown, table: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value[0] === table || value.some((item) => isRead(item, table))
  const { type, paged, optionsFrom, ...others } = value as Record<string, unknown>
  const inside = type === 'search-select' && paged === true ? others : value
  return Object.entries(inside).some(([key, item]) => (key === 'table' && item === table) || isRead(item, table))
}

/** The definition as a page needs it: without the tables that only such fields read. */
export function withoutLists(definition: ServiceDefinition, nodes: Iterable<FieldNode>): ServiceDefinition {
  const { tables = {}, ...others } = definition
  const left = new Set([...nodes].filter(fromTable).map(({ field }) => (field.optionsFrom as { table: string }).table))
  for (const table of left) if (isRead(others, table)) left.delete(table)
  if (left.size === 0) return definition
  return { ...others, tables: Object.fromEntries(Object.entries(tables).filter(([name]) => !left.has(name))) } as ServiceDefinition
}
