/** What follows from the answers, beside the documents: computed values, fee, route. */
import type { Json, Route } from '@guichet/schemas'
import { roundTo } from './expression.ts'
import { holds } from './required-documents.ts'
import type { Session } from './session.ts'

export interface FeeOutcome {
  /** Lines that apply; amounts in minor units. */
  lines: { id: string; amount: number; refundable: boolean }[]
  total: number
}

/** Whole minor units, rounded half away from zero; absent counts as nothing. */
const minorUnits = (value: Json) => (typeof value === 'number' ? roundTo(value, 0) : 0)

export function feeOf(session: Session): FeeOutcome {
  const lines = (session.program.definition.fee?.lines ?? [])
    .filter((line) => holds(session, line.when))
    .map((line) => ({ id: line.id, amount: minorUnits(session.evaluate(line.amount)), refundable: line.refundable === true }))
  return { lines, total: lines.reduce((total, line) => total + line.amount, 0) }
}

/** Computed values by id; money in whole minor units. */
export function computedValues(session: Session): Record<string, Json> {
  const values: Record<string, Json> = {}
  for (const { id, type } of session.program.definition.computed ?? []) {
    const value = session.computed(id)
    values[id] = type === 'money' && typeof value === 'number' ? roundTo(value, 0) : value
  }
  return values
}

/** The first route whose condition holds (and that `may` be taken), or null if the definition has none that does. */
export const routeOf = (session: Session, may: (route: Route) => boolean = () => true): Route | null =>
  (session.program.definition.routes ?? []).find((route) => holds(session, route.when) && may(route)) ?? null
