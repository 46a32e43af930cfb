/** What was sent in, by the version that was filled in: its labels, in the reader's language where it has them. */
import { createSession, type FieldNode, type Json, type Session, type ShowContext } from '@guichet/core'
import { namedRows } from '@guichet/core/named-rows'
import type { Answers, ComputedValue, ServiceDefinition } from '@guichet/schemas'
import { css, html, nothing, type TemplateResult } from 'lit'
import { type Attachment, attachmentAt } from './api.ts'
import { programOf } from './asked-view.ts'
import { dayIn } from './due.ts'
import { language, say } from './language.ts'
import { bytesText, textOf } from './names.ts'

export interface Filled {
  submission: string
  definition: ServiceDefinition
  /** Language it was filled in. */
  language: string
  receivedAt: string
  answers: Answers
  outcome: {
    documents: readonly { id: string; copies: number }[]
    computed: Readonly<Record<string, Json>>
    fee: { lines: readonly { id: string; amount: number }[]; total: number }
    atDesk: readonly string[]
    /** Pointers of addresses and numbers that a code has shown to be the citizen's. */
    proved?: readonly string[]
    /** Files in whose place the applicant handed in others. */
    replaced?: readonly string[]
  }
  attachments: readonly Attachment[]
  /** What the case was opened for, if that was asked. */
  purpose?: string
  /** How a file is offered, where it is not simply fetched. */
  file?: (attachment: Attachment) => TemplateResult
}

export const answersStyles = css`
  .answers { display: grid; margin: 0; }
  .answers > div { display: grid; grid-template-columns: minmax(8rem, 2fr) 3fr; gap: 0.25rem 1rem; padding-block: 0.35rem; border-block-end: 1px solid var(--line); }
  .answers dt { color: var(--quiet); overflow-wrap: anywhere; }
  .answers dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
  .rows { border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; margin-block: 0.5rem; }
  .picture { display: block; inline-size: 100%; max-inline-size: 20rem; }
  .picture path { fill: none; stroke: currentColor; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
  table.fee { border-collapse: collapse; inline-size: 100%; }
  .fee th { text-align: start; font-weight: 400; }
  .fee td { text-align: end; }
  .fee th, .fee td { padding-block: 0.3rem; border-block-end: 1px solid var(--line); }
  .fee tfoot th, .fee tfoot td { font-weight: 650; }
  @media (max-width: 34rem) { .answers > div { grid-template-columns: minmax(0, 1fr); gap: 0; } }
`

const heading = (level: number, title: unknown) =>
  level === 3 ? html`<h3>${title}</h3>` : level === 4 ? html`<h4>${title}</h4>` : level === 5 ? html`<h5>${title}</h5>` : html`<h6>${title}</h6>`

export function answersView(filled: Filled): TemplateResult {
  const { definition } = filled
  const program = programOf(definition)
  // As it was on the day on which it was sent: conditions on dates do not change their minds since.
  const session = createSession(program, { today: dayIn(new Date(filled.receivedAt), definition.locale.timeZone), answers: filled.answers })
  const order = [filled.language, ...definition.languages]
  const context: ShowContext = { ...session.context, language: language(), fallback: order }
  const text = (given: Parameters<typeof textOf>[0]) => textOf(given, order)
  const line = (label: unknown, value: unknown) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  const empty = html`<span class="help">${say('answer.none')}</span>`

  const links = (target: string, ids?: readonly string[]) => {
    const files = filled.attachments.filter((file) => (ids ? ids.includes(file.id) : file.target === target))
    return files.length === 0
      ? null
      : html`<ul>${files.map((file) => html`<li>${filled.file ? filled.file(file) : fileLink(filled, file)}${filled.outcome.replaced?.includes(file.id) ? html` <span class="help">· ${say('answer.replaced')}</span>` : nothing}</li>`)}</ul>`
  }
  const value = (node: FieldNode, at: string) => {
    const held = session.value(node, at)
    if (held === null) return empty
    if (node.type.attachments) {
      const found = links('', node.type.attachments(held))
      if (found) return found
    }
    const shown = node.type.show(held, node.field as never, context)
    const picture = node.type.picture?.(held, node.field as never)
    if (picture)
      return html`<svg class="picture" viewBox="0 0 ${picture.width} ${picture.height}" role="img" aria-label=${shown}><path d=${picture.path} /></svg>`
    // What somebody typed is in their language, whatever the labels are in.
    const proved = filled.outcome.proved?.includes(`/${at}${node.field.id}`) ? html` <span class="help">${say('answer.proved')}</span>` : nothing
    return shown === '' ? empty : html`<bdi lang=${filled.language === language() ? nothing : filled.language}>${shown}</bdi>${proved}`
  }

  const parts = (nodes: readonly FieldNode[], at: string, level: number): TemplateResult[] => {
    const out: TemplateResult[] = []
    let lines: TemplateResult[] = []
    const close = () => {
      if (lines.length > 0) out.push(html`<dl class="answers">${lines}</dl>`)
      lines = []
    }
    const add = (list: readonly FieldNode[]) => {
      for (const node of list) {
        const { field } = node
        if (!session.isRelevant(node, at)) continue
        if (node.rows) {
          const rows = session.input(at + field.id)
          const count = Array.isArray(rows) ? rows.length : 0
          lines.push(line(text(field.label), count === 0 ? empty : say('answer.rows', { count })))
          if (count === 0) continue
          close()
          const item = (field.repeat as { item?: Parameters<typeof text>[0] } | undefined)?.item
          const named = namedRows(node, context)
          const title = (i: number) =>
            named
              ? named.name.type.show(session.value(named.name, `${at}${field.id}/${i}/`), named.name.field as never, context)
              : html`${item ? text(item) : say('answer.row')} ${say('answer.number', { number: i + 1 })}`
          const asked = node.children.filter((child) => child !== named?.name)
          for (let i = 0; i < count; i++)
            out.push(
              html`<section class="rows">${heading(level, title(i))}
                ${parts(asked, `${at}${field.id}/${i}/`, Math.min(6, level + 1))}</section>`,
            )
        } else if (node.children.length > 0) add(node.children)
        else if (field.type === 'computed' || node.type.answers !== false)
          lines.push(line(text(field.label ?? (field.statement as Parameters<typeof text>[0])), value(node, at)))
      }
    }
    add(nodes)
    close()
    return out
  }

  const pages = definition.pages
    .map((page) => ({ title: page.title, parts: parts(program.pages.get(page.id) ?? [], '', 3) }))
    .filter((page) => page.parts.length > 0)
  return html`
    ${pages.map((page) => html`<section class="card stack"><h2>${text(page.title)}</h2>${page.parts}</section>`)}
    ${documents(filled, text, links, line)} ${results(filled, session, text, line)} ${fee(filled, text)}
  `
}

