/** What axe cannot see, measured on the page: how large targets are, what is cut off, what scrolls sideways, and whether the focus is seen. */
import type { Page } from 'playwright-core'

/** Everything inside the element, as far down as shadow trees go. */
export const inside = `(function walk(root) { return [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? walk(e.shadowRoot) : [])]) })(document.querySelector('guichet-service').shadowRoot)`

/** What can be pressed and is smaller than 24 pixels either way. Links inside a sentence are let off by 2.5.8; a tick is pressed by its label, too. */
export const small = (page: Page) =>
  page.evaluate(`${inside}
    .filter((e) => e.matches('a[href], button, input:not([type=hidden]), select, textarea, summary') && e.checkVisibility({ visibilityProperty: true }) && !e.closest('.g-hidden, [aria-hidden=true]'))
    .filter((e) => !(e.matches('a') && e.closest('p, li')))
    .flatMap((e) => {
      const boxes = [e, ...(e.labels ?? [])].map((part) => part.getBoundingClientRect()).filter((box) => box.width > 1)
      const most = (side) => Math.max(0, ...boxes.map((box) => box[side]))
      return boxes.length > 0 && (most('width') < 24 || most('height') < 24) ? [e.outerHTML.slice(0, 120)] : []
    })`) as Promise<string[]>

/** Texts that are cut off: what is inside is larger than what shows, and cannot be scrolled to. Not what is only there to be heard. */
export const cut = (page: Page) =>
  page.evaluate(`${inside}
    .filter((e) => e.checkVisibility() && !e.closest('.g-hidden') && !e.matches('input, select, textarea') && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX))
    .filter((e) => e.textContent.trim() !== '' && e.getBoundingClientRect().width > 1 && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
    .map((e) => e.outerHTML.slice(0, 120))`) as Promise<string[]>

export const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** The distances that 1.4.12 names. */
export const spacing = `{
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }')
  const root = document.querySelector('guichet-service').shadowRoot
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}`

/** Whether what has the focus is outlined; null outside the element. */
export const outlined = (page: Page) =>
  page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    if (!at?.closest('.g')) return null
    const { outlineStyle, outlineWidth } = getComputedStyle(at)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
  })
