/**
 * Saving what is not finished and coming back to it, and going on with what was sent and not answered. Loaded when
 * somebody presses the button, or when this browser keeps something that was sent.
 */
import type { Messages } from '@guichet/core'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { groupCode, readCode } from './draft-code.ts'
import type { Changes, DraftContent } from './draft-content.ts'
import { draftKeeper } from './draft-keeper.ts'
import { type DraftMail, draftMail, takeLink } from './draft-mail.ts'
import { problemsAt } from './going-on.ts'
import { checkStep, stepsOf } from './journey.ts'
import { pendingNotice } from './pending-notice.ts'
import { problemLine } from './problem-line.ts'
import { resumeContent } from './resume-content.ts'
import { sayText } from './said.ts'
import { more } from './sheets.ts'
import type { TimeLimit } from './time-watch.ts'
import { putUnfinished, unfinishedAt } from './unfinished.ts'
import { sentStep, startStep, type Visit } from './visit.ts'
import type { Words } from './words.ts'
import './more-styles.ts'

// On the start, on the line of its button.
more.insertRule('.g-button-start ~ div { display: contents; }', more.cssRules.length)

const codeId = 'guichet-draft-code'
const codeShown = 'guichet-draft'

/** Made for the first who asks; then somebody has pressed the button, or what was sent before goes on. `strings`: in a language. */
export async function useDrafts(visit: Visit, pressed: boolean, strings: (language: string) => Promise<Messages>) {
  const { transport, words } = visit
  let last = visit
  if (!transport.drafts) {
    const made = new Drafts(() => (last = last.now() ?? last), strings)
    await made.learn(words)
    transport.drafts ??= made
    visit.redraw()
    transport.drafts.draw()
  }
  await (pressed ? transport.drafts.press() : transport.drafts.goOn())
}

export class Drafts {
  /** Notices, above the step. */
  readonly top = document.createElement('div')
  /** Buttons and the code, below it. */
  readonly element = document.createElement('div')
  readonly #visit: () => Visit
  readonly #strings: (language: string) => Promise<Messages>
  readonly #keeper: ReturnType<typeof draftKeeper>
  readonly #pending: ReturnType<typeof pendingNotice>
  readonly #mail: DraftMail
  #language = ''
  /** The box for a code is open. */
  #asking = false
  #busy = false
  #problem: string | null = null
  /** The code is shown in full. */
  #expanded = true
  #copied = false
  /** The person has the code: before that, leaving asks whether they mean it. */
  #noted = false
  #insecure = false
  /** What a draft that was opened has met. */
  #opened: { changes: Changes | null } | null = null

