/** Everything that will be sent, each answer with a way to change it. */
import { computedValues, type FieldNode, feeOf, type Json, requiredDocuments, type ShowContext, validate } from '@guichet/core'
import { namedRows } from '@guichet/core/named-rows'
import type { ComputedValue, Text } from '@guichet/schemas'
import { html, nothing, type TemplateResult } from 'lit-html'
import { errorSummary, focusSummary } from './error-summary.ts'
import { feeTable } from './fee-table.ts'
import { checkStep, documentsStep, type Step, stepsOf } from './journey.ts'
import { laterStyles } from './later-styles.ts'
import { privacyLink } from './privacy-link.ts'
import { rowName } from './row-names.ts'
import { say, sayText } from './said.ts'
import { sending } from './sending.ts'
import { shown } from './shown-problem.ts'
import { stepFrame } from './step-frame.ts'
import type { Screen, ShownProblem, Visit } from './visit.ts'

export function checkScreen(visit: Visit): Screen {
  const { session, words, program, view } = visit
  // Who is about to send may ask what protects it.
  const protection = document.createElement('div')
  void import('./protection.ts').then(
    ({ offerProtection }) => offerProtection(visit, protection),
    () => {},
  )
  const { definition } = view
  const { message } = words
  const context: ShowContext = { ...session.context, language: words.language, fallback: words.order.slice(1) }
  let problems: readonly ShownProblem[] = visit.found

  const change = (step: Step, at: string, label: Text | undefined) =>
    html`<dd class="g-answer-change">
      <button
        type="button"
        class="g-link"
        @click=${() => {
          visit.changing = true
          void visit.go(step, at)
        }}
      >
        ${message('check.change')}<span class="g-hidden"> ${sayText(words, label)}</span>
      </button>
    </dd>`
  const answer = (label: Text | undefined, value: unknown, changing: unknown = nothing) =>
    html`<div class="g-answer"><dt>${sayText(words, label)}</dt><dd class="g-answer-value">${value}</dd>${changing}</div>`

  const shownValue = (node: FieldNode, at: string): string | TemplateResult => {
    const value = session.value(node, at)
    const text = value === null ? '' : node.type.show(value, node.field as never, context)
    const picture = value === null ? null : node.type.picture?.(value, node.field as never)
    if (picture)
      return html`<svg class="g-picture" viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-label=${text}><path d=${picture.path} /></svg>`
    return text === '' ? html`<span class="g-muted">${message('check.empty')}</span>` : html`<bdi>${text}</bdi>`
  }

  /** Answers in order; a repeated group closes the list and opens one for each row. */
  const answers = (nodes: readonly FieldNode[], at: string, level: 3 | 4 | 5 | 6): TemplateResult[] => {
    const out: TemplateResult[] = []
    let lines: TemplateResult[] = []
    const close = () => {
      if (lines.length > 0) out.push(html`<dl class="g-answers">${lines}</dl>`)
      lines = []
    }
    const add = (list: readonly FieldNode[]) => {
      for (const node of list) {
        const { field } = node
        if (!session.isRelevant(node, at)) continue
        const computed = field.type === 'computed'
        if (node.rows) {
          const rows = session.input(at + field.id)
          const count = Array.isArray(rows) ? rows.length : 0
          const toChange = change(node.page.id, at + field.id, field.label)
          if (count === 0) {
            lines.push(answer(field.label, html`<span class="g-muted">${message('check.none')}</span>`, toChange))
            continue
          }
          lines.push(answer(field.label, words.number(count), toChange))
          close()
          const named = namedRows(node, context)?.name
          const asked = node.children.filter((child) => child !== named)
          for (let i = 0; i < count; i++) {
            out.push(html`<section class="g-answer-row">
              ${heading(level, say(words, rowName(session, words, node, i)))}${answers(asked, `${at}${field.id}/${i}/`, Math.min(6, level + 1) as 4)}
            </section>`)
          }
        } else if (node.children.length > 0) add(node.children)
        // What is never drawn, such as a value from a register, has no place to be changed at.
        else if (computed || (node.type.answers !== false && field.type !== 'hidden'))
          lines.push(
            answer(
              field.label ?? (field.statement as Text | undefined),
              shownValue(node, at),
              computed ? nothing : change(node.page.id, at + field.id, field.label),
            ),
          )
      }
    }
    add(nodes)
    close()
    return out
  }

  const documents = () => {
    const asked = requiredDocuments(session)
    if (asked.length === 0) return nothing
    return html`<h2>${message('documents.title')}</h2>
      <dl class="g-answers">
        ${asked.map(({ document }) => {
          const names = (session.documents[document.id] ?? []).map((id) => visit.files.get(id)?.name ?? id)
          const value =
            names.length > 0
              ? names.map((name) => html`<span class="g-file-name"><bdi>${name}</bdi></span>`)
              : html`<span class="g-muted">${message(session.atDesk.includes(document.id) ? 'documents.atDeskChosen' : 'check.empty')}</span>`
          return answer(document.label, value, change(documentsStep, document.id, document.label))
        })}
      </dl>`
  }

  const results = () => {
    const values = computedValues(session)
    const labelled = (definition.computed ?? []).filter(({ id, label }) => label && values[id] !== null)
    if (labelled.length === 0) return nothing
    return html`<h2>${message('check.results')}</h2>
      <dl class="g-answers">${labelled.map((value) => answer(value.label, html`<bdi>${computedText(value, values[value.id] as Json)}</bdi>`))}</dl>`
  }
  const computedText = ({ type }: ComputedValue, value: Json): string => {
    if (type === 'money') return words.money(value as number)
    if (type === 'number') return words.number(value as number)
    if (type === 'date') return words.date(String(value))
    return type === 'boolean' ? message(value ? 'yes' : 'no') : String(value)
  }

  const follow = ({ step, instance, document }: ShownProblem) => {
    visit.changing = true
    if (step) void visit.go(step, instance ?? document)
  }
  const sender = sending(visit, () => {
    sender.goesOn = false
    problems = visit.found
    visit.redraw()
  })
  const send = async (event: Event) => {
    event.preventDefault()
    if (sender.busy) return
    problems = visit.found = validate(session).map((problem) => shown(visit, problem))
    if (problems.length === 0) {
      await sender.send()
      if (visit.confirmation) return
      problems = visit.found
    }
    visit.redraw()
    if (!focusSummary(visit)) visit.find('.g-failure')?.focus()
  }

  return {
    template: () => html`
      ${stepFrame(visit, checkStep, sender.busy)} ${errorSummary(visit, problems, follow)}
      <form class="g-form" novalidate @submit=${send}>
        <h1 class="g-heading" tabindex="-1">${message('check.title')}</h1>
        ${stepsOf(session)
          .map((step) => definition.pages.find((page) => page.id === step))
          .filter((page) => page !== undefined)
          .map(
            (page) =>
              html`<h2>${sayText(words, page.title)}</h2>
                ${answers(program.pages.get(page.id) ?? [], '', 3)}`,
          )}
        ${documents()} ${results()} ${feeTable(words, definition.fee, feeOf(session))}
        ${
          sender.failure
            ? html`<div class="g-failure" role="alert" tabindex="-1">
                <p><strong>${say(words, sender.failure)}</strong></p>
                <p>${message('send.kept')} ${sender.goesOn ? message('send.goesOn') : nothing}</p>
                ${visit.transport.trust?.again()}
              </div>`
            : nothing
        }
        ${visit.transport.address ? privacyLink(visit) : nothing}
        <button class="g-button" aria-disabled=${sender.busy}>
          ${message(sender.busy ? 'send.sending' : sender.failure ? 'retry' : 'send')}
        </button>
      </form>
      ${protection}
    `,
    styles: laterStyles,
  }
}

/** Templates are static: a heading of each level is its own. */
const heading = (level: 3 | 4 | 5 | 6, title: unknown) =>
  level === 3 ? html`<h3>${title}</h3>` : level === 4 ? html`<h4>${title}</h4>` : level === 5 ? html`<h5>${title}</h5>` : html`<h6>${title}</h6>`
