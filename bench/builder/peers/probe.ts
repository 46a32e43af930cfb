/** Put into each page before its own scripts, and driven from outside through `probe`. */
import type { Handle, Probe } from './handle.ts'

/** Calls back after the first frame in which `holds`. */
function when(holds: () => boolean, timeout: number, what: string): Promise<void> {
  const until = performance.now() + timeout
  return new Promise((resolve, reject) => {
    const look = () => {
      if (performance.now() > until) return reject(new Error(`${what}: not within ${timeout} ms`))
      if (!holds()) return requestAnimationFrame(look)
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve()
      port2.postMessage(0)
    }
    requestAnimationFrame(look)
  })
}

const isShown = (element: Element | null) => !!element?.isConnected && element.getClientRects().length > 0
const handleOf = () => globalThis.probe.handle as Handle
const textIn = (input: HTMLElement) => ('value' in input ? String(input.value) : (input.textContent ?? ''))
let armed: Promise<number>

globalThis.probe = {
  handle: undefined,
  async usable(last, timeout) {
    await when(() => globalThis.probe.handle?.isUsable(last) === true, timeout, 'usable')
    return performance.now()
  },
  async choose(key, name, timeout) {
    const start = performance.now()
    handleOf().choose(key, name)
    await when(
      () => {
        const input = handleOf().input()
        return input !== null && isShown(input) && textIn(input).trim() === name
      },
      timeout,
      `settings of ${key}`,
    )
    return performance.now() - start
  },
  focus() {
    const input = handleOf().input() as HTMLElement
    input.focus()
    if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) input.setSelectionRange(input.value.length, input.value.length)
    else {
      getSelection()?.selectAllChildren(input)
      getSelection()?.collapseToEnd()
    }
    return textIn(input)
  },
  async arm(key, text, timeout) {
    // The canvas may still be on its way to the page: what it is drawn in is watched, and has to be there.
    await when(() => handleOf().labelOf(key) !== null, timeout, `${key} on the canvas`)
    armed = new Promise((resolve, reject) => {
      const { finish, labelOf } = handleOf()
      let label = labelOf(key)
      const shows = () => {
        if (!label?.isConnected) label = labelOf(key)
        return (
          label?.textContent
            ?.trim()
            .replace(/\s*\*$/, '')
            .startsWith(text) === true && !label.textContent.trim().startsWith(`${text}x`)
        )
      }
      const root = label?.getRootNode() ?? document
      const onKey = ({ timeStamp, ctrlKey }: KeyboardEvent) => {
        // The letter comes after the press.
        if (finish && !ctrlKey) addEventListener('input', () => setTimeout(finish), { once: true })
        const observer = new MutationObserver(() => {
          if (!shows()) return
          observer.disconnect()
          void when(shows, timeout, `"${text}" on the canvas`).then(() => resolve(performance.now() - timeStamp), reject)
        })
        // Nothing is looked at meanwhile: looking each frame would be in what is measured.
        observer.observe(root, { subtree: true, childList: true, characterData: true })
        setTimeout(() => reject(new Error(`"${text}" on the canvas: not within ${timeout} ms`)), timeout)
      }
      addEventListener('keydown', onKey, { capture: true, once: true })
    })
    armed.catch(() => {})
  },
  armed: () => armed,
} satisfies Probe
