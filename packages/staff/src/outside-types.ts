/** The field types that the server was handed besides the built-in ones, which it tells of in a script of its own: docs/extend/field-type.md. */
import type { FieldTypes, Messages } from '@guichet/core'

export interface ToldType {
  name: string
  schema: object
  messages: Readonly<Record<string, Readonly<Record<string, Messages[string]>>>>
  /** Address of the module with its meaning and its view, the one that citizens' pages load. */
  module: string
}

/** @throws what keeps its module from coming, or from being one */
async function meaningOf({ name, module }: ToldType): Promise<FieldTypes[string]> {
  const { default: given } = await import(/* @vite-ignore */ new URL(module, location.origin).href)
  const found = ([given].flat() as { type?: FieldTypes[string] }[]).find(({ type }) => type?.name === name)?.type
  if (!found) throw new TypeError(`${module}: its default export must be { type, view }, or a list of these`)
  return found
}

let learning: Promise<void> | null = null
/**
 * Resolves once each has been handed to `keep`. Asked of the server once; again only after a failure, which is written to the
 * console: a type whose module does not come stays unknown, and whoever meets it says so.
 */
export function learnOutsideTypes<Told extends ToldType>(keep: (told: Told, type: FieldTypes[string]) => void): Promise<void> {
  learning ??= import(/* @vite-ignore */ `${location.origin}/types/index.js`)
    .then(({ default: all }: { default: Told[] }) => Promise.all(all.map(async (told) => keep(told, await meaningOf(told)))))
    .then(
      () => {},
      (error) => {
        learning = null
        console.error(error)
      },
    )
  return learning
}
