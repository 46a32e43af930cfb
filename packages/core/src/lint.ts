/** Looks for everything wrong with a definition, before it is published and while it is written. */
import type { Json, ServiceDefinition } from '@guichet/schemas'
import type { FieldTypes } from './field-type.ts'
import { contextOf } from './lint/context.ts'
import type { FieldSettings, LintFinding } from './lint/finding.ts'
import { rulesFor } from './lint/findings.ts'
import { shapeOf } from './lint/shape.ts'
import { formatMessage, type Messages } from './text.ts'

/**
 * Findings in the order they are looked for: first the shape, and where that holds everything else. An error refuses
 * publishing. `settings` has the validator of each type's settings.
 */
export function lint(definition: unknown, types: FieldTypes, settings: FieldSettings): LintFinding[] {
  const { findings, holds, faulty } = shapeOf(definition, settings)
  if (!holds) return findings
  const context = contextOf(definition as ServiceDefinition, types, faulty)
  return [...findings, ...rulesFor(types).flatMap((rule) => [...rule(context)])]
}

/** Params that name kinds of values: they are written in the reader's words. */
const kindParams = new Set(['wanted', 'found', 'first', 'second'])
const listedAtMost = 12

/** The sentence of a finding, from core's messages in the reader's language. */
export function lintText({ code, params }: { code: string; params: Readonly<Record<string, Json>> }, messages: Messages, language: string): string {
  const kindName = (name: Json) => {
    const named = messages[`lint.kind.${String(name)}`]
    return typeof named === 'string' ? named : String(name)
  }
  const placed: Record<string, Json> = {}
  for (const [key, value] of Object.entries(params)) {
    if (Array.isArray(value)) {
      const parts = value.slice(0, listedAtMost).map((part) => (kindParams.has(key) ? kindName(part) : String(part)))
      if (value.length > listedAtMost) parts.push('…')
      // A circle is read in its direction; the rest are alternatives.
      placed[key] = key === 'fields' ? parts.join(' → ') : new Intl.ListFormat(language, { type: kindParams.has(key) ? 'disjunction' : 'unit' }).format(parts)
    } else placed[key] = kindParams.has(key) && typeof value === 'string' ? kindName(value) : value
  }
  const sentence = formatMessage(messages[`lint.${code}`], placed, language)
  return params.suggestion === undefined ? sentence : `${sentence} ${formatMessage(messages['lint.suggestion'], placed, language)}`
}
