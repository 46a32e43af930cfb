import type { FormSpec, Kind } from '../form-spec.ts'

const types: Readonly<Record<Kind, string>> = {
  text: 'textfield',
  email: 'textfield',
  number: 'number',
  date: 'datetime',
  select: 'select',
  radio: 'radio',
  checkboxes: 'checklist',
  textarea: 'textarea',
}

export const formJs = (form: FormSpec) => ({
  type: 'default',
  id: form.id,
  schemaVersion: 18,
  components: form.fields.map(({ key, kind, label, required, options, shownIf }) => ({
    id: `Field_${key}`,
    key,
    type: types[kind],
    validate: { ...(required ? { required } : {}), ...(kind === 'email' ? { validationType: 'email' } : {}) },
    ...(kind === 'date' ? { subtype: 'date', dateLabel: label } : { label }),
    ...(options ? { values: options } : {}),
    ...(shownIf ? { conditional: { hide: `=${shownIf.key} != "${shownIf.is}"` } } : {}),
  })),
})
