/** The bundle that its documentation names for building forms. */
import '@formio/js/dist/formio.full.min.js'

export async function open(definition, container) {
  const { Formio } = globalThis
  // Copies of what it loads from its own server otherwise.
  Formio.cdn.setOverrideUrl('flatpickr-formio', '/vendor')
  Formio.cdn.setOverrideUrl('moment-timezone', '/vendor')
  Formio.cdn.setOverrideUrl('bootstrap', '/vendor')
  await Formio.builder(container, definition, { noDefaultSubmitButton: true })
  const box = (key) => container.querySelector(`.formarea .formio-component-${key}`)
  return {
    isUsable: (last) => box(last) !== null && container.querySelector('.formcomponent') !== null,
    labelOf: (key) => box(key)?.querySelector('label, legend') ?? null,
    choose: (key) => box(key).closest('[ref=dragComponent]').querySelector('[ref=editComponent]').click(),
    input: () => document.querySelector('.formio-dialog input[name="data[label]"]'),
    // What was typed comes to the canvas when the dialog is saved.
    finish: () => document.querySelector('.formio-dialog [ref=saveButton]').click(),
  }
}
