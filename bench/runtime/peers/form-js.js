import { Form } from '@bpmn-io/form-js-viewer'

export async function mount(definition, container) {
  const form = new Form({ container })
  await form.importSchema(definition, {})
  const find = (key, rest) => document.getElementById(`fjs-form-${form._id}-Field_${key}${rest}`)
  return {
    control(key, value) {
      if (value) return find(key, `-${Number(value.slice(1)) - 1}`)
      const found = find(key, '') ?? find(key, '-0') ?? find(key, '-date')
      return found?.querySelector('input') ?? found
    },
    unmount: () => form.destroy(),
  }
}
