/** What drawing one definition takes, and no more: its field types, and what draws groups. */
import type { FieldType } from '@guichet/core'
import type { Field, ServiceDefinition } from '@guichet/schemas'
import type { AnyView } from './question.ts'
import type { Fields } from './visit.ts'

export interface Loaded {
  type: FieldType<never> | undefined
  view: AnyView | undefined
}

/** Gives a type's meaning and view, now or later. `outside`: addresses of modules with types of the page's own. */
export type Source = (name: string, outside: string | null) => Loaded | Promise<Loaded | undefined> | undefined

/** What some fields, and those inside them, need. */
function usesOf(fields: readonly Field[], uses = { types: new Set<string>(), rows: false, groups: false }) {
  for (const field of fields) {
    uses.types.add(field.type)
    if (field.repeat) uses.rows = true
    else if (field.fields) uses.groups = true
    usesOf((field.fields as Field[] | undefined) ?? [], uses)
  }
  return uses
}

/** A type that the source does not know is left out, and compile refuses the definition. `also`: what else has to be there. */
export const loadFieldsFrom =
  (source: Source, also?: (definition: ServiceDefinition) => Promise<unknown> | undefined) =>
  async (definition: ServiceDefinition, outside: string | null): Promise<Fields> => {
    const types: Record<string, FieldType<never>> = {}
    const views: Record<string, AnyView> = {}
    const uses = usesOf(definition.pages.flatMap((page) => page.fields))
    const [rows, group] = await Promise.all([
      uses.rows ? import('./rows.ts') : undefined,
      uses.groups ? import('./group.ts') : undefined,
      also?.(definition),
      ...[...uses.types].map(async (name) => {
        const { type, view } = (await source(name, outside)) ?? {}
        if (type) types[name] = type
        if (view) views[name] = view
      }),
    ])
    return { types, views, Rows: rows?.Rows, Group: group?.Group }
  }
