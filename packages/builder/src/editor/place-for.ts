/** Where parts go that are new or come from elsewhere, by what is selected. */
import type { CopiedPart } from './copied-part.ts'
import type { Definition } from './edit.ts'
import { isGroup, kindOf, partAt } from './part.ts'
import { indexOf, parentOf } from './pointer.ts'

export interface NewPlace {
  parent: string
  index?: number
}

/** After the page that is selected, or in which something is; else at the end. */
export function afterPage(selected: string): { index?: number } {
  const [, page] = /^\/pages\/(\d+)/.exec(selected) ?? []
  return page === undefined ? {} : { index: Number(page) + 1 }
}

/** A field: after the selected one, into the selected page or group, else onto the last page. */
export function fieldPlace(definition: Definition, selected: string): NewPlace {
  const kind = kindOf(selected)
  if (kind === 'page' || (kind === 'field' && isGroup(partAt(definition, selected)))) return { parent: selected }
  if (kind === 'field') return { parent: parentOf(parentOf(selected)), index: indexOf(selected) + 1 }
  return { parent: `/pages/${definition.pages.length - 1}` }
}

export const placeFor = (kind: CopiedPart['kind'], definition: Definition, selected: string): NewPlace =>
  kind === 'field' ? fieldPlace(definition, selected) : { parent: '', ...afterPage(selected) }
