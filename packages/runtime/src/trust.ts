/**
 * What a service asks to come along with a submission, besides the answers: who sends. Loaded with services that ask for it.
 * Signing in is offered above every step and asked for before sending; nothing that was answered depends on it.
 */
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { trusts } from './along.ts'
import type { Step } from './journey.ts'
import { partId } from './part.ts'
import { type Prover, prover } from './proof.ts'
import { filesOf } from './proofs.ts'
import { comeBack, endSession, extendSession, leave, type Session } from './sign-in.ts'
import { stringsIn } from './strings-in.ts'
import { type TimeLimit, watchTime } from './time-watch.ts'
import { Refused, sentenceOf } from './transport.ts'
import strings from './trust-strings.json' with { type: 'json' }
import { sentStep, type Visit } from './visit.ts'
import './more-styles.ts'

export async function useTrust(visit: Visit) {
  const { transport, words, view } = visit
  if (view.asks?.codes) (await import('./codes.ts')).useCodes(visit)
  if (view.asks?.lists) (await import('./lists.ts')).useLists(visit)
  // A preview has nobody to bring anything to.
  if (!transport.address) return
  words.learn(stringsIn(strings, words.language))
  if (transport.trust) return transport.trust.meet(visit)
  const trust = new Trust(visit)
  transport.trust = trust
  trusts.set(transport.address, trust)
  await trust.start()
}

/** Problems that signing in mends. */
const mended = /\/sign-in-(?:needed|ended|level)$/

export class Trust {
  readonly #place = document.createElement('div')
  #visit: Visit
  #step: Step | null = null
  #session: Session | null = null
  /** Signed in before, and no longer. */
  #ended = false
  #busy = false
  /** What went wrong, in words. */
  #problem: string | null = null
  /** The last attempt to send was refused for want of this. */
  #wanted = false

  /** Below what is locked. */
  readonly #notes: HTMLElement[] = []
  readonly #prover: Prover | null
  /** What a program typed where nobody sees a field. */
  #trapped = ''
  /** It has led to a refusal: people whose browser fills in for them can mend it. */
  #shown = false

  constructor(visit: Visit) {
    this.#visit = visit
    this.#prover = visit.view.asks?.proofOfWork ? prover(visit.transport.address as string) : null
  }

