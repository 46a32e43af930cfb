/** Where a part stands, said to those who do not see where it went. */
import type { Definition } from './editor/edit.ts'
import { kindOf, nameOf, partAt } from './editor/part.ts'
import { say } from './language.ts'
import { outlineOf } from './outline.ts'

/** "Income, 2 of 5 in Home". */
export function positionOf(definition: Definition, part: string): string {
  const found = partAt(definition, part)
  const line = outlineOf(definition).find((one) => one.part === part)
  if (!found || !line) return ''
  const size = kindOf(part) === 'page' ? definition.pages.length : line.size
  const holder = line.parent ? partAt(definition, line.parent) : null
  const params = { name: nameOf(definition, found), position: line.position, count: size }
  return holder ? say('moved.in', { ...params, holder: nameOf(definition, holder) }) : say('moved.to', params)
}

/** "3 parts; the first: Income, 2 of 5 in Home". */
export function positionOfAll(definition: Definition, selected: string, chosen: readonly string[]): string {
  const position = positionOf(definition, selected)
  return chosen.length > 1 ? say('moved.several', { number: chosen.length, position }) : position
}
