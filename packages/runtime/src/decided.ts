/**
 * What is certain while only a few questions are answered. Expressions read a missing answer as absent; here a condition
 * that reads one is open, unless what is known settles it. Pure; no DOM.
 */
import { type FieldNode, readPaths, type Session } from '@guichet/core'
import type { Expression } from '@guichet/schemas'

export type Decision = 'yes' | 'no' | 'open'

const opposite = { yes: 'no', no: 'yes', open: 'open' } as const

export interface Decider {
  decide(condition: Expression | undefined): Decision
  /** The amount of an expression, in minor units; null while it is open. */
  amount(expression: Expression): number | null
}

/** `asked`: ids of the questions that are asked now; an untouched box among them counts as not ticked. */
export function deciderOf(session: Session, asked: readonly string[]): Decider {
  const { program } = session

  /** `trail` ends circles, which lint refuses. */
  const isKnown = (path: string, trail: readonly string[]): boolean => {
    if (trail.includes(path)) return false
    const on = [...trail, path]
    const computed = program.computed.get(path)
    if (computed !== undefined) return readsKnown(computed, on)
    const node = program.nodes.get(path)
    // How many rows there will be is never known before.
    if (!node || node.rows || node.group) return false
    if (isOut(node, on)) return true
    if (node.field.type === 'computed') return readsKnown(node.field.value as Expression, on)
    return (asked.includes(path) ? session.value(node) : session.input(path)) !== null
  }
  const readsKnown = (expression: Expression | undefined, trail: readonly string[]) =>
    readPaths(program, expression, null).every((path) => isKnown(path, trail))
  /** The question will certainly not be asked, so it is certainly unanswered. */
  const isOut = (node: FieldNode, trail: readonly string[]) => conditionsOf(node).some((condition) => decide(condition, trail) === 'no')

  const decide = (condition: Expression | undefined, trail: readonly string[] = []): Decision => {
    if (condition === undefined) return 'yes'
    if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) {
      const [operation, given] = Object.entries(condition)[0] ?? []
      const parts = () => (Array.isArray(given) ? given : [given]).map((part) => decide(part as Expression, trail))
      if (operation === 'and') return parts().includes('no') ? 'no' : parts().every((part) => part === 'yes') ? 'yes' : 'open'
      if (operation === 'or') return parts().includes('yes') ? 'yes' : parts().every((part) => part === 'no') ? 'no' : 'open'
      if (operation === '!') return opposite[parts()[0] ?? 'open']
    }
    if (!readsKnown(condition, trail)) return 'open'
    return session.evaluate(condition) === true ? 'yes' : 'no'
  }

  return {
    decide: (condition) => decide(condition),
    amount(expression) {
      if (!readsKnown(expression, [])) return null
      const value = session.evaluate(expression)
      return typeof value === 'number' ? Math.sign(value) * Math.round(Math.abs(value)) : null
    },
  }
}

const conditionsOf = ({ page, conditions }: FieldNode) => (page.when === undefined ? conditions : [page.when, ...conditions])
