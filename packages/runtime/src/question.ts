/** One question on a page: its words, its error, and around them nothing but the field's own view. */
import type { Json } from '@guichet/core'
import type { FieldView, FieldViewProps } from '@guichet/fields/field-view'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { Part, partId } from './part.ts'
import { sayText } from './said.ts'

/** The view that draws a field's input; views of every type take their own settings. */
export type AnyView = FieldView<never>

export class Question extends Part {
  /** The page's only question carries the page's heading. */
  asHeading = false

  protected override draw() {
    render(this.#template(), this.element)
  }

  #template(): TemplateResult {
    const { form, node, instance } = this
    const { session, words } = form
    const { field } = node
    const view = form.views[field.type] as AnyView
    const id = partId(instance)
    const describedBy = [field.hint && `${id}-hint`, this.problem && `${id}-error`].filter(Boolean).join(' ') || undefined
    const props: FieldViewProps = {
      id,
      name: instance,
      field,
      input: session.input(instance),
      value: session.value(node, this.at),
      describedBy,
      invalid: this.problem !== null,
      required: !field.optional,
      language: words.language,
      context: session.context,
      text: words.text,
      message: (key, params) => words.message(`${field.type}.${key}`, params),
      onInput: (input: Json) => form.take(this, input),
      redraw: () => this.update(),
      uploader: form.uploader,
    }
    const input = view.render(props as unknown as FieldViewProps<never>)
    if (view.layout === 'bare') return input
    const help = html`${field.hint ? html`<div class="g-hint" id="${id}-hint">${sayText(words, field.hint)}</div>` : nothing}${this.error(id)}`
    if (view.layout === 'own') return html`${help}${input}`
    const label = html`${sayText(words, field.label)}${field.optional ? html` <span class="g-optional">${words.message('optional')}</span>` : nothing}`
    if (view.layout === 'label') {
      const line = html`<label class="g-label" for=${id}>${label}</label>`
      return html`${this.asHeading ? html`<h1 class="g-heading" tabindex="-1">${line}</h1>` : line}${help}${input}`
    }
    return html`<fieldset class="g-fieldset" aria-describedby=${describedBy ?? nothing}>
      <legend class="g-label">${this.asHeading ? html`<h1 class="g-heading" tabindex="-1">${label}</h1>` : label}</legend>
      ${help}${input}
    </fieldset>`
  }
}
