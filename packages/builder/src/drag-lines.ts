/**
 * Lines of the outline, and boxes on the canvas, dragged with a mouse, a pen or a finger (by its grip, so that the page can still be scrolled). What
 * is under the pointer is asked of the shadow root: events seen from the document name only its host, which is why the
 * usual drag and drop libraries find no target here (docs/decisions). From the canvas one drags onto the outline, where the other
 * pages are, and back. Escape lets go without moving anything.
 */
import type { LitElement, ReactiveController } from 'lit'
import { type Drop, dropAt } from './drop-place.ts'
import { DropEvent } from './events.ts'
import type { OutlineLine } from './outline.ts'

/** So far a press is still a click, in CSS pixels. */
const slack = 5
/** Near an edge of what scrolls it scrolls on, in CSS pixels. */
const edge = 32
const stride = 12
const none: readonly string[] = []

interface Options {
  /** Those that show, in order. */
  lines(): readonly OutlineLine[]
  /** What is dragged with a line; nothing: it stays where it is. */
  dragged(part: string): readonly string[]
  /** Whether what is in a line stands below it; the next line says so where nothing else is said. */
  isOpen?(line: OutlineLine): boolean
}

/** The nearest element around that scrolls, through shadow roots. */
export function scrollerOf(element: Element): Element | null {
  let at: Node | null = element
  while (at) {
    if (at instanceof Element && at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at
    at = at instanceof ShadowRoot ? at.host : (at as Element).assignedSlot || at.parentNode
  }
  return document.scrollingElement
}

/** All lines and boxes that show just now: what is dragged among some can be let go among the others, as on another page of the outline. */
const places = new Set<DragController>()

export class DragController implements ReactiveController {
  readonly #host: LitElement
  readonly #options: Options
  #parts: readonly string[] = none
  #drop: Drop | null = null
  #from: { x: number; y: number; part: string; pointer: number } | null = null
  #at = { x: 0, y: 0 }
  /** Those under the pointer last. */
  #over: DragController = this
  #scroller: Element | null = null
  #frame = 0
  /** A click that ends a drag is none. */
  wasDragged = false

  constructor(host: LitElement, options: Options) {
    this.#host = host
    this.#options = options
    host.addController(this)
  }

  hostConnected() {
    places.add(this)
  }

  hostDisconnected() {
    this.#end()
    places.delete(this)
  }

  /** What classes follow from. */
  get state(): readonly unknown[] {
    return [this.#parts, this.#drop]
  }

  classOf(part: string): string {
    if (this.#parts.includes(part)) return 'dragged'
    return this.#drop?.part === part ? this.#drop.where : ''
  }

  readonly onDown = (event: PointerEvent) => {
    this.wasDragged = false
    const target = event.target as Element
    const line = target.closest<HTMLElement>('[data-part]')
    const part = line?.dataset.part
    if (!part || event.button !== 0 || this.#from || (event.pointerType === 'touch' && !target.classList.contains('grip'))) return
    this.#from = { x: event.clientX, y: event.clientY, part, pointer: event.pointerId }
    addEventListener('pointermove', this.#onMove)
    addEventListener('pointerup', this.#onUp)
    addEventListener('pointercancel', this.#onCancel)
    addEventListener('keydown', this.#onKey, true)
  }

  readonly #onMove = (event: PointerEvent) => {
    const from = this.#from
    if (!from || event.pointerId !== from.pointer) return
    this.#at = { x: event.clientX, y: event.clientY }
    if (this.#parts.length === 0) {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) < slack) return
      this.#parts = this.#options.dragged(from.part)
      if (this.#parts.length === 0) return this.#end()
      this.wasDragged = true
      this.#enter(this)
      getSelection()?.removeAllRanges()
      this.#frame = requestAnimationFrame(this.#scroll)
    }
    event.preventDefault()
    this.#look()
  }

  #enter(over: DragController) {
    this.#over = over
    this.#scroller = scrollerOf(over.#host)
  }

  /** What is under the pointer now. */
  #look() {
    for (const place of places) {
      const under = place.#lineAt(this.#at)
      if (under && place !== this.#over) this.#enter(place)
      place.#show(under ? place.#dropAt(under, this.#at.y, this.#parts) : null)
    }
  }

  #lineAt({ x, y }: { x: number; y: number }): HTMLElement | null {
    return (this.#host.renderRoot as ShadowRoot).elementFromPoint(x, y)?.closest<HTMLElement>('[data-part]') ?? null
  }

  #dropAt(under: HTMLElement, y: number, parts: readonly string[]): Drop | null {
    const lines = this.#options.lines()
    const index = lines.findIndex(({ part }) => part === under.dataset.part)
    const line = lines[index]
    if (!line) return null
    const { top, height } = under.getBoundingClientRect()
    const isOpen = this.#options.isOpen?.(line) ?? lines[index + 1]?.parent === line.part
    return dropAt(line, (y - top) / Math.max(1, height), parts, isOpen)
  }

  #show(drop: Drop | null) {
    if (drop?.part === this.#drop?.part && drop?.where === this.#drop?.where) return
    this.#drop = drop
    this.#host.requestUpdate()
  }

  /** Scrolls while the pointer is near an edge. */
  readonly #scroll = () => {
    const box = this.#scroller === document.scrollingElement ? { top: 0, bottom: innerHeight } : this.#scroller?.getBoundingClientRect()
    const by = !box ? 0 : this.#at.y < box.top + edge ? -stride : this.#at.y > box.bottom - edge ? stride : 0
    if (by !== 0) {
      this.#scroller?.scrollBy(0, by)
      this.#look()
    }
    this.#frame = requestAnimationFrame(this.#scroll)
  }

  readonly #onUp = (event: PointerEvent) => {
    if (event.pointerId !== this.#from?.pointer) return
    const [parts, drop] = [this.#parts, this.#over.#drop]
    this.#end()
    if (drop && parts.length > 0) this.#host.dispatchEvent(new DropEvent(parts, drop.place))
  }

  readonly #onCancel = () => this.#end()

  readonly #onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || this.#parts.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    this.#end()
  }

  #end() {
    cancelAnimationFrame(this.#frame)
    removeEventListener('pointermove', this.#onMove)
    removeEventListener('pointerup', this.#onUp)
    removeEventListener('pointercancel', this.#onCancel)
    removeEventListener('keydown', this.#onKey, true)
    for (const place of places) place.#show(null)
    this.#from = null
    this.#over = this
    this.#parts = none
    this.#host.requestUpdate()
  }
}
