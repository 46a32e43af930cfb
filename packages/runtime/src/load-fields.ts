/** The field types that one definition uses, and no others. */
import type { FieldType } from '@guichet/core'
import type { AnyView } from './question.ts'
import type { Fields } from './visit.ts'

export interface Loaded {
  type: FieldType<never> | undefined
  view: AnyView | undefined
}

/** Gives a type's meaning and view, now or later. `outside`: addresses of modules with types of the page's own. */
export type Source = (name: string, outside: string | null) => Loaded | Promise<Loaded | undefined> | undefined

/** A type that the source does not know is left out, and compile refuses the definition. */
export const loadFieldsFrom =
  (source: Source) =>
  async (names: readonly string[], outside: string | null): Promise<Fields> => {
    const types: Record<string, FieldType<never>> = {}
    const views: Record<string, AnyView> = {}
    await Promise.all(
      names.map(async (name) => {
        const { type, view } = (await source(name, outside)) ?? {}
        if (type) types[name] = type
        if (view) views[name] = view
      }),
    )
    return { types, views }
  }
