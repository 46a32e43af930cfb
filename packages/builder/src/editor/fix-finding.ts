/**
 * What puts a finding right, where that is one edit that nobody has to think about. Each is an edit like any other: it is told,
 * stands in the history and can be undone.
 */
import type { LintFinding } from '@guichet/core/lint/finding'
import { fieldSchemas } from '../known-types.ts'
import { type Definition, type Edit, isRefused, type Words } from './edit.ts'
import { idFrom, isId } from './ids.ts'
import { nameOf, partAt } from './part.ts'
import { isObject, lastKey, parentOf, pointerOf, read, type Value, write } from './pointer.ts'
import { mapReferences, tableBeside } from './references.ts'
import { removeDocument } from './remove-document.ts'
import { removeField } from './remove-field.ts'
import { removePage } from './remove-page.ts'

export type FixKind = 'suggestion' | 'remove' | 'swap' | 'darken' | 'protect' | 'limit' | 'table' | 'rename'

export interface Fix {
  kind: FixKind
  /** What the button names: the suggestion, or what is removed. */
  params: Readonly<Record<string, string | number>>
  edit: Edit
}

type Given = Pick<LintFinding, 'code' | 'pointer' | 'params'>

/** Codes of which the thing at the pointer, or around it, goes. */
const removed = new Set(['route.unreachable', 'condition.never', 'identifier.country', 'table.empty', 'shape.unknown', 'choices.both'])
const crossings = [
  ['min', 'max'],
  ['minLength', 'maxLength'],
  ['minChoices', 'maxChoices'],
  ['minFiles', 'maxFiles'],
  ['minDays', 'maxDays'],
  ['opens', 'closes'],
] as const
const filesAtMost = 50

/** Null: it takes a person to put it right. */
export function fixFor(definition: Definition, finding: Given): Fix | null {
  const { code, pointer, params } = finding
  const there = read(definition, pointer)
  if (typeof params.suggestion === 'string') {
    const { suggestion } = params
    const writes = { kind: 'suggestion' as const, params: { name: suggestion } }
    if (code === 'shape.unknown')
      return {
        ...writes,
        edit: writing(
          definition,
          [
            [pointer, undefined],
            [`${parentOf(pointer)}/${suggestion}`, there],
          ],
          pointer,
        ),
      }
    // Only where the wrong word itself stands: a suggestion for a part of an expression says nothing of the whole.
    if (typeof there === 'string' && [params.name, params.value, params.type, params.token].includes(there))
      return { ...writes, edit: writing(definition, [[pointer, suggestion]], pointer) }
  }
  switch (code) {
    case 'page.neverShown':
      return removing(definition, parentOf(pointer), removePage)
    case 'field.neverShown':
      return removing(definition, parentOf(pointer), removeField)
    case 'document.neverAsked':
      return removing(definition, parentOf(pointer), removeDocument)
    case 'limits.crossed':
    case 'window.reversed': {
      const pair = crossings.find((names) => (names as readonly string[]).includes(lastKey(pointer)))
      if (!pair) return null
      const [low, high] = pair.map((name) => `${parentOf(pointer)}/${name}`) as [string, string]
      const writes: Write[] = [
        [low, read(definition, high)],
        [high, read(definition, low)],
      ]
      return { kind: 'swap', params: {}, edit: writing(definition, writes, pointer) }
    }
    case 'colour.contrast': {
      const darker = typeof there === 'string' && typeof params.least === 'number' ? darkened(there, params.least) : null
      return darker ? { kind: 'darken', params: { name: darker }, edit: writing(definition, [[pointer, darker]], pointer) } : null
    }
    case 'personalData.unset':
      return typeof params.suggested === 'string'
        ? { kind: 'protect', params: { name: params.suggested }, edit: writing(definition, [[`${pointer}/personalData`, params.suggested]], pointer) }
        : null
    case 'duplicate.id':
    case 'duplicate.option':
      return typeof there === 'string' ? renaming(definition, pointer, there) : null
    case 'shape.repeated': {
      if (!Array.isArray(there)) return null
      const said = there.map((item) => JSON.stringify(item))
      const once = there.filter((_, i) => said.indexOf(said[i] as string) === i)
      return { kind: 'remove', params: { name: String(params.value) }, edit: writing(definition, [[pointer, once]], pointer) }
    }
    case 'reference.table':
      return typeof there === 'string' && isId(there) ? addingTable(definition, pointer, there) : null
    case 'files.unlimited':
    case 'files.tooMany': {
      const group = parentOf(parentOf(pointer))
      const field = isObject(there) ? there : {}
      const each = Number(field.maxFiles ?? field.minFiles ?? 1)
      const count = Math.max(1, Math.floor(filesAtMost / each))
      if (!isObject(read(definition, `${group}/repeat`))) return null
      return { kind: 'limit', params: { count }, edit: writing(definition, [[`${group}/repeat/max`, count]], group) }
    }
  }
  if (!removed.has(code)) return null
  const whole = code === 'condition.never' ? parentOf(pointer) : pointer
  // The last of a list that must have some stays.
  const list = read(definition, parentOf(whole))
  if (read(definition, whole) === undefined || (Array.isArray(list) && list.length < 2)) return null
  return { kind: 'remove', params: { name: namedAt(definition, whole) }, edit: writing(definition, [[whole, undefined]], pointer) }
}

