/**
 * The questions of one page. They are put into the DOM once; a key press reaches the session, and then only the parts
 * whose paths the session names are drawn, shown or hidden.
 */
import type { FieldNode, Json, Session } from '@guichet/core'
import type { Uploader } from '@guichet/fields/field-view'
import type { Group } from './group.ts'
import { type Part, partId } from './part.ts'
import { type AnyView, Question } from './question.ts'
import type { Rows } from './rows.ts'
import type { Said, Words } from './words.ts'

export interface FormSurroundings {
  readonly session: Session
  readonly words: Words
  readonly views: Readonly<Record<string, AnyView>>
  /** Draws repeated groups, if there are any. */
  readonly Rows?: typeof Rows | undefined
  /** Draws groups that only arrange, if there are any. */
  readonly Group?: typeof Group | undefined
  readonly uploader: Uploader | undefined
  /** Says something to those who do not see it happen. */
  announce(sentence: string): void
  /** Something was typed. */
  typed(): void
}

export class Form {
  readonly session: Session
  readonly words: Words
  readonly views: Readonly<Record<string, AnyView>>
  readonly uploader: Uploader | undefined
  readonly element = document.createElement('div')
  readonly #around: FormSurroundings
  readonly #parts: Part[] = []
  /** Parts in the rows of a repeated group share a path. */
  readonly #byPath = new Map<string, Part[]>()

  constructor(around: FormSurroundings, nodes: readonly FieldNode[], headingQuestion: boolean) {
    this.#around = around
    this.session = around.session
    this.words = around.words
    this.views = around.views
    this.uploader = around.uploader
    this.element.className = 'g-fields'
    this.build(nodes, () => '', this.#parts, this.element, headingQuestion)
  }

  announce(sentence: string) {
    this.#around.announce(sentence)
  }

  /** Makes the parts of some fields, in order. */
  build(nodes: readonly FieldNode[], at: () => string, parts: Part[], into: HTMLElement, asHeading = false) {
    for (const node of nodes) {
      const { Rows, Group } = this.#around
      const Drawn = (node.rows ? Rows : this.views[node.field.type] ? undefined : Group) ?? Question
      const part = new Drawn(this, node, at)
      if (part instanceof Question) part.asHeading = asHeading
      parts.push(part)
      const known = this.#byPath.get(node.path)
      if (known) known.push(part)
      else this.#byPath.set(node.path, [part])
      part.update()
      into.append(part.element)
    }
  }

  /** Parts that are no more. */
  forget(parts: readonly Part[]) {
    for (const part of parts) {
      const known = this.#byPath.get(part.node.path) ?? []
      this.#byPath.set(
        part.node.path,
        known.filter((other) => other !== part),
      )
      this.forget(part.parts)
    }
  }

  /** Draws parts whose place has changed. */
  refresh(parts: readonly Part[]) {
    for (const part of parts) {
      part.update()
      this.refresh(part.parts)
    }
  }

  /** Takes what was typed into a part. */
  take(part: Part, input: Json) {
    this.edited(part, this.session.set(part.instance, input))
  }

  /** Draws what the session says may have changed. */
  edited(by: Part, paths: ReadonlySet<string>) {
    this.#around.typed()
    const appeared: Part[] = []
    for (const path of paths) for (const part of this.#byPath.get(path) ?? []) if (part.update() && part !== by) appeared.push(part)
    // On its way since the first key. Without a line nobody looks what can be found by reading on: all of it is said.
    if (appeared.length > 0)
      import('./checking.ts').then(
        ({ sayAppeared }) => sayAppeared(this, by, appeared),
        () => {
          const label = appeared.map(({ node }) => this.words.text(node.field.label).text).find(Boolean)
          if (label && !by.node.rows) this.announce(this.words.message('question.appeared', { label }))
        },
      )
  }

  /** Shows these problems, by instance path, and no others. */
  showProblems(problems: ReadonlyMap<string, Said>) {
    for (const parts of this.#byPath.values())
      for (const part of parts) {
        const problem = problems.get(part.instance) ?? null
        if (problem === part.problem) continue
        part.problem = problem
        part.update()
      }
  }

  /** Puts the focus into the field at an instance path. */
  focus(instance: string): boolean {
    const root = this.element
    const id = partId(instance)
    const target =
      root.querySelector<HTMLElement>(`#${id}`) ??
      // A group without an input of its own: the first one inside.
      (this.#byPath.get(instance.replace(/\/\d+(?=\/)/g, '').replaceAll('/', '.')) ?? [])
        .find((part) => part.instance === instance)
        ?.element.querySelector<HTMLElement>('input, select, textarea, button')
    if (!target) return false
    // The label is worth seeing too, not the input alone.
    target.closest('.g-field')?.scrollIntoView({ block: 'nearest' })
    target.focus({ preventScroll: true })
    return true
  }
}
