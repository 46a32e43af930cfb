/**
 * The outline as an ARIA tree of which several lines can be chosen; line-keys.ts has its keys. A pointer drags lines to their
 * place; whoever cannot drag has the keys, and the buttons and lists of the settings.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import type { KeptLine } from './api.ts'
import { blockWords } from './block-words.ts'
import { DragController } from './drag-lines.ts'
import { topmost } from './editor/chosen-parts.ts'
import { kindOf } from './editor/part.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { LineKeys } from './line-keys.ts'
import { typeName } from './names.ts'
import { type OutlineLine, visibleLines } from './outline.ts'
import { whenIdle } from './when-idle.ts'

/** Lines at most that are looked at together. */
const together = 32
/** As many fill a screen: the first to be drawn. Then so many more whenever there is time. */
const atFirst = Math.ceil(innerHeight / 32)
const atOnce = 128

/** Lines in runs that end with a page, so that what is added to one leaves the others as they are. */
function chunksOf(lines: readonly OutlineLine[]): OutlineLine[][] {
  const chunks: OutlineLine[][] = []
  for (const line of lines) {
    const last = chunks.at(-1)
    if (last && last.length < together && line.kind !== 'page' && line.kind !== 'documents') last.push(line)
    else chunks.push([line])
  }
  return chunks
}

export class OutlineTree extends LitElement {
  static override readonly styles = [
    shared,
    css`
      [role='tree'], .chunk { display: grid; gap: 1px; }
      /* Hundreds of lines: those out of sight cost no layout. Several together, as each one that is watched for costs a little at each frame. */
      .chunk { content-visibility: auto; contain-intrinsic-block-size: auto 60rem; overflow-clip-margin: 4px; }
      [role='treeitem'] {
        display: flex; align-items: center; gap: 0.35rem; min-block-size: 2rem; padding: 0.15rem 0.5rem; border-radius: var(--corner); cursor: pointer;
        border: 1px solid transparent; user-select: none;
      }
      [role='treeitem']:focus-visible { outline: 2px solid var(--focus); }
      [role='treeitem']:hover { background: var(--raised); }
      [role='treeitem'][aria-selected='true'] { background: var(--chosen); border-color: var(--action); }
      [aria-level='2'] { margin-inline-start: 1.1rem; }
      [aria-level='3'] { margin-inline-start: 2.2rem; }
      [aria-level='4'] { margin-inline-start: 3.3rem; }
      [aria-level='5'], [aria-level='6'], [aria-level='7'] { margin-inline-start: 4.2rem; }
      .name { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; line-height: 1.3; }
      [aria-level='1'] > .name { font-weight: 600; }
      .type { color: var(--quiet); font-size: 0.75rem; white-space: nowrap; }
      .of { display: block; font-weight: 400; overflow-wrap: anywhere; white-space: normal; }
      .mark { font-size: 0.75rem; border-radius: 99px; padding: 0 0.4rem; font-weight: 700; }
      .error { background: var(--danger-ground); color: var(--danger); }
      .warning { background: var(--warning-ground); color: var(--warning); }
      .toggle { inline-size: 1.5rem; block-size: 1.5rem; display: grid; place-items: center; flex: none; }
      .toggle::before {
        content: ''; border-inline-start: 6px solid currentColor; border-block: 4px solid transparent; transition: rotate 0.1s;
      }
      [aria-expanded='true'] > .toggle::before { rotate: 90deg; }
      :host(:dir(rtl)) [aria-expanded='true'] > .toggle::before { rotate: -90deg; }
      /* A mouse drags from anywhere on the line; a finger needs a place that does not scroll. */
      .grip { display: none; inline-size: 1.5rem; block-size: 1.5rem; flex: none; place-items: center; color: var(--quiet); touch-action: none; }
      .grip::before { content: '⠿'; }
      @media (any-pointer: coarse) { .grip { display: grid; } }
      [role='treeitem'].dragged { background: var(--raised); border: 1px dashed var(--control-line); }
      .before { box-shadow: 0 -3px 0 var(--action); }
      .after { box-shadow: 0 3px 0 var(--action); }
      .inside { outline: 3px solid var(--action); outline-offset: -3px; }
      @media (forced-colors: active) { .before { border-block-start: 3px solid Highlight; } .after { border-block-end: 3px solid Highlight; } }
      .first-section { margin-block-start: 0.75rem; }
      @media (prefers-reduced-motion: reduce) { .toggle::before { transition: none; } }
    `,
  ]
  static override readonly properties = {
    lines: { attribute: false },
    selected: {},
    chosen: { attribute: false },
    marks: { attribute: false },
    settings: { attribute: false },
    blocks: { attribute: false },
    contentLanguage: {},
    closed: { state: true },
    whole: { type: Boolean },
    upTo: { state: true },
  }
  declare lines: readonly OutlineLine[]
  /** Part of the line that is chosen. */
  declare selected: string
  /** Parts of all lines that are chosen, the one above among them. */
  declare chosen: readonly string[]
  /** Part to the number of errors and warnings in it. */
  declare marks: ReadonlyMap<string, { errors: number; warnings: number }>
  declare settings: SettingsSchemas
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  /** Language of the names. */
  declare contentLanguage: string
  declare protected closed: ReadonlySet<string>
  /** Whether lines that are out of sight are drawn, too, of which there may be hundreds. */
  declare whole: boolean
  /** So many lines, and the one that has the keyboard, are drawn. */
  declare protected upTo: number

