/** A case: what was sent in, what happened, and what is to be decided. That it was opened is on the audit log. */
import { problemOf } from '@guichet/staff/http'
import { saveBlob } from '@guichet/staff/save-file'
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { answersStyles, answersView, type Filled } from './answers-view.ts'
import { type Account, type Api, ApiError, type Desk, type OpenedCase } from './api.ts'
import { contentOf } from './case-content.ts'
import { assignView, historyView, notesView } from './case-side.ts'
import './decision-form.ts'
import type { DecidedEvent } from './decision-form.ts'
import { dueOf } from './due.ts'
import { earlierStyles, earlierView } from './earlier-view.ts'
import { learnTypes } from './known-types.ts'
import { Localized, language, say } from './language.ts'
import { decisionName, momentText, plainText, shortNumber, statusName, textOf } from './names.ts'
import { caseAt, inboxAt, type ListFilter } from './place.ts'
import { reasonOf } from './refusal.ts'

interface Shown {
  opened: OpenedCase
  filled: Filled
}

const languageName = (tag: string) => new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag

/** What was said last is offered first: mostly it is the same again. It is said for each case all the same. */
let lastPurpose = ''

export class CaseScreen extends LitElement {
  static override readonly styles = [
    shared,
    answersStyles,
    earlierStyles,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
      .facts { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
      .facts .late { color: var(--danger); font-weight: 600; }
      .facts .soon { color: var(--warning); font-weight: 600; }
      .both { display: grid; grid-template-columns: minmax(0, 1.7fr) minmax(18rem, 1fr); gap: 1rem; align-items: start; }
      .side { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
      .content { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
      .steps { display: grid; gap: 0.75rem; }
      .steps li { border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; }
      .said { white-space: pre-line; overflow-wrap: anywhere; }
      caption { text-align: start; }
      @media (max-width: 60rem) { .both { grid-template-columns: minmax(0, 1fr); } }
      @media print {
        .no-print { display: none; }
        .both { display: block; }
        .card { border: 0; padding: 0; margin-block-end: 1rem; break-inside: avoid; }
      }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    account: { attribute: false },
    submission: {},
    filter: { attribute: false },
    shown: { state: true },
    desk: { attribute: false },
    fault: { state: true },
    told: { state: true },
    next: { state: true },
    busy: { state: true },
    typed: { state: true },
    asked: { state: true },
    wrong: { state: true },
    paper: { state: true },
  }
  declare api: Api
  declare account: Account
  declare submission: string
  declare filter: ListFilter
  declare protected shown: Shown | null
  declare desk: Desk
  declare protected fault: string | null
  declare protected told: string
  /** The case after this one in the list it was opened from; null: there is none. */
  declare protected next: string | null
  declare protected busy: boolean
  /** A note among officers that is not kept yet. */
  declare protected typed: string
  /** Purposes to choose from, while the policy asks what the case is opened for; none: in one's own words. */
  declare protected asked: readonly { id: string; label: string }[] | null
  declare protected purpose: string
  declare protected wrong: { note?: string; assign?: string }
  /** What became of the case as a PDF. */
  declare protected paper: { making?: true; told?: string; fault?: string }

  constructor() {
    super()
    this.shown = this.fault = this.next = null
    this.told = this.typed = this.submission = this.purpose = ''
    this.asked = null
    this.busy = false
    this.wrong = {}
    this.paper = {}
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues) {
    if (!changed.has('submission')) return
    this.shown = this.next = null
    this.told = this.typed = this.purpose = ''
    this.asked = null
    this.wrong = {}
    this.paper = {}
    void this.#load()
  }

  async #load() {
    const { submission } = this
    this.fault = null
    try {
      const opened = await this.api.open(submission, this.purpose || undefined)
      // What opens sealed cases comes with the first one.
      const [filled] = await Promise.all([
        contentOf(this.api, this.account.agency.id, opened),
        learnTypes(),
        opened.sealed && import('./sealed/sealed-answers.ts'),
        mayTry(this.account, 'case.erase') && import('./destruction/keeping.ts'),
      ])
      if (submission !== this.submission) return
      this.asked = null
      this.shown = { opened, filled: this.purpose ? { ...filled, purpose: this.purpose } : filled }
      void this.#lookAhead(opened.place)
    } catch (error) {
      if (submission !== this.submission) return
      if (error instanceof ApiError && error.status === 403 && Array.isArray(error.problem.purposes)) {
        // The policy wants to know what for; the case is opened once that is said.
        this.asked = error.problem.purposes as { id: string; label: string }[]
        this.shown = null
        return
      }
      this.fault = error instanceof ApiError && error.status === 410 ? say('case.erased') : reasonOf(error)
    }
  }

  #say(event: SubmitEvent) {
    event.preventDefault()
    const said = String(new FormData(event.target as HTMLFormElement).get('purpose') ?? '').trim()
    if (said === '') return
    this.purpose = lastPurpose = said
    void this.#load().then(async () => {
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('h1')?.focus()
    })
  }

  /** What the case is opened for, where the policy asks: one of its own, or in the officer's words. */
  #question(purposes: readonly { id: string; label: string }[]) {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.#say(event)}>
      <div class="field"><label for="purpose">${say('purpose.label')}</label>
        ${
          purposes.length > 0
            ? html`<select id="purpose" name="purpose" required aria-describedby="purpose-help">${purposes.map(({ id, label }) => html`<option value=${id} .selected=${id === lastPurpose}>${label}</option>`)}</select>`
            : html`<input id="purpose" name="purpose" required maxlength="200" autocomplete="off" dir="auto" aria-describedby="purpose-help" .value=${lastPurpose}>`
        }
        <p class="help" id="purpose-help">${say('purpose.help')}</p></div>
      <div><button class="primary">${say('purpose.open')}</button></div>
    </form>`
  }

  /** Which case comes after this one; at the end of the list, the first one. */
  async #lookAhead(place: string) {
    const { submission, filter } = this
    const first = ({ cases }: { cases: readonly { submission: string }[] }) => cases.find((one) => one.submission !== submission)?.submission ?? null
    try {
      const next = first(await this.api.cases({ ...filter, after: place }, 2)) ?? first(await this.api.cases({ ...filter, after: undefined }, 2))
      if (submission === this.submission) this.next = next
    } catch {
      // The list is one step away all the same.
    }
  }

  async #decided({ decision }: DecidedEvent) {
    await this.#load()
    this.told = say('case.decided', { decision: decisionName(decision), status: statusName(this.shown?.opened.status ?? '') })
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#told')?.focus()
  }

  async #erased() {
    this.shown = null
    this.told = say('keeping.erased')
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  async #give(to: string | null) {
    const { shown } = this
    if (!shown || this.busy) return
    this.busy = true
    this.wrong = { ...this.wrong, assign: undefined }
    try {
      const { assignee } = await this.api.assign(this.submission, to, shown.opened.assignee?.id ?? null)
      this.shown = { ...shown, opened: { ...shown.opened, assignee } }
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        this.wrong = { ...this.wrong, assign: say('assign.overtaken') }
        await this.#load()
      } else this.wrong = { ...this.wrong, assign: reasonOf(error) }
    } finally {
      this.busy = false
    }
  }

  async #note(event: SubmitEvent) {
    event.preventDefault()
    const { shown } = this
    const text = this.typed.trim()
    if (!shown || text === '' || this.busy) return
    this.busy = true
    this.wrong = { ...this.wrong, note: undefined }
    try {
      const note = await this.api.note(this.submission, text)
      this.typed = ''
      const names = { ...shown.opened.names, [note.actor]: this.account.user.name }
      this.shown = { ...shown, opened: { ...shown.opened, names, notes: [...shown.opened.notes, note] } }
    } catch (error) {
      this.wrong = { ...this.wrong, note: reasonOf(error) }
    } finally {
      this.busy = false
    }
  }

  /** The server makes it of what it shows to whoever asks, and notes that the case was read. */
  async #save() {
    const { submission } = this
    if (this.paper.making) return
    this.paper = { making: true, told: say('case.pdfMaking') }
    let outcome: CaseScreen['paper']
    try {
      const file = await this.api.pdf(submission, language(), this.purpose || undefined)
      saveBlob(`${this.shown?.opened.service ?? 'case'}-${shortNumber(submission)}.pdf`, file)
      outcome = { told: say('case.pdfSaved') }
    } catch (error) {
      // What is too much for one, and what is too many at once, is said by the server.
      const title = error instanceof ApiError && /^paper-/.test(problemOf(error) ?? '') ? error.problem.title : null
      outcome = { fault: typeof title === 'string' ? title : reasonOf(error) }
    }
    if (submission === this.submission) this.paper = outcome
  }

  #facts({ opened, filled: { definition } }: Shown) {
    const service = this.desk.services.find(({ id }) => id === opened.service)
    const due = opened.closedAt ? null : dueOf(opened.dueAt, this.api.now(), definition.locale)
    const stage = definition.stages?.find(({ id }) => id === opened.stage)
    const route = routeReason(opened, definition)
    return html`<div class="facts">
        <span><strong>${statusName(opened.status)}</strong>${opened.stage ? html` · ${stage ? textOf(stage.label, definition.languages) : opened.stage}` : nothing}</span>
        ${due ? html`<span class=${due.tone}>${say(due.key, { count: due.count })}${opened.dueAt ? html` <span class="help">${momentText(opened.dueAt, definition.locale)}</span>` : nothing}</span>` : nothing}
        ${opened.closedAt ? html`<span>${say('inbox.closed', { date: momentText(opened.closedAt, definition.locale) })}</span>` : nothing}
        <span>${say('inbox.received', { date: momentText(opened.receivedAt, definition.locale) })}</span>
        <span>${say('case.filledIn', { language: languageName(opened.language) })}</span>
        <span>${say('case.number')} <bdi dir="ltr">${opened.submission}</bdi></span>
        ${service ? nothing : html`<span>${say('case.version', { version: opened.version })}</span>`}
      </div>
      ${route === null ? nothing : html`<p class="note">${route}</p>`}`
  }

  #body(shown: Shown) {
    const { opened, filled } = shown
    const service = this.desk.services.find(({ id }) => id === opened.service)
    return html`
      ${this.told === '' ? nothing : html`<div class="note row spread" id="told" tabindex="-1" role="status"><span>${this.told}</span>${this.next ? html`<a href=${caseAt(this.next, this.filter)}>${say('case.next')}</a>` : html`<a href=${inboxAt(this.filter)}>${say('case.back')}</a>`}</div>`}
      ${this.#facts(shown)}
      <div class="both">
        <div class="content">${opened.sealed ? html`<desk-sealed .agency=${this.account.agency.id} .opened=${opened} .definition=${filled.definition}></desk-sealed>` : html`${earlierView(opened, filled)}${answersView(filled)}`}</div>
        <div class="side">
          <desk-decision .api=${this.api} .opened=${opened} .service=${service} .definition=${filled.definition} @desk-decided=${(event: DecidedEvent) => void this.#decided(event)} @desk-overtaken=${() => void this.#load()}></desk-decision>
          ${assignView(opened, this.account.user, this.desk.colleagues, { busy: this.busy, fault: this.wrong.assign ?? null, give: (to) => void this.#give(to) })}
          ${notesView(opened, service, { typed: this.typed, busy: this.busy, fault: this.wrong.note ?? null, type: (text) => (this.typed = text), add: (event) => void this.#note(event) })}
          ${historyView(opened, service)}
          ${mayTry(this.account, 'case.erase') ? html`<desk-keeping .submission=${this.submission} @desk-erased=${() => void this.#erased()}></desk-keeping>` : nothing}
        </div>
      </div>
    `
  }

  protected override render() {
    const { shown } = this
    const title = shown ? plainText(shown.filled.definition.title, shown.filled.definition.languages) : say('case.title')
    // The heading is one and the same from the first drawing on: whoever reads from there keeps their place.
    return html`
      <p class="row spread no-print"><a href=${inboxAt(this.filter)}>${say('case.back')}</a>
        <span class="row">${shown ? html`<button type="button" class="small" @click=${() => print()}>${say('case.print')}</button><button type="button" class="small" id="pdf" aria-disabled=${this.paper.making ?? false} @click=${() => void this.#save()}>${say('case.pdf')}</button>` : nothing}${this.next ? html`<a href=${caseAt(this.next, this.filter)}>${say('case.next')}</a>` : nothing}</span></p>
      <p role="status" class=${this.paper.told ? 'note no-print' : 'unseen'} id="paper">${this.paper.told ?? ''}</p>
      ${this.paper.fault ? html`<p class="note bad no-print" role="alert">${this.paper.fault}</p>` : nothing}
      <h1 tabindex="-1">${title} · <bdi dir="ltr">${shortNumber(this.submission)}</bdi></h1>
      ${this.fault ? html`<div class="note bad row spread" role="alert"><span>${this.fault}</span><button type="button" class="small" @click=${() => void this.#load()}>${say('retry')}</button></div>` : nothing}
      ${shown ? this.#body(shown) : this.asked ? this.#question(this.asked) : this.fault ? nothing : html`<p role="status">${this.told === '' ? say('loading') : html`${this.told} <a href="#/approvals">${say('certificates.title')}</a>`}</p>`}
    `
  }
}

/** Why it stands where it stands, as the route that led there says it; of several that lead there, it is not kept which one it was. */
function routeReason({ outcome }: OpenedCase, definition: Filled['definition']) {
  const found = definition.routes?.filter(({ to }) => to === outcome.route) ?? []
  const reason = found.length === 1 ? found[0]?.reason : undefined
  return reason ? textOf(reason, definition.languages) : null
}

customElements.define('desk-case', CaseScreen)

declare global {
  interface HTMLElementTagNameMap {
    'desk-case': CaseScreen
  }
}
