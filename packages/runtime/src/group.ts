/** Fields that belong together: a fieldset around their parts. */
import { html, nothing, render } from 'lit-html'
import { Part, partId } from './part.ts'
import { sayText } from './said.ts'
import './more-styles.ts'

export class Group extends Part {
  readonly #inside = document.createElement('div')
  #built = false

  protected override draw() {
    const { form, node } = this
    if (!this.#built) {
      this.#built = true
      form.build(node.children, () => this.at, this.parts, this.#inside)
    }
    const id = partId(this.instance)
    const { hint, label } = node.field
    const inside = html`${hint ? html`<div class="g-hint" id="${id}-hint">${sayText(form.words, hint)}</div>` : nothing}${this.error(id)}${this.#inside}`
    render(
      label
        ? html`<fieldset class="g-fieldset g-group" aria-describedby=${hint ? `${id}-hint` : nothing}>
            <legend class="g-legend">${sayText(form.words, label)}</legend>
            ${inside}
          </fieldset>`
        : inside,
      this.element,
    )
  }
}
