/** Looks for everything wrong with a definition, before it is published and while it is written. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { FieldTypes } from './field-type.ts'
import { contextOf } from './lint/context.ts'
import type { FieldSettings, LintFinding } from './lint/finding.ts'
import { rulesFor } from './lint/findings.ts'
import { shapeOf } from './lint/shape.ts'

export { lintText } from './lint-text.ts'

/**
 * Findings in the order they are looked for: first the shape, and where that holds everything else. An error refuses
 * publishing. `settings` has the validator of each type's settings.
 */
export function lint(definition: unknown, types: FieldTypes, settings: FieldSettings): LintFinding[] {
  const { findings, holds, faulty } = shapeOf(definition, settings)
  if (!holds) return findings
  const context = contextOf(definition as ServiceDefinition, types, faulty)
  return [...findings, ...rulesFor(types, settings).flatMap((rule) => [...rule(context)])]
}
