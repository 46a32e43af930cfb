/**
 * Templates as lit-html has them, drawn by the part of it that is used here: the build puts this in the place of
 * `lit-html` in all that citizens load, at less than half the weight. No directives, no options, no server rendering.
 * The test beside draws the same values with both and compares.
 *
 * Values stand between tags (text, a template, a node, a list of these, or `nothing`), or are an attribute's value, all of
 * it or parts of it: `name=`, `?name=` (there or not), `.name=` (a property that the element has), `@name=` (listener); or are a function among the attributes, which `ref` stands for:
 * it is called with the element whenever that is drawn. They never become markup.
 */
interface Template {
  readonly _$litType$: 1
  readonly strings: TemplateStringsArray
  readonly values: readonly unknown[]
}

export const html = (strings: TemplateStringsArray, ...values: unknown[]): Template => ({ _$litType$: 1, strings, values })
/** Draws nothing; takes an attribute away. */
export const nothing = Symbol.for('lit-nothing')
/** Leaves what stands there. */
export const noChange = Symbol.for('lit-noChange')

/** Where values go: the how-manieth element or comment, and of an attribute its name and what is written around the values, if anything. */
interface Hole {
  at: number
  /** The first of its values. */
  from: number
  name?: string
  around?: string[] | undefined
}

/** What draws one hole. A long page has thousands, which is why they are objects and not closures: those take three times the room. */
interface Part {
  /** Takes what the hole is made of from all values of the template. */
  take(values: readonly unknown[]): void
  /** Takes off the page what it has put there. */
  clear?(): void
}

/** A character of nobody's, in the place of a value. */
const mark = '\ue000'

// Pages that name the policies they let be made name this one.
const policy = (
  globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): { createHTML(markup: string): string } } }
).trustedTypes?.createPolicy('lit-html', { createHTML: (markup: string) => markup })

const nodesOf = (root: Node) => document.createTreeWalker(root, 129 /* elements and comments */)

