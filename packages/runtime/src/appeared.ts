/** Questions that an answer has brought into view, told to those who do not see it happen. */
import type { Text } from '@guichet/core'
import type { Form } from './form.ts'
import type { Part } from './part.ts'

/** What a question says first. */
const wordsOf = ({ node: { field } }: Part) => (field.label ?? field.statement ?? field.heading ?? field.body) as Text | undefined

/** What appears right after the question being answered is found by reading on; what appears elsewhere is said. */
export function sayAppeared(form: Form, by: Part, appeared: readonly Part[]) {
  // Of a row that comes or goes, that is said.
  if (by.node.rows) return
  // Not what nobody sees or hears.
  const first = appeared.find(wordsOf)
  if (!first || by.element.contains(first.element)) return
  let next: Element | null = null
  // The last one of a group is followed by what follows the group.
  for (let at: Element | null | undefined = by.element; at && !next; at = at.parentElement?.closest('.g-field')) {
    next = at.nextElementSibling
    while (next?.matches('[hidden]')) next = next.nextElementSibling
  }
  if (appeared.every((part) => part.element !== next)) form.announce(form.words.message('question.appeared', { label: form.words.text(wordsOf(first)).text }))
}
