import type { FormSpec, SpecField } from '../form-spec.ts'

function schemaOf({ kind, options }: SpecField) {
  if (kind === 'email' || kind === 'date') return { type: 'string', format: kind }
  if (kind === 'number') return { type: 'number' }
  // The plain renderers draw no group of check boxes: booleans in a frame stand for one.
  if (kind === 'checkboxes') return { type: 'object', properties: Object.fromEntries((options ?? []).map(({ value }) => [value, { type: 'boolean' }])) }
  return options ? { type: 'string', oneOf: options.map(({ value, label }) => ({ const: value, title: label })) } : { type: 'string' }
}

function elementOf({ key, kind, label, options, shownIf }: SpecField) {
  const scope = `#/properties/${key}`
  const rule = shownIf && {
    effect: 'SHOW',
    condition: { scope: `#/properties/${shownIf.key}`, schema: { const: shownIf.is }, failWhenUndefined: true },
  }
  if (kind === 'checkboxes') {
    const elements = (options ?? []).map((option) => ({ type: 'Control', scope: `${scope}/properties/${option.value}`, label: option.label }))
    return { type: 'Group', label, elements, ...(rule ? { rule } : {}) }
  }
  const own = kind === 'radio' ? { format: 'radio' } : kind === 'textarea' ? { multi: true } : undefined
  return { type: 'Control', scope, label, ...(own ? { options: own } : {}), ...(rule ? { rule } : {}) }
}

export const jsonForms = ({ fields }: FormSpec) => ({
  schema: {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.key, schemaOf(field)])),
    required: fields.filter(({ required }) => required).map(({ key }) => key),
  },
  uischema: { type: 'VerticalLayout', elements: fields.map(elementOf) },
})