  /** Above the step. Asked for whenever that is drawn. */
  get top(): HTMLElement {
    this.#entered()
    render(this.#template(), this.#place)
    queueMicrotask(() => this.#lock())
    return this.#place
  }

  /** The visit in another language. */
  meet(visit: Visit) {
    this.#visit = visit
    this.draw()
  }

  /** Goes on where somebody left to sign in, if that was here. */
  async start() {
    const visit = this.#visit
    this.draw()
    const back = await comeBack(visit.transport.address as string)
    if (!back) return
    const { content, fault } = back
    let problem: string | null = null
    try {
      if (back.exchange) {
        this.#session = await back.exchange()
        void watchTime(visit)
      } else if (fault !== null) problem = faultSentence(visit, fault)
    } catch (error) {
      problem = said(visit, error)
    }
    this.#problem = problem
    if (!content) return this.#fill()
    await visit.resume({ session: content, files: filesOf(content), changing: false, confirmation: null }, content.language)
    this.#fill()
    const now = this.#visit
    now.typed()
    await now.go(content.step)
    // Another step takes it away, and this one is where it belongs.
    this.#problem = problem
    this.draw()
    if (problem) this.#place.querySelector<HTMLElement>('.g-failure')?.focus()
    else now.announce(now.words.message('signIn.back'))
  }

  /** When the sign-in ends. */
  get limit(): TimeLimit | null {
    const session = this.#session
    if (!session) return null
    return {
      name: 'session',
      at: Date.parse(session.expiresAt),
      warnings: [5, 1],
      extend: async () => {
        const more = await extendSession(this.#visit.transport.address as string, session.session)
        // Somebody may have signed out, or in again, meanwhile.
        if (this.#session === session) this.#session = { ...session, ...more }
      },
      over: () => {
        this.#session = null
        this.#ended = true
        this.#unlock()
      },
    }
  }

  /** Whether the sign-in gives the answer of a field. */
  fills(field: string): boolean {
    return Object.hasOwn(this.#session?.fields ?? {}, field)
  }

  /** Headers that go along. */
  along(): Record<string, string> {
    return this.#session ? { authorization: `Bearer ${this.#session.session}` } : {}
  }

  /** Somebody has begun to answer. */
  began() {
    // The browser's cryptography is there in secure contexts only.
    if (crypto.subtle && !this.#visit.confirmation) this.#prover?.begin()
  }

  /** Headers that go along with a submission alone, once they are there. */
  async proof(): Promise<Record<string, string>> {
    const { words, announce, view } = this.#visit
    return {
      ...(view.asks?.honeypot && { 'guichet-trap': this.#trapped === '' ? 'untouched' : 'filled' }),
      ...(this.#prover && { 'guichet-proof': await this.#prover.take(() => announce(words.message('proof.working'))) }),
    }
  }

  /** Whether another calculation would do: the last one was too old, or used by an attempt whose answer was lost. */
  provesAgain(error: unknown): boolean {
    return this.#prover !== null && error instanceof Refused && error.problem.type.endsWith('/proof-needed')
  }

  /** Something was refused: perhaps for want of this. */
  refused(error: unknown) {
    if (!(error instanceof Refused)) return
    if (error.problem.type.endsWith('/trapped')) {
      this.#shown = true
      this.draw()
    }
    if (!mended.test(error.problem.type)) return
    this.#ended ||= this.#session !== null && error.problem.type.endsWith('ended')
    this.#session = null
    this.#wanted = true
    this.draw()
  }

  /** A step is drawn: another one, perhaps. */
  #entered() {
    const step = this.#visit.step()
    if (step === this.#step) return
    this.#step = step
    this.#wanted = false
    this.#problem = null
    if (step === sentStep) this.#end()
  }

  /** Answers that the sign-in gives cannot be changed here: the server would put its own in their place. */
  #lock() {
    for (const field of Object.keys(this.#session?.fields ?? {})) {
      const part = this.#visit.find(`#${partId(field)}`)?.closest('.g-field')
      if (!part || part.querySelector('.g-vouched')) continue
      for (const input of part.querySelectorAll<HTMLInputElement>('input, select, textarea, button')) {
        if (input.matches('input:not([type=radio], [type=checkbox]), textarea')) input.readOnly = true
        else input.disabled = true
      }
      const note = document.createElement('p')
      note.className = 'g-hint g-vouched'
      note.textContent = this.#visit.words.message('signIn.vouched')
      part.append(note)
      this.#notes.push(note)
    }
  }

  /** Offered once more where sending was refused for want of it. */
  again(): TemplateResult | typeof nothing {
    return this.#wanted ? this.#offer() : nothing
  }

  draw() {
    render(this.#template(), this.#place)
    this.#lock()
  }

  #fill() {
    const { session } = this.#visit
    for (const [field, value] of Object.entries(this.#session?.fields ?? {})) session.set(field, value)
    this.draw()
  }

  async #leave(provider: string) {
    if (this.#busy) return
    const visit = this.#visit
    this.#busy = true
    this.#problem = null
    this.draw()
    visit.announce(visit.words.message('signIn.leaving'))
    try {
      // Sealing, and making the secret, is there in secure contexts only.
      if (!crypto.subtle) throw new Error('insecure')
      if (visit.uploads() > 0) this.#problem = visit.words.message('upload.wait')
      else await leave(visit, provider)
    } catch (error) {
      this.#problem = said(visit, error)
    }
    this.#busy = false
    this.draw()
    if (this.#problem) this.#place.querySelector<HTMLElement>('.g-failure')?.focus()
  }

  /** Nobody is signed in any more, here and at the server. */
  #end() {
    if (this.#session) void endSession(this.#visit.transport.address as string, this.#session.session)
    this.#session = null
  }

  /** The step is drawn anew, without what was locked. */
  async #forget() {
    const visit = this.#visit
    this.draw()
    await visit.go(visit.step())
    visit.announce(visit.words.message('signIn.out'))
  }

  /** What was locked may be changed, where it stands: the focus stays. */
  #unlock() {
    this.draw()
    for (const note of this.#notes.splice(0)) {
      const part = note.closest('.g-field')
      for (const input of part?.querySelectorAll<HTMLInputElement>('input, select, textarea, button') ?? []) input.readOnly = input.disabled = false
      note.remove()
    }
  }

  #offer(): TemplateResult {
    const { words, view } = this.#visit
    return html`${(view.asks?.signIn?.providers ?? []).map(
      ({ id, title }) =>
        html`<button type="button" class="g-button g-button-secondary" aria-disabled=${this.#busy} @click=${() => this.#leave(id)}>
          ${words.message('signIn.with', { provider: title })}
        </button> `,
    )}`
  }

  #template(): TemplateResult {
    return html`${this.#trap()}${this.#signIn()}`
  }

  /** Neither seen nor reached by Tab nor read out; programs that fill in whatever there is do not know. */
  #trap(): TemplateResult | typeof nothing {
    const { words, view } = this.#visit
    if (!view.asks?.honeypot || this.#visit.step() === sentStep) return nothing
    return html`<div class=${this.#shown ? 'g-field' : 'g-hidden'} aria-hidden=${this.#shown ? nothing : 'true'}>
      <label class="g-label" for="homepage">${words.message('trap.label')}</label>
      <input class="g-input" id="homepage" name="homepage" type="text" tabindex=${this.#shown ? nothing : '-1'} autocomplete="off" .value=${this.#trapped} @input=${(
        event: Event,
      ) => {
        event.stopPropagation()
        this.#trapped = (event.target as HTMLInputElement).value
      }} />
    </div>`
  }

  #signIn(): TemplateResult | typeof nothing {
    const { words, view } = this.#visit
    const { message } = words
    const ask = view.asks?.signIn
    if (!ask || this.#visit.step() === sentStep) return nothing
    const problem = this.#problem ? html`<div class="g-failure" role="alert" tabindex="-1"><p>${this.#problem}</p></div>` : nothing
    if (this.#session) {
      const { name, fields } = this.#session
      return html`${problem}
        <div class="g-notice" role="group" aria-label=${message('signIn.title')}>
          <p>${name === null ? message('signIn.done') : message('signIn.doneAs', { name })} ${Object.keys(fields).length > 0 ? message('signIn.filled') : nothing} ${message('signIn.asks')}</p>
          <button
            type="button"
            class="g-link"
            @click=${() => {
              this.#end()
              void this.#forget()
            }}
          >
            ${message('signIn.forget')}
          </button>
        </div>`
    }
    const sentence =
      ask.providers.length === 0
        ? message('signIn.nobody')
        : this.#ended
          ? message('signIn.ended')
          : message(ask.demand === 'required' ? 'signIn.needed' : 'signIn.optional')
    return html`${problem}
      <div class="g-notice" role="group" aria-label=${message('signIn.title')}>
        <p>${sentence}</p>
        ${ask.providers.length === 0 ? nothing : html`<p class="g-muted">${message('signIn.waits')}</p>`} ${this.#offer()}
      </div>`
  }
}

/** In words, and that nothing is lost. */
const said = ({ words: { message } }: Visit, error: unknown): string =>
  error instanceof Refused
    ? sentenceOf(error)
    : message(error instanceof TypeError || (error as Error).name === 'TimeoutError' ? 'send.unreachable' : 'signIn.blocked')

const faults: Readonly<Record<string, string>> = { denied: 'signIn.denied', level: 'signIn.level', unavailable: 'signIn.unavailable' }
const faultSentence = ({ words: { message } }: Visit, fault: string): string => message((Object.hasOwn(faults, fault) && faults[fault]) || 'signIn.failed')
