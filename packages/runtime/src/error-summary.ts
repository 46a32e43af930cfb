/** What is wrong on a step, first thing on it, with a link to each place. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { partId } from './part.ts'
import { say } from './said.ts'
import { more } from './sheets.ts'
import type { ShownProblem, Visit } from './visit.ts'
import './more-styles.ts'

for (const rule of [
  '.g-summary { border: 0.25em solid var(--guichet-colour-error); padding: 1em; margin-block-end: 1.5em; border-radius: var(--guichet-radius); scroll-margin: 1em; background: var(--guichet-summary-background); }',
  '.g-summary a { color: var(--guichet-colour-error); font-weight: 600; display: inline-block; padding-block: 0.25em; }',
])
  more.insertRule(rule, more.cssRules.length)

export function errorSummary({ words }: Visit, problems: readonly ShownProblem[], follow: (problem: ShownProblem) => void): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing
  const link = (problem: ShownProblem) => {
    const target = problem.instance === undefined ? problem.document : partId(problem.instance)
    // Many problems read alike ("Answer this question"): here, away from its question, each says which one it is about.
    // A label that is a question ends with its own mark (in Greek, ;), and takes no colon after it.
    const colon = /[?;؟:.]\s*$/.test(problem.label?.text ?? '') ? ' ' : ': '
    const sentence = html`${problem.label ? html`${say(words, problem.label)}${colon}` : nothing}${say(words, problem.said)}`
    if (target === undefined) return sentence
    return html`<a
      href="#${target}"
      @click=${(event: Event) => {
        // The address of the page around us is not ours to change.
        event.preventDefault()
        follow(problem)
      }}
      >${sentence}</a
    >`
  }
  return html`<div class="g-summary" tabindex="-1" role="group" aria-labelledby="summary-title">
    <h2 class="g-summary-title" id="summary-title">${words.message('summary.title')}</h2>
    <ul class="g-list-plain">
      ${problems.map((problem) => html`<li>${link(problem)}</li>`)}
    </ul>
  </div>`
}

/** Moves the focus to the summary, if there is one. */
export function focusSummary(visit: Visit): boolean {
  const summary = visit.find('.g-summary')
  summary?.focus({ preventScroll: true })
  summary?.scrollIntoView({ block: 'nearest' })
  return summary !== null
}
