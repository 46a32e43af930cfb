/** A bare Lit page with one element and one shadow root a field. */
import { css, html, LitElement, unsafeCSS } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { fieldTemplate, isShown, styles } from './lit-field.js'

class BenchField extends LitElement {
  static properties = { field: { attribute: false }, answer: { attribute: false } }
  static styles = unsafeCSS(styles)
  render() {
    return fieldTemplate(this.field, this.answer, (answer) =>
      this.dispatchEvent(new CustomEvent('taken', { detail: { key: this.field.key, answer }, bubbles: true, composed: true })),
    )
  }
}

class BenchForm extends LitElement {
  static properties = { spec: { attribute: false }, answers: { state: true } }
  static styles = css`:host{display:block}.form{font:16px/1.4 system-ui,sans-serif;max-width:40rem}`
  constructor() {
    super()
    this.answers = {}
  }
  render() {
    const shown = this.spec.fields.filter((field) => isShown(field, this.answers))
    return html`<form class="form" novalidate @taken=${this.take}>${repeat(
      shown,
      ({ key }) => key,
      (field) => html`<bench-field .field=${field} .answer=${this.answers[field.key]} id=${field.key}></bench-field>`,
    )}</form>`
  }
  take({ detail: { key, answer } }) {
    this.answers = { ...this.answers, [key]: answer }
  }
}
customElements.define('bench-field', BenchField)
customElements.define('bench-form', BenchForm)

export async function mount(spec, container) {
  const form = Object.assign(document.createElement('bench-form'), { spec })
  container.append(form)
  await form.updateComplete
  await Promise.all([...form.renderRoot.querySelectorAll('bench-field')].map((field) => field.updateComplete))
  return {
    control: (key, value) => form.renderRoot.querySelector(`#${key}`)?.renderRoot.querySelector(value ? `#${key}-${value}` : 'input,select,textarea') ?? null,
    unmount: () => form.remove(),
  }
}
