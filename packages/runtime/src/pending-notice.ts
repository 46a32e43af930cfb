/**
 * What this browser sent and got no answer to, before the page was closed: sent again, with the same key, as soon as the
 * page is there. The tracking code is shown when it is asked for, since somebody else may be sitting here by now.
 */
import { html, nothing, type TemplateResult } from 'lit-html'
import { removeDraft } from './draft-keeper.ts'
import { checkStep } from './journey.ts'
import { line, mayComeThrough } from './line.ts'
import { dropPending, mayBeSentAgain, type Pending, pendingAt, tidyMark } from './outbox.ts'
import { filesOf, proofsIn } from './proofs.ts'
import { withdrawAll } from './send-submission.ts'
import type { Confirmation } from './service-view.ts'
import { shownOf } from './shown-problem.ts'
import { type Refused, sentenceOf } from './transport.ts'
import type { Seed, Visit } from './visit.ts'
import './more-styles.ts'

type State =
  | { name: 'sending' }
  | { name: 'waiting' }
  | { name: 'received'; confirmation: Confirmation }
  | { name: 'refused'; refused: Refused }
  | { name: 'old' }

const said = {
  sending: 'pending.sending',
  waiting: 'pending.waiting',
  received: 'pending.received',
  refused: 'pending.refused',
  old: 'pending.old',
}

const seedOf = ({ submission, files }: Pending): Seed => ({
  session: { inputs: submission.answers, documents: submission.documents ?? {}, atDesk: submission.atDesk ?? [] },
  files: filesOf({ files, proofs: proofsIn(submission) }),
  changing: false,
  confirmation: null,
})

export function pendingNotice(visitNow: () => Visit, draw: () => void) {
  const { address = '' } = visitNow().transport
  let pending: Pending | null = null
  let state: State = { name: 'sending' }
  const become = (next: State) => {
    state = next
    draw()
  }

  const send = async (held: Pending) => {
    for (let tries = 0; pending === held && visitNow().now(); tries++) {
      try {
        const earlier = await withdrawAll(address, held.instead ?? [])
        return become({ name: 'received', confirmation: earlier ?? (await visitNow().transport.submit(held.submission, held.key)) })
      } catch (error) {
        if (!mayComeThrough(error)) return become({ name: 'refused', refused: error as Refused })
        become({ name: 'waiting' })
        await line(tries)
      }
    }
  }
  const forget = async (held: Pending) => {
    pending = null
    draw()
    await dropPending(address, held.key)
  }
  /** The answers, back in the form. */
  const restore = async (held: Pending) => {
    await visitNow().resume(seedOf(held), held.submission.language)
    visitNow().typed()
  }
  const show = async (held: Pending, confirmation: Confirmation) => {
    // What is shown beside the code follows from the answers; the code matters more than they do.
    await restore(held).catch(() => {})
    visitNow().sent(confirmation)
    await forget(held)
    if (held.draft) await removeDraft(address, held.draft)
  }
  const open = async (held: Pending, refused: Refused | null) => {
    try {
      await restore(held)
    } catch {
      return visitNow().trouble()
    }
    const visit = visitNow()
    visit.found = (refused?.problem.errors ?? []).map((problem) => shownOf(visit, problem))
    if (refused) await forget(held)
    pending = null
    draw()
    await visit.go(checkStep)
  }

  return {
    async start() {
      pending = await pendingAt(address)
      if (!pending) return tidyMark()
      if (!mayBeSentAgain(pending)) return become({ name: 'old' })
      draw()
      await send(pending)
    },
    template(): TemplateResult | typeof nothing {
      const held = pending
      if (!held) return nothing
      const { message, date } = visitNow().words
      const button = (key: string, press: () => void) =>
        html`<button type="button" class="g-button g-button-secondary" @click=${press}>${message(key)}</button>`
      return html`<div class="g-notice" role="status">
        <p>${message('pending.sent', { date: date(held.at) })} ${message(said[state.name])}</p>
        ${state.name === 'refused' ? html`<p>${sentenceOf(state.refused)}</p>` : nothing}
        ${
          state.name === 'received'
            ? button('pending.show', () => show(held, (state as { confirmation: Confirmation }).confirmation))
            : state.name === 'refused' || state.name === 'old'
              ? html`${held.submission.sealed ? html`<p>${message('pending.sealed')}</p>` : button('pending.open', () => open(held, state.name === 'refused' ? state.refused : null))} ${button('pending.delete', () => forget(held))}`
              : nothing
        }
      </div>`
    },
  }
}
