/**
 * The floor: what a hand can write. No framework; all fields are made at once and enter the form in one go (one by one
 * costs Chromium time that grows with the square of their number); conditional ones are hidden until they apply.
 */
import type { FormSpec, SpecField } from '../form-spec.ts'
import type { Handle } from '../page/handle.ts'

const make = (tag: string, properties: Readonly<Record<string, unknown>>): HTMLElement => Object.assign(document.createElement(tag), properties)

function controlOf({ key, kind, required, options }: SpecField): HTMLElement {
  const named = { id: key, name: key, required }
  if (kind === 'textarea') return make('textarea', { ...named, rows: 3 })
  if (kind !== 'select') return make('input', { ...named, type: kind })
  const select = make('select', named)
  select.append(make('option', { value: '' }), ...(options ?? []).map(({ value, label }) => make('option', { value, textContent: label })))
  return select
}

function fieldOf(field: SpecField): HTMLElement {
  const { key, kind, required } = field
  const many = kind === 'radio' || kind === 'checkboxes'
  const box = make(many ? 'fieldset' : 'div', { className: 'field' })
  const label = many ? make('legend', { textContent: field.label }) : make('label', { textContent: field.label, htmlFor: key })
  if (required) label.append(make('span', { className: 'required', textContent: ' *', ariaHidden: 'true' }))
  box.append(label)
  if (!many) box.append(controlOf(field))
  else
    for (const { value, label } of field.options ?? []) {
      const line = make('label', { className: 'option' })
      const type = kind === 'radio' ? 'radio' : 'checkbox'
      line.append(make('input', { type, name: key, value, id: `${key}-${value}`, required: required && type === 'radio' }), label)
      box.append(line)
    }
  return box
}

export async function mount({ fields }: FormSpec, container: HTMLElement): Promise<Handle> {
  const form = make('form', { className: 'form', noValidate: true })
  const all = document.createDocumentFragment()
  const answers: Record<string, unknown> = {}
  const dependents = new Map<string, { box: HTMLElement; is: string }[]>()
  for (const field of fields) {
    const box = fieldOf(field)
    if (field.shownIf) {
      box.hidden = true
      const { key, is } = field.shownIf
      dependents.set(key, [...(dependents.get(key) ?? []), { box, is }])
    }
    all.append(box)
  }
  form.append(all)
  form.addEventListener('input', (event) => {
    const { name, type, value } = event.target as HTMLInputElement
    answers[name] = type === 'checkbox' ? [...form.querySelectorAll<HTMLInputElement>(`[name="${name}"]:checked`)].map((box) => box.value) : value
    for (const { box, is } of dependents.get(name) ?? []) box.hidden = answers[name] !== is
  })
  container.append(form)
  return {
    control: (key, value) => document.getElementById(value ? `${key}-${value}` : key) ?? document.getElementById(`${key}-o1`),
    unmount: () => form.remove(),
  }
}
