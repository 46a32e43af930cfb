/** Examples that an author has kept with a definition: made-up answers, and what is to come of them in every later version. */
import type { Answers, Example, ExpectedOfAnExample } from '@guichet/schemas'
import { feeOf, routeOf } from './outcome.ts'
import type { Program } from './program.ts'
import { holds, requiredDocuments } from './required-documents.ts'
import { createSession } from './session.ts'
import { validate } from './validate.ts'

/** What comes of answers. Documents are taken as handed in: whether they are there says nothing about the rules. */
export function whatComesOf(program: Program, answers: Answers, today: string): ExpectedOfAnExample {
  const session = createSession(program, { today, answers })
  return {
    pages: program.definition.pages.filter((page) => holds(session, page.when)).map(({ id }) => id),
    documents: Object.fromEntries(requiredDocuments(session).map(({ document, copies }) => [document.id, copies])),
    total: feeOf(session).total,
    route: routeOf(session)?.to ?? null,
    problems: validate(session).flatMap(({ pointer, code }) => (code.startsWith('document.') ? [] : [`${pointer} ${code}`])),
  }
}

export type ExpectedPart = keyof ExpectedOfAnExample

const parts: readonly ExpectedPart[] = ['pages', 'documents', 'total', 'route', 'problems']
/** The order of properties says nothing. */
const plain = (value: unknown) =>
  JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  )

/** What is no longer as the example expects it. */
export function changedParts(program: Program, { answers, today, expects }: Example): ExpectedPart[] {
  const now = whatComesOf(program, answers as Answers, today)
  return parts.filter((part) => plain(now[part]) !== plain(expects[part]))
}
