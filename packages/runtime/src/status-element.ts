import type { Added } from './answer-case.ts'
import { type Child, h } from './dom.ts'
import { awayNotice, baseOf, dress, type Strings, speechOf } from './small-element.ts'
import strings from './status-strings.json' with { type: 'json' }

/** What the server tells about a case: POST /v1/status. */
export interface StatusView {
  agency: string
  service: string
  title: string
  /** Language of the texts. */
  language: string
  submission: string
  receivedAt: string
  status: string
  stage?: { id: string; label: string; unit?: string }
  stages: readonly { id: string; label: string; state: 'done' | 'current' | 'ahead' | 'skipped' }[]
  fee?: { total: number }
  /** These three are missing from older servers. `reason` is in the officer's own words, in whatever language. */
  dueAt?: string
  closedAt?: string
  decision?: { id?: string; at: string; reason?: string; remedy?: string }
  /** What is asked for by name; `online`: it can be answered here. */
  ask?: { until?: string; online: boolean; what: readonly string[] }
  /** When what was asked for was last answered. */
  answeredAt?: string
  /** Missing from older servers: the fee is left out then. */
  locale?: { timeZone: string; calendar: string; currency: string; decimals: number }
}

const styles = /* css */ `
.g-stages { list-style: none; margin: 0; padding: 0; }
.g-stages li { border-inline-start: 0.25em solid var(--guichet-colour-line); padding: 0.4em 1em; }
.g-stages [aria-current] { border-color: var(--guichet-colour-accent); font-weight: 700; }
.g-facts { display: grid; grid-template-columns: fit-content(50%) 1fr; gap: 0.4em 1em; margin: 0 0 1em; }
.g-facts dt { font-weight: 600; }
.g-facts dd { margin: 0; }
.g-said { white-space: pre-line; overflow-wrap: anywhere; }
.g-code { max-inline-size: 24em; }
.g-ask { border: 1px solid var(--guichet-colour-line); border-inline-start: 0.35em solid var(--guichet-colour-accent); border-radius: var(--guichet-radius); padding: 0.2em 1em; margin-block: 1em; }
.g-arrived { border-inline-start-color: var(--guichet-colour-success); }
.g-actions { display: flex; flex-wrap: wrap; gap: 0.75em; }
@media (max-width: 30em) { .g-facts { grid-template-columns: 1fr; gap: 0; } .g-facts dd { margin-block-end: 0.6em; } }
`

/**
 * Follows a case by its tracking code: asks for the code, and shows in words where the case stands. The code goes to the
 * server in the body of a request, and nowhere else; it is not kept.
 *
 * @tag guichet-status
 * @attr {string} lang - Language wanted; else that of the page around.
 * @attr {string} base - Address of the server, if it is not the one that the script was loaded from.
 * @fires {CustomEvent<{ status: string, stage: string | null }>} guichet-case - A case is shown.
 * @fires {CustomEvent<{ reason: 'unreachable' | 'refused', status?: number }>} guichet-failed - Asking failed; the person is told as well.
 */
export class GuichetStatus extends HTMLElement {
  static readonly observedAttributes = ['lang', 'base']

  readonly #root = this.attachShadow({ mode: 'open' })
  /** What was typed, so that another language does not lose it. */
  #typed = ''
  #view: StatusView | null = null
  #asking: AbortController | null = null
  /** What is asked for is being answered: the form, in which another language loses nothing. */
  #form: HTMLElement | null = null
  /** What was answered, for its receipt. */
  #added: Added | null = null

  connectedCallback() {
    if (!this.#root.firstChild) this.#drawForm()
  }

  disconnectedCallback() {
    this.#asking?.abort()
  }

  attributeChangedCallback(_: string, before: string | null, after: string | null) {
    if (!this.isConnected || before === after) return
    if (this.#form) this.#form.setAttribute('lang', this.#speech.language)
    else if (this.#view) void this.#ask(false)
    else this.#drawForm()
  }

  get #speech() {
    return speechOf(this, strings as unknown as Strings)
  }

  #tell(name: string, detail: object) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  #draw(...children: Child[]) {
    const { language, direction } = this.#speech
    dress(this.#root, styles)
    this.#root.replaceChildren(
      h(
        'section',
        { class: 'g', lang: language, dir: direction, 'aria-labelledby': 'title' },
        children,
        h('p', { class: 'g-hidden g-status', role: 'status' }),
      ),
    )
  }

  #announce(sentence: string) {
    const status = this.#root.querySelector('.g-status')
    if (status) status.textContent = sentence
  }

