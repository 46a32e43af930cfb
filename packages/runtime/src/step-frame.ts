/** What stands at the top of every step: the way back, and how far one has come. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { previousStep, type Step, stepsOf } from './journey.ts'
import { startStep, type Visit } from './visit.ts'

export function stepFrame(visit: Visit, step: Step, busy = false): TemplateResult {
  const { words, session } = visit
  const steps = stepsOf(session)
  const at = steps.indexOf(step) + 1
  const back = () => {
    void visit.go(visit.changing ? (steps.at(-1) as Step) : (previousStep(session, step) ?? startStep))
  }
  return html`<button type="button" class="g-back" ?disabled=${busy} @click=${back}>
      ${words.message(visit.changing ? 'back.toCheck' : 'back')}
    </button>
    ${
      at > 0 && !visit.view.definition.taskList
        ? html`<p class="g-progress">${words.message('progress', { step: at, steps: steps.length })}</p>
            <progress class="g-bar" max=${steps.length} value=${at} aria-hidden="true"></progress>`
        : nothing
    }`
}
