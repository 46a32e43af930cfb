/** Sends what was answered: once, however often it takes. */
import { requiredDocuments } from '@guichet/core'
import type { Submission } from '@guichet/schemas'
import { draftContent } from './draft-content.ts'
import { checkStep } from './journey.ts'
import { line, mayComeThrough } from './line.ts'
import { dropPending, holdPending } from './outbox.ts'
import { proofsFor } from './proofs.ts'
import { resumeContent } from './resume-content.ts'
import { withdrawAll } from './send-submission.ts'
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
  /** Keys of what was sent before the answers were changed, as far as no answer came: it may have arrived all the same. */
  instead: readonly string[]
  /** Refused: nothing of it is with the server. */
  over: boolean
}

/** The last one of each way through a service, so that leaving the check and coming back does not change the key. */
const attempts = new WeakMap<object, Attempt>()
/** Keys that were withdrawn: of a draft the same answers have the same key, so coming back to them needs another. */
const spent = new Set<string>()
/** Who sends for each way through a service: whoever left the check, perhaps to change something, sends no more by itself. */
const senders = new WeakMap<object, object>()

/**
 * The key of an attempt to send: 128 random bits, kept for as long as the same thing is sent, so that trying again after a
 * lost answer never makes a second submission. Not crypto.randomUUID: an agency's own network may be no secure context.
 */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

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
  const open = visit.view.asks?.codes ? { ...submissionOf(visit), proofs: proofsFor(visit) } : submissionOf(visit)
  const same = JSON.stringify({ ...open, language: '' })
  const before = attempts.get(files)
  if (before?.same === same) return before
  // Sealed once for each attempt: the same key goes with the same bytes.
  const submission = visit.transport.sealing ? await visit.transport.sealing.seal(open, visit) : open
  // Sent from a draft, it has the same key on every device that the draft was opened on.
  const draftKey = await visit.transport.drafts?.attempt(same)
  const key = draftKey === undefined || spent.has(draftKey) ? newKey() : draftKey
  const instead = before && !before.over ? [...before.instead, before.key].filter((other) => other !== key) : []
  const attempt = { same, submission, key, at: new Date().toISOString(), instead, over: false }
  attempts.set(files, attempt)
  return attempt
}

/** The key of what is said where something between us and the server answered, in words of its own that nobody is shown. */
const wordless = (error: Refused) => {
  if (error.problem.status === 413) return 'send.tooLarge'
  return mayComeThrough(error) ? 'send.unreachable' : 'send.refused'
}

/** What is said of a request that cannot be right is said to whoever wrote the program, and is nothing that a person could do. */
const forPrograms = [400, 404, 415, 405]

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
        const held = await hold(attempt)
        if ((await tryOnce(attempt)) || address === undefined) return
        state.goesOn = held
        void goOn(attempt, mine)
      } catch (error) {
        // It could not even be sealed.
        state.failure = reasonOf(error)
      } finally {
        state.busy = false
      }
    },
  }
  /** A refusal's own sentence, or that of a seal that was not made; else what can be done about it. */
  const reasonOf = (error: unknown): Said => ({
    text:
      (error instanceof Refused && !forPrograms.includes(error.problem.status) && sentenceOf(error)) ||
      (error instanceof Error && error.name === 'CannotSeal' && error.message) ||
      words.message(error instanceof Refused ? wordless(error) : 'send.unreachable'),
    language: words.language,
  })

  /** Kept before it is sent: the page may be closed while no answer has come. */
  const hold = async ({ submission, key, at, instead }: Attempt) =>
    address !== undefined &&
    holdPending(address, {
      submission,
      key,
      at,
      instead,
      // Names and keys of sealed files are nobody's who comes after.
      files: submission.sealed ? [] : draftContent(visit, checkStep).files,
      draft: transport.drafts?.id,
    })

  /** Gives whether that settled it. */
  const tryOnce = async (attempt: Attempt, isFirst = true): Promise<boolean> => {
    const { submission, key } = attempt
    const forget = async () => address !== undefined && (await dropPending(address, key))
    try {
      const earlier = address === undefined ? null : await withdrawAll(address, attempt.instead)
      for (const withdrawn of attempt.instead) spent.add(withdrawn)
      attempt.instead = []
      const confirmation = earlier ?? (await transport.submit(submission, key))
      await forget()
      visit.sent(confirmation)
      return true
    } catch (error) {
      const refused = error instanceof Refused ? error : null
      const is = (name: string) => refused?.problem.type.endsWith(`/${name}`) === true && !spent.has(key)
      // Withdrawn, or sent with another seal, on another device that the draft was opened on; or the keys have changed since
      // it was sealed.
      if (is('key-reused') || (isFirst && is('sealed-keys'))) {
        spent.add(key)
        attempts.delete(visit.files)
        const again = await attemptOf(visit)
        // What arrived from the other device counts, and nothing else is sent.
        if (submission.sealed) again.instead = [...again.instead, key]
        await hold(again)
        return tryOnce(again, false)
      }
      transport.trust?.refused(error)
      const over = !mayComeThrough(error)
      attempt.over = over
      if (over) await forget()
      if (is('version') && (await goOnInNew(reasonOf(error)))) return true
      // Of answers: what else has places of its own is no answer of anybody's.
      const { status, errors = [] } = refused?.problem ?? {}
      visit.found = status === 422 ? errors.map((problem) => shownOf(visit, problem)) : []
      if (visit.found.length === 0) state.failure = reasonOf(error)
      visit.tell('guichet-failed', refused ? { reason: 'refused', status: refused.problem.status } : { reason: 'unreachable' })
      return over
    }
  }

  /** The service was replaced while it was filled in: what fits stays, and is looked at once more. False: the new one cannot be had. */
  const goOnInNew = async (said: Said): Promise<boolean> => {
    try {
      const { visit: now } = await resumeContent(visit, draftContent(visit, checkStep))
      now.typed()
      now.found = [{ said }]
      await now.go(checkStep)
      return true
    } catch {
      return false
    }
  }

  senders.set(visit.files, state)

  const goOn = async (attempt: Attempt, mine: number) => {
    for (let tries = 0; ; tries++) {
      await line(tries)
      // Whoever went back to change something, or pressed the button, decides.
      if (run !== mine || senders.get(visit.files) !== state || visit.now() !== visit || visit.step() !== checkStep || visit.confirmation) return
      if (await tryOnce(attempt)) break
    }
    if (!visit.confirmation) settled()
  }
  return state
}
