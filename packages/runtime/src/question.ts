/**
 * One question on a page: its words, its error, and around them nothing but the field's own view. The words are made once
 * and without a template, of which a long page would need thousands; lit draws the view alone.
 */
import type { Json } from '@guichet/core'
import type { FieldView, FieldViewProps } from '@guichet/fields/field-view'
import { render } from 'lit-html'
import { h } from './dom.ts'
import { Part, partId } from './part.ts'
import { sayText } from './said.ts'

/** The view that draws a field's input; views of every type take their own settings. */
export type AnyView = FieldView<never>

/** What stands around a view, and changes only as its place among the rows of a group does. */
interface Frame {
  /** Where the view is drawn, after all else. */
  host: HTMLElement
  label: HTMLLabelElement | null
  hint: HTMLElement | null
  /** What the error follows; null: it comes first. */
  before: ChildNode | null
  error: HTMLElement | null
}

export class Question extends Part {
  /** The page's only question carries the page's heading. */
  asHeading = false
  #frame: Frame | undefined

  protected override draw() {
    const { form, node, instance, problem } = this
    const { session, words } = form
    const { field } = node
    const view = form.views[field.type] as AnyView
    const frame = (this.#frame ??= this.#frameFor(view.layout))
    const id = partId(instance)
    const bare = view.layout === 'bare'
    const describedBy = [field.hint && `${id}-hint`, problem && `${id}-error`].filter(Boolean).join(' ') || undefined
    if (!bare) this.#describe(frame, id, describedBy)
    const props: FieldViewProps = {
      id,
      name: instance,
      field,
      input: session.input(instance),
      value: session.value(node, this.at),
      describedBy,
      invalid: problem !== null,
      required: !field.optional,
      language: words.language,
      context: session.context,
      text: words.text,
      message: (key, params) => words.message(`${field.type}.${key}`, params),
      onInput: (input: Json) => form.take(this, input),
      redraw: () => this.update(),
      uploader: form.uploader,
    }
    render(view.render(props as unknown as FieldViewProps<never>), frame.host)
  }

  #frameFor(layout: AnyView['layout']): Frame {
    const { words } = this.form
    const { label, hint, optional } = this.node.field
    const frame: Frame = { host: this.element, label: null, hint: null, before: null, error: null }
    if (layout === 'label' || layout === 'group') {
      const said = [sayText(words, label), optional ? [' ', h('span', { class: 'g-optional' }, words.message('optional'))] : null]
      const heading = (inside: HTMLElement | typeof said) => h('h1', { class: 'g-heading', tabindex: '-1' }, inside)
      if (layout === 'label') {
        frame.label = h('label', { class: 'g-label' }, said)
        frame.before = this.asHeading ? heading(frame.label) : frame.label
      } else {
        frame.host = this.element.appendChild(h('fieldset', { class: 'g-fieldset' }))
        frame.before = h('legend', { class: 'g-label' }, this.asHeading ? heading(said) : said)
      }
      frame.host.append(frame.before)
    }
    if (hint && layout !== 'bare') frame.before = frame.hint = frame.host.appendChild(h('div', { class: 'g-hint' }, sayText(words, hint)))
    return frame
  }

  /** Ties the words to the input, and shows the error. */
  #describe(frame: Frame, id: string, describedBy: string | undefined) {
    const { host, label, hint, before } = frame
    if (label) label.htmlFor = id
    if (hint) hint.id = `${id}-hint`
    if (host !== this.element) {
      if (describedBy) host.setAttribute('aria-describedby', describedBy)
      else host.removeAttribute('aria-describedby')
    }
    if (!this.problem && !frame.error) return
    frame.error?.remove()
    frame.error = this.error(id)
    if (!frame.error) return
    if (before) before.after(frame.error)
    else host.prepend(frame.error)
  }
}
