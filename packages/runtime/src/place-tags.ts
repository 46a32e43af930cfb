/** Puts an element behind each script tag that loads a module: at once, and wherever a tag is added later. */

/** `own`: the module's address. `attributes`: those that the tag's data (`data-lang` ...) is copied to. */
export function placeTags(own: string, tag: string, attributes: readonly string[]) {
  const placed = new WeakSet<Element>()
  const place = (script: unknown) => {
    if (!(script instanceof HTMLScriptElement) || script.src !== own || placed.has(script)) return
    placed.add(script)
    // A page that writes the element itself loads the script for its code alone.
    if (!('service' in script.dataset) && !('place' in script.dataset)) return
    const element = document.createElement(tag)
    element.setAttribute('base', new URL('.', own).href)
    for (const name of attributes) {
      const value = script.dataset[name]
      if (value) element.setAttribute(name, value)
    }
    if (script.closest('head')) document.body.append(element)
    else script.after(element)
  }
  const placeAll = () => {
    for (const script of document.scripts) place(script)
  }
  placeAll()
  // A tag with `async` may run before the rest of the page is read.
  document.addEventListener('DOMContentLoaded', placeAll)
  // A module runs once; a tag that is added later tells by its `load` event alone.
  document.addEventListener('load', (event) => place(event.target), true)
}

/** Why a part of ours did not come: said where the elements would have stood. */
export function sayInstead(tag: string, { language, direction, sentence }: { language: string; direction: string; sentence: string }) {
  for (const element of document.querySelectorAll<HTMLElement>(tag)) Object.assign(element, { lang: language, dir: direction, textContent: sentence })
}
