import type { Page } from '@guichet/schemas'
import type { Edit } from './edit.ts'
import { idFrom } from './ids.ts'
import { insert } from './pointer.ts'

/** Adds an empty page before the one at `index`; last if there is no index. */
export const addPage =
  ({ title, index }: { title: string; index?: number }): Edit =>
  (definition) => {
    const at = Math.max(0, Math.min(index ?? definition.pages.length, definition.pages.length))
    const id = idFrom(title, new Set(definition.pages.map((page) => page.id)), 'page')
    const page: Page = { id, title: { [definition.languages[0]]: title }, fields: [] }
    return { definition: insert(definition, '/pages', at, page), part: `/pages/${at}`, words: { key: 'addPage', params: { name: title } } }
  }
