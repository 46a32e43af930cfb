/** What a field of a type starts with: what its schema requires, and the shape that its example shows. */
import { controlOf, controlsOf, type Defs, initialOf, isRequired } from './control.ts'
import { fieldSchema, type SettingsSchemas } from './editor/references.ts'

export function startSettings(type: string, settings: SettingsSchemas, language: string): Record<string, unknown> {
  const schema = fieldSchema(type, settings)
  const control = controlOf({ ...schema, type: 'object' }, '', '', (schema.$defs ?? {}) as Defs)
  const start: Record<string, unknown> = {}
  for (const inner of controlsOf(control)) {
    if (['id', 'type', 'label'].includes(inner.property)) continue
    const required = isRequired(control, inner.property)
    // A choice without choices cannot be drawn: whatever wants options gets the first ones.
    const isOptions = inner.property === 'options' && inner.kind === 'list'
    if (required || isOptions) start[inner.property] = inner.property === 'fields' ? [] : initialOf(inner, language, new Set())
  }
  return start
}
