/** What was chosen from lists that are kept elsewhere, held against them when it is sent in. */
import { type FieldNode, type Json, type Problem, places, type Session } from '@guichet/core'
import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { betweenTries, ListAway, type RemoteList, remoteFields } from './remote-lists.ts'

/** A list that cannot be had now: the page tries again by itself. */
export const listAway = () => new Refused(503, 'list-away', { headers: { 'Retry-After': String(betweenTries / 1000) } })

const chosenValue = (chosen: Json): string =>
  typeof chosen === 'object' && chosen !== null && !Array.isArray(chosen) && typeof chosen.value === 'string' ? chosen.value : ''

/**
 * Writes the list's own words over whatever the client says of the option: officers read them there, also when the list has
 * changed. Gives the answers that are in no list. `asked`: which of the fields somebody has just answered. @throws Refused 503 where a
 * list cannot be had
 */
export async function checkChosen(
  session: Session,
  live: LiveService,
  { lists }: Pick<Adapters, 'lists'>,
  asked: (node: FieldNode) => boolean = () => true,
): Promise<Problem[]> {
  const fields = new Set(remoteFields(session.program).filter(asked))
  if (fields.size === 0) return []
  const problems: Problem[] = []
  for (const nodes of session.program.pages.values())
    for (const { node, at } of places(session, nodes)) {
      const chosen = fields.has(node) ? session.value(node, at) : null
      if (chosen === null) continue
      const value = chosenValue(chosen)
      const option = (await listOf(lists, live, node, value)).byValue.get(value)
      if (option) session.set(`${at}${node.field.id}`, { value, label: option.label })
      else problems.push({ pointer: `/${at}${node.field.id}`, code: `${node.field.type}.invalid` })
    }
  return problems
}

async function listOf(lists: Adapters['lists'], live: LiveService, node: FieldNode, value: string): Promise<RemoteList> {
  try {
    // Another replica may have shown a newer one.
    return await lists.of(live, node, ({ byValue }) => byValue.has(value))
  } catch (error) {
    throw error instanceof ListAway ? listAway() : error
  }
}
