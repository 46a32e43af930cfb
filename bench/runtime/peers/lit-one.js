/** A bare Lit page with the whole form in one element. No `<form>`: fields that enter one singly are slow in Chromium. */
import { html, LitElement, unsafeCSS } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { fieldTemplate, isShown, styles } from './lit-field.js'

class BenchForm extends LitElement {
  static properties = { spec: { attribute: false }, answers: { state: true } }
  static styles = unsafeCSS(`:host{display:block}.form{font:16px/1.4 system-ui,sans-serif;max-width:40rem}${styles}`)
  constructor() {
    super()
    this.answers = {}
  }
  render() {
    const shown = this.spec.fields.filter((field) => isShown(field, this.answers))
    return html`<div role="form" class="form">${repeat(
      shown,
      ({ key }) => key,
      (field) =>
        fieldTemplate(field, this.answers[field.key], (answer) => {
          this.answers = { ...this.answers, [field.key]: answer }
        }),
    )}</div>`
  }
}
customElements.define('bench-form', BenchForm)

export async function mount(spec, container) {
  const form = Object.assign(document.createElement('bench-form'), { spec })
  container.append(form)
  await form.updateComplete
  return { control: (key, value) => form.renderRoot.querySelector(value ? `#${key}-${value}` : `#${key}-i,#${key}-o1`), unmount: () => form.remove() }
}
