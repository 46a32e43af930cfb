/** Runs in the measured page before any peer's code, and is driven from outside through `bench`. */
import type { Facts } from '../form-spec.ts'
import type { Handle, Mount } from './handle.ts'

export interface Mounted {
  /** Milliseconds: until the peer's script has run, until its form is built, until it is painted. */
  script: number
  built: number
  total: number
}

export interface Checked {
  /** Milliseconds until every field showed, where the first look found some missing. */
  late: number | null
  missing: string[]
  wronglyShown: number
}

export interface MountOptions {
  css: boolean
  /** What the peer loads: it is put into the HTTP cache first, so that the network is not measured. */
  warm: string[]
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))
const twoFrames = async () => {
  await nextFrame()
  await nextFrame()
}
const isShown = (element: Element | null) => !!element?.isConnected && element.getClientRects().length > 0

/** Calls back after the frame that comes next has been made. */
const afterPaint = (done: () => void) =>
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = done
    port2.postMessage(0)
  })

const violations: string[] = []
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
  violations.push(`${effectiveDirective} blocked ${blockedURI || 'inline'}${sample ? ` "${sample}"` : ''}`),
)
const errors: string[] = []
addEventListener('error', ({ message, type }) => errors.push(message || type))
addEventListener('unhandledrejection', ({ reason }) => errors.push(`unhandled: ${reason?.message ?? reason}`))

let handle: Handle
let facts: Facts
let started = 0
/** What was armed last: the time from an event to the frame that shows what it did. */
let armed: Promise<{ latency: number; ok: boolean }>
const missing = (keys: string[]) => keys.filter((key) => !isShown(handle.control(key)))

const bench = {
  violations,
  errors,

  async mount(peer: string, form: string, { css, warm }: MountOptions): Promise<Mounted> {
    const folder = `/dist/${peer}`
    const given = await (await fetch(`${folder}/${form}.json`)).json()
    facts = given.facts
    for (const address of warm) await (await fetch(address)).arrayBuffer()
    const root = document.getElementById('root') as HTMLElement
    await twoFrames()
    const start = (started = performance.now())
    let styled: Promise<unknown> = Promise.resolve()
    if (css) {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${folder}/style.css` })
      styled = new Promise((resolve) => {
        link.onload = link.onerror = resolve
      })
      document.head.append(link)
    }
    // Its faults are seen by the peer's script, which imports it too.
    if (given.tag) import(`${folder}/${given.tag}`).catch(() => {})
    const { mount } = (await import(`${folder}/index.js`)) as { mount: Mount }
    const script = performance.now() - start
    handle = await mount(given.definition as never, root)
    const built = performance.now() - start
    await styled
    await twoFrames()
    return { script, built, total: performance.now() - start }
  },

  /** Whether every field shows that is to. Off the clock, as looking has Chromium lay out what it had put off. */
  async check(timeout: number): Promise<Checked> {
    let left = missing(facts.shownAtFirst)
    let late: number | null = null
    while (left.length > 0 && performance.now() - started < timeout) {
      await nextFrame()
      late = performance.now() - started
      left = missing(facts.shownAtFirst)
    }
    return { late, missing: left, wronglyShown: facts.hiddenAtFirst.length - missing(facts.hiddenAtFirst).length }
  },

  /** Mounts and unmounts, so many times; the page is to be as it was. */
  async cycle(peer: string, form: string, times: number): Promise<void> {
    const folder = `/dist/${peer}`
    const { definition } = await (await fetch(`${folder}/${form}.json`)).json()
    const { mount } = (await import(`${folder}/index.js`)) as { mount: Mount }
    for (let i = 0; i < times; i++) {
      // A container of its own each time: some peers mark theirs for good.
      const container = document.body.appendChild(document.createElement('div'))
      const mounted = await mount(structuredClone(definition) as never, container)
      await twoFrames()
      await mounted.unmount()
      container.remove()
      await twoFrames()
    }
  },

  /** Brings a control into sight; gives where to click it. */
  async locate(key: string, value?: string): Promise<{ x: number; y: number } | null> {
    const control = handle.control(key, value)
    if (!control) return null
    const { opacity, visibility, clip, clipPath, appearance } = getComputedStyle(control)
    const replaced = opacity === '0' || visibility === 'hidden' || clip !== 'auto' || clipPath !== 'none' || appearance === 'none'
    const target = replaced || control.getBoundingClientRect().width < 4 ? (control.closest('label') ?? control.parentElement ?? control) : control
    target.scrollIntoView({ block: 'center' })
    await twoFrames()
    const { left, top, width, height } = target.getBoundingClientRect()
    return { x: left + Math.min(width / 2, 12), y: top + height / 2 }
  },

  focus(key: string): boolean {
    const control = handle.control(key) as HTMLElement | null
    control?.scrollIntoView({ block: 'center' })
    control?.focus()
    return control !== null && (control.getRootNode() as Document | ShadowRoot).activeElement === control
  },

  value: (key: string) => (handle.control(key) as HTMLInputElement | null)?.value,

  /** From the next key press to the frame after it. */
  armKey() {
    armed = new Promise((resolve) => {
      addEventListener('keydown', ({ timeStamp }) => afterPaint(() => resolve({ latency: performance.now() - timeStamp, ok: true })), {
        capture: true,
        once: true,
      })
    })
  },

  /** From the next click to the frame in which the last of the fields that it shows or hides is there or gone. */
  armToggle(show: boolean, timeout: number) {
    armed = new Promise((resolve) => {
      const last = facts.toggled.at(-1) as string
      const onUp = ({ timeStamp }: Event) => {
        const look = () => {
          const latency = () => performance.now() - timeStamp
          if (latency() > timeout) return resolve({ latency: latency(), ok: false })
          if (isShown(handle.control(last)) !== show) return requestAnimationFrame(look)
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve({ latency: latency(), ok: true })
          port2.postMessage(0)
        }
        requestAnimationFrame(look)
      }
      addEventListener('pointerup', onUp, { capture: true, once: true })
    })
  },

  armed: () => armed,

  /** Whether all that the click shows or hides is there or gone: asked off the clock. */
  toggled: (show: boolean) => facts.toggled.every((key) => isShown(handle.control(key)) === show),

  /** Elements and all nodes of the page, shadow trees too. */
  count(): { elements: number; nodes: number } {
    const counted = { elements: 0, nodes: 0 }
    const walk = (node: Node) => {
      counted.nodes++
      if (node instanceof Element) {
        counted.elements++
        if (node.shadowRoot) walk(node.shadowRoot)
      }
      for (let child = node.firstChild; child; child = child.nextSibling) walk(child)
    }
    walk(document)
    return counted
  },
}
export type Bench = typeof bench
Object.assign(globalThis, { bench })