export const fileLink = ({ submission, purpose }: Pick<Filled, 'submission' | 'purpose'>, { id, name, type, size }: Attachment) =>
  html`<a href=${attachmentAt(submission, id, purpose)} download=${name}><bdi>${name}</bdi></a> <span class="help">${bytesText(size)} · <bdi>${type}</bdi></span>`

type Line = (label: unknown, value: unknown) => TemplateResult
type Say = (given: Parameters<typeof textOf>[0]) => unknown

function documents({ definition, outcome }: Filled, text: Say, links: (target: string) => TemplateResult | null, line: Line) {
  if (outcome.documents.length === 0) return nothing
  const labels = new Map(definition.documents?.map(({ id, label }) => [id, label]))
  return html`<section class="card stack"><h2>${say('case.documents')}</h2>
    <dl class="answers">${outcome.documents.map(({ id, copies }) =>
      line(
        html`${text(labels.get(id)) || id}${copies > 1 ? html` <span class="help">${say('case.copies', { count: copies })}</span>` : nothing}`,
        links(id) ?? html`<span class="help">${say(outcome.atDesk.includes(id) ? 'case.atDesk' : 'case.missing')}</span>`,
      ),
    )}</dl></section>`
}

function results({ definition, outcome }: Filled, session: Session, text: Say, line: Line) {
  const labelled = (definition.computed ?? []).filter(({ id, label }) => label && outcome.computed[id] !== null && outcome.computed[id] !== undefined)
  if (labelled.length === 0) return nothing
  return html`<section class="card stack"><h2>${say('case.results')}</h2>
    <dl class="answers">${labelled.map((one) => line(text(one.label), html`<bdi>${computedText(one, outcome.computed[one.id] as Json, session)}</bdi>`))}</dl></section>`
}

function computedText({ type }: ComputedValue, value: Json, { context: { locale } }: Session): string {
  if (type === 'money' && typeof value === 'number') return moneyText(value, locale)
  if (type === 'number' && typeof value === 'number') return new Intl.NumberFormat(language()).format(value)
  if (type === 'boolean') return say(value === true ? 'answer.yes' : 'answer.no')
  if (type === 'date' && typeof value === 'string')
    return new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeZone: 'UTC', calendar: locale.calendar }).format(new Date(value.slice(0, 10)))
  return String(value)
}

/** @param minor Minor units. */
export const moneyText = (minor: number, { currency, decimals }: { currency: string; decimals: number }) =>
  new Intl.NumberFormat(language(), { style: 'currency', currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    minor / 10 ** decimals,
  )

function fee({ definition: { fee: asked, locale }, outcome: { fee: found } }: Filled, text: Say) {
  if (!asked || asked.lines.length === 0) return nothing
  return html`<section class="card"><table class="fee"><caption><h2>${say('case.fee')}</h2></caption>
    <tbody>${found.lines.map(({ id, amount }) => html`<tr><th scope="row">${text(asked.lines.find((one) => one.id === id)?.label) || id}</th><td>${moneyText(amount, locale)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">${say('case.total')}</th><td>${moneyText(found.total, locale)}</td></tr></tfoot></table></section>`
}
