/** A page for the browser test: draws every example of every type as the runtime would, and keeps what is typed. */
import { type Field, type FieldContext, type FieldType, formatMessage, type Json, type Message, pickText } from '@guichet/core'
import { html, nothing, render } from 'lit-html'
import { fieldTypes } from './field-types.ts'
import type { FieldView, FieldViewProps } from './field-view.ts'
import { fieldViews } from './field-views.ts'

interface Question {
  name: string
  settings: Field
  context: FieldContext
  messages: Record<string, Record<string, Message>>
  input: Json
}

interface PageWindow extends Window {
  draw(questions: Question[], language: string): Promise<void>
  inputs: Json[]
}

const page = globalThis as unknown as PageWindow

page.draw = async (questions, language) => {
  document.documentElement.lang = language
  document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr'
  page.inputs = questions.map((question) => question.input)
  const views = await Promise.all(questions.map(({ settings }) => (fieldViews as unknown as Record<string, () => Promise<FieldView>>)[settings.type]?.()))
  document.adoptedStyleSheets = views.flatMap((view) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(view?.styles ?? '')
    return view?.styles ? [sheet] : []
  })
  const drawQuestion = ({ settings, context, messages }: Question, i: number) => {
    const view = views[i]
    const type = (fieldTypes as unknown as Record<string, FieldType>)[settings.type]
    if (!view || !type) return nothing
    const id = `q${i}`
    const input = page.inputs[i] ?? null
    const parsed = type.parse(input, settings, context)
    const finding = 'finding' in parsed ? parsed.finding : parsed.value === null ? null : type.check?.(parsed.value, settings, context)
    const error = finding ? formatMessage(messages[finding.code]?.[language], finding.params ?? {}, language) : ''
    const text: FieldViewProps['text'] = (texts) => pickText(texts, [language, 'en'])
    const label = text(settings.label).text || settings.type
    const describedBy = error ? `${id}-error` : undefined
    const drawn = view.render({
      id,
      name: id,
      field: settings,
      input,
      value: 'value' in parsed ? parsed.value : null,
      describedBy,
      invalid: error !== '',
      required: !settings.optional,
      language,
      context,
      text,
      message: (key, params = {}) => formatMessage(messages[key]?.[language], params, language),
      onInput(next) {
        page.inputs[i] = next
        redraw()
      },
      redraw: () => redraw(),
    })
    const problem = error ? html`<p id="${id}-error">${error}</p>` : nothing
    // Named as in the runtime, as the styles of some types go by what stands around them.
    if (view.layout === 'group')
      return html`<div class="g-field">
        <fieldset class="g-fieldset" aria-describedby=${describedBy ?? nothing}><legend>${label}</legend>${problem}${drawn}</fieldset>
      </div>`
    if (view.layout === 'label') return html`<div><label for=${id}>${label}</label>${problem}${drawn}</div>`
    return html`<div>${problem}${drawn}</div>`
  }
  const redraw = () => render(html`<main><h1>Views</h1>${questions.map(drawQuestion)}</main>`, document.body)
  redraw()
}
