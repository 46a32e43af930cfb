/**
 * Where the parts of a service stand in what the runtime has drawn. The runtime knows nothing of authors: it draws the fields
 * of a page in their order, those of a group inside it, and documents under their ids.
 */
import type { Expression, Field, Page } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import type { WrittenText } from './editor/edit-text.ts'
import { type Holder, kindOf } from './editor/part.ts'

export interface DrawnPart {
  /** Pointer of the part, or `@service`. */
  part: string
  /** Its id, by which it is found again where it has moved since it was drawn. */
  id: string
  /** Its condition, where it has one. */
  when?: Expression | undefined
  /** What stands for it; of a page its heading. */
  element: HTMLElement
}

const within = (element: HTMLElement): HTMLElement[] =>
  [...element.querySelectorAll<HTMLElement>('.g-field')].filter((one) => one.parentElement?.closest('.g-field') === element)

/**
 * The parts on the step that is drawn, each before what is in it. Of a repeated group it is the first entry. None where what is
 * drawn is not what the definition says.
 * @param step A page's id, or `#start`, `#documents`, `#check`.
 */
export function drawnParts(root: ParentNode, definition: Definition, step: string): DrawnPart[] {
  const found: DrawnPart[] = []
  const look = (given: Field, element: HTMLElement, part: string): boolean => {
    const field = given as Holder & { repeat?: { each?: string } }
    found.push({ part, id: field.id, when: field.when, element })
    if (!Array.isArray(field.fields)) return true
    const inner = within(element)
    // A list without entries has nothing in it yet; and the name of a row is no question in it.
    if (field.repeat && inner.length === 0) return true
    const asked = field.fields.map((child, i) => ({ child, part: `${part}/fields/${i}` })).filter(({ child }) => child.id !== field.repeat?.each)
    return inner.length >= asked.length && asked.every(({ child, part }, i) => look(child, inner[i] as HTMLElement, part))
  }
  const heading = root.querySelector<HTMLElement>('.g-form > .g-heading')
  if (step === '#start') {
    const title = root.querySelector<HTMLElement>('h1.g-heading')
    return title ? [{ part: '@service', id: '@service', element: title }] : []
  }
  if (step === '#documents') {
    for (const [i, { id, when }] of (definition.documents ?? []).entries()) {
      const element = root.querySelector<HTMLElement>(`#d-${CSS.escape(id)}-label`)?.closest<HTMLElement>('.g-field')
      if (element) found.push({ part: `/documents/${i}`, id, when, element })
    }
    return heading ? [{ part: '/documents', id: '/documents', element: heading }, ...found] : found
  }
  const page = definition.pages.findIndex(({ id }) => id === step)
  if (page < 0) return []
  const { id, when, fields } = definition.pages[page] as Page
  if (heading) found.push({ part: `/pages/${page}`, id, when, element: heading })
  const elements = [...(root.querySelector('.g-fields')?.children ?? [])].filter((child) => child instanceof HTMLElement)
  const isThis = elements.length === fields.length && fields.every((field, i) => look(field, elements[i] as HTMLElement, `/pages/${page}/fields/${i}`))
  return isThis ? found : []
}

export interface DrawnText {
  property: WrittenText
  element: HTMLElement
}

const ofFields: readonly (readonly [WrittenText, string])[] = [
  ['label', ':scope > .g-label, :scope > h1 > .g-label, :scope > fieldset > legend, :scope > .g-choice > span, :scope > div > .g-choice > span'],
  ['hint', ':scope > .g-hint, :scope > fieldset > .g-hint'],
  ['heading', ':scope > .g-content > h2'],
  ['body', ':scope > .g-content > div'],
  ['statement', '.g-statement'],
]

/** The texts of a part that are written where they stand, the one that names it first. */
export function drawnTexts({ part, element }: DrawnPart): DrawnText[] {
  const kind = kindOf(part)
  if (kind === 'page' || part === '@service') {
    const lead = element.parentElement?.querySelector<HTMLElement>('.g-lead')
    return [{ property: 'title', element }, ...(lead ? [{ property: kind ? ('intro' as const) : ('summary' as const), element: lead }] : [])]
  }
  if (kind === null) return []
  return ofFields.flatMap(([property, selector]) => {
    const found = element.querySelector<HTMLElement>(selector)
    return found ? [{ property, element: found }] : []
  })
}
