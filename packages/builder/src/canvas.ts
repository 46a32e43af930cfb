/**
 * Lies over the service as the runtime draws it, and makes a part of the editor of it: a box over each part, chosen and
 * dragged with the same keys and the same drag as the outline's lines, the tools of the selected part beside it, and texts
 * written where they are read. The runtime below is drawn and no more (`inert`): what can be done is done here.
 */
import { directionOf, pickText } from '@guichet/core'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, noChange, nothing, type PropertyValues, svg } from 'lit'
import { Directive, directive, type ElementPart } from 'lit/directive.js'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import type { KeptLine } from './api.ts'
import { blockWords } from './block-words.ts'
import { type DrawnPart, type DrawnText, drawnParts, drawnTexts } from './canvas-places.ts'
import { conditionsIn } from './condition-words.ts'
import { DragController, scrollerOf } from './drag-lines.ts'
import { topmost } from './editor/chosen-parts.ts'
import type { Definition } from './editor/edit.ts'
import { editText, hasLines, type WrittenText } from './editor/edit-text.ts'
import { type AnyPart, kindOf, nameOf, partAt } from './editor/part.ts'
import { read } from './editor/pointer.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { type Act, ActEvent, EditEvent, SelectEvent } from './events.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { lastOf } from './last-of.ts'
import { LineKeys } from './line-keys.ts'
import { languageName, typeName } from './names.ts'
import { namesOnce, type OutlineLine } from './outline.ts'
import { whenIdle } from './when-idle.ts'

interface Box {
  part: string
  /** Its id, by which it is found again where it has moved since it was drawn. */
  id: string
  /** What it is known by wherever it stands. */
  key: string
  /** When it is asked, in words. */
  when: string
  left: number
  top: number
  width: number
  height: number
}

/** A text that is being written. */
interface Writing {
  part: string
  property: WrittenText
  was: string
  wrong: boolean
}

const icons = {
  up: svg`<path d="M8 13V3M4 7l4-4 4 4"/>`,
  down: svg`<path d="M8 3v10M4 9l4 4 4-4"/>`,
  label: svg`<path d="M3 13h3l7-7-3-3-7 7zM9 4l3 3"/>`,
  hint: svg`<path d="M2 4h12M2 8h8M2 12h5"/>`,
  duplicate: svg`<path d="M6 6h7v7H6zM3 10V3h7"/>`,
  remove: svg`<path d="M3 4h10M6 4V2h4v2M4.5 4l.7 9.5h5.6l.7-9.5"/>`,
  settings: svg`<path d="M2 5h7M13 5h1M2 11h1M7 11h7M9 3v4h4V3zM3 9v4h4V9z"/>`,
} as const
type Tool = keyof typeof icons

const toolNames: Readonly<Record<Tool, MessageKey>> = {
  up: 'act.up',
  down: 'act.down',
  label: 'canvas.label',
  hint: 'canvas.hint',
  duplicate: 'act.duplicate',
  remove: 'act.remove',
  settings: 'canvas.settings',
}

/** Puts a box to its place. Not in the template: the page's policy lets no style attribute in. */
class Placed extends Directive {
  #last: Box | undefined

  render(_: Box) {
    return nothing
  }

