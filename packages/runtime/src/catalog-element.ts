import strings from './catalog-strings.json' with { type: 'json' }
import { type Child, h } from './dom.ts'
import { matches } from './fold.ts'
import { awayNotice, baseOf, dress, type Strings, speechOf } from './small-element.ts'

/** A line of the catalogue: GET /v1/services. */
export interface CatalogLine {
  agency: string
  service: string
  title: string
  summary: string
  /** Language of title and summary. */
  language: string
  languages: readonly string[]
  url: string
}

const styles = /* css */ `
.g-services { list-style: none; margin: 0; padding: 0; }
.g-services li { border-block-start: 1px solid var(--guichet-colour-line); padding-block: 1em; }
.g-services h3 { margin: 0 0 0.25em; font-size: 1.15em; }
.g-services h3 a { display: inline-block; min-block-size: 1.5em; }
.g-services p { margin: 0 0 0.25em; }
`

/**
 * The services of a server that this page may embed, with a search that forgives accents, final sigma, Vietnamese marks,
 * and Arabic and Persian forms of letters. Each line links to the service.
 *
 * @tag guichet-catalog
 * @attr {string} lang - Language wanted; else that of the page around.
 * @attr {string} base - Address of the server, if it is not the one that the script was loaded from.
 * @attr {string} agency - Only services of this agency.
 * @attr {string} href - Where services are on the agency's own site, such as `/apply/{service}?lang={language}`; else pages of the server.
 * @fires {CustomEvent<{ services: number }>} guichet-ready - The services are shown.
 * @fires {CustomEvent<{ reason: 'unreachable' | 'refused', status?: number }>} guichet-failed - They could not be loaded; the person is told as well.
 */
export class GuichetCatalog extends HTMLElement {
  static readonly observedAttributes = ['lang', 'base', 'agency', 'href']

  readonly #root = this.attachShadow({ mode: 'open' })
  #lines: readonly CatalogLine[] | null = null
  #search = ''
  #asking: AbortController | null = null

  connectedCallback() {
    if (!this.#lines) void this.#load()
  }

  disconnectedCallback() {
    this.#asking?.abort()
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (!this.isConnected || before === after) return
    if (name === 'lang' || name === 'base') void this.#load()
    else this.#show()
  }

  get #speech() {
    return speechOf(this, strings as unknown as Strings)
  }

  #tell(name: string, detail: object) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  #draw(attributes: Record<string, string>, ...children: Child[]) {
    const { language, direction } = this.#speech
    dress(this.#root, styles)
    this.#root.replaceChildren(h('section', { class: 'g', lang: language, dir: direction, ...attributes }, children))
  }

  async #load() {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    if (!this.#lines) this.#draw({ 'aria-busy': 'true', class: 'g g-loading' })
    try {
      const response = await fetch(`${baseOf(this)}v1/services?lang=${encodeURIComponent(this.#speech.language)}`, {
        credentials: 'omit',
        signal: AbortSignal.any([asking.signal, AbortSignal.timeout(30_000)]),
      })
      if (!response.ok) {
        this.#tell('guichet-failed', { reason: 'refused', status: response.status })
        return this.#away()
      }
      this.#lines = (await response.json()).services as CatalogLine[]
      this.#show()
      this.#tell('guichet-ready', { services: this.#lines.length })
    } catch {
      if (asking.signal.aborted) return
      this.#tell('guichet-failed', { reason: 'unreachable' })
      this.#away()
    }
  }

  #away() {
    this.#lines = null
    this.#draw(
      {},
      awayNotice(this.#speech, () => void this.#load()),
    )
  }

  #show() {
    if (!this.#lines) return
    const { say } = this.#speech
    const agency = this.getAttribute('agency')
    const lines = this.#lines.filter((line) => !agency || line.agency === agency)
    if (lines.length === 0)
      return this.#draw({ 'aria-labelledby': 'title' }, h('h2', { id: 'title', class: 'g-heading' }, say('title')), h('p', {}, say('none')))

    const list = h('ul', { class: 'g-services' })
    const none = h(
      'div',
      { hidden: true },
      h('p', {}, say('noMatch')),
      h('button', { type: 'button', class: 'g-button g-button-secondary', click: () => all() }, say('all')),
    )
    const count = h('p', { class: 'g-muted', role: 'status' })
    const items = lines.map((line) => ({ line, item: this.#item(line) }))
    list.append(...items.map(({ item }) => item))
    const narrow = () => {
      let found = 0
      for (const { line, item } of items) {
        item.hidden = !matches(`${line.title} ${line.summary}`, this.#search)
        if (!item.hidden) found++
      }
      list.hidden = found === 0
      none.hidden = found > 0
      count.textContent = say('found', { count: found })
    }
    const input = h('input', {
      id: 'search',
      class: 'g-input',
      type: 'search',
      autocomplete: 'off',
      dir: 'auto',
      input: () => {
        this.#search = input.value
        narrow()
      },
    })
    input.value = this.#search
    const all = () => {
      this.#search = input.value = ''
      narrow()
      input.focus()
    }
    this.#draw(
      { 'aria-labelledby': 'title' },
      h('h2', { id: 'title', class: 'g-heading' }, say('title')),
      h('div', { class: 'g-field', role: 'search' }, h('label', { class: 'g-label', for: 'search' }, say('search')), input),
      count,
      list,
      none,
    )
    narrow()
  }

  #item(line: CatalogLine) {
    const { say, marked, language } = this.#speech
    const names = line.languages.map((tag) => new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag)
    const address = this.#addressOf(line)
    return h(
      'li',
      {},
      h('h3', marked(line.language), address ? h('a', { href: address }, line.title) : line.title),
      line.summary ? h('p', marked(line.language), line.summary) : null,
      line.languages.length > 1 ? h('p', { class: 'g-muted' }, say('languages', { languages: new Intl.ListFormat(language).format(names) })) : null,
    )
  }

  /** Null for what is no web address: `javascript:` stays text. */
  #addressOf({ agency, service, language, url }: CatalogLine): string | null {
    const places: Record<string, string> = { agency, service, language }
    const given = this.getAttribute('href')?.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name] ?? '')) ?? `${url}?lang=${language}`
    const address = URL.canParse(given, document.baseURI) ? new URL(given, document.baseURI) : null
    return address && /^https?:$/.test(address.protocol) ? address.href : null
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'guichet-catalog': GuichetCatalog
  }
}
