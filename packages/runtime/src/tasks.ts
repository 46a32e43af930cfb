/**
 * The parts of a long service and how far each is. Loaded with services that have a task list. No DOM.
 */
import { places, type Session, validate } from '@guichet/core'
import type { ServiceDefinition, Text } from '@guichet/schemas'
import { problemsAt } from './going-on.ts'
import { goneThrough } from './gone-through.ts'
import { checkStep, documentsStep, type Step, way } from './journey.ts'
import type { ShownProblem, Visit } from './visit.ts'

export const tasksStep: Step = '#tasks'

export type TaskState = 'waiting' | 'new' | 'begun' | 'problem' | 'done'

export interface Task {
  /** Of its section, or of its only step. */
  id: string
  /** Absent: the documents. */
  title?: Text
  steps: Step[]
  after: readonly string[]
}

export interface TaskAt extends Task {
  state: TaskState
  /** Titles of what has to be done first. */
  waitsFor: Task[]
}

/** The parts that hold any of these steps, in order: the sections, pages that stand in none, the documents. */
export function tasksOf({ taskList, pages }: Pick<ServiceDefinition, 'taskList' | 'pages'>, steps: readonly Step[]): Task[] {
  const sections = taskList?.sections ?? []
  const inSection = new Set(sections.flatMap((section) => section.pages))
  const parts: Task[] = sections.map(({ id, title, pages, after = [] }) => ({ id, title, steps: pages, after }))
  for (const { id, title } of pages) if (!inSection.has(id)) parts.push({ id, title, steps: [id], after: [] })
  parts.push({ id: documentsStep, steps: [documentsStep], after: [] })
  return parts.map((part) => ({ ...part, steps: part.steps.filter((step) => steps.includes(step)) })).filter((part) => part.steps.length > 0)
}

/** Each part, led to and left by the list. */
export const orderOf = (definition: ServiceDefinition, steps: readonly Step[]): Step[] => [
  ...tasksOf(definition, steps).flatMap((task) => [tasksStep, ...task.steps]),
  tasksStep,
  checkStep,
]

/** From now on the steps of services with a task list are ordered by it. */
export const useTasks = () => {
  way.of = (definition, steps) => (definition.taskList ? orderOf(definition, steps) : steps)
}

const isEmpty = (input: unknown) => input === null || input === undefined || input === '' || (Array.isArray(input) && input.length === 0)

function isBegun(session: Session, step: Step): boolean {
  if (step === documentsStep) return Object.values(session.documents).some((ids) => ids.length > 0) || session.atDesk.length > 0
  return places(session, session.program.pages.get(step) ?? []).some(
    ({ node, at }) =>
      node.type.answers !== false && node.field.type !== 'computed' && node.children.length === 0 && !isEmpty(session.input(at + node.field.id)),
  )
}

/** What is missing is no problem yet, as long as nobody has said that they are through. */
const missing = /(^|\.)(required|tooFew|missing)$/

/** `found`: what was found wrong beyond the steps themselves, such as by the server. */
export function taskStates(session: Session, steps: readonly Step[], through: ReadonlySet<Step>, found: readonly ShownProblem[] = []): TaskAt[] {
  const tasks = tasksOf(session.program.definition, steps)
  const own = new Map<string, TaskState>()
  for (const task of tasks) {
    const problems = task.steps.flatMap((step) => problemsAt(session, step).map((problem) => ({ step, problem })))
    const isWrong =
      found.some(({ step }) => step !== undefined && task.steps.includes(step)) ||
      problems.some(({ step, problem }) => through.has(step) || !missing.test(problem.code))
    const isThrough = task.steps.every((step) => through.has(step))
    const begun = task.steps.some((step) => through.has(step) || isBegun(session, step))
    own.set(task.id, isWrong ? 'problem' : isThrough && problems.length === 0 ? 'done' : begun ? 'begun' : 'new')
  }
  return tasks.map((task) => {
    // A part that is not asked for holds up nobody.
    const waitsFor = tasks.filter(({ id }) => task.after.includes(id) && own.get(id) !== 'done')
    const state = own.get(task.id) as TaskState
    // What was begun may be finished, whatever has become of what comes before it.
    return { ...task, waitsFor, state: waitsFor.length > 0 && state === 'new' ? 'waiting' : state }
  })
}

/** Where a part is gone on with: its first step that is not done, or its first. */
export const firstOpen = (session: Session, task: Task, through: ReadonlySet<Step>): Step =>
  task.steps.find((step) => !through.has(step) || problemsAt(session, step).length > 0) ?? (task.steps[0] as Step)

/** Whether all can be sent: no part is open, and nothing is wrong. */
export const allDone = (session: Session, tasks: readonly TaskAt[]) => tasks.every(({ state }) => state === 'done') && validate(session).length === 0

export const stateIn = (visit: Pick<Visit, 'session' | 'files' | 'found'>, steps: readonly Step[]) =>
  taskStates(visit.session, steps, goneThrough(visit.files), visit.found)
