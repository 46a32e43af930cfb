/** What the status page draws: what is asked for, as a service of its own in one language. */
import { compile } from '@guichet/core'
import type { Answers, Json } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import type { LiveService } from '../services/live.ts'
import { viewService } from '../services/view-service.ts'
import type { WebFolders } from '../web.ts'
import type { OpenAddition } from './open-addition.ts'

export function viewAddition(
  adapters: Pick<Adapters, 'messages'>,
  latest: LiveService,
  addition: OpenAddition,
  language: { asked: string | undefined; accepts: string | undefined },
  now: Date,
  web: WebFolders,
) {
  const { filledIn, from, part } = addition
  const whole = compile(part.definition, filledIn.program.types)
  const live: LiveService = { ...filledIn, whole, program: whole, sealed: null, policy: { ...latest.policy, asks: {} } }
  live.version = { ...filledIn.version, definition: part.definition }
  const view = viewService(live, language.asked, language.accepts, now, web, adapters.messages)
  return { number: from.revision, view, answers: prefilled(addition) }
}

/** The earlier answers that the policy lets whoever holds the code read; none where something else has to be shown first. */
export function prefilled({ terms, answers, asked, part }: OpenAddition): Answers {
  if (terms.proof.length > 0) return {}
  const shown = terms.prefill.filter((field) => asked.fields.includes(field) && part.fields.has(field) && Object.hasOwn(answers, field))
  return Object.fromEntries(shown.map((field) => [field, answers[field] as Json]))
}
