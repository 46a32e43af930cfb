/**
 * Options that nobody can choose, because a rule of the question, or of its page, refuses each answer with them. A rule that
 * names the option means to refuse it, and tells people why; one that does not was written before there was this option.
 */
import type { Expression, Json } from '@guichet/schemas'
import { type LintRule, warning } from './finding.ts'
import { askedIf, impossible } from './possible.ts'

export const deadOptions: LintRule = function* ({ program, fields }) {
  for (const { field, node, pointer } of fields) {
    const { options } = field
    if (!node || !Array.isArray(options) || node.type.kind(field as never) !== 'choice') continue
    const rules = [
      ...(field.rules ?? []).map(({ rule }) => ({ expression: rule, group: node.group })),
      // A check speaks of what is outside of rows.
      ...(node.group ? [] : (node.page.checks ?? []).filter(({ when }) => when === undefined).map(({ rule }) => ({ expression: rule, group: null }))),
    ]
    if (rules.length === 0) continue
    const dead = (options as { value?: Json }[]).map(({ value }) => {
      if (rules.some(({ expression }) => names(expression, value))) return false
      const chosen = { expression: { '==': [{ var: field.id }, value ?? null] } as Expression, group: node.group }
      return impossible(program, [...askedIf(node), chosen, ...rules])
    })
    // Where none is left the rules refuse everything, and that is said of them.
    if (dead.every(Boolean)) continue
    for (const [i, isDead] of dead.entries())
      if (isDead) yield warning('option.refused', `${pointer}/options/${i}`, { id: field.id, option: String((options[i] as { value: Json }).value) })
  }
}

const names = (expression: Json | undefined, value: Json | undefined): boolean =>
  expression === value ||
  (Array.isArray(expression)
    ? expression.some((part) => names(part, value))
    : typeof expression === 'object' && expression !== null && Object.values(expression).some((part) => names(part, value)))
