/**
 * The part of the guide that follows from the reader: the definition's few questions, asked before anyone signs in, and
 * the documents and the fee that their answers lead to. Without questions it is the guide for everyone.
 */
import { type FieldNode, guideOf, type Message } from '@guichet/core'
import type { RequiredDocument } from '@guichet/schemas'
import { html, nothing, type TemplateResult } from 'lit-html'
import { type Decision, deciderOf } from './decided.ts'
import { documentExample } from './document-example.ts'
import { Form } from './form.ts'
import strings from './guide-strings.json' with { type: 'json' }
import { sayText } from './said.ts'
import type { Transport } from './transport.ts'
import type { Visit } from './visit.ts'
import './more-styles.ts'

export type GuideVisit = Pick<Visit, 'words' | 'session' | 'program' | 'fields' | 'announce' | 'redraw'> & { transport: Pick<Transport, 'base'> | null }

export interface LiveGuide {
  template(): TemplateResult
  /** Styles beyond the shared ones. */
  styles: string
}

const inLanguage = (language: string) => {
  const base = language.split('-')[0] as string
  return Object.fromEntries(Object.entries(strings as Record<string, Record<string, Message>>).map(([key, said]) => [key, (said[base] ?? said.en) as Message]))
}

export function liveGuide(visit: GuideVisit): LiveGuide {
  const { words, session, program, fields } = visit
  const { message } = words
  const { definition } = program
  words.learn(inLanguage(words.language))
  const guide = guideOf(program)
  const asked = definition.guide?.questions ?? []
  const questions = asked.map((id) => program.scope.get(id)).filter((node): node is FieldNode => node !== undefined)
  const { decide, amount } = deciderOf(session, asked)

  const documents = () => (definition.documents ?? []).map((document) => ({ document, needed: document.optional ? 'open' : decide(document.when) }))
  const needed = (wanted: Decision) => documents().filter((item) => item.needed === wanted && decide(item.document.when) !== 'no')
  /** Lines that are not out; amount null: it depends. */
  const lines = () =>
    (definition.fee?.lines ?? []).flatMap(({ id, label, amount: value, when }) => {
      const applies = decide(when)
      return applies === 'no' ? [] : [{ id, label, amount: applies === 'yes' ? amount(value) : null }]
    })
  const cost = () => {
    const all = lines()
    const sum = all.reduce((total, line) => total + (line.amount ?? 0), 0)
    if (all.some((line) => line.amount === null)) return message('start.costDepends')
    return sum === 0 ? message('start.free') : words.money(sum)
  }

  const form =
    questions.length > 0
      ? new Form(
          {
            session,
            words,
            ...fields,
            uploader: undefined,
            announce: visit.announce,
            typed: () => {
              // After the draw that the answer itself brings.
              queueMicrotask(() => {
                visit.redraw()
                visit.announce(message('guide.now', { count: needed('yes').length, cost: cost() }))
              })
            },
          },
          questions,
          false,
        )
      : null

  const accepted = ({ accept, maxBytes }: RequiredDocument) => {
    if (!accept) return nothing
    const types = new Intl.ListFormat(words.language, { type: 'disjunction' }).format(accept.map((type) => type.toUpperCase()))
    if (!maxBytes) return types
    const megabytes = Math.max(0.1, Math.floor(maxBytes / 100_000) / 10)
    return message('guide.acceptedSize', { types, size: { number: megabytes, style: 'unit', unit: 'megabyte' } })
  }
  const list = (items: { document: RequiredDocument }[]) => html`<ul class="g-list">
    ${items.map(({ document }) => {
      const notes = [accepted(document), document.atDesk ? message('guide.atDesk') : nothing].filter((note) => note !== nothing)
      return html`<li>
        ${sayText(words, document.label)}${document.hint ? html`<br /><span class="g-muted">${sayText(words, document.hint)}</span>` : nothing}
        ${notes.length > 0 ? html`<br /><span class="g-muted">${notes.map((note, i) => [i ? ' · ' : '', note])}</span>` : nothing}
        ${documentExample(words, document, message('guide.example'), message('guide.exampleLink'), visit.transport?.base)}
      </li>`
    })}
  </ul>`
  const papers = () => {
    const [certain, open] = [needed('yes'), needed('open')]
    if ((definition.documents ?? []).length === 0) return nothing
    // What is certain stands first; with nothing certain, what depends is all there is to say.
    const depending = open.length > 0 ? list(open) : nothing
    if (certain.length === 0 && open.length > 0) return html`<h2>${message('start.documentsDepending')}</h2>${depending}`
    return html`<h2>${message('start.documents')}</h2>
      ${certain.length > 0 ? list(certain) : html`<p>${message('guide.noDocuments')}</p>`}
      ${open.length > 0 ? html`<h3>${message('start.documentsDepending')}</h3>` : nothing}${depending}`
  }
  const costs = () => {
    const all = lines()
    if (all.length < 2) return html`<p>${cost()}</p>`
    return html`<ul class="g-list">
        ${all.map(({ label, amount }) => html`<li>${sayText(words, label)}: ${amount === null ? message('start.costDepends') : words.money(amount)}</li>`)}
      </ul>
      ${all.every(({ amount }) => amount !== null) ? html`<p>${message('guide.total')}: <strong>${cost()}</strong></p>` : nothing}`
  }
  const level = guide.signIn?.level ?? 'none'

  return {
    styles: [
      'h3 { font-size: 1.05em; margin-block: 1.25em 0.5em; }',
      fields.Rows?.styles,
      ...questions.map(({ field }) => fields.views[field.type]?.styles),
    ].join(''),
    template: () => html`
      ${
        form
          ? html`<div class="g-notice" role="group" aria-labelledby="guide-title">
              <h2 class="g-summary-title" id="guide-title">${message('guide.questions')}</h2>
              <p>${message('guide.intro')}</p>
              ${form.element}
            </div>`
          : nothing
      }
      ${papers()}
      <h2>${message('start.cost')}</h2>
      ${costs()}
      ${
        level === 'none'
          ? nothing
          : html`<h2>${message('guide.signIn')}</h2>
              <p>${message(`guide.signIn.${level}`)}</p>`
      }
    `,
  }
}
