/** Conditions are `dependencies` with `oneOf`: faster in this library than `if` and `then`. */
import type { FormSpec, SpecField } from '../form-spec.ts'

function schemaOf({ kind, label, options }: SpecField) {
  const choices = options?.map((option) => ({ const: option.value, title: option.label }))
  if (kind === 'checkboxes') return { title: label, type: 'array', uniqueItems: true, items: { type: 'string', oneOf: choices } }
  if (choices) return { title: label, type: 'string', oneOf: choices }
  if (kind === 'number') return { title: label, type: 'number' }
  return { title: label, type: 'string', ...(kind === 'email' || kind === 'date' ? { format: kind } : {}) }
}

const propertiesOf = (fields: SpecField[]) => Object.fromEntries(fields.map((field) => [field.key, schemaOf(field)]))
const requiredOf = (fields: SpecField[]) => fields.filter(({ required }) => required).map(({ key }) => key)

export function rjsf({ title, fields }: FormSpec) {
  const shownBy = Map.groupBy(
    fields.filter(({ shownIf }) => shownIf),
    ({ shownIf }) => shownIf?.key as string,
  )
  const always = fields.filter(({ shownIf }) => !shownIf)
  const dependencies = Object.fromEntries(
    [...shownBy].map(([key, dependents]) => {
      const is = dependents[0]?.shownIf?.is
      const shown = { properties: { [key]: { const: is }, ...propertiesOf(dependents) }, required: requiredOf(dependents) }
      return [key, { oneOf: [shown, { properties: { [key]: { not: { const: is } } } }] }]
    }),
  )
  const widgets = fields.filter(({ kind }) => ['radio', 'checkboxes', 'textarea'].includes(kind))
  return {
    schema: { type: 'object', title, properties: propertiesOf(always), required: requiredOf(always), dependencies },
    uiSchema: { 'ui:order': fields.map(({ key }) => key), ...Object.fromEntries(widgets.map(({ key, kind }) => [key, { 'ui:widget': kind }])) },
  }
}
