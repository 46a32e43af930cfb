/** What an author can add: every field type, and groups that begin with fields and rules of their own. */
import type { Preset } from './editor/add-preset.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { type Named, typeHelp, typeName } from './names.ts'
import presets from './presets.json' with { type: 'json' }

/** Before the name of a preset, which no field type's name holds. */
const mark = 'preset:'

export interface Pickable {
  /** A field type, or a preset with its mark. */
  type: string
  title: Named
  help: Named | null
}

export const pickable = (settings: SettingsSchemas): Pickable[] =>
  [...Object.entries(settings).map(([type, { schema }]) => ({ type, schema })), ...Object.keys(presets).map((name) => ({ type: mark + name, schema: {} }))].map(
    ({ type, schema }) => ({ type, title: typeName(type, schema), help: typeHelp(type, schema) }),
  )

/** Null for a field type. */
export function presetOf(picked: string): Preset | null {
  const name = picked.startsWith(mark) ? picked.slice(mark.length) : ''
  return Object.hasOwn(presets, name) ? (presets[name as keyof typeof presets] as unknown as Preset) : null
}