  override update({ element }: ElementPart, [box]: [Box]) {
    const { style } = element as HTMLElement
    for (const edge of ['left', 'top', 'width', 'height'] as const) if (this.#last?.[edge] !== box[edge]) style[edge] = `${box[edge]}px`
    this.#last = box
    return noChange
  }
}
const placed = directive(Placed)

/** Boxes that are looked at together. */
const together = 32
/** So many times as many are drawn out of sight whenever there is time. */
const atOnce = 4

/** The least height of a box, for parts that show nothing to people. */
const least = 24

/** Lines by their part: found for each box whenever one is drawn. */
const byPart = lastOf((lines: readonly OutlineLine[]) => new Map(lines.map((line) => [line.part, line])))
/** The same by kind and id: for a box whose part has moved since it was drawn. */
const byId = lastOf((lines: readonly OutlineLine[]) => new Map(lines.map((line) => [`${kindOf(line.part)} ${line.id}`, line])))

export class Canvas extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { position: absolute; inset: 0; z-index: 0; }
      [role='tree'] { position: absolute; inset: 0; outline: none; }
      [role='treeitem'] { position: absolute; contain: layout style; border-radius: var(--corner); cursor: pointer; user-select: none; outline-offset: 3px; }
      [role='treeitem']:hover { outline: 1px dashed var(--control-line); }
      [role='treeitem'][aria-selected='true'] { outline: 2px solid var(--action); }
      [role='tree']:focus-visible .current { outline: 3px solid var(--focus); }
      [role='treeitem'].dragged { outline: 2px dashed var(--control-line); background: color-mix(in srgb, var(--raised) 60%, transparent); }
      .before::after, .after::after { content: ''; position: absolute; inset-inline: 0; block-size: 4px; background: var(--action); }
      .before::after { inset-block-start: -0.9em; }
      .after::after { inset-block-end: -0.9em; }
      [role='treeitem'].inside { outline: 3px solid var(--action); outline-offset: -1px; }
      .chips { position: absolute; inset-block-end: -0.75rem; inset-inline-end: 0.25rem; max-inline-size: 80%; display: flex; gap: 0.25rem; pointer-events: none; }
      .chip { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-size: 0.75rem; padding: 0 0.4rem; border-radius: 99px; border: 1px solid var(--line); background: var(--surface); color: var(--quiet); }
      .error { background: var(--danger-ground); color: var(--danger); font-weight: 700; flex: none; }
      .warning { background: var(--warning-ground); color: var(--warning); font-weight: 700; flex: none; }
      .grip { display: none; position: absolute; inset-block-start: 0; inset-inline-start: -0.25rem; inline-size: 1.75rem; block-size: 1.75rem; place-items: center; touch-action: none; color: var(--quiet); background: var(--surface); border-radius: var(--corner); }
      .grip::before { content: '⠿'; }
      @media (any-pointer: coarse) { [aria-selected='true'] > .grip { display: grid; } }
      [role='toolbar'] { position: absolute; z-index: 2; display: flex; flex-wrap: wrap; gap: 2px; padding: 2px; background: var(--surface); border: 1px solid var(--action); border-radius: var(--corner); box-shadow: 0 2px 6px rgb(10 15 25 / 0.25); }
      [role='toolbar'] button { display: grid; place-items: center; inline-size: 1.75rem; min-block-size: 1.75rem; padding: 0; border-color: transparent; }
      [role='toolbar'] svg { inline-size: 1rem; block-size: 1rem; fill: none; stroke: currentColor; stroke-width: 1.5; }
      .writing { position: absolute; z-index: 3; display: grid; gap: 0.25rem; padding: 0.35rem; background: var(--surface); border: 2px solid var(--action); border-radius: var(--corner); box-shadow: 0 2px 6px rgb(10 15 25 / 0.25); }
      .writing label { font-size: 0.8rem; }
      @media (forced-colors: active) {
        [role='treeitem'][aria-selected='true'], [role='treeitem'].inside { outline-color: Highlight; }
        .before::after, .after::after { background: Highlight; }
      }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    lines: { attribute: false },
    selected: {},
    chosen: { attribute: false },
    marks: { attribute: false },
    settings: { attribute: false },
    blocks: { attribute: false },
    contentLanguage: {},
    boxes: { state: true },
    writing: { state: true },
    tool: { state: true },
    told: { state: true },
    fills: { state: true },
  }
  /** The draft as it is now; what is drawn below may still be the one before. */
  declare definition: Definition
  declare lines: readonly OutlineLine[]
  declare selected: string
  declare chosen: readonly string[]
  declare marks: ReadonlyMap<string, { errors: number; warnings: number }>
  declare settings: SettingsSchemas
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  /** The language that the service is shown in. */
  declare contentLanguage: string
  declare protected boxes: readonly Box[]
  declare protected writing: Writing | null
  /** The tool that Tab leads to. */
  declare protected tool: Tool
  declare protected told: string
  /** Chunks of boxes that are out of sight and drawn all the same, which is done when there is time. */
  declare protected fills: number

  #drawn: readonly DrawnPart[] = []
  /** Their conditions in words. */
  #conditions: ReadonlyMap<string, string> = new Map()
  #watched: readonly Element[] = []
  #root: ShadowRoot | null = null
  #again = () => {}
  readonly #sizes = new ResizeObserver(() => {
    // The runtime has drawn another step meanwhile.
    if (this.#drawn.some(({ element }) => !element.isConnected)) this.#again()
    else this.#measure()
  })
  readonly #keys = new LineKeys(this, {
    visible: () => this.#visible,
    current: () => this.#current ?? this.#visible[0],
    chosen: () => this.chosen,
    nameOf: (line) => this.#nameOf(line),
    focus: () => this.focus(),
    rename: (line) => this.#write(line.part),
  })
  readonly #drag = new DragController(this, {
    lines: () => this.#visible,
    dragged: (part) => (this.chosen.includes(part) ? topmost(this.chosen) : kindOf(part) ? [part] : []),
    // Beside a group is at its edges; what is put under the heading of a page comes first on it.
    isOpen: (line) => line.kind === 'page',
  })

  constructor() {
    super()
    this.lines = this.chosen = this.boxes = []
    this.selected = this.told = ''
    this.contentLanguage = 'en'
    this.marks = new Map()
    this.settings = {}
    this.blocks = new Map()
    this.writing = null
    this.tool = 'up'
    this.fills = 0
    new Localized(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#sizes.disconnect()
  }

  /** The service has been drawn anew, or another step of it. */
  follow(root: ShadowRoot, drawn: Definition, step: () => string) {
    this.#root = root
    this.#again = () => this.follow(root, drawn, step)
    this.#drawn = drawnParts(root, drawn, step())
    this.#conditions = conditionsIn(drawn, this.#drawn)
    const watched = [...root.querySelectorAll('.g, .g-fields')]
    if (watched.length !== this.#watched.length || watched.some((element, i) => element !== this.#watched[i])) {
      this.#sizes.disconnect()
      // Each is told of with the next frame, once it is laid out. To ask before would have the questions styled one by one.
      for (const element of watched) this.#sizes.observe(element)
      this.#watched = watched
    } else this.#measure()
  }

  /** From where to where somebody sees who scrolls a little. */
  #sight: readonly [number, number] = [0, 0]

  /** A box that stands where it stood is the same, and need not be drawn again. */
  #measure() {
    const around = this.getBoundingClientRect()
    this.#sight = [-innerHeight - around.top, 2 * innerHeight - around.top]
    const once = namesOnce()
    const boxes = this.#drawn.map(({ part, id, element }, i) => {
      const { left, top, width, height } = element.getBoundingClientRect()
      const box: Box = {
        part,
        id,
        key: once(`${kindOf(part)} ${id}`),
        when: this.#conditions.get(part) ?? '',
        left: left - around.left,
        top: top - around.top,
        width,
        height: Math.max(least, height),
      }
      const last = this.boxes[i]
      return last && (Object.keys(box) as (keyof Box)[]).every((key) => last[key] === box[key]) ? last : box
    })
    // Another page is drawn from its own beginning.
    if (boxes[0]?.key !== this.boxes[0]?.key) this.fills = 0
    if (boxes.length !== this.boxes.length || boxes.some((box, i) => box !== this.boxes[i])) this.boxes = boxes
  }

  get #visible(): OutlineLine[] {
    const parts = new Set(this.boxes.map(({ part }) => part))
    return this.lines.filter(({ part }) => parts.has(part))
  }

  get #current(): OutlineLine | undefined {
    return byPart(this.lines).get(this.selected)
  }

  #nameOf({ part, id, name }: OutlineLine): string {
    // In the service's own language, and by its label or title, it is called as in the outline.
    if (name !== null && name !== id && this.contentLanguage === this.definition.languages[0]) return name
    const found = part === '@service' ? (this.definition as unknown as AnyPart) : partAt(this.definition, part)
    return found ? nameOf(this.definition, found, [this.contentLanguage, ...this.definition.languages]) : say(`part.${part.slice(1)}` as MessageKey)
  }

  override focus() {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[role=tree]')?.focus({ preventScroll: true }))
  }

  protected override updated(changed: PropertyValues<this>) {
    const { fills } = this
    if (fills * together < this.boxes.length)
      whenIdle(() => {
        if (this.fills === fills) this.fills = fills + atOnce
      })
    // Where they stand is asked of the page, which has to be laid out for it: not with each letter.
    const isOther = this.#isOtherBar()
    if (isOther || (['selected', 'boxes', 'contentLanguage'] as const).some((name) => changed.has(name as never))) this.#placeTools()
    if (changed.has('writing' as never)) this.#placeWriting()
    if (changed.has('selected') || changed.has('boxes' as never)) this.#show()
  }

  #bar: { element: Element | null; tools: number } = { element: null, tools: 0 }
  /** Whether the tools have come, or are more or fewer. */
  #isOtherBar(): boolean {
    const element = this.renderRoot.querySelector('[role=toolbar]')
    const tools = element?.childElementCount ?? 0
    const isOther = element !== this.#bar.element || tools !== this.#bar.tools
    this.#bar = { element, tools }
    return isOther
  }

  /** Above the selected part; where there is no room, in it. */
  #placeTools() {
    const tools = this.renderRoot.querySelector<HTMLElement>('[role=toolbar]')
    const box = this.boxes.find(({ part }) => part === this.selected)
    if (!tools || !box) return
    const isRtl = getComputedStyle(this).direction === 'rtl'
    const { width, height } = tools.getBoundingClientRect()
    const at = isRtl ? box.left : box.left + box.width - width
    tools.style.left = `${Math.max(0, Math.min(at, this.clientWidth - width))}px`
    tools.style.top = `${Math.max(0, box.top - height - 5)}px`
  }

  #shown = ''
  /** What is selected elsewhere is brought into sight, where that moves nothing but the canvas. */
  #show() {
    const box = this.renderRoot.querySelector<HTMLElement>('.current')
    // Another page may still be drawn, of which the first box has the keyboard meanwhile.
    if (!box || box.dataset.part !== this.selected || this.#shown === this.selected) return
    this.#shown = this.selected
    const scroller = scrollerOf(this)
    if (!scroller || scroller === document.scrollingElement) {
      if (this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement?.role === 'tree') box.scrollIntoView({ block: 'nearest' })
      return
    }
    const [own, around] = [box.getBoundingClientRect(), scroller.getBoundingClientRect()]
    const room = 48
    if (own.top < around.top + room) scroller.scrollBy(0, own.top - around.top - room)
    else if (own.bottom > around.bottom) scroller.scrollBy(0, Math.min(own.bottom - around.bottom + room, own.top - around.top - room))
  }

  // ── writing

  #textsOf(part: string): DrawnText[] {
    const drawn = this.#drawn.find((one) => one.part === part)
    return drawn && this.#root?.contains(drawn.element) ? drawnTexts(drawn) : []
  }

  #holderOf = (part: string): string => (part === '@service' ? '' : part)

  /** Turns a text into a box to write in. `at`: where was pressed, which says which of its texts is meant. */
  #write(part: string, wanted?: WrittenText | { x: number; y: number }) {
    const texts = this.#textsOf(part)
    const isAt = ({ element }: DrawnText) => {
      const { left, right, top, bottom } = element.getBoundingClientRect()
      return typeof wanted === 'object' && wanted.x >= left && wanted.x <= right && wanted.y >= top && wanted.y <= bottom
    }
    const text = (typeof wanted === 'string' ? texts.find(({ property }) => property === wanted) : texts.find(isAt)) ?? texts[0]
    if (!text) return
    if (this.selected !== part) this.dispatchEvent(new SelectEvent(part))
    const was = (read(this.definition, `${this.#holderOf(part)}/${text.property}`) as Record<string, string> | undefined)?.[this.contentLanguage] ?? ''
    this.writing = { part, property: text.property, was, wrong: false }
  }

  #placeWriting() {
    const { writing } = this
    const form = this.renderRoot.querySelector<HTMLElement>('.writing')
    const area = form?.querySelector('textarea')
    if (!writing || !form || !area) return
    const text = this.#textsOf(writing.part).find(({ property }) => property === writing.property)
    const box = this.boxes.find(({ part }) => part === writing.part)
    if (text && box) {
      const [own, around] = [text.element.getBoundingClientRect(), this.getBoundingClientRect()]
      const { fontSize, fontWeight } = getComputedStyle(text.element)
      form.style.top = `${Math.max(0, own.top - around.top - 32)}px`
      form.style.left = `${Math.max(0, box.left - 8)}px`
      form.style.width = `${Math.min(this.clientWidth, box.width + 16)}px`
      area.style.fontSize = fontSize
      area.style.fontWeight = fontWeight
    }
    if (this.renderRoot instanceof ShadowRoot && this.renderRoot.activeElement !== area) {
      area.value = writing.was
      area.focus()
      area.select()
    }
  }

  #tell(sentence: string) {
    this.told = sentence === this.told ? `${sentence}\u00a0` : sentence
  }

  /** Ends writing. `keep`: what was written holds from now on. */
  #endWriting(keep: boolean, goBack = true) {
    const { writing } = this
    const area = this.renderRoot.querySelector<HTMLTextAreaElement>('.writing textarea')
    if (!writing || !area) return
    const text = area.value.trim()
    if (keep && text === '' && goBack) {
      this.writing = { ...writing, wrong: true }
      return
    }
    this.writing = null
    const isKept = keep && text !== '' && text !== writing.was
    if (isKept)
      this.dispatchEvent(new EditEvent(editText({ pointer: this.#holderOf(writing.part), property: writing.property, language: this.contentLanguage, text })))
    this.#tell(isKept ? say('canvas.kept', { text }) : say('canvas.left'))
    if (goBack) this.focus()
  }

  readonly #onWritingKey = (event: KeyboardEvent) => {
    const { writing } = this
    // The keys of a box for text are its own: undo, too, which elsewhere is the draft's.
    event.stopPropagation()
    if (!writing || event.isComposing) return
    if (event.key === 'Escape') this.#endWriting(false)
    else if (event.key === 'Enter' && !(event.shiftKey && hasLines(writing.property))) this.#endWriting(true)
    else return
    event.preventDefault()
  }

  #writing({ part, property, wrong }: Writing) {
    const line = this.lines.find((one) => one.part === part)
    const known = read(this.definition, `${this.#holderOf(part)}/${property}`) as Record<string, string> | undefined
    const name = say(`canvas.text.${property}` as MessageKey, { name: line ? this.#nameOf(line) : '', language: languageName(this.contentLanguage) })
    return html`<div class="writing">
      <label for="text">${name}</label>
      <textarea id="text" rows="1" lang=${this.contentLanguage} dir=${directionOf(this.contentLanguage)} placeholder=${pickText(known, this.definition.languages).text}
        aria-describedby="how wrong" aria-invalid=${wrong ? 'true' : nothing}
        @input=${() => wrong && ((this.writing = { ...(this.writing as Writing), wrong: false }))} @keydown=${this.#onWritingKey} @blur=${() => this.#endWriting(true, false)}></textarea>
      <p class="help" id="how">${say(hasLines(property) ? 'canvas.howLines' : 'canvas.how')}</p>
      <p class="wrong" id="wrong" role="alert">${wrong ? say('refused.emptyText') : ''}</p>
    </div>`
  }

  // ── tools

  #toolsOf(part: string): Tool[] {
    const several = topmost(this.chosen).length > 1 && this.chosen.includes(part)
    const kind = kindOf(part)
    const texts = several ? [] : this.#textsOf(part)
    const isFields = several ? topmost(this.chosen).every((one) => kindOf(one) === 'field') : kind === 'field'
    return [
      ...(kind ? (['up', 'down'] as const) : []),
      ...(texts.length > 0 ? (['label'] as const) : []),
      ...(texts.some(({ property }) => property === 'hint') ? (['hint'] as const) : []),
      ...(isFields ? (['duplicate'] as const) : []),
      ...(kind ? (['remove'] as const) : []),
      'settings',
    ]
  }

  #use(tool: Tool, part: string) {
    this.tool = tool
    if (tool === 'label') this.#write(part)
    else if (tool === 'hint') this.#write(part, 'hint')
    else if (tool === 'settings') this.dispatchEvent(new SelectEvent(part, true, this.chosen))
    else this.dispatchEvent(new ActEvent(tool as Act, part))
  }

  #onToolKey(event: KeyboardEvent, tools: readonly Tool[], tool: Tool) {
    const [forward, back] = directionOf(language()) === 'rtl' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
    const at = tools.indexOf(tool)
    const { key } = event
    if (key === 'Escape') {
      event.preventDefault()
      return this.focus()
    }
    const next = key === forward ? at + 1 : key === back ? at - 1 : key === 'Home' ? 0 : key === 'End' ? tools.length - 1 : null
    const wanted = next === null ? undefined : tools[(next + tools.length) % tools.length]
    if (wanted === undefined) return
    event.preventDefault()
    this.tool = wanted
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-tool=${wanted}]`)?.focus())
  }

  #tools(line: OutlineLine) {
    const tools = this.#toolsOf(line.part)
    const several = topmost(this.chosen).length
    const reached = tools.includes(this.tool) ? this.tool : tools[0]
    const name = several > 1 ? say('chosen.count', { count: several }) : this.#nameOf(line)
    return html`<div role="toolbar" aria-label=${say('canvas.tools', { name })}>${tools.map((tool) => {
      const label = say(toolNames[tool])
      return html`<button type="button" data-tool=${tool} tabindex=${tool === reached ? 0 : -1} aria-label=${label} title=${label}
        @click=${() => this.#use(tool, line.part)} @keydown=${(event: KeyboardEvent) => this.#onToolKey(event, tools, tool)}><svg viewBox="0 0 16 16" aria-hidden="true">${icons[tool]}</svg></button>`
    })}</div>`
  }

  // ── boxes

  /** The line that a box stands for now: what was drawn may have been moved since. */
  #lineOf({ part, id }: Box): OutlineLine | undefined {
    const line = byPart(this.lines).get(part)
    return line?.id === id ? line : byId(this.lines).get(`${kindOf(part)} ${id}`)
  }

  /** Whether one of some boxes is in sight or has the keyboard. */
  #isNear(from: number, active: number): boolean {
    if (active >= from && active < from + together) return true
    const [first, last] = [this.boxes[from], this.boxes[Math.min(this.boxes.length, from + together) - 1]]
    return first !== undefined && last !== undefined && first.top < this.#sight[1] && last.top + last.height > this.#sight[0]
  }

  /** As for a box, looked at first for many of them: an edit changes few. */
  #drawChunk(from: number, active: number, chosen: ReadonlySet<string>) {
    const boxes = this.boxes.slice(from, from + together)
    const lines = boxes.map((box) => this.#lineOf(box))
    const own = [active - from >= 0 && active - from < together && active, ...lines.filter((line) => line && chosen.has(line.part))]
    const around = [...this.#drag.state, this.marks, this.blocks, this.contentLanguage, language(), this.settings]
    return guard([...around, boxes.length, ...boxes, ...lines, ...own], () =>
      repeat(
        boxes,
        ({ key }) => key,
        (box, i) => this.#drawBox(box, from + i, from + i === active, chosen),
      ),
    )
  }

  /** Drawn again only where something about it is another; and what is in it only where that is, not where it stands. */
  #drawBox(box: Box, i: number, isCurrent: boolean, chosen: ReadonlySet<string>) {
    const line = this.#lineOf(box)
    if (!line) return nothing
    const marks = this.marks.get(line.part)
    const isChosen = chosen.has(line.part)
    const inside = [this.#nameOf(line), line.type, line.rules, line.kind, line.block?.id, line.block?.version, box.when]
    const around = [marks?.errors, marks?.warnings, line.block && this.blocks, this.contentLanguage, language(), this.settings]
    return guard([line, box, i, isCurrent, isChosen, this.#drag.classOf(line.part), ...inside, ...around], () =>
      this.#box(
        box,
        line,
        i,
        isCurrent,
        isChosen,
        guard([...inside, ...around], () => this.#inside(line, box.when)),
      ),
    )
  }

  #box(box: Box, line: OutlineLine, i: number, isCurrent: boolean, isChosen: boolean, inside: unknown) {
    return html`<div ${placed(box)} role="treeitem" id="box-${i}" aria-level=${line.level} aria-posinset=${line.position} aria-setsize=${line.size}
      aria-selected=${isChosen} data-part=${line.part} class="${isCurrent ? 'current' : ''} ${this.#drag.classOf(line.part)}"
      @click=${(event: MouseEvent) => {
        if (!this.#drag.wasDragged) this.#keys.onClick(event, line)
      }} @dblclick=${(event: MouseEvent) => this.#write(line.part, { x: event.clientX, y: event.clientY })}>${inside}</div>`
  }

  #inside(line: OutlineLine, when: string) {
    const marks = this.marks.get(line.part)
    const count = (marks?.errors || marks?.warnings) ?? 0
    const type = line.type ? typeName(line.type, this.settings[line.type]?.schema).text : ''
    return html`
      <span class="unseen"><span lang=${this.contentLanguage}>${this.#nameOf(line)}</span>${type ? html`, ${type}` : nothing}</span>
      <span class="chips">
        ${when ? html`<span class="chip" data-when dir="auto">${say('canvas.if', { condition: when })}</span>` : nothing}
        ${line.block ? html`<span class="chip" data-block>${blockWords(line.block, this.blocks)}</span>` : nothing}
        ${line.rules > 0 ? html`<span class="chip">${say('outline.rules', { count: line.rules })}</span>` : nothing}
        ${
          count > 0
            ? html`<span class="chip ${marks?.errors ? 'error' : 'warning'}"><span aria-hidden="true">${count}</span><span class="unseen">${say(
                marks?.errors ? 'outline.errors' : 'outline.warnings',
                { count },
              )}</span></span>`
            : nothing
        }
      </span>
      ${kindOf(line.part) ? html`<span class="grip" aria-hidden="true"></span>` : nothing}`
  }

  protected override render() {
    const { boxes, writing } = this
    const at = this.#current ? boxes.findIndex((box) => this.#lineOf(box) === this.#current) : -1
    const current = at < 0 ? undefined : this.#current
    const active = Math.max(0, at)
    const chosen = new Set(this.chosen)
    return html`
      <div role="tree" tabindex="0" aria-multiselectable="true" aria-label=${say('canvas.title')} aria-activedescendant=${boxes.length > 0 ? `box-${active}` : nothing}
        @keydown=${this.#keys.onKey} @pointerdown=${this.#drag.onDown}>${Array.from({ length: Math.ceil(boxes.length / together) }, (_, i) =>
          i < this.fills || this.#isNear(i * together, active) ? html`${this.#drawChunk(i * together, active, chosen)}` : nothing,
        )}</div>
      ${current && !writing ? this.#tools(current) : nothing}
      ${writing ? this.#writing(writing) : nothing}
      <p class="unseen" role="status">${this.told}</p>
    `
  }
}
customElements.define('builder-canvas', Canvas)

declare global {
  interface HTMLElementTagNameMap {
    'builder-canvas': Canvas
  }
}
