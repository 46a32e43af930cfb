import type { ServiceDefinition } from '@guichet/schemas'
import { pickText } from './text.ts'

/** Properties that hold no texts: expressions, tables, maps of ids. */
const opaque = new Set(['when', 'rule', 'value', 'amount', 'copies', 'tables', 'input', 'output', 'sets'])

/**
 * The definition with every text in one language only (or in the first it is offered in, where a translation is missing),
 * so that a reader's device need not load the others, and without where its parts come from, which is its authors' matter.
 * Still a valid definition.
 *
 * `known`: what was made of parts before, with the same languages; parts that are the same give the same again.
 */
export function localise(definition: ServiceDefinition, language: string, known?: WeakMap<object, unknown>): ServiceDefinition {
  const languages = new Set<string>(definition.languages)
  const order = [language, ...definition.languages]
  const isText = (value: object): value is Record<string, string> => {
    const entries = Object.entries(value)
    return entries.length > 0 && entries.every(([key, text]) => languages.has(key) && typeof text === 'string')
  }
  const walk = (value: unknown, inRoutes: boolean): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const before = known?.get(value)
    if (before !== undefined) return before
    const made = make(value, inRoutes)
    known?.set(value, made)
    return made
  }
  const make = (value: object, inRoutes: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, inRoutes))
    // A route may consist of `to` alone, which is also a language tag (Tongan).
    if (!inRoutes && isText(value)) {
      const picked = pickText(value, order)
      return { [picked.language]: picked.text }
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== 'x-base' && key !== 'x-block')
        .map(([key, item]) => [key, opaque.has(key) || key.startsWith('x-') ? item : walk(item, key === 'routes')]),
    )
  }
  return walk(definition, false) as ServiceDefinition
}
