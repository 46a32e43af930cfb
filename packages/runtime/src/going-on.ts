/** What Continue asks: is this step complete, and where to now? Pure; no DOM. Needed only once something was answered. */
import { documentProblems, type Problem, places, type Session, validate } from '@guichet/core'
import { checkStep, documentsStep, type Step, stepsOf } from './journey.ts'

/** Where a problem is put right: the step, and the instance path of the field it is shown at. */
export interface ProblemPlace {
  step: Step
  instance?: string
}

export function placeOf(session: Session, pointer: string): ProblemPlace | undefined {
  const { definition, nodes, pages } = session.program
  const parts = pointer.split('/').slice(1)
  const node = nodes.get(parts.filter((part) => !/^\d+$/.test(part)).join('.'))
  // A number at the end is an entry of the answer, such as a row, which is shown at the whole of it.
  if (node) return { step: node.page.id, instance: parts.join('/').replace(/(\/\d+)+$/, '') }
  if (parts[0] === 'documents' && definition.documents?.some((document) => document.id === parts[1])) return { step: documentsStep }
  for (const page of definition.pages) {
    const check = page.checks?.find((rule) => rule.id === parts[0])
    if (!check) continue
    const first = places(session, pages.get(page.id) ?? []).find((place) => place.node.type.answers !== false)
    return { step: page.id, instance: check.field ?? first?.node.field.id }
  }
  // A part of an answer, such as one entry of a list: its field is further up.
  return parts.length > 1 ? placeOf(session, `/${parts.slice(0, -1).join('/')}`) : undefined
}

/** What is wrong at one step. */
export function problemsAt(session: Session, step: Step): Problem[] {
  if (step === documentsStep) return documentProblems(session)
  return step === checkStep ? [] : validate(session, step)
}

/**
 * Where Continue leads. Someone who came from the check to change one answer goes back there, unless the change has
 * made another step incomplete, which then comes first.
 */
export function nextStep(session: Session, from: Step, changing: boolean): Step {
  const steps = stepsOf(session)
  if (changing) return steps.find((step) => problemsAt(session, step).length > 0) ?? checkStep
  // The step may have vanished under the person's own answer: then the first one after its place.
  const at = steps.indexOf(from)
  if (at >= 0) return steps[at + 1] ?? checkStep
  if (steps[0] === '#tasks') return '#tasks'
  const order: Step[] = [...session.program.definition.pages.map((page) => page.id), documentsStep, checkStep]
  return steps.find((step) => order.indexOf(step) > order.indexOf(from)) ?? checkStep
}
