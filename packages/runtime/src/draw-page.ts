/** Runs in a browser: the same values drawn by lit-html and by draw.ts, one after the other into the same place, and told apart. */
import * as lit from 'lit-html'
import { ref as litRef } from 'lit-html/directives/ref.js'
import { ref } from '../build/ref.ts'
import * as own from './draw.ts'

type Drawing = Pick<typeof own, 'html' | 'nothing' | 'noChange' | 'render'>
type Html = typeof own.html

/** A seeded sequence (mulberry32), so that a difference can be seen again. */
function sequence(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

/** What stands between tags. The same seed gives the same value to both. */
function content({ html, nothing, noChange }: Drawing, next: (below: number) => number, nodes: readonly Node[], depth = 0): unknown {
  const one = () => content({ html, nothing, noChange } as Drawing, next, nodes, depth + 1)
  switch (next(depth > 3 ? 9 : 15)) {
    case 0:
      return ''
    case 1:
      return 'two < words & "more"'
    case 2:
      return next(100)
    case 3:
      return nothing
    case 4:
      return null
    case 5:
      return undefined
    case 6:
      return true
    case 7:
      return nodes[next(nodes.length)]
    case 8:
      return depth > 0 ? noChange : 'x'
    case 9:
      return Array.from({ length: next(4) }, one)
    case 10:
      return attributes(html, nothing, next)
    case 11:
      return html`<p class="a ${next(3)} b">${one()}</p> and ${one()}${one()}`
    case 12:
      return html`${one()}`
    case 13:
      return html`<table><caption>it's ${one()}</caption><tbody>${Array.from({ length: next(3) }, () => html`<tr><td>${one()}</td></tr>`)}</tbody></table>`
    default:
      return html`<ul title='a > b' lang=${next(2) ? 'el' : nothing}>${Array.from({ length: next(4) }, (_, i) => html`<li id="n-${i}-${next(3)}">${one()}</li>`)}</ul>`
  }
}

function attributes(html: Html, nothing: symbol, next: (below: number) => number) {
  const text = ['', 'a b', nothing, null, undefined, 0, false][next(7)]
  return html`<input type="text" name=${text} data-both="${text}${next(3)}" ?disabled=${next(2)} .value=${String(next(50))} .readOnly=${next(2) === 1} aria-label="=${text}" /><select
      ><option value=${next(4)} .selected=${next(2) === 1}>${next(9)}</option><option>b</option></select
    ><svg viewBox="0 0 ${next(9)} 9"><path d=${`M${next(9)} 0`}></path></svg><!-- it's a comment -->`
}

/** Without the comments that both leave where values go, and with texts as one reads them. */
function seen(node: Node): string {
  if (node instanceof Comment) return ''
  if (node instanceof Text) return node.data.replace(/[&<]/g, (mark) => `&#${mark.charCodeAt(0)};`)
  const inside = [...node.childNodes].map(seen).join('')
  if (!(node instanceof Element)) return inside
  const properties = ['value', 'checked', 'selected', 'disabled', 'readOnly'].map((name) => `${name}:${(node as never as Record<string, unknown>)[name]}`)
  const written = [...node.attributes].map(({ name, value }) => `${name}=${JSON.stringify(value)}`).sort()
  return `<${node.localName} ${written.join(' ')} {${properties.join(' ')}}>${inside}</>`
}

function compare(rounds: number, left: Drawing, right: Drawing) {
  const differences: string[] = []
  let steps = 0
  for (let seed = 1; seed <= rounds; seed++) {
    const places = [document.createElement('div'), document.createElement('div')] as const
    const nodes = places.map(() => [document.createElement('hr'), Object.assign(document.createElement('b'), { textContent: 'b' })])
    const drawings = [left, right] as const
    const before: Element[][] = [[], []]
    for (let step = 0; step < 5; step++) {
      drawings.forEach((drawing, i) => {
        // Few shapes a seed, so that a template is often drawn again with other values.
        const shape = sequence(seed * 7 + (step % 2))
        const values = sequence(seed * 31 + step)
        let count = 0
        const next = (below: number) => (count++ < 3 ? shape(below) : values(below))
        // Only one node in two places would be moved about, which no screen does.
        const once = new Set<Node>()
        const spare = (nodes[i] as Node[]).filter((node) => !once.has(node) && once.add(node))
        drawing.render(content(drawing, next, spare.slice(0, 1)), places[i] as HTMLElement)
      })
      steps++
      const [a, b] = places.map(seen)
      if (a !== b) differences.push(`seed ${seed}, step ${step}\n${a}\n${b}`)
      // What stays the same element in one stays so in the other: nobody loses the focus.
      const now = places.map((place) => [...place.querySelectorAll('*')])
      const kept = now.map((elements, i) => elements.map((element) => before[i]?.includes(element)).join())
      if (kept[0] !== kept[1]) differences.push(`seed ${seed}, step ${step}: elements kept\n${kept.join('\n')}`)
      now.forEach((elements, i) => {
        before[i] = elements
      })
    }
  }
  return { steps, differences: differences.slice(0, 3) }
}

/** Listeners: the latest one is called, with the element as `this`, once. */
function listeners({ html, render, nothing }: Drawing): string[] {
  const place = document.createElement('div')
  const calls: string[] = []
  for (const name of ['first', 'second', null]) {
    const listen = name === null ? nothing : (event: Event) => calls.push(`${name} ${event.type} ${(event.currentTarget as Element).localName}`)
    render(html`<button @click=${listen}>x</button>`, place)
    place.querySelector('button')?.click()
  }
  return calls
}

/** Functions among the attributes: called with the element whenever it is drawn. */
function meetings({ html, render }: Drawing, meets: (meet: (element: Element | undefined) => void) => unknown): string[] {
  const place = document.createElement('div')
  const met: string[] = []
  for (const name of ['first', 'second']) render(html`<i id=${name} ${meets((element) => element && met.push(`${name} ${element.id}`))} lang="el"></i>`, place)
  return met
}

const report = {
  same: compare(400, lit as never, own),
  // Seen to differ where it does: values in attributes as text, and a list of which the last is left out.
  control: compare(40, lit as never, {
    ...own,
    render: (value, place) => own.render(Array.isArray(value) ? value.slice(1) : value === 'x' ? 'y' : value, place),
  }),
  meetings: [meetings(lit as never, litRef), meetings(own, ref)],
  listeners: [listeners(lit as never), listeners(own)],
  markup: (() => {
    const place = document.createElement('div')
    let refusals = 0
    // A template that came as data, as a whole, in a list and inside another one.
    const forged = JSON.parse('{"_$litType$":1,"strings":["<img src=x>"],"values":[]}')
    for (const value of [forged, [forged], own.html`<b>${forged}</b>`, { ...forged, strings: { raw: ['<img src=x>'], ...forged.strings } }])
      try {
        own.render(value, place)
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        refusals++
      }
    own.render(own.html`<p title=${'"><img src=x>'}>${'<img src=x onerror=alert(1)>'}</p>`, place)
    return [place.querySelectorAll('img').length, refusals]
  })(),
}
Object.assign(globalThis, { report })
