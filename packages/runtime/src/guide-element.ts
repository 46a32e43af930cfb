import { compile, createSession } from '@guichet/core'
import { html, nothing, render } from 'lit-html'
import { liveGuide } from './live-guide.ts'
import { paragraphs, sayText } from './said.ts'
import { GuichetService } from './service-element.ts'
import type { ServiceView } from './service-view.ts'
import { more, sheetOf } from './sheets.ts'
import { styles } from './styles.ts'
import { Refused, sentenceOf, type Transport } from './transport.ts'
import { wordsOf } from './words.ts'
import './more-styles.ts'

/**
 * What somebody needs for a service, before they start and without signing in: its few questions, and the documents, the
 * fee and the steps that follow from the answers. Nothing is sent and nothing is kept.
 *
 * @tag guichet-guide
 * @attr {string} service - `agency/service`.
 * @attr {string} lang - Language wanted; else that of the page around.
 * @attr {string} base - Address of the server, if it is not the one that the script was loaded from.
 * @attr {string} href - Where the service itself is; else a page of the server. `{language}` stands for the language.
 * @attr {string} types - Addresses of modules with field types made elsewhere, parted by spaces.
 * @fires {CustomEvent<Record<never, never>>} guichet-ready - The guide is shown.
 * @fires {CustomEvent<{ reason: 'unreachable' | 'refused', status?: number }>} guichet-failed - It could not be loaded; the person is told as well.
 */
export class GuichetGuide extends HTMLElement {
  static readonly observedAttributes = ['service', 'lang', 'base', 'href', 'types']

  readonly #root = this.attachShadow({ mode: 'open' })
  #transport: Transport | null = null
  #view: ServiceView | null = null
  /** Counts what was asked for, so that an answer that comes late is dropped. */
  #asked = 0

  connectedCallback() {
    if (this.#asked === 0) void this.#load()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (!this.isConnected || before === after) return
    if (name === 'service' || name === 'base') this.#transport = null
    void this.#load()
  }

  #tell(name: string, detail: object) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  async #load() {
    const { surroundings } = GuichetService
    const service = this.getAttribute('service')
    if (!service || !surroundings.connect) return
    this.#transport ??= surroundings.connect(this.getAttribute('base'), service)
    const language = this.getAttribute('lang') ?? (this.closest<HTMLElement>('[lang]')?.lang || undefined)
    const asked = ++this.#asked
    if (!this.#view) {
      this.#root.adoptedStyleSheets = [sheetOf(styles), more]
      render(html`<section class="g g-loading" aria-busy="true"></section>`, this.#root)
    }
    try {
      const view = await this.#transport.load(language)
      const fields = await surroundings.loadFields(view.definition, this.getAttribute('types'))
      if (asked !== this.#asked) return
      this.#show(view, fields)
      this.#tell('guichet-ready', {})
    } catch (error) {
      if (asked === this.#asked) this.#fail(error, language)
    }
  }

  #show(view: ServiceView, fields: Awaited<ReturnType<typeof GuichetService.surroundings.loadFields>>) {
    this.#view = view
    const { definition } = view
    const program = compile(definition, fields.types)
    const words = wordsOf(view)
    const { message } = words
    const place = document.createElement('div')
    const guide = liveGuide({
      words,
      program,
      fields,
      session: createSession(program, { today: view.today }),
      transport: this.#transport,
      redraw: () => render(guide.template(), place),
      announce: (sentence) => {
        const status = this.#root.querySelector('.g-status')
        if (status) status.textContent = sentence
      },
    })
    const given = this.getAttribute('href') ?? `${this.#transport?.base ?? ''}s/${view.agency}/${view.service}?lang={language}`
    const href = new URL(given.replaceAll('{language}', encodeURIComponent(words.language)), document.baseURI)
    const stages = definition.stages ?? []
    this.#root.adoptedStyleSheets = [sheetOf(styles), more, sheetOf(guide.styles), sheetOf(view.look ?? '')]
    // Another language is another set of templates: nothing of the first is kept.
    this.#root.replaceChildren()
    const frame = document.createElement('div')
    this.#root.append(frame)
    render(guide.template(), place)
    // No landmark: the service of the same name may stand beside it.
    render(
      html`<div class="g" role="group" lang=${words.language} dir=${words.direction} aria-labelledby="title">
        <div class="g-top"><div class="g-agency">${sayText(words, definition.agency.name)}</div></div>
        <h2 class="g-heading" id="title">${sayText(words, definition.title)}</h2>
        ${paragraphs(words, definition.summary, 'g-lead')} ${place}
        ${
          stages.length > 0
            ? html`<h2>${message('next.title')}</h2>
                <ol class="g-list">
                  ${stages.map((stage) => html`<li>${sayText(words, stage.label)}</li>`)}
                </ol>`
            : nothing
        }
        ${
          view.open.state === 'open' && /^https?:$/.test(href.protocol)
            ? html`<p><a class="g-button" href=${href.href}>${message('start.begin')}</a></p>`
            : nothing
        }
        <p class="g-hidden g-status" role="status"></p>
      </div>`,
      frame,
    )
  }

  #fail(error: unknown, wanted: string | undefined) {
    const refused = error instanceof Refused ? error : null
    this.#tell('guichet-failed', refused ? { reason: 'refused', status: refused.problem.status } : { reason: 'unreachable' })
    const { language, direction, sentence, retry } = GuichetService.surroundings.unreachable(wanted ?? navigator.language)
    this.#view = null
    this.#root.replaceChildren()
    const frame = document.createElement('div')
    this.#root.append(frame)
    render(
      html`<section class="g" lang=${language} dir=${direction}>
        <div class="g-failure" role="alert"><p>${(refused && sentenceOf(refused)) || sentence}</p></div>
        <button type="button" class="g-button" @click=${() => this.#load()}>${retry}</button>
      </section>`,
      frame,
    )
  }
}

export function defineGuide() {
  if (!customElements.get('guichet-guide')) customElements.define('guichet-guide', GuichetGuide)
}

declare global {
  interface HTMLElementTagNameMap {
    'guichet-guide': GuichetGuide
  }
}
