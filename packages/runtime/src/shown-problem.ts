/** Problems in words, each with the place where it is put right. */
import type { Problem } from '@guichet/core'
import { placeOf } from './going-on.ts'
import { rowOf } from './row-names.ts'
import type { WordedProblem } from './service-view.ts'
import type { ShownProblem, Visit } from './visit.ts'
import type { Said } from './words.ts'

/** A problem of core's, in words. The author's own sentence says what it is about. */
export const shown = (visit: Visit, problem: Problem): ShownProblem =>
  at(visit, problem.pointer, (label) => visit.words.problem(problem, label), problem.code !== 'rule')

/** A problem of the server's, which comes in words. */
export const shownOf = (visit: Visit, { pointer, code, detail }: WordedProblem): ShownProblem =>
  at(visit, pointer, () => ({ text: detail, language: visit.words.language }), code !== 'rule')

function at({ session, words, view }: Visit, pointer: string, sentence: (label: string) => Said, labelled: boolean): ShownProblem {
  const place = placeOf(session, pointer)
  const document = place && !place.instance ? pointer.split('/')[2] : undefined
  const about = document
    ? view.definition.documents?.find(({ id }) => id === document)
    : session.program.nodes.get((place?.instance ?? '').replace(/\/\d+(?=\/|$)/g, '').replaceAll('/', '.'))?.field
  const label = words.text(about?.label)
  // The same question is asked in every row: the list of problems says in which one.
  const row = rowOf(session, words, place?.instance ?? '')
  const named = row ? { ...label, text: `${row.text}, ${label.text}` } : label
  return { said: sentence(label.text), ...(labelled && label.text ? { label: named } : {}), ...place, ...(document ? { document } : {}) }
}