  constructor(visit: () => Visit, strings: (language: string) => Promise<Messages>) {
    this.#strings = strings
    this.#visit = visit
    this.#keeper = draftKeeper(
      visit,
      () => this.draw(),
      () => this.#noted && visit().safe(),
    )
    this.#mail = draftMail(
      visit,
      () => this.draw(),
      () => this.#note(),
    )
    this.#pending = pendingNotice(visit, () => this.draw())
  }

  /** Takes in the strings of a language. */
  async learn(words: Words) {
    words.learn(await this.#strings(words.language))
    this.#language = words.language
  }

  /** Somebody pressed the button. */
  async press() {
    const visit = this.#visit()
    // Sealing is there in secure contexts only.
    this.#insecure = !crypto.subtle
    if (!this.#insecure) {
      if (visit.step() === startStep) this.#asking = true
      else {
        this.#expanded = true
        void this.#keeper.begin().catch(visit.trouble)
        // The box is made from the code first, which takes a moment.
        while (!this.#keeper.box) await new Promise((resolve) => setTimeout(resolve))
      }
    }
    this.draw()
    visit.find(this.#asking ? `#${codeId}` : `#${codeShown}`)?.focus()
  }

  /** Goes on with what was sent before, if there is anything, and with what a mailed link opens. */
  async goOn() {
    const code = takeLink(this.#visit().view.service)
    if (code !== null) {
      this.#asking = true
      await this.#find(code)
    }
    await this.#pending.start()
  }

  /** A step is shown now. */
  entered() {
    const step = this.#visit().step()
    this.#asking &&= step === startStep
    this.#expanded = false
    this.#copied = false
    this.#insecure = false
    this.#opened = null
    this.draw()
    if (step !== startStep && step !== sentStep) void this.#keeper.save()
  }

  /** Something is to be kept that is no answer: a file has begun to come. */
  keep() {
    if (this.#keeper.box) void this.#keeper.save()
  }

  /** Everything was sent. */
  sent() {
    void this.#keeper.end()
  }

  /** The draft that this is sent from, if it is one. */
  get id(): string | undefined {
    return this.#keeper.box?.id
  }
  attempt(body: string): Promise<string> | undefined {
    return this.#keeper.box?.attempt(body)
  }

  /** When what is saved is deleted. */
  get limit(): TimeLimit | null {
    const { box, state, renew } = this.#keeper
    return box && state.name === 'saved' ? { name: 'draft', at: Date.parse(state.until), warnings: [12 * 60, 60, 5], extend: renew } : null
  }

  draw() {
    if (this.#language !== this.#visit().words.language) return
    render(this.#topTemplate(), this.top)
    render(this.#template(), this.element)
  }

  async #open(event: Event) {
    event.preventDefault()
    if (!this.#busy) await this.#find(readCode((this.#visit().find(`#${codeId}`) as HTMLInputElement).value))
  }

  async #find(code: string | null) {
    const visit = this.#visit()
    const { message } = visit.words
    this.#busy = true
    this.#problem = null
    this.draw()
    try {
      // What is no code at all is answered as one that nothing was saved under.
      const found = code && (await this.#keeper.find(code))
      if (found) return await this.#restore(found)
      this.#problem = message('draft.unknown')
    } catch (error) {
      this.#problem = message(error instanceof DOMException && error.name === 'OperationError' ? 'draft.unknown' : 'send.unreachable')
    } finally {
      this.#busy = false
      this.draw()
      if (this.#problem) visit.find(`#${codeId}`)?.focus()
    }
  }

  async #restore({ content, take }: { content: DraftContent; take(): void }) {
    const { visit, changes } = await resumeContent(this.#visit(), content)
    const { session } = visit
    const steps = stepsOf(session)
    const stays = changes === null && steps.includes(content.step)
    const { address = '' } = visit.transport
    putUnfinished(address, content.uploads ?? [])
    visit.uploader.unfinished = (target) => unfinishedAt(address).flatMap((one) => (one.target === target ? [one.name] : []))
    visit.typed()
    this.#asking = false
    this.#noted = true
    await visit.go(stays ? content.step : (steps.find((step) => problemsAt(session, step).length > 0) ?? checkStep))
    take()
    // What was opened is shown until the next step.
    this.#opened = { changes }
    this.draw()
    if (changes) this.top.querySelector<HTMLElement>('[tabindex]')?.focus()
    else visit.announce(visit.words.message('draft.opened'))
    // The answers that did not fit are left out of what is kept, too.
    if (changes) await this.#keeper.save()
  }

  #topTemplate() {
    const { words } = this.#visit()
    const { message } = words
    const { state } = this.#keeper
    const button = (key: string, press: () => void) => html`<button type="button" class="g-button g-button-secondary" @click=${press}>${message(key)}</button> `
    const conflict = () => html`<div class="g-failure" role="alert">
      <p>${message('draft.conflict')}</p>
      ${button('draft.fork', () => {
        this.#expanded = true
        this.#noted = false
        void this.#keeper.begin()
      })}
      ${button('draft.theirs', async () => {
        try {
          const theirs = await this.#keeper.theirs()
          if (theirs) await this.#restore(theirs)
        } catch {
          this.#visit().trouble()
        }
      })}
      ${button('draft.replace', () => void this.#keeper.replace())}
    </div>`
    const list = (key: string, texts: Changes['gone']) =>
      texts.length > 0
        ? html`<p>${message(key)}</p>
            <ul class="g-list">
              ${texts.map((text) => html`<li>${sayText(words, text)}</li>`)}
            </ul>`
        : nothing
    const opened = ({ changes }: { changes: Changes | null }) => html`<div class="g-notice" role="note" tabindex="-1">
      <p>${message('draft.opened')}</p>
      ${
        changes
          ? html`<p>${message('draft.newVersion')}</p>
              ${list('draft.changed', changes.changed)} ${list('draft.gone', changes.gone)} ${list('draft.added', changes.added)}`
          : nothing
      }
    </div>`
    return html`${this.#pending.template()}${this.#opened ? opened(this.#opened) : nothing}${this.#keeper.box && state.name === 'conflict' ? conflict() : nothing}`
  }

  #template(): TemplateResult {
    const visit = this.#visit()
    const { message } = visit.words
    const atStart = visit.step() === startStep
    if (this.#keeper.box) return this.#codeTemplate(this.#keeper.box.code)
    const button = html`<button type="button" class="g-link" @click=${() => this.press()}>${message(atStart ? 'draft.resume' : 'draft.save')}</button>`
    return this.#asking
      ? this.#askTemplate()
      : html`${button}${this.#insecure ? html`<div class="g-notice" role="alert" tabindex="-1" id=${codeShown}><p>${message('draft.insecure')}</p></div>` : nothing}`
  }

  #askTemplate() {
    const { words } = this.#visit()
    const { message } = words
    const problem = this.#problem
    return html`<h2>${message('draft.resume')}</h2>
      <form class="g-notice g-fields" novalidate aria-label=${message('draft.resume')} @submit=${(event: Event) => this.#open(event)}>
      <div class="g-field ${problem === null ? '' : 'g-wrong'}">
        <label class="g-label" for=${codeId}>${message('draft.code')}</label>
        <div class="g-hint" id="${codeId}-hint">${message('draft.codeHint')}</div>
        ${problemLine(words, problem === null ? null : { text: problem, language: words.language }, codeId)}
        <input
          class="g-input"
          id=${codeId}
          dir="ltr"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby="${codeId}-hint${problem === null ? '' : ` ${codeId}-error`}"
          aria-invalid=${problem === null ? nothing : 'true'}
        />
      </div>
      <button class="g-button" aria-disabled=${this.#busy}>${message(this.#busy ? 'draft.opening' : 'draft.open')}</button>
    </form>`
  }

  #codeTemplate(code: string) {
    const visit = this.#visit()
    const { message, date } = visit.words
    const { state } = this.#keeper
    const sentence =
      state.name === 'saved'
        ? message('draft.saved', { date: date(state.until.slice(0, 10)) })
        : state.name === 'refused'
          ? (state.sentence ?? message('draft.tooLong'))
          : message(state.name === 'saving' ? 'draft.saving' : state.name === 'waiting' ? 'draft.waiting' : 'draft.conflictShort')
    const button = (key: string, press: () => void) => html`<button type="button" class="g-button g-button-secondary" @click=${press}>${message(key)}</button> `
    return html`<h2>${message('draft.save')}</h2>
      <section class="g-notice" aria-label=${message('draft.title')}>
      <p role="status">${sentence}</p>
      <details class="g-why" .open=${this.#expanded}>
        <summary class="g-link" id=${codeShown}>${message('draft.title')}</summary>
        <p class="g-output" dir="ltr" translate="no">${groupCode(code)}</p>
        <p><strong>${message('draft.note')}</strong></p>
        <p>${message('draft.what')}</p>
        ${button(this.#copied ? 'draft.copied' : 'draft.copy', () => this.#copy(code))}${button('draft.download', () => this.#download(code))}${button('draft.print', () => this.#print())}
      </details>
      ${this.#keeper.box ? this.#mail.template(state.name === 'saved' ? state : {}, this.#keeper.box) : nothing}
      <button type="button" class="g-link" @click=${() => void this.#keeper.save()}>${message('draft.now')}</button>
    </section>`
  }

  async #copy(code: string) {
    const visit = this.#visit()
    try {
      await navigator.clipboard.writeText(groupCode(code))
      this.#copied = true
      this.#note()
      visit.announce(visit.words.message('draft.copied'))
      this.draw()
    } catch {
      // Not allowed here, as in a frame: select it, so that the keyboard can copy it.
      getSelection()?.selectAllChildren(this.element.querySelector('.g-output') as HTMLElement)
    }
  }

  #print() {
    print()
    this.#note()
  }

  #note() {
    this.#noted = true
    this.#keeper.rest()
  }

  #download(code: string) {
    const { words, view } = this.#visit()
    const { message } = words
    // The address without what it was called with: codes and answers have no business there.
    const lines = [
      words.text(view.definition.title).text,
      `${message('draft.code')}: ${groupCode(code)}`,
      location.origin + location.pathname,
      message('draft.note'),
    ]
    const address = URL.createObjectURL(new Blob([`${lines.join('\n')}\n`], { type: 'text/plain;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${view.service}.txt`
    link.click()
    this.#note()
    // Some browsers read the address after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }
}