/** What is copied, and its holes. */
type Prepared = readonly [Node, Hole[]]
const prepared = new WeakMap<TemplateStringsArray, Prepared>()
function prepare(strings: TemplateStringsArray): Prepared {
  let markup = ''
  /** What has been read of a tag that is still open. */
  let tag = ''
  strings.forEach((string, i) => {
    markup += string
    // Of `raw`, because data can look like a template in all but that: no array of JSON has it, and nothing is made of one.
    if (i === strings.raw.length - 1) return
    tag = (tag + string).replace(/<!--.*?-->|<("[^"]*"|'[^']*'|[^"'>])*>/gs, '')
    const start = tag.lastIndexOf('<')
    tag = start < 0 ? '' : tag.slice(start) + mark
    markup += tag ? mark : `<!--${mark}-->`
  })
  const template = document.createElement('template')
  template.innerHTML = policy?.createHTML(markup) ?? markup
  const holes: Hole[] = []
  let from = 0
  const walker = nodesOf(template.content)
  for (let at = 0; walker.nextNode(); at++) {
    const node = walker.currentNode as Element | Comment
    if ('data' in node) {
      if (node.data === mark) holes.push({ at, from: from++ })
    } else
      for (const name of node.getAttributeNames()) {
        // A value of its own among the attributes is one without a name.
        const around = (name === mark ? mark : `${node.getAttribute(name)}`).split(mark)
        if (around.length < 2) continue
        holes.push({ at, from, name: name === mark ? '' : name, around: around.join('') || around.length > 2 ? around : undefined })
        from += around.length - 1
        node.removeAttribute(name)
      }
  }
  // Copies within the page's own document are made faster, and there elements that are defined by scripts have their properties. Not so
  // options: where one is made there after a click, Chromium's autofill reads all of the form anew.
  return [/<option/.test(markup) ? template.content : document.importNode(template.content, true), holes]
}

/** A template on the page. */
class Drawn {
  readonly strings: TemplateStringsArray
  readonly #parts: readonly Part[]
  readonly #first: ChildNode | null
  readonly #last: ChildNode | null

  constructor({ strings, values }: Template, end: Comment) {
    let known = prepared.get(strings)
    if (!known) prepared.set(strings, (known = prepare(strings)))
    const [content, holes] = known
    const fragment = content.cloneNode(true)
    const walker = nodesOf(fragment)
    let at = -1
    this.strings = strings
    this.#first = fragment.firstChild
    this.#last = fragment.lastChild
    this.#parts = holes.map((hole) => {
      for (; at < hole.at; at++) walker.nextNode()
      return hole.name === undefined ? new Content(walker.currentNode as Comment, hole.from) : new Attribute(walker.currentNode as Element, hole)
    })
    this.take(values)
    end.before(fragment)
  }

  take(values: readonly unknown[]) {
    for (const part of this.#parts) part.take(values)
  }

  remove() {
    for (const part of this.#parts) part.clear?.()
    for (let root = this.#first, next: ChildNode | null; root; root = next) {
      next = root === this.#last ? null : (root.nextSibling as ChildNode | null)
      root.remove()
    }
  }
}

class Attribute implements Part {
  readonly #element: Element
  readonly #hole: Hole
  #last: unknown = nothing

  constructor(element: Element, hole: Hole) {
    this.#element = element
    this.#hole = hole
    const { name } = hole as Required<Hole>
    if (name[0] === '@') element.addEventListener(name.slice(1), this)
  }

  handleEvent(event: Event) {
    ;(this.#last as { call?(element: Element, event: Event): void } | null)?.call?.(this.#element, event)
  }

  take(values: readonly unknown[]) {
    const element = this.#element
    const { name, around, from } = this.#hole as Hole & { name: string }
    let value = values[from]
    if (around)
      value = values.slice(from, from + around.length - 1).includes(nothing)
        ? nothing
        : around.reduce((text, after, i) => text + (values[from + i - 1] ?? '') + after)
    if (!name) return (value as (element: Element) => void)(element)
    if (value === this.#last || value === noChange) return
    this.#last = value
    const kind = name[0]
    let key = name.slice(1)
    const none = value === nothing
    if (kind === '.') {
      // Parsing has made small letters of the name, and properties have others.
      if (!(key in element)) for (const own in element) if (own.toLowerCase() === key) key = own
      // What it has already costs a form control more to be told than to be asked.
      if ((element as unknown as Record<string, unknown>)[key] !== value) Object.assign(element, { [key]: none ? undefined : value })
    } else if (kind === '?') element.toggleAttribute(key, !none && !!value)
    else if (none) element.removeAttribute(name)
    else if (kind !== '@') element.setAttribute(name, `${value ?? ''}`)
  }
}

/** What stands before a comment. */
class Content implements Part {
  readonly #end: Comment
  readonly #from: number
  #node: ChildNode | null = null
  #drawn: Drawn | null = null
  #items: Content[] | null = null

  constructor(end: Comment, from = 0) {
    this.#end = end
    this.#from = from
  }

  clear() {
    // It may stand elsewhere by now.
    if (this.#node && this.#end.previousSibling === this.#node) this.#node.remove()
    this.#drawn?.remove()
    for (const item of this.#items ?? []) item.remove()
    this.#node = this.#drawn = this.#items = null
  }

  remove() {
    this.clear()
    this.#end.remove()
  }

  #put(node: ChildNode) {
    this.clear()
    this.#node = node
    this.#end.before(node)
  }

  take(values: readonly unknown[]) {
    const value = values[this.#from]
    if (value === noChange) return
    const node = this.#node
    if (typeof value !== 'object' || value === null) {
      const text = value === nothing ? '' : `${value ?? ''}`
      if (node instanceof Text) {
        if (node.data !== text) node.data = text
      } else if (text) this.#put(new Text(text))
      else this.clear()
    } else if ('_$litType$' in value) {
      const template = value as Template
      if (this.#drawn?.strings === template.strings) return this.#drawn.take(template.values)
      this.clear()
      this.#drawn = new Drawn(template, this.#end)
    } else if ('nodeType' in value) {
      if (node !== value || this.#end.previousSibling !== value) this.#put(value as ChildNode)
    } else {
      if (!this.#items) {
        this.clear()
        this.#items = []
      }
      const items = this.#items
      let count = 0
      for (const one of value as Iterable<unknown>) {
        let item = items[count]
        if (!item) {
          const own = new Comment()
          this.#end.before(own)
          items[count] = item = new Content(own)
        }
        count++
        item.take([one])
      }
      for (const item of items.splice(count)) item.remove()
    }
  }
}

const drawnIn = new WeakMap<Node, Content>()

/** Draws a value at the end of a container, and from then on there. */
export function render(value: unknown, container: Node) {
  let part = drawnIn.get(container)
  if (!part) drawnIn.set(container, (part = new Content(container.appendChild(new Comment()))))
  part.take([value])
}
