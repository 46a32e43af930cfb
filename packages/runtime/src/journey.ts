/** The steps a person goes through, which follow from the answers given so far. Pure; no DOM. */
import { requiredDocuments, type Session } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'

/** Id of a page, or one of the two steps that follow the pages. Ids hold no `#`. */
export type Step = string
export const documentsStep: Step = '#documents'
export const checkStep: Step = '#check'

/** The order of steps: tasks.ts, which comes with services that have a task list, puts in another. */
export const way = { of: (_definition: ServiceDefinition, steps: Step[]) => steps }

/** The pages that hold something to show, then documents if any are asked for, then the check. */
export function stepsOf(session: Session): Step[] {
  const { definition, pages } = session.program
  const steps: Step[] = []
  for (const page of definition.pages) {
    const shown = page.when === undefined || session.evaluate(page.when) === true
    // A page whose every question is irrelevant would be an empty step.
    if (shown && (pages.get(page.id) ?? []).some((node) => session.isRelevant(node))) steps.push(page.id)
  }
  if (requiredDocuments(session).length > 0) steps.push(documentsStep)
  return way.of(definition, [...steps, checkStep])
}

export function previousStep(session: Session, from: Step): Step | undefined {
  const steps = stepsOf(session)
  return steps[steps.indexOf(from) - 1]
}
