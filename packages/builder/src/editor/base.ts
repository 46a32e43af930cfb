/**
 * A service that was made from a base: what the base is, and its versions in the terms of this service, so that the merge of
 * authors merges them as well. docs/decisions/0028-merging-definitions.md.
 */
import type { Definition, Draft } from './edit.ts'

/** Stands in the definition as `x-base`. */
export interface BaseLink {
  /** `service:<id>` of the same agency, or `file:<id>` of a service that came as a file. */
  from: string
  /** Of a service its published version; of a file 0. */
  version: number
  /** Digest under which the agency keeps the base's content. */
  content: string
}

/** What is kept of a base. */
export interface BaseContent {
  definition: Definition
}

const key = 'x-base'

export function baseOf(definition: Definition): BaseLink | null {
  const link = (definition as Definition & { [key]?: Partial<BaseLink> | null })[key]
  const holds = typeof link?.from === 'string' && typeof link.version === 'number' && typeof link.content === 'string'
  return holds ? (link as BaseLink) : null
}

/** The definition with the link, or with none. */
export function withBase(definition: Definition, link: BaseLink | null): Definition {
  const { [key]: _, ...rest } = definition as Definition & { [key]?: unknown }
  return (link ? { ...rest, [key]: link } : rest) as Definition
}

/** What is kept of a service that others are made from: no link of its own, and no examples, which stay with its draft. */
export function baseContent(definition: Definition): BaseContent {
  const { examples: _, ...rest } = withBase(definition, null)
  return { definition: rest as Definition }
}

/** A version of the base as a draft of this service: called like it, with its policy, which no base touches, and its examples. */
export function asOwn({ definition }: BaseContent, own: Draft): Draft {
  const { examples } = own.definition
  return {
    definition: withBase({ ...definition, id: own.definition.id, ...(examples ? { examples } : {}) } as Definition, baseOf(own.definition)),
    policy: own.policy,
  }
}
