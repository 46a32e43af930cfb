import type { FormSpec, Kind } from '../form-spec.ts'

const types: Readonly<Record<Kind, string>> = {
  text: 'textfield',
  email: 'email',
  number: 'number',
  date: 'datetime',
  select: 'select',
  radio: 'radio',
  checkboxes: 'selectboxes',
  textarea: 'textarea',
}
const format = 'yyyy-MM-dd'
const day = {
  format,
  enableTime: false,
  datePicker: {},
  widget: { type: 'calendar', format, enableTime: false, allowInput: true, mode: 'single', noCalendar: false },
}

export const formio = (form: FormSpec) => ({
  display: 'form',
  title: form.title,
  components: form.fields.map(({ key, kind, label, required, options, shownIf }) => ({
    type: types[kind],
    key,
    label,
    input: true,
    validate: { required },
    ...(kind === 'date' ? day : {}),
    // The browser's own list: its default one is heavier.
    ...(kind === 'select' ? { widget: 'html5', dataSrc: 'values', data: { values: options } } : options ? { values: options } : {}),
    ...(shownIf ? { conditional: { show: true, conjunction: 'all', conditions: [{ component: shownIf.key, operator: 'isEqual', value: shownIf.is }] } } : {}),
  })),
})
