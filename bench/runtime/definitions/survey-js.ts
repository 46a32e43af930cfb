import type { FormSpec, SpecField } from '../form-spec.ts'

const shapeOf = ({ kind, options }: SpecField) => {
  const choices = options?.map(({ value, label }) => ({ value, text: label }))
  // The browser's own list: its default one is heavier.
  if (kind === 'select') return { type: 'dropdown', renderAs: 'select', choices }
  if (kind === 'radio') return { type: 'radiogroup', choices }
  if (kind === 'checkboxes') return { type: 'checkbox', choices }
  return kind === 'textarea' ? { type: 'comment' } : { type: 'text', inputType: kind }
}

export const surveyJs = ({ title, fields }: FormSpec) => ({
  title,
  showQuestionNumbers: 'off',
  // As the others have it: what is typed is known at once, not when the field is left.
  textUpdateMode: 'onTyping',
  elements: fields.map((field) => ({
    ...shapeOf(field),
    name: field.key,
    title: field.label,
    isRequired: field.required,
    ...(field.shownIf ? { visibleIf: `{${field.shownIf.key}} = '${field.shownIf.is}'` } : {}),
  })),
})
