/** What a field of a type starts with: what its schema requires, and the shape that its example shows. */
import { controlOf, controlsOf, type Defs, initialOf, isRequired, type Known } from './control.ts'
import type { Definition } from './editor/edit.ts'
import { fieldSchema, type SettingsSchemas } from './editor/references.ts'
import { gridOf } from './editor/table-grid.ts'

/** The tables of a service and their columns, which are all that a new field needs to name. */
const tablesOf = ({ tables = {} }: Definition): Known => ({
  references: (property) => (property === 'table' ? Object.keys(tables).map((value) => ({ value })) : []),
  columns: (table) => gridOf(tables[table] ?? {}).columns,
})

export function startSettings(type: string, settings: SettingsSchemas, definition: Definition): Record<string, unknown> {
  const schema = fieldSchema(type, settings)
  const control = controlOf({ ...schema, type: 'object' }, '', '', (schema.$defs ?? {}) as Defs)
  const [language] = definition.languages
  const known = tablesOf(definition)
  const start: Record<string, unknown> = {}
  for (const inner of controlsOf(control)) {
    if (['id', 'type', 'label'].includes(inner.property)) continue
    const required = isRequired(control, inner.property)
    // A choice without choices cannot be drawn: whatever wants options gets the first ones.
    const isOptions = inner.property === 'options' && inner.kind === 'list'
    if (required || isOptions) start[inner.property] = inner.property === 'fields' ? [] : initialOf(inner, language, new Set(), known, start)
  }
  return start
}
