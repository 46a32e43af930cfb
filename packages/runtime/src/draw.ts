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

/** Where values go: the how-manieth element or comment, and of an attribute its name and what is written around the values. */
interface Hole {
  at: number
  name?: string
  around?: string[]
}

/** What draws one hole. Takes all that the hole is made of. */
interface Part {
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

/** What is copied, its holes, and the document that the copies are made in. */
type Prepared = readonly [DocumentFragment, Hole[], Document]
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
  const walker = nodesOf(template.content)
  for (let at = 0; walker.nextNode(); at++) {
    const node = walker.currentNode as Element | Comment
    if ('data' in node) {
      if (node.data === mark) holes.push({ at })
    } else
      for (const { name, value } of [...node.attributes]) {
        // A value of its own among the attributes is one without a name.
        const around = (name === mark ? mark : value).split(mark)
        if (around.length < 2) continue
        holes.push({ at, name: name === mark ? '' : name, around })
        node.removeAttribute(name)
      }
  }
  // Where an option is made in the page's own document after a click, Chromium's autofill reads all of the form anew. Elements that are
  // defined by scripts are made there all the same, as they have their properties from then on.
  return [template.content, holes, /<option/.test(markup) ? template.content.ownerDocument : document]
}

/** A template on the page. */
function instanceOf(strings: TemplateStringsArray) {
  let known = prepared.get(strings)
  if (!known) prepared.set(strings, (known = prepare(strings)))
  const [content, holes, home] = known
  const fragment = home.importNode(content, true)
  const roots = [...fragment.childNodes]
  const walker = nodesOf(fragment)
  let at = -1
  const parts = holes.map((hole): Part => {
    for (; at < hole.at; at++) walker.nextNode()
    return hole.around ? attribute(walker.currentNode as Element, hole.name as string, hole.around) : child(walker.currentNode as Comment)
  })
  return {
    strings,
    fragment,
    take(values: readonly unknown[]) {
      let from = 0
      holes.forEach(({ around }, i) => {
        const to = from + (around ? around.length - 1 : 1)
        parts[i]?.take(values.slice(from, to))
        from = to
      })
    },
    remove() {
      for (const part of parts) part.clear?.()
      for (const root of roots) root.remove()
    },
  }
}

function attribute(element: Element, name: string, around: readonly string[]): Part {
  const kind = name[0]
  let key = name.slice(1)
  let last: unknown = nothing
  // Parsing has made small letters of the name, and properties have others.
  if (kind === '.' && !(key in element)) for (const own in element) if (own.toLowerCase() === key) key = own
  if (kind === '@') element.addEventListener(key, (event) => typeof last === 'function' && last.call(element, event))
  return {
    take(values) {
      let [value] = values
      if (around.length > 2 || around.join(''))
        value = values.includes(nothing) ? nothing : around.reduce((text, after, i) => text + (values[i - 1] ?? '') + after)
      if (!name) return (value as (element: Element) => void)(element)
      if (value === last || value === noChange) return
      last = value
      const none = value === nothing
      if (kind === '.') Object.assign(element, { [key]: none ? undefined : value })
      else if (kind === '?') element.toggleAttribute(key, !none && !!value)
      else if (kind === '@') return
      else if (none) element.removeAttribute(name)
      else element.setAttribute(name, `${value ?? ''}`)
    },
  }
}

/** What stands before a comment. */
function child(end: Comment) {
  let node: ChildNode | null = null
  let drawn: ReturnType<typeof instanceOf> | null = null
  let items: ReturnType<typeof child>[] | null = null
  const clear = () => {
    // It may stand elsewhere by now.
    if (node && end.previousSibling === node) node.remove()
    drawn?.remove()
    for (const item of items ?? []) item.end()
    node = drawn = items = null
  }
  const put = (value: ChildNode) => {
    clear()
    node = value
    end.before(value)
  }
  const part = {
    clear,
    end() {
      clear()
      end.remove()
    },
    take([value]: readonly unknown[]) {
      if (value === noChange) return
      if (typeof value !== 'object' || value === null) {
        const text = value === nothing ? '' : `${value ?? ''}`
        if (node instanceof Text) {
          if (node.data !== text) node.data = text
        } else if (text) put(new Text(text))
        else clear()
      } else if ('_$litType$' in value) {
        const { strings, values } = value as Template
        if (drawn?.strings === strings) return drawn.take(values)
        clear()
        drawn = instanceOf(strings)
        drawn.take(values)
        end.before(drawn.fragment)
      } else if ('nodeType' in value) {
        if (node !== value || end.previousSibling !== value) put(value as ChildNode)
      } else {
        if (!items) {
          clear()
          items = []
        }
        let count = 0
        for (const one of value as Iterable<unknown>) {
          let item = items[count]
          if (!item) {
            const own = new Comment()
            end.before(own)
            items[count] = item = child(own)
          }
          count++
          item.take([one])
        }
        for (const item of items.splice(count)) item.end()
      }
    },
  }
  return part
}

const drawnIn = new WeakMap<Node, ReturnType<typeof child>>()

/** Draws a value at the end of a container, and from then on there. */
export function render(value: unknown, container: Node) {
  let part = drawnIn.get(container)
  if (!part) drawnIn.set(container, (part = child(container.appendChild(new Comment()))))
  part.take([value])
}
