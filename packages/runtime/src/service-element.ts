import { compile, createSession, DefinitionError, type Messages } from '@guichet/core'
import type { Uploader } from '@guichet/fields/field-view'
import type { ServiceDefinition } from '@guichet/schemas'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { checkStep, type Step, stepsOf } from './journey.ts'
import { pageScreen } from './page-screen.ts'
import { say, sayText } from './said.ts'
import type { ServiceView } from './service-view.ts'
import { more, sheetOf } from './sheets.ts'
import { startScreen } from './start-screen.ts'
import { styles } from './styles.ts'
import { Refused, sentenceOf, type Transport } from './transport.ts'
import type { Unreachable } from './unreachable.ts'
import { type Fields, type Screen, type Seed, sentStep, startStep, type Visit } from './visit.ts'
import { type Said, type Words, wordsOf } from './words.ts'

/** What the element needs from whoever registers it. */
export interface Surroundings {
  /** `outside`: addresses of modules with field types of the page's own. */
  loadFields(definition: ServiceDefinition, outside: string | null): Promise<Fields>
  /** Strings of the screens after the pages, in a language or else in English. */
  laterStrings(language: string): Promise<Messages>
  /** Saving and coming back, where there is a server to save on. */
  drafts?(): Promise<{ useDrafts(visit: Visit, pressed: boolean): Promise<void> }>
  /** Sealing what is sent, where there is a server that must not read it. */
  sealing?(): Promise<{ sealFor(element: GuichetService, view: ServiceView, words: Words): Promise<void> }>
  /** What is said in a language when nothing else can be. */
  unreachable(language: string): Unreachable
  /** A server, for elements that are not handed a transport. */
  connect?(base: string | null, service: string): Transport
  /** Draws the service in a frame of its own; gives what ends that. */
  isolate?(element: HTMLElement, root: ShadowRoot): Promise<() => void>
  /** What stands in for a server, for elements that are handed a view alone. */
  preview?(element: GuichetService): Transport
}

/** A mailed link (draft-mail.ts), or what was marked by outbox.ts. Where storage is blocked, nothing is kept. */
const isPending = () => {
  try {
    return /guichet-draft/.test(location.hash) || localStorage.getItem('guichet-pending')
  } catch {}
}

const later = () => import('./later.ts')

/**
 * One public service, from its guide to the tracking code.
 *
 * @tag guichet-service
 * @attr {string} service - `agency/service`.
 * @attr {string} lang - Language wanted; else that of the page around. Changing it keeps what was typed.
 * @attr {string} base - Address of the server, if it is not the one that the script was loaded from.
 * @attr {string} isolation - `iframe`: in a frame of its own, so that scripts of the page see neither answers nor tracking code.
 * @attr {string} keys - Fingerprints of the keys that a sealed service may be sealed to, parted by blanks: with any others nothing is sent.
 * @attr {string} types - Addresses of modules with field types made elsewhere, parted by spaces.
 * @prop {object | null} view - The service in one language, as its server gives it. Set, it is shown instead of being loaded; what was typed stays, as far as its fields do.
 * @prop {object | null} transport - How the service is loaded and sent: set before `view`, or in place of `service`.
 * @prop {object | null} visit - What is going on: the answers, and the step that is shown. For previews; null until the service is shown.
 * @method show(step: string, at?: string): void - Goes to a page by its id, or to `#start`, `#documents`, `#check`.
 * @fires {CustomEvent<Record<never, never>>} guichet-ready - The service is shown.
 * @fires {CustomEvent<{ page: string }>} guichet-page - Another step is shown: a page's id, `start`, `documents`, `check` or `sent`.
 * @fires {CustomEvent<{ reference: string }>} guichet-submitted - The server has stored the submission; `reference` is the tracking code.
 * @fires {CustomEvent<{ reason: 'unreachable' | 'refused' | 'definition', status?: number, error?: unknown }>} guichet-failed - Loading or sending failed; the person is told as well.
 * @cssprop --guichet-colour-primary - Buttons and links.
 * @cssprop --guichet-colour-on-primary - Text on buttons.
 * @cssprop --guichet-colour-accent - The band at the top, the progress bar.
 * @cssprop --guichet-colour-surface - Background.
 * @cssprop --guichet-colour-raised - What is set apart from the background.
 * @cssprop --guichet-colour-text - Text.
 * @cssprop --guichet-colour-muted - Hints.
 * @cssprop --guichet-colour-border - Edges of inputs.
 * @cssprop --guichet-colour-line - Lines.
 * @cssprop --guichet-colour-error - Errors.
 * @cssprop --guichet-colour-success - The confirmation.
 * @cssprop --guichet-colour-focus - The ring around the focus.
 * @cssprop --guichet-font - Font family.
 * @cssprop --guichet-font-size - Size, relative to the reader's own text size.
 * @cssprop --guichet-radius - Corners.
 * @cssprop --guichet-space - In themes: how much space there is, 1 being that without one.
 * @cssprop --guichet-width - Greatest width.
 * @cssprop --guichet-button-background - Buttons that go on; else `--guichet-colour-primary`.
 * @cssprop --guichet-button-colour - Text on them; else `--guichet-colour-on-primary`.
 * @cssprop --guichet-button-radius - Corners of buttons; else `--guichet-radius`.
 * @cssprop --guichet-input-border - Edges of boxes; else `--guichet-colour-border`.
 * @cssprop --guichet-input-radius - Their corners; else `--guichet-radius`.
 * @cssprop --guichet-heading-font - Where the agency has colours or a theme: font family of headings; else `--guichet-font`.
 * @cssprop --guichet-heading-colour - The same for their colour; else `--guichet-colour-text`.
 * @cssprop --guichet-summary-background - The summary of what is wrong; else nothing.
 */
