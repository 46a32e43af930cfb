/**
 * Draws again, of the page that is shown, only the questions that have become others: for whoever shows a service while it is
 * being written, on which nobody answers. Citizens do not load it.
 */
import { compile, createSession, type FieldNode, type Program } from '@guichet/core'
import type { Field, Page, ServiceDefinition } from '@guichet/schemas'
import { render } from 'lit-html'
import { Form } from './form.ts'
import { manyQuestions, pageScreen } from './page-screen.ts'
import type { GuichetService } from './service-element.ts'
import type { ServiceView } from './service-view.ts'
import type { Visit } from './visit.ts'

/** What an element shows since it was last handed a view. */
const shown = new WeakMap<GuichetService, { visit: Visit; view: ServiceView }>()

const isSame = (one: object, other: object, but: string) => {
  const [ours, theirs] = [one, other] as Readonly<Record<string, unknown>>[]
  const keys = Object.keys(ours as object).filter((key) => key !== but)
  return keys.length === Object.keys(theirs as object).filter((key) => key !== but).length && keys.every((key) => ours?.[key] === theirs?.[key])
}

/** The steps that there are, and all that stands around the pages, is as it was. */
const isSameAround = (before: ServiceDefinition, now: ServiceDefinition) =>
  isSame(before, now, 'pages') &&
  before.pages.length === now.pages.length &&
  now.pages.every((page, i) => {
    const was = before.pages[i] as Page
    return page.id === was.id && (page.when === undefined) === (was.when === undefined) && page.fields.length > 0 === was.fields.length > 0
  })

/** Paths of what is drawn from other answers. */
function derivedIn(program: Program): ReadonlySet<string> {
  const paths = new Set<string>()
  for (const [from, readers] of program.dependents) if (from.startsWith('v:')) for (const reader of readers) paths.add(reader.slice(2))
  return paths
}

const some = (node: FieldNode, holds: (node: FieldNode) => boolean): boolean => holds(node) || node.children.some((child) => some(child, holds))
const isExplained = (field: Field): boolean =>
  field.purpose !== undefined || field.legalBasis !== undefined || ((field.fields as Field[] | undefined) ?? []).some(isExplained)

/** Puts elements into this order, and takes away what is not among them; what stands where it should is not touched. */
function arrange(list: Element, wanted: readonly Element[]) {
  const kept = new Set(wanted)
  for (const element of [...list.children]) if (!kept.has(element)) element.remove()
  let next: Element | null = null
  for (const element of wanted.toReversed()) {
    if (element.parentNode !== list || element.nextElementSibling !== next) list.insertBefore(element, next)
    next = element
  }
}

/**
 * Shows another view of a service, where that differs in questions of a page alone; what is the same object in both counts as
 * unchanged. False, and nothing is done: it differs in more, and has to be handed over as `view`. Until it is, `visit` is that of
 * the view before.
 */
export function redrawPage(service: GuichetService, view: ServiceView): boolean {
  const { visit } = service
  const list = service.shadowRoot?.querySelector('.g-form > .g-fields')
  if (!visit || !list) return false
  const last = shown.get(service)
  const before = last?.visit === visit ? last.view : visit.view
  const at = view.definition.pages.findIndex(({ id }) => id === visit.step())
  const page = view.definition.pages[at]
  const was = before.definition.pages[at]
  if (!page || !was || !isSame(before, view, 'definition') || !isSameAround(before.definition, view.definition)) return false
  const sizes = [was.fields.length, page.fields.length] as const
  // A page of one question, and one of very many, is drawn in another way.
  if (list.children.length !== was.fields.length || Math.min(...sizes) < 2 || sizes[0] > manyQuestions !== sizes[1] > manyQuestions) return false

  const { fields } = visit
  let program: Program
  try {
    program = compile(view.definition, fields.types)
  } catch {
    // A type that has not been loaded yet.
    return false
  }
  const session = createSession(program, { today: view.today })
  const now = { ...visit, view, program, session }
  const nodes = program.pages.get(page.id) ?? []
  const derived = derivedIn(program)
  const kept = new Map(was.fields.map((field, i) => [field as Field, list.children[i] as Element]))
  const isKept = ({ field }: FieldNode) => kept.has(field)
  const drawn = nodes.filter((node) => !isKept(node) || some(node, ({ path }) => derived.has(path)))
  const canDraw = (node: FieldNode) => Boolean(node.rows ? fields.Rows : (fields.views[node.field.type] ?? fields.Group))
  if (drawn.some((node) => some(node, (inner) => !canDraw(inner)))) return false

  const { element } = new Form({ ...now, ...fields }, drawn, false)
  const made = [...element.children]
  const isDrawn = new Set(drawn)
  arrange(
    list,
    nodes.map((node) => (isDrawn.has(node) ? made.shift() : kept.get(node.field)) as Element),
  )
  const still = new Set(page.fields)
  const gone = was.fields.filter((field) => !still.has(field))
  if (!isSame(was, page, 'fields') || gone.some(isExplained) || drawn.some(({ field }) => isExplained(field))) {
    // What stands around the questions, which are moved into it.
    const place = document.createElement('div')
    render(pageScreen({ ...now, program: { ...program, pages: new Map() } }, page).template(), place)
    list.closest('.g-form')?.parentElement?.replaceWith(place)
    place.querySelector('.g-fields')?.replaceWith(list)
  }
  shown.set(service, { visit, view })
  return true
}
