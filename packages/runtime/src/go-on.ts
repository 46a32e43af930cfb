/** Continue: what a page holds is checked, and shown as wrong, or the next step is. */
import { focusSummary } from './error-summary.ts'
import { nextStep, problemsAt } from './going-on.ts'
import { goneThrough } from './gone-through.ts'
import { shown } from './shown-problem.ts'
import type { ShownProblem, Visit } from './visit.ts'

/** `show` marks what is wrong on the page, and unmarks what no longer is. */
export async function goOn(visit: Visit, page: string, show: (problems: readonly ShownProblem[]) => void): Promise<void> {
  const { session, words } = visit
  visit.found = visit.found.filter((problem) => problem.step !== page)
  const waiting = visit.uploads() > 0 ? [{ said: { text: words.message('upload.wait'), language: words.language } }] : []
  const problems = [...waiting, ...problemsAt(session, page).map((problem) => shown(visit, problem))]
  show(problems)
  if (session.program.definition.taskList) goneThrough(visit.files).add(page)
  if (problems.length === 0) return visit.go(nextStep(session, page, visit.changing))
  visit.redraw()
  focusSummary(visit)
}
