import { html, nothing } from 'lit'

export const styles = `
.field{margin-block:0 1.25rem;border:0;padding:0}
.field>label,.field>legend{display:block;font-weight:600;margin-block-end:.25rem;padding:0}
.required{color:#b00020}
input:not([type=radio]):not([type=checkbox]),select,textarea{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #555;border-radius:4px;background:#fff;color:#111}
.option{display:flex;gap:.5rem;align-items:center;padding-block:.125rem}`

const options = (field, type, isChecked, change) =>
  field.options.map(
    ({ value, label }) =>
      html`<label class="option"><input type=${type} name=${field.key} id=${`${field.key}-${value}`} .value=${value} .checked=${isChecked(value)} @change=${(event) => change(value, event.target.checked)}>${label}</label>`,
  )

/** One field of the bare Lit pages. `take` gets what was typed or chosen. */
export function fieldTemplate(field, answer, take) {
  const { key, kind, required } = field
  const label = html`${field.label}${required ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}`
  const id = `${key}-i`
  if (kind === 'radio') return html`<fieldset class="field"><legend>${label}</legend>${options(field, 'radio', (value) => value === answer, take)}</fieldset>`
  if (kind === 'checkboxes') {
    const ticked = answer ?? []
    const change = (value, checked) => take(checked ? [...ticked, value] : ticked.filter((other) => other !== value))
    return html`<fieldset class="field"><legend>${label}</legend>${options(field, 'checkbox', (value) => ticked.includes(value), change)}</fieldset>`
  }
  const control =
    kind === 'select'
      ? html`<select id=${id} name=${key} ?required=${required} .value=${answer ?? ''} @change=${(event) => take(event.target.value)}><option value=""></option>${field.options.map((option) => html`<option value=${option.value}>${option.label}</option>`)}</select>`
      : kind === 'textarea'
        ? html`<textarea id=${id} name=${key} rows="3" ?required=${required} .value=${answer ?? ''} @input=${(event) => take(event.target.value)}></textarea>`
        : html`<input id=${id} name=${key} type=${kind} ?required=${required} .value=${answer ?? ''} @input=${(event) => take(event.target.value)}>`
  return html`<div class="field"><label for=${id}>${label}</label>${control}</div>`
}

export const isShown = ({ shownIf }, answers) => !shownIf || answers[shownIf.key] === shownIf.is