/** The second of two that are called the same gets a name of its own; whatever names it means the first. */
function renaming(definition: Definition, pointer: string, name: string): Fix {
  const key = lastKey(pointer)
  const around = key === 'id' ? definition : read(definition, parentOf(parentOf(pointer)))
  const taken = new Set(saidUnder(around, key))
  const free = idFrom(name, taken, 'part')
  return { kind: 'rename', params: { name: free }, edit: writing(definition, [[pointer, free]], pointer) }
}

/** All that stands under a key, however deep. */
const saidUnder = (value: Value, key: string): string[] =>
  Array.isArray(value)
    ? value.flatMap((item) => saidUnder(item, key))
    : isObject(value)
      ? Object.entries(value).flatMap(([name, inner]) => (name === key && typeof inner === 'string' ? [inner] : saidUnder(inner, key)))
      : []

/** A table that is named and not there: with the columns that are named beside it, and a row to begin with. */
function addingTable(definition: Definition, pointer: string, name: string): Fix {
  const row = 'row_1'
  const cells: Record<string, Value> = {}
  mapReferences(definition, fieldSchemas, (value, { kind, pointer: at, property }) => {
    const isOfTable = kind === 'column' && typeof value === 'string' && tableBeside(read(definition, parentOf(at))) === name
    if (isOfTable) cells[value] = property === 'label' ? row : 0
    return value
  })
  const edit: Edit = (now) => ({
    definition: write(now, pointerOf(['tables', name]), { [row]: cells }),
    part: partOf(now, pointer),
    words: { key: 'addTable', params: { name } },
  })
  return { kind: 'table', params: { name }, edit }
}

type Write = readonly [pointer: string, value: Value]

/** The part that a place belongs to: what is selected afterwards. */
function partOf(definition: Definition, pointer: string): string {
  for (let at = pointer; at !== ''; at = parentOf(at)) if (partAt(definition, at)) return at
  return ''
}

function writing(definition: Definition, writes: readonly Write[], pointer: string): Edit {
  const part = partOf(definition, pointer)
  const found = part === '' ? null : partAt(definition, part)
  const words: Words = found ? { key: 'fixPart', params: { name: nameOf(definition, found) } } : { key: 'fixService', params: {} }
  return (now) => ({ definition: writes.reduce((made, [at, value]) => write(made, at, value), now), part, words })
}

function removing(definition: Definition, pointer: string, remove: (given: { pointer: string }) => Edit): Fix | null {
  const part = partAt(definition, pointer)
  const edit = remove({ pointer })
  const edited = edit(definition)
  return part && !isRefused(edited) && !isNamed(edited.definition, namesIn(part)) ? { kind: 'remove', params: { name: nameOf(definition, part) }, edit } : null
}

/** Ids of a part, and of what is in it. */
function namesIn(part: Value): string[] {
  if (Array.isArray(part)) return part.flatMap(namesIn)
  if (!isObject(part)) return []
  const { id, fields, checks } = part
  return [...(typeof id === 'string' ? [id] : []), ...namesIn(fields), ...namesIn(checks)]
}

/** Whether anything refers to one of these names: what is needed elsewhere does not go by one click. */
function isNamed(definition: Definition, names: readonly string[]): boolean {
  let found = false
  mapReferences(definition, fieldSchemas, (value, { kind, property }) => {
    const said = kind === 'text' || kind === 'column' || property === 'id' ? '' : JSON.stringify(value)
    if (names.some((name) => said.includes(`"${name}"`) || said.includes(`"${name}.`))) found = true
    return value
  })
  return found
}

/** What something is called for want of a name: its id, its value, its place. */
function namedAt(definition: Definition, pointer: string): string {
  const found = read(definition, pointer)
  if (isObject(found)) for (const key of ['id', 'value', 'to']) if (typeof found[key] === 'string') return found[key]
  return lastKey(pointer)
}

/** The same hue, as much darker as the contrast with white asks for (WCAG 2.2, relative luminance). Null: it is no colour. */
function darkened(colour: string, least: number): string | null {
  const channels = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i
    .exec(colour)
    ?.slice(1)
    .map((hex) => Number.parseInt(hex, 16))
  if (!channels) return null
  const linear = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  for (let part = 100; part >= 0; part--) {
    const [red = 0, green = 0, blue = 0] = channels.map((value) => Math.floor((value * part) / 100))
    if (1.05 / (0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) + 0.05) >= least)
      return `#${[red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('')}`
  }
  return null
}
