import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { FieldViewProps } from './field-view.ts'

/** A radio button or check box with its label around it, so that all of it can be clicked. */
export function choice(
  props: Pick<FieldViewProps, 'name' | 'describedBy' | 'invalid'>,
  box: { type: 'radio' | 'checkbox'; id: string; value: string; checked: boolean; required?: boolean; onChange: (checked: boolean) => void },
  label: unknown,
): TemplateResult {
  return html`<label class="g-choice"
    ><input
      type=${box.type}
      id=${box.id}
      name=${props.name}
      value=${box.value}
      aria-describedby=${props.describedBy ?? nothing}
      aria-invalid=${props.invalid ? 'true' : nothing}
      aria-required=${box.required ? 'true' : nothing}
      .checked=${live(box.checked)}
      @change=${(event: Event) => box.onChange((event.target as HTMLInputElement).checked)}
    /><span>${label}</span></label
  >`
}
