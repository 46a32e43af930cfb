/** One place of a page in the DOM: a question or a group. It is drawn again only when what it depends on has changed. */
import type { FieldNode } from '@guichet/core'
import type { Form } from './form.ts'
import { problemLine } from './problem-line.ts'
import type { Said } from './words.ts'

/** DOM id of a question's main input, or of the button that adds a row. Ids hold no `-`, so no two places share one. */
export const partId = (instance: string) => `f-${instance.replaceAll('/', '-')}`

export abstract class Part {
  readonly form: Form
  readonly node: FieldNode
  readonly element = document.createElement('div')
  readonly parts: Part[] = []
  /** What is wrong here, if anything. */
  problem: Said | null = null
  readonly #at: () => string

  /** `at` is asked each time, because a row's place changes when one before it goes. */
  constructor(form: Form, node: FieldNode, at: () => string) {
    this.form = form
    this.node = node
    this.#at = at
    this.element.className = 'g-field'
    this.element.hidden = true
  }

  get at(): string {
    return this.#at()
  }

  get instance(): string {
    return this.at + this.node.field.id
  }

  /** Shows, draws or hides. Gives whether it has just come into view. */
  update(): boolean {
    const { element } = this
    const was = !element.hidden
    const is = this.form.session.isRelevant(this.node, this.at)
    element.hidden = !is
    // Not `:has`, which costs a long page a tenth of its start.
    element.classList.toggle('g-wrong', this.problem !== null)
    if (is) this.draw()
    return is && !was
  }

  protected abstract draw(): void

  protected error(id: string) {
    return problemLine(this.form.words, this.problem, id)
  }
}
