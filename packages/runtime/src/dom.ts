/**
 * Elements and their children, for the small elements (status, catalogue) that need no template engine: text is only ever
 * text, so nothing here can be markup.
 */
export type Child = Node | string | null | false | undefined | readonly Child[]

const append = (into: Node, child: Child) => {
  if (Array.isArray(child)) for (const each of child) append(into, each)
  else if (child || child === '') into.appendChild(typeof child === 'string' ? document.createTextNode(child) : (child as Node))
}

/** Attributes that are null, false or undefined are left out; functions listen to the event of their name. */
export type Attributes = Readonly<Record<string, string | boolean | null | undefined | ((event: Event) => void)>>

export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (typeof value === 'string' || value === true) element.setAttribute(name, value === true ? '' : value)
  }
  append(element, children)
  return element
}
