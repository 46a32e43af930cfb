/** One page of questions. */
import type { Page } from '@guichet/schemas'
import { html, nothing } from 'lit-html'
import type { errorSummary as ErrorSummary } from './error-summary.ts'
import { Form } from './form.ts'
import { paragraphs, sayText } from './said.ts'
import { stepFrame } from './step-frame.ts'
import type { Screen, ShownProblem, Visit } from './visit.ts'
import type { Said } from './words.ts'

/** A page of more questions than this does not lay out those that are out of sight. */
export const fewQuestions = 30

/** Not for the one in focus: what it opens may stand over its neighbours. Paper has all of it in sight. */
const styles = `
@media screen {
  .g-fields > .g-field:not(:focus-within) { content-visibility: auto; contain-intrinsic-block-size: auto 6.5em; }
}
`

const checking = async (visit: Visit) => {
  const [parts] = await Promise.all([import('./checking.ts'), visit.learn()])
  return parts
}

export function pageScreen(visit: Visit, page: Page): Screen {
  const { words, program } = visit
  const nodes = program.pages.get(page.id) ?? []
  const [only] = nodes
  const title = words.text(page.title)
  // A page that asks one thing in the words of its title says it once.
  const headingQuestion =
    nodes.length === 1 &&
    only?.children.length === 0 &&
    ['label', 'group'].includes(visit.fields.views[only.field.type]?.layout ?? '') &&
    words.text(only.field.label).text === title.text
  const form = new Form({ ...visit, ...visit.fields }, nodes, headingQuestion)
  /** What the agency needs the answers for, and the law that lets it ask: once a page, for those who want to know. */
  const reasons = [...program.nodes.values()].filter(({ page: { id }, field }) => id === page.id && (field.purpose || field.legalBasis))
  const why =
    reasons.length > 0
      ? html`<details class="g-why">
          <summary class="g-link">${words.message('why')}</summary>
          <dl>
            ${reasons.map(
              ({ field }) =>
                html`<dt class="g-label">${sayText(words, field.label)}</dt>
                  <dd>${sayText(words, field.purpose)} ${sayText(words, field.legalBasis)}</dd>`,
            )}
          </dl>
        </details>`
      : nothing

  let problems: readonly ShownProblem[] = []
  /** There once something is wrong: by then it has been loaded. */
  let summary: typeof ErrorSummary | null = null

  const show = (found: readonly ShownProblem[]) => {
    problems = found
    const byPlace = new Map<string, Said>()
    for (const { instance, said } of found) if (instance !== undefined && !byPlace.has(instance)) byPlace.set(instance, said)
    form.showProblems(byPlace)
  }
  const found = visit.found.filter((problem) => problem.step === page.id)
  if (found.length > 0)
    void checking(visit).then(({ errorSummary }) => {
      summary = errorSummary
      show(found)
      visit.redraw()
    })

  let busy = false
  const next = async (event: Event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    const asked = event.target as Element
    const parts = await checking(visit).catch(visit.trouble)
    busy = false
    // Who has gone elsewhere meanwhile does not want to go on from here any more.
    if (!parts || !asked.isConnected) return
    summary = parts.errorSummary
    return parts.goOn(visit, page.id, show)
  }

  return {
    styles: nodes.length > fewQuestions ? styles : '',
    template: () => html`
      ${stepFrame(visit, page.id)} ${summary?.(visit, problems, ({ instance }) => form.focus(instance as string))}
      <form class="g-form" novalidate @submit=${next}>
        ${headingQuestion ? '' : html`<h1 class="g-heading" tabindex="-1">${sayText(words, page.title)}</h1>`}
        ${paragraphs(words, page.intro, 'g-lead')} ${form.element} ${why}
        <button class="g-button">${words.message('continue')}</button>
      </form>
    `,
    focus: (at) => form.focus(at),
  }
}
