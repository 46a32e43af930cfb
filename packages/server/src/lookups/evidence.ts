/**
 * What a register has vouched for, and what follows where none has. A citizen's browser can send any value, also into a
 * field that only a look-up fills; without evidence such a value is no answer, and nobody is approved or rejected by a
 * rule alone: the case goes where people look at it.
 */
import type { Session } from '@guichet/core'
import type { Answers, LookUp, Route, ServiceDefinition } from '@guichet/schemas'

/** Connects registers. Says which look-ups of a service it has seen succeed with exactly these answers. */
export interface Registers {
  vouched(query: { agency: string; definition: ServiceDefinition; answers: Answers }): Promise<ReadonlySet<string>>
}

/** A server to which no register is connected. */
export const noRegisters: Registers = { vouched: async () => new Set() }

/** Values that a person may overwrite are a convenience; the others are evidence. */
const isEvidence = (lookup: LookUp) => lookup.sets !== undefined || Object.values(lookup.output).some((may) => may !== 'editable')

/** Look-ups that the service counts on as evidence, and for which there is none. */
export async function unvouched(registers: Registers, agency: string, definition: ServiceDefinition, answers: Answers): Promise<LookUp[]> {
  const counted = (definition.lookups ?? []).filter(isEvidence)
  if (counted.length === 0) return []
  const vouched = await registers.vouched({ agency, definition, answers })
  return counted.filter(({ id }) => !vouched.has(id))
}

/** Takes out of the session what nobody but a register can have put there: values it sets, and hidden fields it fills. */
export function dropUnvouched(session: Session, lookups: readonly LookUp[]) {
  const { program } = session
  for (const { id, sets = {} } of lookups) {
    for (const field of Object.keys(sets)) session.set(field, null)
    for (const node of program.scope.values()) if (node.field.type === 'hidden' && node.field.from === id) session.set(node.field.id, null)
  }
}

/** Whether a route may be taken: decisions without a person need the evidence that the service counts on. */
export const mayTake =
  (lookups: readonly LookUp[]) =>
  ({ to }: Route): boolean =>
    lookups.length === 0 || !to.startsWith('auto_')
