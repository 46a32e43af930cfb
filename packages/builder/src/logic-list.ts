/** All conditions, rules and calculations of a service, with where they stand. */
import { pickText } from '@guichet/core'
import { partName } from '@guichet/core/part-name'
import type { Expression } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import { isObject, keysOf, pointerOf, read } from './editor/pointer.ts'
import { mapReferences, type SettingsSchemas } from './editor/references.ts'
import { sayIfKnown } from './language.ts'
import { placeName } from './names.ts'
import { partOf } from './outline.ts'

export type LogicKind = 'conditions' | 'rules' | 'values'

export interface LogicItem {
  kind: LogicKind
  pointer: string
  expression: Expression
  /** What the author calls the part that it belongs to. */
  name: string
  /** What people read when a rule is broken. */
  message: string
}

const kindOfProperty = (property: string): LogicKind =>
  property === 'when' || property === 'waitlist' ? 'conditions' : property === 'rule' ? 'rules' : 'values'

/** The name of the smallest part around a place that has one; else of the section of the outline that it is in. */
export function nameAround(definition: Definition, pointer: string): string {
  const keys = keysOf(pointer)
  for (let length = keys.length; length > 0; length--) {
    const part = read(definition, pointerOf(keys.slice(0, length)))
    if (!isObject(part)) continue
    const { to, unit, id } = part
    if (typeof to === 'string') return placeName(definition, to)
    // Rules and checks are said by the part they stand in.
    if (part.rule !== undefined && part.message !== undefined) continue
    // Who has a name, the agency, is a section of its own.
    const text = partName({ ...part, name: undefined }, definition.languages)
    if (text !== '') return text
    for (const name of [id, unit]) if (typeof name === 'string') return name
  }
  return sayIfKnown(`part.${partOf(pointer).slice(1)}`) ?? keys[0] ?? ''
}

export function logicOf(definition: Definition, settings: SettingsSchemas): LogicItem[] {
  const found: LogicItem[] = []
  mapReferences(definition, settings, (value, { kind, pointer, property }) => {
    if (kind !== 'expression') return value
    const holder = read(definition, pointer.slice(0, pointer.lastIndexOf('/')))
    const message = isObject(holder) && property === 'rule' ? pickText(holder.message as Readonly<Record<string, string>>, definition.languages).text : ''
    found.push({ kind: kindOfProperty(property), pointer, expression: value as Expression, name: nameAround(definition, pointer), message })
    return value
  })
  return found
}
