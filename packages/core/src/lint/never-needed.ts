/** Conditions that contradict themselves, where they do more than hide a question: documents, fees, routes, checks, rules. */
import type { Expression } from '@guichet/schemas'
import { error, type LintRule, warning } from './finding.ts'
import { askedIf, impossible } from './possible.ts'

export const neverNeeded: LintRule = function* ({ definition, program, fields }) {
  const never = (expression: Expression | undefined) => expression !== undefined && impossible(program, [{ expression, group: null }])
  for (const [i, { id, when, copies }] of (definition.documents ?? []).entries())
    if (never(when)) yield warning('document.neverAsked', `/documents/${i}/when`, { id })
    else if (copies === 0) yield warning('document.neverAsked', `/documents/${i}/copies`, { id })
  for (const [i, { id, when }] of (definition.fee?.lines ?? []).entries()) if (never(when)) yield warning('condition.never', `/fee/lines/${i}/when`, { id })
  for (const [i, { to, when }] of (definition.routes ?? []).entries()) if (never(when)) yield warning('condition.never', `/routes/${i}/when`, { id: to })
  for (const [i, page] of definition.pages.entries())
    for (const [k, { id, when, rule }] of (page.checks ?? []).entries()) {
      const asked = [
        { expression: page.when, group: null },
        { expression: when, group: null },
      ]
      // A check on a page that is never shown is said of the page.
      if (impossible(program, asked.slice(0, 1))) continue
      if (impossible(program, asked)) yield warning('condition.never', `/pages/${i}/checks/${k}/when`, { id })
      else if (impossible(program, [...asked, { expression: rule, group: null }])) yield error('rule.refusesAll', `/pages/${i}/checks/${k}/rule`, { id })
    }
  for (const { field, node, pointer } of fields) {
    if (!node || !field.rules?.length || impossible(program, askedIf(node))) continue
    const kept = field.rules.map(({ rule }) => ({ expression: rule, group: node.group }))
    // Rules are asked about what is answered.
    const answered = { expression: { has: { var: field.id } }, group: node.group }
    if (impossible(program, [...askedIf(node), answered, ...kept])) yield error('rule.refusesAll', `${pointer}/rules`, { id: field.id })
  }
}
