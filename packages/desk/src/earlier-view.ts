/** What the applicant changed when they were asked: each question with the answer before and the one after. */
import { createSession, type FieldNode, type Json, type ShowContext } from '@guichet/core'
import { css, html, nothing, type TemplateResult } from 'lit'
import type { Filled } from './answers-view.ts'
import type { OpenedCase } from './api.ts'
import { programOf } from './asked-view.ts'
import { dayIn } from './due.ts'
import { language, say } from './language.ts'
import { momentText, textOf } from './names.ts'

export const earlierStyles = css`
  .changes { border-collapse: collapse; inline-size: 100%; }
  .changes th, .changes td { text-align: start; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-block-end: 1px solid var(--line); overflow-wrap: anywhere; }
  .changes del { text-decoration-color: var(--danger); }
  .changes ins { text-decoration: none; font-weight: 600; }
  @media (max-width: 34rem) { .changes tr, .changes th, .changes td { display: block; border: 0; } .changes tr { border-block-end: 1px solid var(--line); } }
`

type Answers = OpenedCase['answers']

export function earlierView(opened: OpenedCase, filled: Filled): TemplateResult | typeof nothing {
  const { earlier } = opened
  if (earlier.length === 0) return nothing
  const { definition } = filled
  return html`<section class="card stack" aria-labelledby="earlier"><h2 id="earlier">${say('earlier.title')}</h2>
    ${earlier
      .map(({ number, at, answers }, i) => ({ number, at, rows: changesOf(opened, filled, answers, earlier[i + 1]?.answers ?? opened.answers) }))
      .toReversed()
      .map(
        ({ number, at, rows }) => html`<table class="changes" data-amendment=${number}>
          <caption class="help">${say('earlier.at', { date: momentText(at, definition.locale) })}</caption>
          <thead><tr><th scope="col">${say('earlier.question')}</th><th scope="col">${say('earlier.before')}</th><th scope="col">${say('earlier.after')}</th></tr></thead>
          <tbody>${rows.length === 0 ? html`<tr><td colspan="3">${say('earlier.files')}</td></tr>` : rows}</tbody></table>`,
      )}
  </section>`
}

const differ = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a ?? null) !== JSON.stringify(b ?? null)

function changesOf(opened: OpenedCase, filled: Filled, before: Answers, after: Answers): TemplateResult[] {
  const { definition } = filled
  const order = [filled.language, ...definition.languages]
  const program = programOf(definition)
  const shower = (answers: Answers) => {
    const { context } = createSession(program, { today: dayIn(new Date(filled.receivedAt), definition.locale.timeZone), answers })
    const shown: ShowContext = { ...context, language: language(), fallback: order }
    const text = (node: FieldNode, value: Json | undefined): string => {
      if (value === undefined || value === null) return ''
      if (node.rows && Array.isArray(value))
        return value
          .map((row) => [...(node.rows?.values() ?? [])].map((inner) => text(inner, (row as Record<string, Json>)[inner.field.id])).join(', '))
          .join('\n')
      const files = node.type.attachments?.(value as never)
      if (files) return files.map((id) => opened.attachments.find((file) => file.id === id)?.name ?? id).join(', ')
      return node.type.show(value as never, node.field as never, shown)
    }
    return text
  }
  const [was, is] = [shower(before), shower(after)]
  const said = (value: string, as: 'del' | 'ins') =>
    value === ''
      ? html`<span class="help">${say('answer.none')}</span>`
      : as === 'del'
        ? html`<del><bdi>${value}</bdi></del>`
        : html`<ins><bdi>${value}</bdi></ins>`
  return [...program.scope.values()]
    .filter(({ field }) => differ(before[field.id], after[field.id]))
    .map(
      (node) => html`<tr><th scope="row">${textOf(node.field.label, order)}</th>
        <td>${said(was(node, before[node.field.id]), 'del')}</td><td>${said(is(node, after[node.field.id]), 'ins')}</td></tr>`,
    )
}
