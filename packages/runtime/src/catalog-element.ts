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
  /** Codes; a server that is older says nothing of them. */
  lifeEvents?: readonly string[]
  url: string
}

/** An event that some service belongs to, named in the language asked for. */
export interface CatalogEvent {
  code: string
  kind: 'life' | 'business'
  label: string
}

const styles = /* css */ `
.g-services { list-style: none; margin: 0; padding: 0; }
.g-services li { border-block-start: 1px solid var(--guichet-colour-line); padding-block: 1em; }
.g-event { margin: 1.5em 0 0.5em; font-size: 1.25em; }
.g-services :is(h3, h4) { margin: 0 0 0.25em; font-size: 1.15em; }
.g-services :is(h3, h4) a { display: inline-block; min-block-size: 1.5em; }
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
 * @attr {string} event - Code of a life event: only services that belong to it.
 * @attr {string} href - Where services are on the agency's own site, such as `/apply/{service}?lang={language}`; else pages of the server.
 * @fires {CustomEvent<{ services: number }>} guichet-ready - The services are shown.
 * @fires {CustomEvent<{ reason: 'unreachable' | 'refused', status?: number }>} guichet-failed - They could not be loaded; the person is told as well.
 */
export class GuichetCatalog extends HTMLElement {
  static readonly observedAttributes = ['lang', 'base', 'agency', 'event', 'href']

  readonly #root = this.attachShadow({ mode: 'open' })
  #lines: readonly CatalogLine[] | null = null
  #search = ''
  #events: readonly CatalogEvent[] = []
  /** Code of the event that was chosen; empty: all. */
  #event = ''
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
      const { services, lifeEvents = [] } = (await response.json()) as { services: CatalogLine[]; lifeEvents?: CatalogEvent[] }
      this.#lines = services
      this.#events = lifeEvents
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
    const only = this.getAttribute('event')
    const lines = this.#lines.filter((line) => (!agency || line.agency === agency) && (!only || line.lifeEvents?.includes(only)))
    // What no line here belongs to is no choice; one event for all of the page needs none.
    const events = only ? [] : this.#events.filter(({ code }) => lines.some((line) => line.lifeEvents?.includes(code)))
    if (!events.some(({ code }) => code === this.#event)) this.#event = ''
    if (lines.length === 0)
      return this.#draw({ 'aria-labelledby': 'title' }, h('h2', { id: 'title', class: 'g-heading' }, say('title')), h('p', {}, say('none')))

    const list = h('div', {})
    const none = h(
      'div',
      { hidden: true },
      h('p', {}, say('noMatch')),
      h('button', { type: 'button', class: 'g-button g-button-secondary', click: () => all() }, say('all')),
    )
    const count = h('p', { class: 'g-muted', role: 'status' })
    // Under each event that it belongs to; what belongs to none stands last.
    const groups = [...events, null].flatMap((event) => {
      const of = lines.filter(({ lifeEvents = [] }) => (event ? lifeEvents.includes(event.code) : !events.some(({ code }) => lifeEvents.includes(code))))
      if (of.length === 0) return []
      const id = `event-${event?.code ?? 'other'}`
      const items = of.map((line) => ({ line, item: this.#item(line) }))
      const element = h(
        'div',
        events.length > 0 ? { role: 'group', 'aria-labelledby': id } : {},
        events.length > 0 ? h('h3', { id, class: 'g-event' }, event?.label ?? say('otherEvents')) : null,
        h(
          'ul',
          { class: 'g-services' },
          items.map(({ item }) => item),
        ),
      )
      return [{ event, element, items }]
    })
    list.append(...groups.map(({ element }) => element))
    const narrow = () => {
      const found = new Set<CatalogLine>()
      for (const { event, element, items } of groups) {
        const chosen = this.#event === '' || this.#event === event?.code
        let some = false
        for (const { line, item } of items) {
          item.hidden = !chosen || !matches(`${line.title} ${line.summary} ${event?.label ?? ''}`, this.#search)
          if (item.hidden) continue
          some = true
          found.add(line)
        }
        element.hidden = !some
      }
      list.hidden = found.size === 0
      none.hidden = found.size > 0
      count.textContent = say('found', { count: found.size })
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
    const choice = h(
      'select',
      {
        id: 'event',
        class: 'g-select',
        change: () => {
          this.#event = choice.value
          narrow()
        },
      },
      h('option', { value: '' }, say('allEvents')),
      events.map(({ code, label }) => h('option', { value: code }, label)),
    )
    choice.value = this.#event
    const all = () => {
      this.#search = input.value = ''
      this.#event = choice.value = ''
      narrow()
      input.focus()
    }
    this.#draw(
      { 'aria-labelledby': 'title' },
      h('h2', { id: 'title', class: 'g-heading' }, say('title')),
      h('div', { class: 'g-field', role: 'search' }, h('label', { class: 'g-label', for: 'search' }, say('search')), input),
      events.length > 0 ? h('div', { class: 'g-field' }, h('label', { class: 'g-label', for: 'event' }, say('event')), choice) : null,
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
      h(
        this.#events.length > 0 && !this.getAttribute('event') ? 'h4' : 'h3',
        marked(line.language),
        address ? h('a', { href: address }, line.title) : line.title,
      ),
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
