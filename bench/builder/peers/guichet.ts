/** Finds its way about our own builder, which is used as it is served: put into its page beside the probe. */
import type { Handle } from './handle.ts'

const inside = (root: ParentNode | null | undefined, ...path: string[]): Element | null =>
  path.reduce<Element | null>(
    (at, selector, i) => (i === 0 ? (root?.querySelector(selector) ?? null) : (at?.shadowRoot?.querySelector(selector) ?? null)),
    null,
  )
const editor = () => inside(document, 'builder-app', 'builder-editor')
const outline = () => inside(editor()?.shadowRoot, 'builder-outline')
const canvas = () => inside(editor()?.shadowRoot, 'builder-preview', 'guichet-service')
const settings = () => inside(editor()?.shadowRoot, 'builder-settings')

/** The first input of the settings, in whichever shadow root it stands. */
function firstInput(root: ParentNode | null | undefined): HTMLElement | null {
  for (const element of root?.querySelectorAll<HTMLElement>('*') ?? []) {
    if (element.matches('input, textarea') && element.getClientRects().length > 0) return element
    const found = element.shadowRoot ? firstInput(element.shadowRoot) : null
    if (found) return found
  }
  return null
}

const labelOf = (key: string) => {
  const control = canvas()?.shadowRoot?.getElementById(`f-${key}`)
  return control?.closest('fieldset')?.querySelector('legend') ?? canvas()?.shadowRoot?.querySelector(`label[for="f-${key}"]`) ?? null
}

/** Whether each field up to this one stands on the canvas, called by its name and with its input. */
function areDrawn(last: string): boolean {
  const fields = [...(canvas()?.shadowRoot?.querySelectorAll('.g-fields > .g-field') ?? [])]
  const isDrawn = (field: Element, i: number) =>
    `${field.querySelector('legend, label')?.textContent} `.includes(` ${i + 1} `) && field.querySelector('input, select, textarea') !== null
  return fields.length === Number(last.slice(1)) && fields.every(isDrawn)
}

const handle: Handle = {
  isUsable: (last) => outline()?.shadowRoot?.querySelector('[role=treeitem]') != null && areDrawn(last) && firstInput(settings()?.shadowRoot) !== null,
  labelOf,
  choose(_key, name) {
    const lines = [...(outline()?.shadowRoot?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [])]
    lines.find((line) => line.querySelector('.name')?.textContent === name)?.click()
  },
  input: () => firstInput(settings()?.shadowRoot),
  beforeUndo: () => editor()?.shadowRoot?.querySelector<HTMLElement>('.head > h1')?.focus(),
}
globalThis.probe.handle = handle
