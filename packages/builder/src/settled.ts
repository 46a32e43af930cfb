/**
 * Like lit's `live`, for inputs that are read only when they are left: what is being typed is not overwritten by a
 * drawing that has no other value to show.
 */
import { noChange } from 'lit'
import { Directive, directive, type PropertyPart } from 'lit/directive.js'

class Settled extends Directive {
  #last: string | undefined

  render(value: string) {
    return value
  }

  override update(part: PropertyPart, [value]: [string]) {
    const element = part.element as HTMLInputElement
    const root = element.getRootNode() as Document | ShadowRoot
    const isBeingTyped = root.activeElement === element && value === this.#last
    if (!isBeingTyped && element.value !== value) element.value = value
    this.#last = value
    return noChange
  }
}

export const settled = directive(Settled)