  /** `problem`: what was wrong with the code; `away`: the server could not be asked. */
  #drawForm({ problem, away = false }: { problem?: string; away?: boolean } = {}) {
    const speech = this.#speech
    const { say } = speech
    const input = h('input', {
      id: 'code',
      class: 'g-input g-code',
      type: 'text',
      dir: 'ltr',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      maxlength: '200',
      required: true,
      'aria-describedby': problem ? 'hint problem' : 'hint',
      'aria-invalid': problem ? 'true' : null,
      input: () => {
        this.#typed = input.value
      },
    })
    input.value = this.#typed
    const submit = (event: Event) => {
      event.preventDefault()
      void this.#ask(true)
    }
    this.#draw(
      h('h2', { id: 'title', class: 'g-heading', tabindex: '-1' }, say('title')),
      h(
        'form',
        { class: 'g-form', novalidate: true, submit },
        h(
          'div',
          { class: problem ? 'g-field g-wrong' : 'g-field' },
          h('label', { class: 'g-label', for: 'code' }, say('code')),
          h('div', { class: 'g-hint', id: 'hint' }, say('hint')),
          problem && h('p', { class: 'g-error', id: 'problem' }, h('span', { class: 'g-hidden' }, say('error')), ' ', problem),
          input,
        ),
        away ? awayNotice(speech, () => void this.#ask(true)) : h('p', {}, h('button', { class: 'g-button' }, say('show'))),
      ),
    )
    if (problem) input.focus()
  }

  #drawCase(view: StatusView) {
    const speech = this.#speech
    const { say, marked, language } = speech
    const inService = marked(view.language)
    const { locale } = view
    const format = new Intl.DateTimeFormat(language, {
      dateStyle: 'long',
      timeStyle: 'short',
      ...(locale ? { timeZone: locale.timeZone, calendar: locale.calendar } : {}),
    })
    const dateOf = (moment: string) => format.format(new Date(moment))
    const { decision } = view
    const fact = (key: string, value: Child, attributes = {}) => [h('dt', {}, say(key)), h('dd', attributes, value)]
    const heading = h('h2', { id: 'title', class: 'g-heading', tabindex: '-1', ...inService }, view.title)
    this.#draw(
      heading,
      this.#added && this.#arrived(this.#added),
      h('p', {}, say('received', { date: dateOf(view.receivedAt) })),
      h(
        'dl',
        { class: 'g-facts' },
        fact('state', h('strong', {}, say(`is.${view.status}`) || view.status)),
        fact('number', h('bdi', { dir: 'ltr' }, view.submission)),
        view.stage?.unit ? fact('unit', view.stage.unit, inService) : null,
        view.dueAt ? fact('due', dateOf(view.dueAt)) : null,
        decision ? fact('decided', dateOf(decision.at)) : null,
        decision?.reason ? fact('reason', decision.reason, { dir: 'auto', class: 'g-said' }) : null,
        decision?.remedy ? fact('remedy', decision.remedy, inService) : null,
        view.answeredAt ? fact('answered', dateOf(view.answeredAt)) : null,
        view.fee && locale ? fact('fee', money(view.fee.total, locale, language)) : null,
      ),
      view.ask && this.#drawAsk(view, view.ask),
      view.stages.length > 0 && [
        h('h3', {}, say('stages')),
        h(
          'ol',
          { class: 'g-stages' },
          view.stages.map(({ label, state }) =>
            h(
              'li',
              { 'aria-current': state === 'current' ? 'step' : null },
              h('span', inService, label),
              h('span', { class: 'g-muted' }, ' · ', say(`step.${state}`)),
            ),
          ),
        ),
      ],
      h(
        'p',
        { class: 'g-actions' },
        h('button', { type: 'button', class: 'g-button', click: () => void this.#ask(true) }, say('again')),
        h('button', { type: 'button', class: 'g-button g-button-secondary', click: () => this.#leave() }, say('another')),
      ),
    )
    return heading
  }

  /** What the office asks for, and the way to answer it. */
  #drawAsk(view: StatusView, { until, online, what }: NonNullable<StatusView['ask']>) {
    const { say, marked, language } = this.#speech
    // A day of the calendar is the same day everywhere.
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC', ...(view.locale ? { calendar: view.locale.calendar } : {}) })
    const button = h('button', { type: 'button', class: 'g-button', click: () => void this.#answer(view, button) }, say('ask.answer'))
    return h(
      'section',
      { class: 'g-ask', 'aria-labelledby': 'ask' },
      h('h3', { id: 'ask' }, say('ask.title')),
      until ? h('p', {}, say('ask.until', { date: day.format(new Date(`${until}T00:00:00Z`)) })) : null,
      what.length > 0 &&
        h(
          'ul',
          marked(view.language),
          what.map((one) => h('li', {}, one)),
        ),
      h('p', {}, online ? button : say('ask.otherwise')),
    )
  }

  async #answer(view: StatusView, button: HTMLButtonElement) {
    const { say, language } = this.#speech
    if (button.ariaDisabled === 'true') return
    button.ariaDisabled = 'true'
    this.#announce(say('ask.loading'))
    const parts = await import('./answer-case.ts').catch(() => null)
    try {
      const form = await parts?.answerCase(view, {
        base: baseOf(this),
        reference: this.#typed,
        language,
        done: (added) => {
          this.#form = null
          this.#added = added
          void this.#ask(true)
        },
      })
      if (!form) throw new Error('not loaded')
      if (!this.isConnected || this.#view !== view) return
      this.#form = form
      const { decision } = view
      this.#draw(
        // Its own name: that of the service is the form's.
        h('h2', { id: 'title', class: 'g-heading', tabindex: '-1' }, say('ask.title')),
        decision?.reason ? h('p', { dir: 'auto', class: 'g-said' }, decision.reason) : null,
        form,
        h('p', { class: 'g-actions' }, h('button', { type: 'button', class: 'g-button g-button-secondary', click: () => this.#back() }, say('ask.back'))),
      )
      form.shadowRoot?.querySelector('h1')?.focus()
    } catch (error) {
      if (parts && error instanceof parts.Over) return void this.#ask(true)
      button.ariaDisabled = null
      this.#announce('')
      button.after(h('p', { class: 'g-error', role: 'alert' }, say('ask.failed')))
      for (const old of [...this.#root.querySelectorAll('.g-ask [role=alert]')].slice(0, -1)) old.remove()
    }
  }

  #back() {
    this.#form = null
    void this.#ask(true)
  }

  /** It is kept: says so, and gives the receipt away while it is in hand. */
  #arrived({ receipt, answers }: Added) {
    const { say } = this.#speech
    const save = () => {
      const content = JSON.stringify({ format: 'guichet-receipt/1', ...receipt, answers }, null, 2)
      const address = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
      h('a', { href: address, download: `${this.#view?.submission}-${receipt.payload.amendment}.json` }).click()
      // Some browsers read the address after the click has returned.
      setTimeout(() => URL.revokeObjectURL(address), 10_000)
    }
    return h(
      'div',
      { class: 'g-ask g-arrived' },
      h('p', {}, h('strong', {}, say('ask.sent'))),
      h('p', {}, h('button', { type: 'button', class: 'g-button g-button-secondary', click: save }, say('ask.receipt'))),
    )
  }

  /** Back to the question; on a shared machine the next person sees nothing of this one. */
  #leave() {
    this.#typed = ''
    this.#view = this.#form = this.#added = null
    this.#drawForm()
    this.#root.querySelector('input')?.focus()
  }

  async #ask(focus: boolean) {
    const { say, language } = this.#speech
    if (this.#typed.trim() === '') return this.#drawForm({ problem: say('empty') })
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    this.#announce(say('looking'))
    try {
      const response = await fetch(`${baseOf(this)}v1/status?lang=${encodeURIComponent(language)}`, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ reference: this.#typed }),
        signal: AbortSignal.any([asking.signal, AbortSignal.timeout(30_000)]),
      })
      if (!response.ok) {
        this.#view = null
        this.#tell('guichet-failed', { reason: 'refused', status: response.status })
        return this.#drawForm({ problem: say(response.status === 429 ? 'tooMany' : response.status === 403 ? 'refused' : 'unknown') })
      }
      const view: StatusView = await response.json()
      this.#view = view
      const heading = this.#drawCase(view)
      if (focus) heading.focus()
      if (this.#added) this.#announce(say('ask.sent'))
      this.#tell('guichet-case', { status: view.status, stage: view.stage?.id ?? null })
    } catch {
      if (asking.signal.aborted) return
      this.#tell('guichet-failed', { reason: 'unreachable' })
      this.#drawForm({ away: true })
    }
  }
}

const money = (minor: number, { currency, decimals }: NonNullable<StatusView['locale']>, language: string) =>
  new Intl.NumberFormat(language, { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    minor / 10 ** decimals,
  )

declare global {
  interface HTMLElementTagNameMap {
    'guichet-status': GuichetStatus
  }
}
