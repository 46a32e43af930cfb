/** The list of cases: what is due first comes first. What it is narrowed to stands in the address. */
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Account, Api, CaseLine, CasePage, Counts, Desk, DeskService } from './api.ts'
import { dueOf } from './due.ts'
import { Localized, say } from './language.ts'
import { dayText, plainText, shortNumber, statusName, textOf } from './names.ts'
import { caseAt, inboxAt, type ListFilter, queryOf, queues } from './place.ts'
import { mergePages } from './refresh.ts'
import { reasonOf } from './refusal.ts'
import { choosable, touch } from './together/selection.ts'

const statuses = ['received', 'in_review', 'returned', 'waiting', 'approved', 'part_approved', 'rejected', 'refused', 'confirmed'] as const

export class InboxScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
      .tabs { display: flex; flex-wrap: wrap; gap: 0.4rem; }
      .tabs a { padding: 0.3rem 0.8rem; border: 1px solid var(--control-line); border-radius: 99px; text-decoration: none; background: var(--surface); }
      .tabs a[aria-current] { background: var(--action); border-color: var(--action); color: var(--on-action); font-weight: 600; }
      .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 0.5rem 0.75rem; align-items: end; }
      .cases { display: grid; gap: 0.4rem; }
      .cases li { display: grid; grid-template-columns: minmax(0, 2.2fr) minmax(0, 1.6fr) minmax(0, 1.4fr) minmax(0, 1.2fr); gap: 0.15rem 1rem; align-items: center;
        padding: 0.55rem 0.9rem; background: var(--surface); border: 1px solid var(--line); border-inline-start-width: 5px; border-radius: var(--corner); content-visibility: auto; contain-intrinsic-size: auto 3.6rem; }
      .cases li[data-tone='late'] { border-inline-start-color: var(--danger); }
      .cases li[data-tone='soon'] { border-inline-start-color: var(--warning); }
      .cases li[data-gone] { opacity: 0.65; }
      .cases a { font-weight: 600; overflow-wrap: anywhere; }
      .cases.pick li { grid-template-columns: 1.5rem minmax(0, 2.2fr) minmax(0, 1.6fr) minmax(0, 1.4fr) minmax(0, 1.2fr); }
      .cases li[data-chosen] { background: var(--chosen); }
      .pick input { inline-size: 1.5rem; block-size: 1.5rem; }
      .cases.pick a, .cases.pick input { scroll-margin-block-end: 5rem; }
      .bar { position: sticky; inset-block-end: 0; padding: 0.6rem 0.9rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); }
      [role='search'] .row { flex-wrap: nowrap; }
      .late { color: var(--danger); font-weight: 600; }
      .soon { color: var(--warning); font-weight: 600; }
      @media (max-width: 44rem) {
        .cases li { grid-template-columns: minmax(0, 1fr); }
        .cases.pick li { grid-template-columns: 1.5rem minmax(0, 1fr); }
        .cases.pick li > span { grid-column: 2; }
      }
      @media print { .tabs, .filters, .row, .export, .tick, .pick input { display: none; } }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    account: { attribute: false },
    filter: { attribute: false },
    desk: { attribute: false },
    counts: { state: true },
    page: { state: true },
    gone: { state: true },
    fresh: { state: true },
    fault: { state: true },
    told: { state: true },
    loading: { state: true },
    purpose: { state: true },
    chosen: { state: true },
  }
  declare api: Api
  declare account: Account
  declare filter: ListFilter
  declare desk: Desk
  declare protected counts: Counts | null
  declare protected page: CasePage | null
  /** Cases that are shown and no longer belong here: they stay where they are until the list is asked for again. */
  declare protected gone: ReadonlySet<string>
  /** How many cases there are that are not shown. */
  declare protected fresh: number
  declare protected fault: string | null
  declare protected told: string
  declare protected loading: boolean
  /** What all cases of a service are taken along for. */
  declare protected purpose: string

  /** Numbers of the cases that are to be decided about together. */
  declare protected chosen: ReadonlySet<string>
  /** The case that was ticked or unticked last: with shift, the choice goes on from there. */
  #touched: string | null = null

  /** Milliseconds between two looks at what has changed. */
  refreshEvery = 30_000
  #timer: ReturnType<typeof setInterval> | undefined
  #asked = 0

  constructor() {
    super()
    this.counts = this.page = this.fault = null
    this.gone = this.chosen = new Set()
    this.fresh = 0
    this.told = this.purpose = ''
    this.loading = false
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.#refresh)
    addEventListener('online', this.#refresh)
    this.#timer = setInterval(this.#refresh, this.refreshEvery)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.#refresh)
    removeEventListener('online', this.#refresh)
    clearInterval(this.#timer)
  }

  protected override willUpdate(changed: PropertyValues) {
    const before = (changed as Map<PropertyKey, unknown>).get('filter') as ListFilter | undefined
    if (changed.has('filter') && (!before || queryOf(before) !== queryOf(this.filter))) {
      this.chosen = new Set()
      void this.#load()
    }
  }

  /** Those of the page that may be decided about together. */
  get #choosable(): CaseLine[] {
    if (!mayTry(this.account, 'case.decide')) return []
    return (this.page?.cases ?? []).filter((one) => choosable(one, this.gone.has(one.submission)))
  }

  #tick(id: string, event: Event) {
    const order = this.#choosable.map(({ submission }) => submission)
    const from = (event as MouseEvent).shiftKey ? this.#touched : null
    this.chosen = touch(this.chosen, order, id, (event.target as HTMLInputElement).checked, from)
    this.#touched = id
  }

  async #decideTogether() {
    await import('./together/decide-together.ts')
    await this.renderRoot.querySelector('desk-together')?.open(this.#choosable.filter(({ submission }) => this.chosen.has(submission)))
  }

  /** What was decided is shown as it is now; reading begins at the top. */
  async #decidedTogether() {
    this.chosen = new Set()
    await this.#load()
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus()
  }

  async #load() {
    const asked = ++this.#asked
    this.fault = null
    this.loading = true
    try {
      const [page, counts] = await Promise.all([this.api.cases(this.filter), this.api.counts(this.filter.service)])
      if (asked !== this.#asked) return
      this.counts = counts
      this.page = page
      this.gone = new Set()
      this.fresh = 0
      this.told = say('inbox.shown', { count: page.cases.length })
    } catch (error) {
      if (asked === this.#asked) this.fault = reasonOf(error)
    } finally {
      if (asked === this.#asked) this.loading = false
    }
  }

  /** Looks at what has changed since, and moves nothing: neither the focus nor the row that somebody reads. */
  readonly #refresh = async () => {
    if (document.visibilityState === 'hidden' || this.loading) return
    if (!this.page) return this.#load()
    const asked = ++this.#asked
    try {
      const [page, counts] = await Promise.all([this.api.cases(this.filter), this.api.counts(this.filter.service)])
      if (asked !== this.#asked) return
      const merged = mergePages(this.page, page)
      this.page = merged.page
      this.gone = merged.gone
      if (merged.fresh > this.fresh) this.told = say('inbox.fresh', { count: merged.fresh })
      this.fresh = merged.fresh
      this.counts = counts
      this.fault = null
    } catch (error) {
      if (asked === this.#asked) this.fault = reasonOf(error)
    }
  }

  #narrow(change: Partial<ListFilter>) {
    const { after: _, ...rest } = this.filter
    location.hash = inboxAt({ ...rest, ...change })
  }

  async #find(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const text = String(new FormData(form).get('text') ?? '').trim()
    if (text === '') return
    this.told = ''
    try {
      const { submission } = await this.api.find(text)
      location.hash = caseAt(submission, { queue: 'open' })
    } catch (error) {
      const { status } = Object(error) as { status?: number }
      if (status === 404) this.told = say('inbox.notFound')
      else this.fault = reasonOf(error)
    }
  }

  #serviceOf = (id: string): DeskService | undefined => this.desk.services.find((service) => service.id === id)

  #tabs() {
    const { counts, filter } = this
    const tab = (change: ListFilter, name: string, count: number | undefined, current: boolean) =>
      html`<li><a href=${inboxAt(change)} aria-current=${current ? 'page' : nothing}>${name}${count === undefined ? nothing : html` <span>(${say(count >= (counts?.most ?? 0) ? 'inbox.atLeast' : 'inbox.exactly', { number: count })})</span>`}</a></li>`
    const base = { ...(filter.service ? { service: filter.service } : {}), ...(filter.stage ? { stage: filter.stage } : {}) }
    return html`<nav aria-label=${say('inbox.views')}><ul class="tabs">
      ${queues.map((queue) => tab(queue === 'all' ? { queue, service: filter.service } : { ...base, queue }, say(`queue.${queue}`), queue === 'all' ? undefined : counts?.[queue], filter.queue === queue && !filter.due))}
      ${(['overdue', 'soon'] as const).map((due) => tab({ ...base, queue: 'open', due }, say(`due.tab.${due}`), counts?.[due], filter.due === due))}
    </ul></nav>`
  }

  #filters() {
    const { filter, desk } = this
    const service = filter.service ? this.#serviceOf(filter.service) : undefined
    const choose = (
      id: string,
      label: string,
      value: string | undefined,
      options: readonly (readonly [string, string])[],
      change: (value: string | undefined) => void,
    ) =>
      html`<div class="field"><label for=${id}>${label}</label>
        <select id=${id} .value=${value ?? ''} @change=${(event: Event) => change((event.target as HTMLSelectElement).value || undefined)}>
          <option value="" .selected=${!value}>${say('inbox.any')}</option>
          ${options.map(([key, name]) => html`<option value=${key} .selected=${key === value}>${name}</option>`)}
        </select></div>`
    return html`<div class="filters">
      ${choose(
        'service',
        say('inbox.service'),
        filter.service,
        desk.services.map(({ id, title, languages }) => [id, plainText(title, languages) || id] as const),
        (next) => this.#narrow({ service: next, stage: undefined }),
      )}
      ${
        service && service.stages.length > 0
          ? choose(
              'stage',
              say('inbox.stage'),
              filter.stage,
              service.stages.map(({ id, label }) => [id, plainText(label, service.languages) || id] as const),
              (next) => this.#narrow({ stage: next }),
            )
          : nothing
      }
      ${choose(
        'status',
        say('inbox.status'),
        filter.status,
        statuses.map((status) => [status, statusName(status)] as const),
        (next) => this.#narrow({ status: next }),
      )}
      <form class="field" role="search" @submit=${(event: SubmitEvent) => void this.#find(event)}>
        <label for="find">${say('inbox.find')}</label>
        <div class="row"><input id="find" name="text" type="search" autocomplete="off" dir="ltr" maxlength="200" required><button>${say('inbox.findButton')}</button></div>
      </form>
    </div>`
  }

  /** All cases of the chosen service as a file; what for is asked first, and kept on the audit log. */
  #export() {
    const { service } = this.filter
    if (!service || !mayTry(this.account, 'case.export')) return nothing
    const purpose = this.purpose.trim()
    const way = (format: 'csv' | 'jsonl') =>
      purpose === ''
        ? html`<span class="help">${say(`export.${format}`)}</span>`
        : html`<a href="/v1/admin/services/${service}/export.${format}?purpose=${encodeURIComponent(purpose)}" download="${service}.${format}">${say(`export.${format}`)}</a>`
    return html`<details class="card export"><summary>${say('export.title')}</summary><div class="stack">
      <div class="field"><label for="export-purpose">${say('export.purpose')}</label>
        <input id="export-purpose" maxlength="200" autocomplete="off" dir="auto" aria-describedby="export-help" .value=${this.purpose} @input=${(event: Event) => (this.purpose = (event.target as HTMLInputElement).value)}>
        <p class="help" id="export-help">${say('export.help')}</p></div>
      <p class="row">${way('csv')} ${way('jsonl')}</p></div></details>`
  }

  /** `pick`: those that can be chosen; null: none of the page. */
  #line(one: CaseLine, pick: ReadonlySet<string> | null) {
    const service = this.#serviceOf(one.service)
    const due = one.closedAt ? null : dueOf(one.dueAt, this.api.now(), service?.locale ?? { timeZone: 'UTC', calendar: 'gregory' })
    const stage = service?.stages.find(({ id }) => id === one.stage)
    const gone = this.gone.has(one.submission)
    const name = `${service ? plainText(service.title, service.languages) : one.service} ${shortNumber(one.submission)}`
    const tick =
      pick === null
        ? nothing
        : pick.has(one.submission)
          ? html`<input type="checkbox" aria-label=${say('together.select', { case: name })} .checked=${this.chosen.has(one.submission)} @click=${(event: Event) => this.#tick(one.submission, event)}>`
          : html`<i></i>`
    return html`<li data-case=${one.submission} data-tone=${due?.tone ?? 'quiet'} ?data-gone=${gone} ?data-chosen=${pick?.has(one.submission) && this.chosen.has(one.submission)}>
      ${tick}
      <span><a href=${caseAt(one.submission, this.filter)}>${service ? textOf(service.title, service.languages) : one.service} <bdi dir="ltr">${shortNumber(one.submission)}</bdi></a></span>
      <span>${statusName(one.status)}${one.amended > 0 && one.amended === one.revision ? html` <strong>· ${say('inbox.answered')}</strong>` : nothing}${one.stage ? html` <span class="help">· ${stage ? textOf(stage.label, service?.languages ?? []) : one.stage}</span>` : nothing}${gone ? html` <span class="help">· ${say('inbox.moved')}</span>` : nothing}</span>
      <span>${due ? html`<span class=${due.tone}>${say(due.key, { count: due.count })}</span>` : html`<span class="help">${say('inbox.closed', { date: dayText(one.closedAt as string, service?.locale.timeZone) })}</span>`}</span>
      <span class="help">${one.assignee ? (one.assignee.id === this.account.user.id ? say('assign.mine') : html`<bdi>${one.assignee.name}</bdi>`) : say('assign.nobody')} · ${say('inbox.received', { date: dayText(one.receivedAt, service?.locale.timeZone) })}</span>
    </li>`
  }

  #all(pick: ReadonlySet<string>) {
    const count = [...pick].filter((id) => this.chosen.has(id)).length
    return html`<div class="tick pick"><input type="checkbox" id="all" .checked=${count === pick.size} .indeterminate=${count > 0 && count < pick.size}
      @change=${() => (this.chosen = count === pick.size ? new Set() : new Set(pick))}><label for="all">${say('together.all')}</label></div>`
  }

  #bar(count: number) {
    // The line that tells how many is there from the start: what is put in with its words is not read out.
    return html`<div class="row ${count > 0 ? 'bar' : ''}"><span role="status" id="chosen">${count > 0 ? say('together.selected', { count }) : ''}</span>
      ${
        count > 0
          ? html`<button type="button" class="primary" id="together" @click=${() => void this.#decideTogether()}>${say('together.button')}</button>
            <button type="button" @click=${() => {
              this.chosen = new Set()
              this.renderRoot.querySelector<HTMLElement>('#all')?.focus()
            }}>${say('together.clear')}</button>`
          : nothing
      }</div>`
  }

  #list() {
    const { page } = this
    if (!page) return this.fault ? nothing : html`<p role="status">${say('loading')}</p>`
    if (page.cases.length === 0) return html`<p class="card">${say(queryOf(this.filter) === '' ? 'inbox.empty' : 'inbox.none')}</p>`
    const able = this.#choosable
    const pick = able.length > 0 ? new Set(able.map(({ submission }) => submission)) : null
    return html`${pick ? this.#all(pick) : nothing}<ol class="cases ${pick ? 'pick' : ''}" aria-label=${say('inbox.title')}>${repeat(
      page.cases,
      (one) => one.submission,
      (one) => this.#line(one, pick),
    )}</ol>
      ${pick ? this.#bar(able.filter(({ submission }) => this.chosen.has(submission)).length) : nothing}
      <nav class="row spread" aria-label=${say('inbox.pages')}>
        ${this.filter.after ? html`<a href=${inboxAt({ ...this.filter, after: undefined })}>${say('inbox.first')}</a>` : html`<span></span>`}
        ${page.next ? html`<a href=${inboxAt({ ...this.filter, after: page.next })}>${say('inbox.next')}</a>` : nothing}
      </nav>`
  }

  protected override render() {
    return html`
      <h1 tabindex="-1">${say('inbox.title')}</h1>
      ${this.#tabs()} ${this.#filters()}
      ${this.fault ? html`<div class="note bad row spread" role="alert"><span>${this.fault}</span><button type="button" class="small" @click=${() => void this.#load()}>${say('retry')}</button></div>` : nothing}
      <p role="status" class=${this.told === '' ? 'unseen' : 'help'}>${this.told}</p>
      ${this.fresh > 0 ? html`<div><button type="button" class="small" id="fresh" @click=${() => void this.#load()}>${say('inbox.showFresh', { count: this.fresh })}</button></div>` : nothing}
      ${this.#list()} ${this.#export()}
      <desk-together .api=${this.api} .desk=${this.desk} .filter=${this.filter} @desk-together-done=${() => void this.#decidedTogether()}></desk-together>
    `
  }
}
customElements.define('desk-inbox', InboxScreen)

declare global {
  interface HTMLElementTagNameMap {
    'desk-inbox': InboxScreen
  }
}
