/** The smallest bundle that its documentation names: the renderer without the builder. */
import '@formio/js/dist/formio.form.min.js'

export async function mount(definition, container) {
  const { Formio } = globalThis
  // Copies of what it loads from its own server otherwise.
  Formio.cdn.setOverrideUrl('flatpickr-formio', '/vendor')
  Formio.cdn.setOverrideUrl('moment-timezone', '/vendor')
  const form = await Formio.createForm(container, definition, { noAlerts: true })
  return {
    control(key, value) {
      const [root] = container.getElementsByClassName(`formio-component-${key}`)
      if (!root) return null
      if (value) return root.querySelector(`input[value="${value}"]`)
      return [...root.querySelectorAll('input:not([type=hidden]),select,textarea')].find((one) => one.getClientRects().length > 0) ?? null
    },
    unmount: () => form.destroy(true),
  }
}
