/** Sends what was answered: once, however often it takes. */
import { requiredDocuments } from '@guichet/core'
import type { Submission } from '@guichet/schemas'
import { keyKeeper } from './attempt.ts'
import { draftContent } from './draft-content.ts'
import { checkStep } from './journey.ts'
import { line, mayComeThrough } from './line.ts'
import { dropPending, holdPending } from './outbox.ts'
import { shownOf } from './shown-problem.ts'
import { Refused, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'
import type { Said } from './words.ts'

interface Attempt {
  /** What is sent, but for the language it was filled in: that does not make it another. */
  same: string
  submission: Submission
  key: string
  /** When it was sent first. */
  at: string
}

/** One for each way through a service, so that leaving the check and coming back does not change the key. */
const keepers = new WeakMap<object, ReturnType<typeof keyKeeper>>()
const attempts = new WeakMap<object, Attempt>()

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

/** The attempt under way, if the same is sent once more; else a new one. */
async function attemptOf(visit: Visit): Promise<Attempt> {
  const { files } = visit
  const submission = submissionOf(visit)
  const same = JSON.stringify({ ...submission, language: '' })
  const before = attempts.get(files)
  if (before?.same === same) return before
  let keyOf = keepers.get(files)
  if (!keyOf) keepers.set(files, (keyOf = keyKeeper()))
  // Sent from a draft, it has the same key on every device that the draft was opened on.
  const attempt = { same, submission, key: (await visit.transport.drafts?.attempt(same)) ?? keyOf(same), at: new Date().toISOString() }
  attempts.set(files, attempt)
  return attempt
}

/** `settled`: called when what was tried again by itself has been refused. */
export function sending(visit: Visit, settled: () => void) {
  const { transport, words } = visit
  const { address } = transport
  /** Counts the presses, so that trying again by itself stops when the person does. */
  let run = 0
  const state = {
    busy: false,
    /** Why it failed, where that is no matter of single answers. */
    failure: null as Said | null,
    /** It is tried again by itself. */
    goesOn: false,
    async send() {
      const mine = ++run
      state.busy = true
      state.failure = null
      state.goesOn = false
      visit.redraw()
      visit.announce(words.message('send.sending'))
      try {
        const attempt = await attemptOf(visit)
        // Kept before it is sent: the page may be closed while no answer has come.
        const held =
          address !== undefined &&
          (await holdPending(address, {
            submission: attempt.submission,
            key: attempt.key,
            at: attempt.at,
            files: draftContent(visit, checkStep).files,
            draft: transport.drafts?.id,
          }))
        if ((await tryOnce(attempt)) || address === undefined) return
        state.goesOn = held
        void goOn(attempt, mine)
      } finally {
        state.busy = false
      }
    },
  }

  /** Gives whether that settled it. */
  const tryOnce = async ({ submission, key }: Attempt): Promise<boolean> => {
    const forget = async () => address !== undefined && (await dropPending(address, key))
    try {
      const confirmation = await transport.submit(submission, key)
      await forget()
      visit.sent(confirmation)
      return true
    } catch (error) {
      const refused = error instanceof Refused ? error : null
      const over = !mayComeThrough(error)
      if (over) await forget()
      visit.found = (refused?.problem.errors ?? []).map((problem) => shownOf(visit, problem))
      if (visit.found.length === 0) state.failure = { text: (refused && sentenceOf(refused)) || words.message('send.unreachable'), language: words.language }
      visit.tell('guichet-failed', refused ? { reason: 'refused', status: refused.problem.status } : { reason: 'unreachable' })
      return over
    }
  }

  const goOn = async (attempt: Attempt, mine: number) => {
    for (let tries = 0; ; tries++) {
      await line(tries)
      // Whoever went back to change something, or pressed the button, decides.
      if (run !== mine || visit.now() !== visit || visit.step() !== checkStep || visit.confirmation) return
      if (await tryOnce(attempt)) break
    }
    if (!visit.confirmation) settled()
  }
  return state
}
