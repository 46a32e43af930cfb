/** Sends what was answered: once, however often it takes. */
import { requiredDocuments } from '@guichet/core'
import type { Submission } from '@guichet/schemas'
import { keyKeeper } from './attempt.ts'
import { shownOf } from './shown-problem.ts'
import { Refused, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'
import type { Said } from './words.ts'

/** One keeper for each way through a service, so that leaving the check and coming back does not change the key. */
const keepers = new WeakMap<object, ReturnType<typeof keyKeeper>>()

/** The answers as they are sent: relevant ones only, and the documents asked for now. */
export function submissionOf({ session, view }: Pick<Visit, 'session' | 'view'>): Submission {
  const asked = requiredDocuments(session).map(({ document }) => document.id)
  const atDesk = session.atDesk.filter((id) => asked.includes(id))
  const documents = Object.fromEntries(
    asked.flatMap((id) => {
      const given = session.documents[id]
      return given?.length && !atDesk.includes(id) ? [[id, [...given]]] : []
    }),
  )
  return { version: view.version, language: view.language, answers: session.stored(), documents, atDesk }
}

export function sending(visit: Visit) {
  const { transport, words, files } = visit
  let keyOf = keepers.get(files)
  if (!keyOf) keepers.set(files, (keyOf = keyKeeper()))
  const keep = keyOf
  const state = {
    busy: false,
    /** Why it failed, where that is no matter of single answers. */
    failure: null as Said | null,
    async send() {
      const submission = submissionOf(visit)
      state.busy = true
      state.failure = null
      visit.redraw()
      visit.announce(words.message('send.sending'))
      try {
        visit.sent(await transport.submit(submission, keep(submission)))
      } catch (error) {
        const refused = error instanceof Refused ? error : null
        visit.found = (refused?.problem.errors ?? []).map((problem) => shownOf(visit, problem))
        if (visit.found.length === 0) state.failure = { text: (refused && sentenceOf(refused)) || words.message('send.unreachable'), language: words.language }
        visit.tell('guichet-failed', refused ? { reason: 'refused', status: refused.problem.status } : { reason: 'unreachable' })
      } finally {
        state.busy = false
      }
    },
  }
  return state
}
