/** Mailing the way back to what was saved, where the server can; and taking up a mailed link. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { readCode } from './draft-code.ts'
import type { Kept } from './draft-requests.ts'
import { problemLine } from './problem-line.ts'
import { pageAround } from './sign-in.ts'
import { Refused, read, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'

const inputId = 'guichet-draft-mail'
const sentId = 'guichet-draft-mailed'
/** Something before and after an @: the server knows better. */
const address = /^[^\s@]+@[^\s@]+$/

export interface DraftMail {
  /** Null where the server mails nothing. */
  template(kept: Pick<Kept, 'mail'>, box: { id: string; code: string }): TemplateResult | typeof nothing
}

/** `draw` is called whenever something has changed; `noted`, when the person has the way back. */
export function draftMail(visitNow: () => Visit, draw: () => void, noted: () => void): DraftMail {
  let open = false
  let busy = false
  let problem: string | null = null
  let sentTo: string | null = null

  const show = (focus: string) => {
    draw()
    visitNow().find(`#${focus}`)?.focus()
  }
  const send = async (event: Event, { id, code }: { id: string; code: string }) => {
    event.preventDefault()
    if (busy) return
    const visit = visitNow()
    const { words, transport } = visit
    const to = (visit.find(`#${inputId}`) as HTMLInputElement).value.trim()
    problem = address.test(to) ? null : words.message('draft.mailWrong')
    if (problem) return show(inputId)
    busy = true
    draw()
    try {
      const answer = await fetch(`${transport.address}drafts/${id}/mail?lang=${words.language}`, {
        method: 'POST',
        credentials: 'omit',
        signal: AbortSignal.timeout(30_000),
        headers: { 'content-type': 'application/json', 'accept-language': words.language },
        body: JSON.stringify({ code, to, return: pageAround() }),
      })
      if (!answer.ok) await read(Promise.resolve(answer))
      sentTo = to
      open = false
      noted()
      visit.announce(words.message('draft.mailSent', { to }))
    } catch (error) {
      problem = error instanceof Refused ? sentenceOf(error) : words.message('send.unreachable')
    }
    busy = false
    show(problem ? inputId : sentId)
  }

  return {
    template({ mail }, box) {
      if (!mail) return nothing
      const { words } = visitNow()
      const { message } = words
      const sent = sentTo === null ? nothing : html`<p id=${sentId} tabindex="-1">${message('draft.mailSent', { to: sentTo })}</p>`
      if (!open)
        return html`${sent}<p>
            <button
              type="button"
              class="g-link"
              @click=${() => {
                open = true
                show(inputId)
              }}
            >
              ${message('draft.mail')}
            </button>
          </p>`
      return html`<form class="g-fields" novalidate aria-label=${message('draft.mail')} @submit=${(event: Event) => send(event, box)}>
        <div class="g-field ${problem === null ? '' : 'g-wrong'}">
          <label class="g-label" for=${inputId}>${message('draft.mailTo')}</label>
          <div class="g-hint" id="${inputId}-hint">${message('draft.mailHint')}</div>
          ${problemLine(words, problem === null ? null : { text: problem, language: words.language }, inputId)}
          <input
            class="g-input"
            id=${inputId}
            type="email"
            dir="ltr"
            autocomplete="email"
            spellcheck="false"
            aria-describedby="${inputId}-hint${problem === null ? '' : ` ${inputId}-error`}"
            aria-invalid=${problem === null ? nothing : 'true'}
          />
        </div>
        <button class="g-button g-button-secondary" aria-disabled=${busy}>${message('draft.mailSend')}</button>
      </form>`
    },
  }
}

/** The code in the address, if it is for this service. It is taken out of the address, which people copy and keep. */
export function takeLink(service: string): string | null {
  const parts = new URLSearchParams(location.hash.slice(1))
  const [named, code = ''] = (parts.get('guichet-draft') ?? '').split('.')
  if (named !== service) return null
  const url = new URL(location.href)
  parts.delete('guichet-draft')
  url.hash = parts.toString()
  history.replaceState(history.state, '', url)
  return readCode(code) ?? ''
}
