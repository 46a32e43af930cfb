import { createFormEditor } from '@bpmn-io/form-js-editor'

export async function open(definition, container) {
  await createFormEditor({ container, schema: definition })
  const box = (key) => container.querySelector(`.fjs-element[data-id="Field_${key}"]`)
  return {
    isUsable: (last) =>
      box(last) !== null && container.querySelector('.fjs-palette-field') !== null && container.querySelector('.bio-properties-panel') !== null,
    labelOf: (key) => box(key)?.querySelector('label, .fjs-form-field-label') ?? null,
    choose(key) {
      box(key).dispatchEvent(new MouseEvent('click', { bubbles: true }))
      // The group of settings in which the label stands is closed at first.
      requestAnimationFrame(() => {
        if (!container.querySelector('[data-group-id=group-general] .open')) container.querySelector('[data-group-id=group-general] > *').click()
      })
    },
    input: () => container.querySelector('.bio-properties-panel [data-entry-id=label] [contenteditable]'),
    beforeUndo: () => container.querySelector('.fjs-container').focus(),
  }
}