  readonly #keys = new LineKeys(this, {
    visible: () => visibleLines(this.lines, this.closed),
    current: () => this.#current,
    chosen: () => this.chosen,
    nameOf: (line) => this.#nameOf(line),
    // At once where it is drawn: what was chosen before is still the one that Tab leads to, and may be far away.
    focus: ({ part }) => {
      const drawn = this.renderRoot.querySelector<HTMLElement>(`[data-part="${CSS.escape(part)}"]`)
      if (drawn) drawn.focus()
      else this.focus()
    },
    folds: { isClosed: (part) => this.closed.has(part), toggle: (line, open) => this.#toggle(line, open) },
  })
  readonly #drag = new DragController(this, {
    lines: () => visibleLines(this.lines, this.closed),
    // A line that is not chosen is dragged alone.
    dragged: (part) => (this.chosen.includes(part) ? topmost(this.chosen) : kindOf(part) ? [part] : []),
  })

  constructor() {
    super()
    this.lines = []
    this.chosen = []
    this.selected = ''
    this.contentLanguage = 'en'
    this.marks = new Map()
    this.settings = {}
    this.blocks = new Map()
    this.closed = new Set()
    this.whole = true
    this.upTo = atFirst
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('selected')) return
    // What is chosen is in sight.
    const open = new Set(this.closed)
    for (let line = this.#line(this.selected); line?.parent; line = this.#line(line.parent)) open.delete(line.parent)
    if (open.size !== this.closed.size) this.closed = open
  }

  #line(part: string | null): OutlineLine | undefined {
    return this.lines.find((line) => line.part === part)
  }

  /** The line that Tab leads to. */
  get #current(): OutlineLine | undefined {
    return this.#line(this.selected) ?? this.lines[0]
  }

  override focus() {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus())
  }

  #toggle(line: OutlineLine, open: boolean) {
    const closed = new Set(this.closed)
    if (open) closed.delete(line.part)
    else closed.add(line.part)
    this.closed = closed
  }

  #nameOf(line: OutlineLine): string {
    return line.name ?? say(`part.${line.part.replace(/^[@/]/, '')}` as MessageKey)
  }

  /** Drawn again only where something about it is another; and what is in it only where that is, not where it stands. */
  #drawLine(line: OutlineLine, isCurrent: boolean, isChosen: boolean) {
    const marks = this.marks.get(line.part)
    const isClosed = this.closed.has(line.part)
    const inside = [line.name, line.type, line.conditional, line.rules, line.hasChildren, line.kind, line.block?.id, line.block?.version]
    const around = [marks?.errors, marks?.warnings, line.block && this.blocks, this.contentLanguage, language(), this.settings]
    return guard([line, isCurrent, isChosen, isClosed, this.#drag.classOf(line.part), ...around], () =>
      this.#draw(
        line,
        isCurrent,
        isChosen,
        guard([...inside, ...around], () => this.#inside(line)),
      ),
    )
  }

  #draw(line: OutlineLine, isCurrent: boolean, isChosen: boolean, inside: unknown) {
    return html`<div role="treeitem" tabindex=${isCurrent ? 0 : -1} aria-level=${line.level} aria-posinset=${line.position} aria-setsize=${line.size}
      aria-selected=${isChosen} aria-expanded=${line.hasChildren ? !this.closed.has(line.part) : nothing} data-part=${line.part}
      class="${line.part === '@service' ? 'first-section' : ''} ${this.#drag.classOf(line.part)}"
      @click=${(event: MouseEvent) => {
        const isToggle = (event.target as Element).classList.contains('toggle')
        if (this.#drag.wasDragged) return
        if (isToggle && line.hasChildren) this.#toggle(line, this.closed.has(line.part))
        else this.#keys.onClick(event, line)
      }} @dblclick=${() => this.#keys.select(line, true)}>${inside}</div>`
  }

  #inside(line: OutlineLine) {
    const marks = this.marks.get(line.part)
    const type = line.type ? typeName(line.type, this.settings[line.type]?.schema) : null
    const count = (marks?.errors || marks?.warnings) ?? 0
    return html`
      <span class="toggle" ?hidden=${!line.hasChildren} aria-hidden="true"></span>
      <span class="name" dir="auto" lang=${line.name === null ? nothing : this.contentLanguage}>${this.#nameOf(line)}${
        line.block ? html` <span class="type of" lang=${language()} data-block>${blockWords(line.block, this.blocks)}</span>` : nothing
      }</span>
      ${line.conditional ? html`<span class="type">${say('outline.conditional')}</span>` : nothing}
      ${line.rules > 0 ? html`<span class="type">${say('outline.rules', { count: line.rules })}</span>` : nothing}
      ${type ? html`<span class="type" lang=${type.lang ?? nothing}>${type.text}</span>` : nothing}
      ${
        count > 0
          ? html`<span class="mark ${marks?.errors ? 'error' : 'warning'}"><span aria-hidden="true">${count}</span><span class="unseen">${say(
              marks?.errors ? 'outline.errors' : 'outline.warnings',
              { count },
            )}</span></span>`
          : nothing
      }
      ${kindOf(line.part) ? html`<span class="grip" aria-hidden="true"></span>` : nothing}`
  }

  /** As for a line, looked at first for many of them: an edit changes few. */
  #drawChunk(lines: readonly OutlineLine[], current: OutlineLine | undefined, chosen: ReadonlySet<string>) {
    const own = [lines.includes(current as OutlineLine) && current, ...lines.filter(({ part }) => chosen.has(part))]
    const around = [this.closed, ...this.#drag.state, this.marks, this.blocks, this.contentLanguage, language(), this.settings]
    return guard([...around, lines.length, ...lines, ...own], () =>
      repeat(
        lines,
        // By its place and not by what stands there: an element that is moved loses the keyboard.
        ({ part }) => part,
        (line) => this.#drawLine(line, line === current, chosen.has(line.part)),
      ),
    )
  }

  protected override updated() {
    if (!this.whole || this.upTo === Number.POSITIVE_INFINITY) return
    const drawn = this.upTo
    whenIdle(() => {
      if (this.upTo === drawn) this.upTo = drawn < this.lines.length ? drawn + atOnce : Number.POSITIVE_INFINITY
    })
  }

  protected override render() {
    const current = this.#current
    const chosen = new Set(this.chosen)
    let from = 0
    const chunks = chunksOf(visibleLines(this.lines, this.closed)).map((lines) => {
      const isDrawn = from < this.upTo || lines.includes(current as OutlineLine)
      from += lines.length
      return { lines, isDrawn }
    })
    return html`<div role="tree" aria-multiselectable="true" aria-label=${say('outline.title')} @keydown=${this.#keys.onKey} @pointerdown=${this.#drag.onDown}>
      ${repeat(
        chunks,
        ({ lines: [first] }) => first?.part,
        ({ lines, isDrawn }) => (isDrawn ? html`<div class="chunk" role="none">${this.#drawChunk(lines, current, chosen)}</div>` : nothing),
      )}
    </div>`
  }
}
customElements.define('builder-outline', OutlineTree)

declare global {
  interface HTMLElementTagNameMap {
    'builder-outline': OutlineTree
  }
}