export class GuichetService extends HTMLElement {
  static readonly observedAttributes = ['service', 'lang', 'base']
  static surroundings: Surroundings

  readonly #root = this.attachShadow({ mode: 'open' })
  #transport: Transport | null = null
  #visit: Visit | null = null
  #screen: Screen | null = null
  /** Where the screen is drawn: another for each, so that nothing of one is left in the next. */
  #place = document.createElement('div')
  #step: Step = startStep
  #wanted: string | undefined
  /** Counts what was asked for, so that an answer that comes late is dropped. */
  #asked = 0
  /** Counts the steps gone to, for the same. */
  #turn = 0
  #typed = false
  /** One for all languages: a file on its way stays so when the language is changed. */
  readonly #uploader: Uploader = {
    upload: async (...file) => {
      const visit = this.#visit as Visit
      this.#uploads++
      try {
        const [parts] = await Promise.all([later(), visit.learn()]).catch(() => {
          throw new Error(visit.words.message('upload.unreachable'))
        })
        return await parts.takeFile(visit, ...file)
      } finally {
        this.#uploads--
      }
    },
  }
  #uploads = 0
  #frame: Promise<() => void> | undefined
  /** What went wrong outside any one screen. */
  #trouble: Said | null = null

  /** Hands over the service, instead of having it loaded. What was typed stays, as far as its fields do. */
  set view(view: ServiceView) {
    this.#asked++
    this.#transport ??= GuichetService.surroundings.preview?.(this) ?? null
    if (!this.#transport) throw new TypeError('guichet-service: set `transport` before `view`')
    this.#adopt(view).catch((error) => this.#tell('guichet-failed', { reason: 'definition', error }))
  }
  get view(): ServiceView | null {
    return this.#visit?.view ?? null
  }
  /** What is going on: a preview that explains conditions evaluates them with what was typed, and shows other answers. */
  get visit(): Visit | null {
    return this.#visit
  }

  /** How the service is loaded and sent. */
  set transport(transport: Transport) {
    this.#transport = transport
  }
  get transport(): Transport | null {
    return this.#transport
  }

  connectedCallback() {
    if (this.#isolated) return void (this.#frame = GuichetService.surroundings.isolate?.(this, this.#root))
    if (this.#typed) addEventListener('beforeunload', this.#guard)
    if (this.#asked === 0 || !this.#transport) void this.#load(this.#wantedLanguage())
  }

  disconnectedCallback() {
    void this.#frame?.then((end) => end())
    removeEventListener('beforeunload', this.#guard)
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    // An element that was there before its class is told each of its attributes, and then that it is connected.
    if (this.#asked === 0 || !this.isConnected || before === after || this.#isolated) return
    // Another service is another visit; another language is the same one.
    if (name !== 'lang') {
      this.#visit = this.#transport = null
      this.#noteSent()
    }
    void this.#load(this.#wantedLanguage())
  }

  /** Goes to a page by its id, or to `#start`, `#documents`, `#check`. A service that is still loading opens there. */
  show(step: Step, at?: string) {
    if (this.#visit) void this.#go(step, at, false)
    else this.#step = step
  }

  get #isolated() {
    return this.hasAttribute('isolation')
  }

  #wantedLanguage(): string | undefined {
    return this.getAttribute('lang') ?? (this.closest<HTMLElement>('[lang]')?.lang || undefined)
  }

  #tell(name: string, detail: Readonly<Record<string, unknown>> = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  async #load(language: string | undefined) {
    const asked = ++this.#asked
    const { connect } = GuichetService.surroundings
    const service = this.getAttribute('service')
    if (!this.#transport && service && connect) this.#transport = connect(this.getAttribute('base'), service)
    if (!this.#transport) return
    this.#wanted = language
    if (!this.#visit) {
      this.#dress()
      render(html`<section class="g g-loading" aria-busy="true"></section>`, this.#root)
    }
    try {
      const view = await this.#transport.load(language)
      if (asked === this.#asked) await this.#adopt(view)
    } catch (error) {
      if (asked === this.#asked) this.#drawFailure(error)
    }
  }

  async #adopt(view: ServiceView, before: Seed | null = this.#visit) {
    const asked = this.#asked
    const { definition } = view
    const first = !this.#visit
    const [fields, parts] = await Promise.all([
      GuichetService.surroundings.loadFields(definition, this.getAttribute('types')),
      (view.asks || definition.taskList) && later(),
    ])
    const words = wordsOf(view)
    await this.#transport?.drafts?.learn(words)
    // A preview, which has no server, shows the service as any other.
    if (view.sealed) await (await GuichetService.surroundings.sealing?.())?.sealFor(this, view, words)
    if (asked !== this.#asked) return
    const program = compile(definition, fields.types)
    const session = createSession(program, {
      today: view.today,
      answers: before?.session.inputs,
      documents: before?.session.documents,
      atDesk: before?.session.atDesk,
    })
    const transport = this.#transport as Transport
    const files = before?.files ?? new Map()
    const visit: Visit = {
      view,
      program,
      session,
      words,
      fields,
      transport,
      files,
      uploads: () => this.#uploads,
      uploader: this.#uploader,
      found: [],
      changing: before?.changing ?? false,
      confirmation: before?.confirmation ?? null,
      go: (step, at) => this.#go(step, at),
      step: () => this.#step,
      now: () => (this.isConnected ? this.#visit : null),
      resume: async (seed, language) => {
        const view = await transport.load(language)
        this.#asked++
        this.#step = startStep
        await this.#adopt(view, seed)
      },
      safe: () => this.#noteSent(),
      learn: async () => words.learn(await GuichetService.surroundings.laterStrings(words.language)),
      find: (selector) => this.#root.querySelector(selector),
      redraw: () => this.#draw(),
      announce: (sentence) => this.#announce(sentence),
      typed: () => this.#noteTyped(),
      sent: (confirmation) => {
        visit.confirmation = confirmation
        this.#noteSent()
        transport.drafts?.sent()
        this.#tell('guichet-submitted', { reference: confirmation.reference })
        void this.#go(sentStep)
      },
      tell: (name, detail) => this.#tell(name, detail),
      trouble: () => this.#drawTrouble(),
    }
    this.#visit = visit
    const still = this.#step === sentStep || [startStep, ...stepsOf(session)].includes(this.#step)
    await parts?.useTrust(visit)
    // Whoever comes back from signing in goes on elsewhere.
    if (visit === this.#visit) await this.#enter(still ? this.#step : startStep)
    if (first) {
      this.#tell('guichet-ready')
      if (transport.address && isPending()) void this.#withDrafts(false)
    }
  }

  /** The shared styles, those of the types and the screen, and the agency's colours. */
  #dress(...own: readonly (string | undefined)[]) {
    this.#root.adoptedStyleSheets = [sheetOf(styles), more, sheetOf([...new Set(own)].join(''))]
  }

  async #make(step: Step, visit: Visit): Promise<Screen> {
    if (step === startStep) return startScreen(visit)
    if (step[0] === '#') {
      const [{ laterScreen }] = await Promise.all([later(), visit.learn()])
      return laterScreen(step, visit)
    }
    const page = visit.view.definition.pages.find(({ id }) => id === step)
    return page ? pageScreen(visit, page) : startScreen(visit)
  }

  /** Makes a step's screen and draws it. False if the visit has changed meanwhile, or another step was asked for. */
  async #enter(step: Step): Promise<boolean> {
    const visit = this.#visit as Visit
    const turn = ++this.#turn
    const late = () => visit !== this.#visit || turn !== this.#turn
    if (step === checkStep) visit.changing = false
    let screen: Screen
    try {
      screen = await this.#make(step, visit)
    } catch (error) {
      // A part of the runtime itself did not arrive, or did not work: the step stays, and so does what was typed.
      reportError(error)
      if (!late()) this.#drawTrouble()
      return false
    }
    if (late()) return false
    this.#step = step
    this.#screen = screen
    this.#place = document.createElement('div')
    this.#trouble = null
    const { views, Rows } = visit.fields
    this.#dress(...Object.values(views).map((view) => view.styles), Rows?.styles, screen.styles, visit.view.look)
    this.#draw()
    visit.transport.drafts?.entered()
    return true
  }

  /** Saving and coming back are loaded when they are asked for, or when this browser keeps something that was sent. */
  async #withDrafts(pressed: boolean) {
    try {
      await (await GuichetService.surroundings.drafts?.())?.useDrafts(this.#visit as Visit, pressed)
    } catch {
      this.#drawTrouble()
    }
  }

  async #go(step: Step, at?: string, focus = true) {
    if (!this.#visit || !(await this.#enter(step))) return
    this.#tell('guichet-page', { page: step.replace('#', '') })
    if (!focus || (at !== undefined && this.#screen?.focus?.(at))) return
    const { top } = this.getBoundingClientRect()
    if (top < 0 || top > innerHeight) this.scrollIntoView({ block: 'start' })
    this.#root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }

  #draw() {
    const { words, view, transport } = this.#visit as Visit
    const { agency, title } = view.definition
    const { logo } = agency
    const source = logo && new URL(logo.src, transport.base ?? location.href).href
    const start = this.#step === startStep
    const saved =
      transport.address && this.#step !== sentStep
        ? (transport.drafts?.element ??
          html`<button type="button" class="g-link" @click=${() => this.#withDrafts(true)}>${words.message(start ? 'draft.resume' : 'draft.save')}</button>`)
        : nothing
    if (this.#screen) render(this.#screen.template(saved), this.#place)
    render(
      html`<section class="g" lang=${words.language} dir=${words.direction} aria-label=${words.text(title).text}>
        <div class="g-top">
          <div class="g-agency">
            ${logo ? html`<img class="g-logo" src=${source} alt=${words.text(logo.alt).text} />` : nothing}
            <span>${sayText(words, agency.name)}</span>
          </div>
          ${this.#languages()}
        </div>
        ${start ? nothing : html`<p class="g-service">${sayText(words, title)}</p>`}
        ${this.#trouble ? html`<div class="g-failure g-trouble" role="alert"><p>${say(words, this.#trouble)}</p></div>` : nothing}
        ${transport.trust?.top}${transport.time?.top}${transport.drafts?.top}${this.#place}
        ${start ? nothing : html`<div>${saved}</div>`}
        <p class="g-hidden g-status" role="status"></p>
      </section>`,
      this.#root,
    )
  }

  #languages(): TemplateResult | typeof nothing {
    const { view, words } = this.#visit as Visit
    if (view.languages.length < 2 || this.#step === sentStep) return nothing
    // No landmark: several services on a page would have as many of one name.
    return html`<div role="group" aria-label=${words.message('languages')}>
      <ul class="g-languages">
        ${view.languages.map(
          (language) =>
            html`<li>
              <button
                type="button"
                class="g-link"
                lang=${language}
                aria-current=${language === view.language ? 'true' : nothing}
                @click=${() => language !== view.language && this.#load(language)}
              >
                ${words.languageName(language)}
              </button>
            </li>`,
        )}
      </ul>
    </div>`
  }

  #announce(sentence: string) {
    const status = this.#root.querySelector('.g-status')
    if (status) status.textContent = sentence
  }

  #noteTyped() {
    if (this.#typed) return
    this.#typed = true
    // In a preview nothing is lost.
    if (GuichetService.surroundings.connect) addEventListener('beforeunload', this.#guard)
    // The screens after the pages are needed soon: have them come while the person types.
    const idle = globalThis.requestIdleCallback ?? setTimeout
    idle(() => {
      // Those that do not come now are asked for again when they are needed.
      Promise.all([later().then(({ noteStarted }) => noteStarted(this.#visit as Visit)), import('./checking.ts'), this.#visit?.learn()]).catch(() => {})
    })
  }

  /** Nothing would be lost now. */
  #noteSent() {
    this.#typed = false
    removeEventListener('beforeunload', this.#guard)
  }

  readonly #guard = (event: Event) => event.preventDefault()

  /** The service could not be shown at all. */
  #drawFailure(error: unknown) {
    const refused = error instanceof Refused ? error : null
    this.#tell('guichet-failed', refused ? { reason: 'refused', status: refused.problem.status } : { reason: 'unreachable' })
    if (this.#visit) return this.#drawTrouble()
    // Nothing has come from the server, not even the interface's strings.
    const { language, direction, sentence, retry } = GuichetService.surroundings.unreachable(this.#wanted ?? navigator.language)
    render(
      html`<section class="g" lang=${language} dir=${direction}>
        <div class="g-failure" role="alert"><p>${(refused && sentenceOf(refused)) || sentence}</p></div>
        ${error instanceof DefinitionError ? nothing : html`<button type="button" class="g-button" @click=${() => this.#load(this.#wanted)}>${retry}</button>`}
      </section>`,
      this.#root,
    )
  }

  /** Something further on could not be loaded; what is shown stays as it is, and so does what was typed. */
  #drawTrouble() {
    const { words } = this.#visit as Visit
    this.#trouble = { text: words.message('send.unreachable'), language: words.language }
    this.#draw()
    this.#root.querySelector('.g-trouble')?.scrollIntoView({ block: 'nearest' })
  }
}
