/** What an author can add: every field type, and groups that begin with fields and rules of their own. */
import { pickText } from '@guichet/core'
import type { KeptLine } from './api.ts'
import type { Preset } from './editor/add-preset.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { language, say } from './language.ts'
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

/** Before the id of a shared block. */
const blockMark = 'block:'

/** Shared blocks beside them, in the author's language where they are named in it. */
export const pickableBlocks = (blocks: ReadonlyMap<string, KeptLine>): Pickable[] =>
  [...blocks.values()].map(({ id, title }) => ({
    type: blockMark + id,
    title: { text: titleOf(title, id), lang: undefined },
    help: { text: say('blocks.one'), lang: undefined },
  }))

/** What a block, or another thing of the library, is called. */
export const titleOf = (title: Readonly<Record<string, string>>, id: string): string => pickText(title, [language()]).text || id

/** Id of the block that was picked; null: it was none. */
export const blockPicked = (picked: string): string | null => (picked.startsWith(blockMark) ? picked.slice(blockMark.length) : null)

/** Null for a field type. */
export function presetOf(picked: string): Preset | null {
  const name = picked.startsWith(mark) ? picked.slice(mark.length) : ''
  return Object.hasOwn(presets, name) ? (presets[name as keyof typeof presets] as unknown as Preset) : null
}
