/** One page of questions. */
import type { Page } from '@guichet/schemas'
import { html, nothing } from 'lit-html'
import type { errorSummary as ErrorSummary } from './error-summary.ts'
import { Form } from './form.ts'
import { paragraphs, sayText } from './said.ts'
import { stepFrame } from './step-frame.ts'
import type { Screen, ShownProblem, Visit } from './visit.ts'
import type { Said } from './words.ts'

/** Chromium looks for what it could fill in on pages of at most 200 fields. */
export const manyQuestions = 200

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
  // Questions that are out of sight are laid out once what is in sight has been shown; of very many, when one comes to them. A
  // tenth of a second after fields are there, Chromium's autofill looks at each of them, and has those that are put off laid out
  // one by one, which takes three times as long as all together: that is not left to it.
  if (nodes.length > 30) {
    const toggle = () => form.element.classList.toggle('g-far')
    toggle()
    if (nodes.length <= manyQuestions) requestAnimationFrame(() => setTimeout(toggle))
  }
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
